"""One function over many tasks, in processes of their own, the answers in order.

A worker imports what its function needs and nothing of the main program:

1. This process starts it and writes the function to its standard input.
2. For each task that is written there, it writes an answer to its standard output; an error that
   the function raises is sent in its place, and raised here.
3. However this process ends, the worker's pipe breaks, and it ends too.

Few tasks wait at a time, so that the memory of a run does not grow with the number of tasks.
"""

import os
import pickle
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, suppress
from queue import SimpleQueue
from typing import Final, Generic, TypeVar

from tumen.kernel.errors import OutsideError

Task = TypeVar("Task")
Answer = TypeVar("Answer")

AHEAD: Final = 2
"""Tasks for each worker that are taken before the first of them is answered."""

_CHILD: Final = (sys.executable, "-c", "from tumen.cli.workers import work; work()")


def mapped(
    function: Callable[[Task], Answer], tasks: Iterable[Task], processes: int
) -> Iterator[Answer]:
    """The answers to tasks, in their order.

    Args:
        function: sent to the workers once; it and the tasks must be picklable.
        tasks: taken as they are needed.
        processes: how many workers; with one, this process works itself.

    Raises:
        OutsideError: a worker was ended from outside.
    """
    if processes <= 1:
        yield from map(function, tasks)
        return
    with ExitStack() as stack:
        idle: SimpleQueue[_Worker[Task, Answer]] = SimpleQueue()
        threads = stack.enter_context(ThreadPoolExecutor(processes))
        for _ in range(processes):
            worker = _Worker[Task, Answer](function)
            stack.callback(worker.end)
            idle.put(worker)
        waiting: deque[Future[Answer]] = deque()
        for task in tasks:
            waiting.append(threads.submit(_answered, idle, task))
            if len(waiting) > AHEAD * processes:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def cores() -> int:
    """How many processes can work at once."""
    if hasattr(os, "sched_getaffinity"):  # not on macOS
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _answered(idle: "SimpleQueue[_Worker[Task, Answer]]", task: Task) -> Answer:
    worker = idle.get()
    try:
        return worker.answer(task)
    finally:
        idle.put(worker)


class _Worker(Generic[Task, Answer]):
    """A child process that has the function."""

    def __init__(self, function: Callable[[Task], Answer]) -> None:
        self._child = subprocess.Popen(_CHILD, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603
        self._send(function)

    def answer(self, task: Task) -> Answer:
        """The answer to a task; raises what the function raised."""
        self._send(task)
        assert self._child.stdout is not None  # noqa: S101 - it is a pipe
        try:
            is_answer, found = pickle.load(self._child.stdout)  # noqa: S301 - our own child's
        except (EOFError, pickle.UnpicklingError) as error:
            raise OutsideError("A process that works for this one was ended.") from error
        if not is_answer:
            raise found
        answer: Answer = found
        return answer

    def _send(self, what: object) -> None:
        assert self._child.stdin is not None  # noqa: S101 - it is a pipe
        with suppress(BrokenPipeError):  # it ended; the answer will say so
            pickle.dump(what, self._child.stdin, pickle.HIGHEST_PROTOCOL)
            self._child.stdin.flush()

    def end(self) -> None:
        """End the process, whatever it does."""
        with self._child as child:
            child.kill()


def work() -> None:
    """Be a worker: take the function, then tasks, from standard input until it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends us
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as answers, suppress(BrokenPipeError):
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # nothing else may be written there
        with suppress(EOFError):
            function = pickle.load(sys.stdin.buffer)  # noqa: S301 - our own parent's
            while True:
                task = pickle.load(sys.stdin.buffer)  # noqa: S301
                pickle.dump(_tried(function, task), answers, pickle.HIGHEST_PROTOCOL)
                answers.flush()


def _tried(function: Callable[[Task], Answer], task: Task) -> tuple[bool, Answer | Exception]:
    try:
        return True, function(task)
    except Exception as error:
        return False, error
