"""Sources: the files and folders a caller names, opened as bounded streams of bytes.

A stream decompresses as it is read, so that a source of any size takes the memory of one
block. What goes wrong in the middle of a source is :class:`Broken`: a violation that the
reader attaches to the place it had reached; everything before it has been read.
"""

import gzip
import io
import os
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO, Final

from tumen.kernel.errors import PathAbsent, SourceUnreadable, UsageError
from tumen.kernel.limits import (
    DOCUMENT_BYTES_MAX,
    GZIP_FREE_BYTES,
    GZIP_RATIO_MAX,
    SOURCE_BYTES_MAX,
)

BLOCK_BYTES: Final = 1 << 20
"""Bytes that are read at a time."""

_FORMATS: Final = {".xml": "ceb", ".ndjson": "ndjson", ".jsonl": "ndjson", ".csv": "csv"}
SUFFIXES: Final = (*_FORMATS, *(f"{suffix}.gz" for suffix in _FORMATS))
"""The endings of file names that are read."""

_BOM_UTF8: Final = b"\xef\xbb\xbf"
_BOMS_OTHER: Final = (b"\xff\xfe", b"\xfe\xff")
_PACKED: Final = {b"\x1f\x8b": "gzip", b"PK\x03\x04": "ZIP"}
"""How a packed file begins, and as what; a spreadsheet file is a ZIP."""


class Broken(Exception):
    """A source cannot be read further; it carries the violation's code and what was expected."""

    def __init__(self, code: str, expected: str | None = None) -> None:
        self.code = code
        self.expected = expected
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Source:
    """One file.

    Attributes:
        name: the name as the caller gave it; below a folder, the folder's name and the rest.
        path: where it lies.
        format: ceb, ndjson or csv, told from the suffix; None where the suffix is unknown.
        compressed: whether it is to be decompressed with gzip.
        content: the bytes themselves, where they came otherwise and lie in no file.
    """

    name: str
    path: Path
    format: str | None
    compressed: bool = False
    content: bytes | None = field(default=None, repr=False)

    @classmethod
    def of(cls, path: Path) -> "Source":
        """The source that a path names; its format is told from its suffixes."""
        compressed = path.suffix.lower() == ".gz"
        suffix = (path.with_suffix("") if compressed else path).suffix.lower()
        name = str(path).encode(errors="replace").decode()
        return cls(name, path, _FORMATS.get(suffix), compressed)

    @classmethod
    def in_memory(cls, name: str, format: str, content: bytes) -> "Source":  # noqa: A002
        """Bytes that came with a request."""
        return cls(name, Path(name), format, content=content)

    @property
    def is_there(self) -> bool:
        """Whether there is anything to read."""
        return self.content is not None or self.path.exists()

    def digest(self) -> bytes:
        """A hash of the file as it lies there, by which a source that is refused is known again.

        A pipe cannot be read twice; it is known by its name.

        Raises:
            SourceUnreadable: it cannot be read.
        """
        if self.content is not None:
            return blake2b(self.content, digest_size=32).digest()
        if not self.path.is_file():
            return blake2b(self.name.encode(), digest_size=32).digest()
        found, left = blake2b(digest_size=32), SOURCE_BYTES_MAX
        try:
            with self.path.open("rb") as raw:
                while left > 0 and (block := raw.read(BLOCK_BYTES)):
                    found.update(block)
                    left -= len(block)
        except OSError as error:
            raise SourceUnreadable(
                f"{self.name} cannot be read: {error.strerror}.", path=self.name
            ) from error
        return found.digest()


def find(paths: Sequence[Path], out: Path | None = None) -> list[Source]:
    """The files under some paths, folders walked in sorted order.

    Hidden files and folders, and the folder that the answers go to, are left out when a folder
    is walked. A file with an unknown suffix is kept: its reader answers it with a coded refusal.

    Args:
        paths: files and folders.
        out: where the answers of the run go; may lie below a folder, but not be one that is read.

    Raises:
        SourceUnreadable: a folder cannot be listed.
        PathAbsent: a path does not exist.
        UsageError: the answers would go into a folder that is read.
    """
    own = None if out is None else out.resolve()
    return [Source.of(file) for path in paths for file in _files(path, own)]


