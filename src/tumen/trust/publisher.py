"""Publishes a log as files that any web server can serve (C2SP tlog-tiles); the store is the truth.

1. The newest checkpoint is read from the store, and the root is computed again from its tiles.
2. It must extend the published checkpoint: a log never goes back, nor aside.
3. The tiles and bundles between both are written; they are durable before the next step.
4. The checkpoint is written, last: what it promises is there.
5. Partial tiles that became full are removed.

A run that stops anywhere leaves the published checkpoint as it was, or the new one with all its
tiles. The next run does what is missing; a run with nothing to do writes the checkpoint again.

A renamed file is seen a moment before it is sure to last. So a node publishes again when it comes
up, and hands to witnesses only what a run gave back as published.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from tumen.kernel.errors import LogDamaged, LogUnpublished, VerificationError
from tumen.trust.checkpoint import Checkpoint
from tumen.trust.continuity import Tree, need_extension
from tumen.trust.folder import Folder
from tumen.trust.published import PublishedLog, head_of
from tumen.trust.tiles import CHECKPOINT, TileName, entry_bundle, tiles_between
from tumen.trust.tree import TILE_WIDTH, edge_at, root


class LogSource(Protocol):
    """The port: what the store has of a log."""

    def checkpoint(self) -> bytes:
        """The newest checkpoint, signed."""
        ...

    def sizes_after(self, size: int) -> Sequence[int]:
        """The sizes above this one that a checkpoint was signed for, in their order."""
        ...

    def tile(self, level: int, index: int, width: int) -> bytes:
        """The first hashes of a tile: 32 * width bytes."""
        ...

    def entries(self, first: int, count: int) -> Sequence[bytes]:
        """The entries of leaves that stand in a row."""
        ...


@dataclass(frozen=True, slots=True)
class Published:
    """What is published now, and what was written for it.

    Attributes:
        checkpoint: the head of the log.
        written: the tiles and bundles that were written.
    """

    checkpoint: Checkpoint
    written: tuple[TileName, ...]


def publish(source: LogSource, folder: Folder, *, whole: bool = False) -> Published:
    """Bring the folder up to the newest checkpoint of the store.

    Args:
        source: the store.
        folder: where the files are.
        whole: compare every file with the store, and write again what is absent or differs.

    Raises:
        LogUnpublished: the disk refused; the published checkpoint still has all its tiles.
        LogNotExtended: the published checkpoint is not of the beginning of this tree.
        LogDamaged: the store's tiles do not give the root that was signed.
    """
    try:
        with folder.exclusive():
            return _published(source, folder, whole=whole)
    except OSError as error:
        raise LogUnpublished(f"the log's files cannot be written: {error.strerror}") from error


def _published(source: LogSource, folder: Folder, *, whole: bool) -> Published:
    signed = source.checkpoint()
    head = head_of(signed)
    tree = Tree(head.origin, head.size, source.tile)
    _need_own_root(head, tree)
    before = PublishedLog(folder).head()
    if before is not None:
        need_extension(tree, before)
    start = 0 if whole or before is None else before.size
    written = []
    for name in _needed(start, head.size, source.sizes_after(start)):
        data = _bytes(source, name)
        if not (whole and folder.read(name.path) == data):
            folder.put(name.path, data)
            written.append(name)
    folder.sync()
    folder.put(CHECKPOINT, signed)
    folder.sync()
    _remove_partials(folder, written)
    return Published(head, tuple(written))


def _need_own_root(head: Checkpoint, tree: Tree) -> None:
    try:
        computed = root(edge_at(head.size, tree.read_tile))
    except VerificationError as error:
        raise LogDamaged(f"a tile in the database cannot be read: {error}") from error
    if computed != head.root:
        raise LogDamaged("the tiles in the database do not give the root that was signed")


def _needed(start: int, size: int, signed_sizes: Iterable[int]) -> Iterator[TileName]:
    """The tiles to publish, each once.

    Partial tiles are due for every size that a checkpoint was signed for, published or not, unless
    the tile is full by now (tlog-tiles, "Partial Tiles").
    """
    yield from tiles_between(start, size)
    told, below = set(tiles_between(start, size)), start
    for each in signed_sizes:
        if each >= size:
            return
        for name in tiles_between(below, each):
            is_full_now = (name.index + 1) * TILE_WIDTH <= size >> 8 * (name.level or 0)
            if name not in told and not is_full_now:
                told.add(name)
                yield name
        below = each


def _bytes(source: LogSource, name: TileName) -> bytes:
    if name.level is None:
        return entry_bundle(source.entries(name.index * TILE_WIDTH, name.width))
    return source.tile(name.level, name.index, name.width)


def _remove_partials(folder: Folder, written: Iterable[TileName]) -> None:
    for name in written:
        if name.is_full:
            folder.remove(f"{name.path}.p")
