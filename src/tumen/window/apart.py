"""Reading and preparing in a process of its own, so that the sequencer's process is free to record.

Both work mostly in Polars, which needs no interpreter lock, but each takes it hundreds of times
a batch; in one process they keep each other waiting. Sources of a few megabytes stay in this
process, where a thread does: another process takes a third of a second to start.

1. This process starts the child and writes the job to its standard input: the sources, and what
   they are prepared with, the node's keys among it.
2. While the child starts, this process prepares the first batch itself, and tells the child what
   it has read. The child reads that batch too, and goes on only if it has read the same, so that
   no document is lost or taken twice where a source changes meanwhile. Where a source can be read
   but once, such as a pipe, the child prepares all.
3. The child answers on its standard output: for each batch its length (8 bytes) and its bytes,
   at last an error, if one ended the reading, and a length of zero.
4. However this process ends, the child's pipe breaks, and it ends too.
"""

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from typing import IO, BinaryIO, Final

from tumen.documents.batch import Texts
from tumen.documents.formats.columns import ColumnMap
from tumen.documents.formats.intake import read
from tumen.documents.formats.sources import Source
from tumen.kernel.errors import OutsideError, SourceUnreadable
from tumen.kernel.garbage import keep_what_is_loaded
from tumen.kernel.limits import PREPARED_APART_BYTES_MIN
from tumen.window.pipeline import ahead
from tumen.window.prepare import Preparation, Prepared

Mark = tuple[int, ...]
"""What a batch was when it was read: a hash of each of its frames."""

_LENGTH_BYTES: Final = 8
_CHILD: Final = (sys.executable, "-c", "from tumen.window.apart import work; work()")


@dataclass(frozen=True, slots=True)
class Job:
    """What the child is to do.

    Attributes:
        sources: what to read, in order.
        columns: how a shop's own CSV columns are to be understood; None for our names.
        preparation: what the batches are prepared with.
        begun: what the first batch must be, if it was prepared elsewhere and is to be left out.
    """

    sources: Sequence[Source]
    columns: ColumnMap | None
    preparation: Preparation
    begun: Mark | None = None

    def batches(self) -> Iterator[Prepared]:
        """Read and prepare, here and now.

        Raises:
            SourceUnreadable: a source cannot be read, or does not begin as it began elsewhere.
        """
        texts = self.texts()
        if self.begun is not None and self.begun != _mark(next(texts, None)):
            raise SourceUnreadable(
                "A source was changed while it was read.",
                next_step="Run the same command again when nothing writes to it any more.",
            )
        return map(self.preparation.prepare, texts)

    def texts(self) -> Generator[Texts, None, None]:
        """Read, here and now."""
        yield from read(self.sources, self.columns, signatures=self.preparation.signatures)

    @property
    def is_large(self) -> bool:
        """Whether it is worth a process of its own."""
        return _size(self.sources) >= PREPARED_APART_BYTES_MIN

    @property
    def can_be_read_twice(self) -> bool:
        """Whether all sources are files that lie there."""
        return all(source.path.is_file() for source in self.sources)


def prepared(job: Job) -> Iterator[Prepared]:
    """The batches of a job, ready for the sequencer, read and prepared ahead of it.

    Raises:
        SourceUnreadable: a source cannot be opened or read; full batches before it were given.
        OutsideError: the process that reads was killed.
    """
    if not job.is_large:
        yield from ahead(lambda batch: batch, job.batches())
        return
    with closing(_with_child(job)) as batches:
        yield from ahead(lambda batch: batch, batches)


def _size(sources: Iterable[Source]) -> int:
    size = 0
    for source in sources:
        with suppress(OSError):
            size += source.path.stat().st_size
    return size


def _mark(texts: Texts | None) -> Mark:
    """By this two readings of a batch are told to be the same."""
    if texts is None:
        return ()
    frames = (texts.rows, *texts.heads.values(), *texts.items.values(), texts.violations)
    return tuple(hash(tuple(frame.hash_rows().to_list())) for frame in frames)


def _with_child(job: Job) -> Generator[Prepared, None, None]:
    with subprocess.Popen(_CHILD, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:  # noqa: S603
        assert child.stdin is not None  # noqa: S101 - both are pipes
        assert child.stdout is not None  # noqa: S101
        try:
            if job.can_be_read_twice:
                with closing(job.texts()) as reading:
                    first = next(reading, None)
                if first is not None:
                    yield job.preparation.prepare(first)
                job = replace(job, begun=_mark(first))
            with suppress(BrokenPipeError), child.stdin:
                pickle.dump(job, child.stdin)
            while (message := _received(child.stdout)) is not None:
                yield _opened(message)
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
    keep_what_is_loaded()
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
