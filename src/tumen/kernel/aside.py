"""Work done aside, while the caller goes on."""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from types import TracebackType
from typing import Any, Final, Self, TypeVar

Made = TypeVar("Made")


class Aside:
    """Does pieces of work in the order in which they are given, in a thread of its own.

    The thread is started by the first piece, and ends with the block that this opens.
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

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()
