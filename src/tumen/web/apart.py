"""Work in processes of its own: their interpreters take no turn from the loop's.

A process begins once with what it works on, and another is begun where it was killed: what was
asked of it is asked once more. It ends with the process that began it, however that one ends.
Signals to stop are for that one alone, so that a stop lets what is under way be finished.
"""

import asyncio
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

Held = TypeVar("Held")
Result = TypeVar("Result")
Given = ParamSpec("Given")

_own = threading.local()
"""What this process, or this thread where there is none, works on."""


class Apart(Generic[Held]):
    """Does one kind of work apart.

    Args:
        name: of the kind.
        begin: gives what is worked on, in the process that works; it goes there as a pickle.
        processes: how many work at once; none works in a thread, for tests and small machines.
    """

    def __init__(self, name: str, begin: Callable[[], Held], processes: int) -> None:
        self._name = name
        self._begin = begin
        self._processes = processes
        self._executor = self._begun()

    async def run(
        self, work: Callable[Concatenate[Held, Given], Result], *given: Given.args,
        **named: Given.kwargs,
    ) -> Result:  # fmt: skip
        """Do some work; it, what it is given and what it gives go over as pickles.

        Raises:
            BrokenProcessPool: the process ended twice while it worked on this.
        """
        loop, executor = asyncio.get_running_loop(), self._executor
        try:
            return await loop.run_in_executor(executor, _do, work, given, named)
        except BrokenProcessPool:
            if self._executor is executor:
                self._executor = self._begun()
            return await loop.run_in_executor(self._executor, _do, work, given, named)

    def _begun(self) -> Executor:
        if not self._processes:
            return ThreadPoolExecutor(1, self._name, _hold, (self._begin,))
        context = multiprocessing.get_context("spawn")  # a fork would take locks along
        made = ProcessPoolExecutor(self._processes, context, _live, (self._begin,))
        for _ in range(self._processes):  # nobody waits later for a process to begin
            made.submit(_stand_by)
        return made

    def close(self, end: Callable[[Held], None] | None = None) -> None:
        """Let what is under way end.

        Args:
            end: lets go of what a thread works on; a process lets go of all by its end.
        """
        if end is not None and not self._processes:
            self._executor.submit(_do, end, (), {})
        self._executor.shutdown(wait=True)


def _hold(begin: Callable[[], Any]) -> None:
    _own.held = begin()


def _live(begin: Callable[[], Any]) -> None:
    """Begin a process: it stops when its parent says so, or is gone."""
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_IGN)
    threading.Thread(target=_follow, name="following", daemon=True).start()
    _hold(begin)


def _follow() -> None:
    if (parent := multiprocessing.parent_process()) is not None:
        wait([parent.sentinel])
    os._exit(1)


def _stand_by() -> None:
    """Nothing is to be done yet."""


def _do(work: Callable[..., Result], given: tuple[Any, ...], named: dict[str, Any]) -> Result:
    return work(_own.held, *given, **named)