def _files(path: Path, own: Path | None) -> Iterator[Path]:
    if not path.is_dir():
        if not path.exists():
            raise PathAbsent(f"{path} does not exist.")
        yield path
        return
    if path.resolve() == own:
        raise UsageError(
            f"--out names {path}, which is read.", next_step="Name another folder for the answers."
        )
    for folder, folders, names in os.walk(path, onerror=_unlisted):
        visible = sorted(name for name in folders if not name.startswith("."))
        folders[:] = [
            name for name in visible if own is None or Path(folder, name).resolve() != own
        ]
        yield from (Path(folder, name) for name in sorted(names) if not name.startswith("."))


def _unlisted(error: OSError) -> None:
    raise SourceUnreadable(f"{error.filename} cannot be listed.", path=str(error.filename))


class Stream:
    """The bytes of a source, without its byte order mark, within the limits."""

    def __init__(self, source: Source, raw: BinaryIO) -> None:
        self._source = source
        self._raw = raw
        self._packed = gzip.GzipFile(fileobj=raw) if source.compressed else None
        self._read = 0
        self._broken: Broken | None = None

    @property
    def taken(self) -> int:
        """Bytes of the file that were taken so far; of a compressed one, compressed bytes."""
        return self._raw.tell()

    def read(self, size: int = BLOCK_BYTES) -> bytes:
        """The next bytes; empty at the end.

        Raises:
            Broken: the compression is broken, or a limit is passed.
            SourceUnreadable: the disk failed.
        """
        block = self._next(size)
        if self._read == 0:
            _refuse_other_bytes(block)
            block = block.removeprefix(_BOM_UTF8) or self._next(size)
        self._read += len(block)
        self._bound()
        return block

    def _next(self, size: int) -> bytes:
        try:
            return self._unpacked(self._packed, size) if self._packed else self._raw.read(size)
        except OSError as error:
            raise SourceUnreadable(
                f"{self._source.name} cannot be read: {error.strerror}.", path=self._source.name
            ) from error

    def _unpacked(self, packed: gzip.GzipFile, size: int) -> bytes:
        """The next bytes of a compressed source; what stands before its damage comes first."""
        parts: list[bytes] = []
        while size > 0 and self._broken is None and (part := self._part(packed, size)):
            parts.append(part)
            size -= len(part)
        if self._broken is not None and not parts:
            raise self._broken
        return b"".join(parts)

    def _part(self, packed: gzip.GzipFile, size: int) -> bytes:
        try:
            return packed.read1(size)
        except EOFError:
            self._broken = Broken("GZIP_TRUNCATED")
        except (gzip.BadGzipFile, zlib.error):
            self._broken = Broken("GZIP_CORRUPT")
        return b""

    def _bound(self) -> None:
        if self._read > SOURCE_BYTES_MAX:
            raise Broken("SOURCE_TOO_LARGE", str(SOURCE_BYTES_MAX))
        free = not self._source.compressed or self._read <= GZIP_FREE_BYTES
        if not free and self._read > GZIP_RATIO_MAX * self._raw.tell():
            raise Broken("GZIP_BOMB", str(GZIP_RATIO_MAX))


def _refuse_other_bytes(first: bytes) -> None:
    """Refuses a source whose first bytes are no UTF-8 text whatever follows.

    Raises:
        Broken: they are UTF-16, with its mark or without, or those of a packed file.
    """
    for mark, packing in _PACKED.items():
        if first.startswith(mark):
            raise Broken("SOURCE_PACKED", packing)
    zeros = [byte == 0 for byte in first[:4]]
    if first.startswith(_BOMS_OTHER) or zeros in ([True, False] * 2, [False, True] * 2):
        raise Broken("TEXT_NOT_UTF8", "UTF-8")


@contextmanager
def opened(source: Source) -> Iterator[Stream]:
    """The stream of a source, closed at the end.

    Raises:
        SourceUnreadable: the file cannot be opened.
    """
    if source.content is not None:
        yield Stream(source, io.BytesIO(source.content))
        return
    try:
        raw = source.path.open("rb")
    except OSError as error:
        raise SourceUnreadable(
            f"{source.name} cannot be opened: {error.strerror}.", path=source.name
        ) from error
    with raw:
        yield Stream(source, raw)


def lines_of(stream: Stream) -> Iterator[bytes]:
    """The lines of a stream; one above the limit is cut just above it."""
    most = DOCUMENT_BYTES_MAX + 1
    carried = b""
    while block := stream.read():
        parts = block.split(b"\n")
        if len(carried) < most:
            parts[0] = carried + parts[0]
        else:
            parts[0] = carried
        carried = parts.pop()[:most]
        yield from parts
    if carried:
        yield carried
