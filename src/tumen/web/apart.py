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
from contextlib import suppress
from functools import partial
from multiprocessing.connection import wait
from typing import Any, Generic, TypeVar

Held = TypeVar("Held")
Result = TypeVar("Result")

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
        start = partial(_process if processes else _thread, name, begin)
        self._workers = [_Worker(start) for _ in range(max(1, processes))]

    async def run(self, work: Callable[[Held], Result]) -> Result:
        """Do some work; it and what it gives go over as pickles.

        Raises:
            BrokenProcessPool: the process ended twice while it worked on this.
        """
        worker = min(self._workers, key=lambda each: each.asked)
        worker.asked += 1
        try:
            return await worker.run(work)
        finally:
            worker.asked -= 1

    def close(self, end: Callable[[Held], None] | None = None) -> None:
        """Let what is under way end.

        Args:
            end: lets go of what is worked on, where that must be.
        """
        for each in self._workers:
            each.close(end)


class _Worker:
    """A process, or a thread; a killed process is begun again, and breaks no other."""

    def __init__(self, start: Callable[[], Executor]) -> None:
        self.asked = 0
        """How much it has been asked and has not done."""
        self._start = start
        self._executor = start()

    async def run(self, work: Callable[[Any], Result]) -> Result:
        executor = self._executor
        try:
            return await self._done(work)
        except BrokenProcessPool:
            if self._executor is executor:
                self._executor = self._start()
            return await self._done(work)

    async def _done(self, work: Callable[[Any], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._executor, _do, work)

    def close(self, end: Callable[[Any], None] | None) -> None:
        if end is not None:
            with suppress(BrokenProcessPool):
                self._executor.submit(_do, end)
        self._executor.shutdown(wait=True)


def _thread(name: str, begin: Callable[[], Any]) -> Executor:
    return ThreadPoolExecutor(1, name, _hold, (begin,))


def _process(_name: str, begin: Callable[[], Any]) -> Executor:
    context = multiprocessing.get_context("spawn")  # a fork would take locks along
    made = ProcessPoolExecutor(1, context, _live, (begin,))
    made.submit(_stand_by)  # nobody waits later for it to begin
    return made


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


def _do(work: Callable[[Any], Result]) -> Result:
    return work(_own.held)
