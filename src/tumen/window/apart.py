"""Reading and preparing in a process of its own, so that the sequencer's process is free to record.

Both work mostly in Polars, which needs no interpreter lock, but each takes it hundreds of times
a batch; in one process they keep each other waiting. Sources of a few megabytes stay in this
process, where a thread does: another process takes a third of a second to start.

1. This process starts the child and writes the job to its standard input: the sources, and what
   they are prepared with, the node's keys among it.
2. The child answers on its standard output: for each batch its length (8 bytes) and its bytes,
   at last an error, if one ended the reading, and a length of zero.
3. However this process ends, the child's pipe breaks, and it ends too.
"""

import gc
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import IO, BinaryIO, Final

from tumen.documents.formats.columns import ColumnMap
from tumen.documents.formats.intake import read
from tumen.documents.formats.sources import Source
from tumen.kernel.errors import OutsideError
from tumen.kernel.limits import PREPARED_APART_BYTES_MIN
from tumen.window.pipeline import ahead
from tumen.window.prepare import Preparation, Prepared

GARBAGE_THRESHOLD: Final = 100_000
"""Containers made between two searches for cycles. A batch is half a million tuples without any:
searching them at every 700th, as Python does, takes a third of the time of reading."""

_LENGTH_BYTES: Final = 8
_CHILD: Final = (sys.executable, "-c", "from tumen.window.apart import work; work()")


@dataclass(frozen=True, slots=True)
class Job:
    """What the child is to do.

    Attributes:
        sources: what to read, in order.
        columns: how a shop's own CSV columns are to be understood; None for our names.
        preparation: what the batches are prepared with.
    """

    sources: Sequence[Source]
    columns: ColumnMap | None
    preparation: Preparation

    def batches(self) -> Iterator[Prepared]:
        """Read and prepare, here and now."""
        return map(self.preparation.prepare, read(self.sources, self.columns))

    @property
    def is_large(self) -> bool:
        """Whether it is worth a process of its own."""
        return _size(self.sources) >= PREPARED_APART_BYTES_MIN


def prepared(job: Job) -> Iterator[Prepared]:
    """The batches of a job, ready for the sequencer, read and prepared ahead of it.

    Raises:
        SourceUnreadable: a source cannot be opened or read; full batches before it were given.
        OutsideError: the process that reads was killed.
    """
    if not job.is_large:
        yield from ahead(lambda batch: batch, job.batches())
        return
    with closing(_messages_of_child(job)) as messages:
        yield from ahead(_opened, messages)


def _size(sources: Iterable[Source]) -> int:
    size = 0
    for source in sources:
        with suppress(OSError):
            size += source.path.stat().st_size
    return size


def _messages_of_child(job: Job) -> Generator[bytes, None, None]:
    with subprocess.Popen(_CHILD, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:  # noqa: S603
        assert child.stdin is not None  # noqa: S101 - both are pipes
        assert child.stdout is not None  # noqa: S101
        try:
            with suppress(BrokenPipeError), child.stdin:
                pickle.dump(job, child.stdin)
            while (message := _received(child.stdout)) is not None:
                yield message
        finally:
            child.kill()


def _received(stream: IO[bytes]) -> bytes | None:
    """The next message, or None at the end."""
    length = stream.read(_LENGTH_BYTES)
    size = int.from_bytes(length, "big")
    message = stream.read(size)
    if len(length) < _LENGTH_BYTES or len(message) < size:
        raise OutsideError("The process that reads the documents was ended from outside.")
    return message if size else None


def _opened(message: bytes) -> Prepared:
    """The batch of a message; raises the error that the child sent in its place."""
    held: Prepared | BaseException = pickle.loads(message)  # noqa: S301 - our own child's
    if isinstance(held, BaseException):
        raise held
    return held


def work() -> None:
    """Be the child: do the job on standard input, answer on standard output."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends us
    gc.freeze()
    gc.set_threshold(GARBAGE_THRESHOLD)
    job: Job = pickle.load(sys.stdin.buffer)  # noqa: S301 - our own parent's
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb", buffering=0) as answers:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # nothing else may be written there
        with suppress(BrokenPipeError):
            for message in _answers(job):
                _send(answers, message)
            _send(answers, b"")


def _answers(job: Job) -> Iterator[bytes]:
    try:
        for batch in job.batches():
            yield pickle.dumps(batch, protocol=pickle.HIGHEST_PROTOCOL)
    except Exception as error:
        yield pickle.dumps(error)


def _send(stream: BinaryIO, message: bytes) -> None:
    rest = memoryview(len(message).to_bytes(_LENGTH_BYTES, "big") + message)
    while rest:
        rest = rest[stream.write(rest) :]
