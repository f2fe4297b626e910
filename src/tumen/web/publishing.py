"""Publishing the log beside the service: soon after something was recorded, in a thread.

What is not published yet is in the store; where the disk refuses it is tried again, and a proof
is given only after its checkpoint is out.
"""

import threading
from typing import Final

from tumen.bootstrap import Node
from tumen.kernel.errors import TumenError
from tumen.web import metrics
from tumen.web.records import described, log

PAUSE_SECONDS: Final = 2
"""How long checkpoints may follow each other before one is published."""


class LogPublishing:
    """Publishes a node's log while it is written by this process.

    Args:
        node: the open node.
    """

    def __init__(self, node: Node) -> None:
        self._node = node
        self._is_due = threading.Event()
        self._is_closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="publishing", daemon=True)
        self._thread.start()

    def due(self) -> None:
        """Something was recorded."""
        self._is_due.set()

    def close(self) -> None:
        """Publish what is left, and end."""
        self._is_closed.set()
        self._is_due.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._is_closed.is_set():
            self._is_due.wait()
            self._is_due.clear()
            if not self._publish():
                self._is_due.set()
            self._is_closed.wait(PAUSE_SECONDS)
        self._publish()

    def _publish(self) -> bool:
        """Whether it could be done."""
        try:
            self._node.publish_log()
        except TumenError as error:
            metrics.UNPUBLISHED.inc()
            log.error("log not published", **described(error))
            return False
        return True
