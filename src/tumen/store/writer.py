"""Writing while the caller goes on: the text of rows is made in one thread and sent in another.

So the server has the next rows at hand as soon as it has taken the last, and neither waits for
what else is done with a text.
"""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Any, Final, TypeVar

Made = TypeVar("Made")


class Line:
    """Does pieces of work in the order in which they are given, in a thread of its own.

    The thread is started by the first piece.
    """

    def __init__(self, name: str) -> None:
        self._name: Final = name
        self._executor: ThreadPoolExecutor | None = None
        self._pending: deque[Future[Any]] = deque()

    @property
    def is_busy(self) -> bool:
        """Whether something was given and not settled yet."""
        return bool(self._pending)

    def put(self, work: Callable[[], Made]) -> "Future[Made]":
        """Do the work after all that was given before."""
        if self._executor is None:
            self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix=self._name)
        given = self._executor.submit(work)
        self._pending.append(given)
        return given

    def settle(self) -> None:
        """Wait until all is done.

        Raises:
            BaseException: what the first piece that failed raised.
        """
        while self._pending:
            self._pending.popleft().result()

    def abandon(self) -> None:
        """Wait until nothing is under way, whatever came of it."""
        while self._pending:
            with suppress(BaseException):
                self._pending.popleft().result()

    def close(self) -> None:
        """End the thread."""
        self.abandon()
        if self._executor is not None:
            self._executor.shutdown()
            self._executor = None


class Writer:
    """Two lines of work: texts are made in the one and sent in the other.

    What is sent may wait for what is made, never the other way round. Whoever else wants the
    connection settles first.

    Attributes:
        making: where texts are made, and given to whoever else wants them.
        sending: the only user of the connection while it is busy.
    """

    def __init__(self) -> None:
        self.making: Final = Line("making")
        self.sending: Final = Line("sending")

    @property
    def is_busy(self) -> bool:
        """Whether something was given and not settled yet."""
        return self.making.is_busy or self.sending.is_busy

    def settle(self) -> None:
        """Wait until all is made and sent.

        Raises:
            BaseException: what the first piece that failed raised.
        """
        self.sending.settle()
        self.making.settle()

    def abandon(self) -> None:
        """Wait until nothing is under way, whatever came of it."""
        self.sending.abandon()
        self.making.abandon()

    def close(self) -> None:
        """End both threads."""
        self.sending.close()
        self.making.close()
