"""The folder of a log on a disk: every file whole or absent, whatever happens meanwhile.

Files are written aside; ``sync`` makes them durable, then renames them, then makes their folders
durable. So a killed process or a lost power leaves old files and new ones, and half a file only in
``.aside``, which the next writer empties. One writer at a time holds the lock of the folder.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Final, Protocol

SYNCS_AT_ONCE: Final = 16
"""Files that wait for the disk together: it commits them as one. 400 tiles take 0.3 s, not 1.6."""

ASIDE: Final = ".aside"
LOCK: Final = ".lock"


class Folder(Protocol):
    """The port: files by their path below the folder, such as ``tile/0/000``."""

    def exclusive(self) -> AbstractContextManager[None]:
        """Be the one writer for a while; wait where there is another."""
        ...

    def read(self, path: str) -> bytes | None:
        """The bytes of a file; None where there is none."""
        ...

    def put(self, path: str, data: bytes) -> None:
        """Write a file that :meth:`sync` will put in its place, whole or not at all."""
        ...

    def sync(self) -> None:
        """Put all files in their places, to stay there even if the power goes."""
        ...

    def remove(self, path: str) -> None:
        """Remove a folder with its files, if it is there."""
        ...


class DiskFolder:
    """A folder on a disk. What the disk refuses is an ``OSError``."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._written: dict[Path, Path] = {}
        self._touched: set[Path] = set()
        self._known: set[Path] = set()

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Be the one writer for a while; the system frees the lock of a process that died."""
        self._known.clear()
        self._make(self._root)
        lock = os.open(self._root / LOCK, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self._empty_aside()
            yield
        finally:
            os.close(lock)

    def read(self, path: str) -> bytes | None:
        """The bytes of a file; None where there is none."""
        try:
            return (self._root / path).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def put(self, path: str, data: bytes) -> None:
        """Write a file aside."""
        target = self._root / path
        aside = self._root / ASIDE / path.replace("/", "-")
        self._make(aside.parent)
        self._make(target.parent)
        self._written[aside] = target
        aside.write_bytes(data)

    def sync(self) -> None:
        """Make the files durable, rename them, make their names durable."""
        with ThreadPoolExecutor(SYNCS_AT_ONCE) as threads:
            list(threads.map(_sync, self._written))
        for aside, target in self._written.items():
            aside.replace(target)
            self._touched.add(target.parent)
        for folder in self._touched:
            _sync(folder)
        self._written.clear()
        self._touched.clear()

    def remove(self, path: str) -> None:
        """Remove a folder with its files, if it is there."""
        self._known.clear()
        shutil.rmtree(self._root / path, ignore_errors=True)

    def _make(self, folder: Path) -> None:
        """Make a folder and those above it; a new one's name lies in the folder above."""
        if folder in self._known:
            return
        if not folder.is_dir():
            self._make(folder.parent)
            folder.mkdir(exist_ok=True)
            self._touched.add(folder.parent)
        self._known.add(folder)

    def _empty_aside(self) -> None:
        self._written.clear()
        for left in (self._root / ASIDE).glob("*"):
            left.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
