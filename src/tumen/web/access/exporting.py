"""An organisation's own data as a stream: the zip file is written while it is read.

1. A thread of a pool apart reads the rows by cursors, and writes the file into a pipe.
2. The pipe holds a few pieces; the thread waits where the reader is slow, and gives up where
   nobody takes a piece for some time.
3. Whoever reads hears of a refusal before the first byte. What fails later cuts the stream: the
   file lacks its table of contents, and no program takes it for whole.
"""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import TimeoutError as Slow
from contextlib import suppress
from datetime import datetime
from functools import partial
from io import RawIOBase
from typing import TYPE_CHECKING, Final, cast

from tumen.access.export import export
from tumen.kernel.access_limits import EXPORT_PIECE_BYTES, EXPORT_PIECES_MAX, EXPORT_SLOW_SECONDS
from tumen.store.session import Session
from tumen.store.viewer import Viewer
from tumen.web.office import Office

if TYPE_CHECKING:
    from typing import IO

END: Final = None
"""Comes after the last piece, and after what failed."""


class _Abandoned(Exception):
    """Whoever asked for the file has gone, or takes nothing of it."""


class Pipe(RawIOBase):
    """What a thread writes, for the loop to read piece by piece.

    Args:
        loop: where it is read.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self._loop = loop
        self._held = bytearray()
        self.pieces: asyncio.Queue[bytes | None] = asyncio.Queue(EXPORT_PIECES_MAX)
        self.is_abandoned = False

    def writable(self) -> bool:
        """Whether it may be written to; it is a file that only grows."""
        return True

    def write(self, data: "bytes | bytearray | memoryview") -> int:  # type: ignore[override]
        """Take some bytes; waits where the reader has not taken those before."""
        self._held += data
        while len(self._held) >= EXPORT_PIECE_BYTES:
            self._give(EXPORT_PIECE_BYTES)
        return len(data)

    def finish(self) -> None:
        """Give what is left."""
        if self._held:
            self._give(len(self._held))

    def _give(self, size: int) -> None:
        piece = bytes(self._held[:size])
        del self._held[:size]
        if self.is_abandoned:
            raise _Abandoned
        putting = asyncio.run_coroutine_threadsafe(self.pieces.put(piece), self._loop)
        try:
            putting.result(EXPORT_SLOW_SECONDS)
        except Slow as error:
            putting.cancel()
            raise _Abandoned from error


async def begun(office: Office, sender: str) -> AsyncIterator[bytes]:
    """Begin to write all that an organisation owns; the pieces of the file.

    Raises:
        Overloaded: the sender has an export under way, or too many others wait.
    """
    pipe = Pipe(asyncio.get_running_loop())
    writing = asyncio.ensure_future(_written(office, sender, pipe))
    first = await pipe.pieces.get()
    if first is END:  # it was refused, or failed before there was anything to read
        await writing
    return _pieces(pipe, first, writing)


async def _written(office: Office, sender: str, pipe: Pipe) -> None:
    work = partial(_write, sender=sender, pipe=pipe, at=office.node.clock.now())
    try:
        with office.exporting.one(sender):
            await office.exports.run(work, Viewer(sender))
    finally:
        await pipe.pieces.put(END)


def _write(session: Session, *, sender: str, pipe: Pipe, at: datetime) -> None:
    with suppress(_Abandoned):
        export(session, sender, cast("IO[bytes]", pipe), at)
        pipe.finish()


async def _pieces(
    pipe: Pipe, first: bytes | None, writing: asyncio.Task[None]
) -> AsyncIterator[bytes]:
    piece = first
    try:
        while piece is not END:
            yield piece
            piece = await pipe.pieces.get()
        await writing
    finally:
        pipe.is_abandoned = True
        while not pipe.pieces.empty():  # lets the thread go that waits with a piece
            pipe.pieces.get_nowait()
