"""Whether a tree may be signed on: only if it goes on from all that was shown of it (ADR 6).

A database that was restored from an old copy has a shorter tree than its log has shown. To sign
on from there would show two histories under one name, and every witness would say so, rightly.
So a node asks here before it signs anything after a start:

1. What was shown is the checkpoint published last and the largest one that came back cosigned;
   both lie in the log's folder, apart from the database.
2. If the tree has those very leaves first, the node signs on.
3. Else it stops, and a person decides: a newer copy, or a log of a new origin (``…/2``), which
   everybody can see is another log. The old files stay. `tumen log begin` begins it.

Where the folder was restored together with the database, only the witnesses know: the feeder
hears it from them (409) before a quorum can be reached.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from tumen.kernel.errors import LogDamaged, LogNotExtended, VerificationError
from tumen.trust import note
from tumen.trust.checkpoint import Checkpoint
from tumen.trust.folder import Folder
from tumen.trust.note import VerifierKey
from tumen.trust.published import head_of
from tumen.trust.tiles import CHECKPOINT
from tumen.trust.tree import ReadTile, edge_at, root

COSIGNED: Final = "cosigned"
"""The largest checkpoint that came back cosigned, kept beside the published one."""


@dataclass(frozen=True, slots=True)
class Tree:
    """A tree as the store has it now: the name of its log, its size, its tiles."""

    origin: str
    size: int
    read_tile: ReadTile


def need_extension(tree: Tree, shown: Checkpoint) -> None:
    """Refuse a tree that does not have the leaves of a checkpoint first, in their order.

    Raises:
        LogNotExtended: with what is wrong: another origin, a smaller tree, or another one.
    """
    if tree.origin != shown.origin:
        raise LogNotExtended(f"what was shown is of {shown.origin}, and this is {tree.origin}")
    if tree.size < shown.size:
        raise LogNotExtended(
            f"{shown.size} leaves were shown, and this tree has {tree.size}: it went back"
        )
    if root(edge_at(shown.size, tree.read_tile)) != shown.root:
        raise LogNotExtended(
            f"the first {shown.size} leaves of this tree are not the ones that were shown"
        )


def is_extended(tree: Tree, shown: Checkpoint) -> bool:
    """Whether a tree has the leaves of a checkpoint first, in their order."""
    try:
        need_extension(tree, shown)
    except LogNotExtended:
        return False
    return True


def need_continuity(tree: Tree, shown: Iterable[Checkpoint]) -> None:
    """Refuse to sign on unless the tree goes on from all that was shown.

    Raises:
        LogNotExtended: it does not.
    """
    for each in shown:
        need_extension(tree, each)


def shown_before(folder: Folder, keys: Iterable[VerifierKey]) -> list[Checkpoint]:
    """What the log has shown: its published checkpoint, and the largest that came back cosigned.

    Args:
        folder: the log's folder.
        keys: the keys that the log ever signed with.

    Raises:
        LogDamaged: a file is none of this log's; nothing can be concluded from it.
    """
    return [head_of(signed) for signed in notes_shown(folder, keys)]


def notes_shown(
    folder: Folder, keys: Iterable[VerifierKey], kept: Mapping[str, bytes] | None = None
) -> list[bytes]:
    """The same as signed notes, and those that lay elsewhere.

    Args:
        folder: the log's folder.
        keys: the keys that the log ever signed with.
        kept: checkpoints that a witness or a holder kept, by what they are called.

    Raises:
        LogDamaged: one is none of this log's.
    """
    known = tuple(keys)
    found = {path: folder.read(path) for path in (CHECKPOINT, COSIGNED)} | dict(kept or {})
    notes = {path: signed for path, signed in found.items() if signed is not None}
    for path, signed in notes.items():
        _need_own(path, signed, known)
    return [*notes.values()]


def _need_own(path: str, signed: bytes, keys: tuple[VerifierKey, ...]) -> None:
    try:
        note.parse(signed).verified_by(keys)
        head_of(signed)
    except VerificationError as error:
        raise LogDamaged(f"the file {path!r} of the log is not signed by it: {error}") from error


def keep_cosigned(folder: Folder, signed: bytes) -> bool:
    """Keep a checkpoint that came back cosigned, unless a larger one is kept.

    Returns:
        Whether it was kept.
    """
    with folder.exclusive():
        kept = folder.read(COSIGNED)
        if kept is not None and head_of(kept).size > head_of(signed).size:
            return False
        folder.put(COSIGNED, signed)
        folder.sync()
        return True


def numbered_origin(origin: str, number: int) -> str:
    """The name of a node's first, second, … log; its files lie in the folder of that number.

    >>> numbered_origin("customs.example/log", 1), numbered_origin("customs.example/log", 2)
    ('customs.example/log', 'customs.example/log/2')
    """
    return origin if number == 1 else f"{origin}/{number}"
