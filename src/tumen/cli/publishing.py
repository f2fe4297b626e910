"""Publishing the log beside the road: in a thread, now and then, and once more at the end.

What is not published yet is in the store: a run that is killed loses nothing, and the next one
publishes it.
"""

import time
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Final, Self

from tumen.bootstrap import Node
from tumen.trust.folder import DiskFolder
from tumen.trust.published import PublishedLog

PAUSE_SECONDS: Final = 1
"""How long a checkpoint may wait to be published while others follow it."""


class Publishing:
    """Publishes a node's log while it is written."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._threads = ThreadPoolExecutor(max_workers=1, thread_name_prefix="publishing")
        self._under_way: Future[None] | None = None
        self._last = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._threads.shutdown()

    def due(self) -> None:
        """Publish, unless that was done a moment ago or is under way.

        Raises:
            LogUnpublished: the disk refused the last time.
        """
        if time.monotonic() - self._last < PAUSE_SECONDS:
            return
        if self._under_way is not None:
            if not self._under_way.done():
                return
            self._under_way.result()
        self._last = time.monotonic()
        self._under_way = self._threads.submit(self._node.publish_log)

    def finish(self) -> dict[str, object] | None:
        """Publish all; what the log is now, None where it has no leaf.

        Raises:
            LogUnpublished: the disk refused; what is recorded stays recorded.
        """
        if self._under_way is not None:
            self._under_way.result()
        self._node.publish_log()
        head = PublishedLog(DiskFolder(self._node.log_folder)).head()
        if head is None:
            return None
        return {
            "origin": head.origin,
            "size": head.size,
            "root": head.root.hex(),
            "checkpoint": str((self._node.log_folder / "checkpoint").resolve()),
        }
