"""Writing while the caller goes on: rows are copied in another thread, one frame after another."""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress


class Writer:
    """Does pieces of work in the order in which they are given, in a thread of its own.

    The thread is started by the first piece. Whoever else wants the connection settles first.
    """

    def __init__(self) -> None:
        self._executor: ThreadPoolExecutor | None = None
        self._pending: deque[Future[None]] = deque()

    @property
    def is_busy(self) -> bool:
        """Whether something was given and not settled yet."""
        return bool(self._pending)

    def put(self, work: Callable[[], None]) -> None:
        """Do the work after all that was given before."""
        if self._executor is None:
            self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="writing")
        self._pending.append(self._executor.submit(work))

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
