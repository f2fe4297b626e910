"""Lines for a log, written by a thread: many together, and none by who answers requests.

To write lets go of the interpreter's lock, and whoever answers a request would then wait until the
threads that record give it back, once for each line.
"""

import threading
from collections import deque
from typing import Final, TextIO

from tumen.kernel.service_limits import LINES_WRITTEN_MILLISECONDS


class Lines:
    """A file to write on that keeps what is written for a moment.

    Args:
        target: where the lines go.
    """

    def __init__(self, target: TextIO) -> None:
        self._target = target
        self._held: Final[deque[str]] = deque()
        self._is_closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="lines", daemon=True)
        self._thread.start()

    def write(self, text: str) -> int:
        """Take some text; it is written soon."""
        self._held.append(text)
        return len(text)

    def flush(self) -> None:
        """Nothing: what is held is written soon."""

    def close(self) -> None:
        """Write what is left."""
        self._is_closed.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._is_closed.wait(LINES_WRITTEN_MILLISECONDS / 1_000):
            self._write_held()
        self._write_held()

    def _write_held(self) -> None:
        if not self._held:
            return
        self._target.write("".join(self._held.popleft() for _ in range(len(self._held))))
        self._target.flush()
