"""The files of a log: their paths and their bytes (C2SP tlog-tiles), and reading both strictly.

A *hash tile* is up to 256 hashes side by side; an *entry bundle* is the entries of up to 256
leaves, each behind its length as a big-endian uint16. A partial one has its width in its path.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final, Self

from tumen.kernel.errors import VerificationError
from tumen.kernel.limits import HASH_BYTES, LOG_ENTRY_BYTES_MAX, TREE_SIZE_MAX
from tumen.trust.tree import TILE_HEIGHT, TILE_WIDTH, partial_widths

CHECKPOINT: Final = "checkpoint"
LENGTH_BYTES: Final = 2
LEVELS: Final = -(-TREE_SIZE_MAX.bit_length() // TILE_HEIGHT)

_PATH: Final = re.compile(
    r"tile/(entries|0|[1-9][0-9]?)/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?"
)


@dataclass(frozen=True, slots=True)
class TileName:
    """Which tile: of the hashes of a level, or of the entries where the level is None.

    Attributes:
        level: 0 for leaf hashes; None for an entry bundle.
        index: the place of the tile within its level.
        width: how many hashes or entries it has; 256 where it is full.
    """

    level: int | None
    index: int
    width: int = TILE_WIDTH

    @property
    def path(self) -> str:
        """Where it lies below the log's address or folder.

        >>> TileName(0, 1_234_067).path
        'tile/0/x001/x234/067'
        >>> TileName(None, 273, 112).path
        'tile/entries/273.p/112'
        """
        digits = str(self.index)
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
        level = "entries" if self.level is None else str(self.level)
        partial = "" if self.width == TILE_WIDTH else f".p/{self.width}"
        return (
            f"tile/{level}/" + "".join(f"x{group}/" for group in groups[:-1]) + groups[-1] + partial
        )

    @property
    def is_full(self) -> bool:
        """Whether it can never grow again."""
        return self.width == TILE_WIDTH

    @classmethod
    def parse(cls, path: str) -> Self:
        """Read a path in the one form it can have.

        Raises:
            VerificationError: it is none (``TILE_PATH_MALFORMED``).
        """
        found = _PATH.fullmatch(path)
        if found:
            level = None if found[1] == "entries" else int(found[1])
            index = int(found[2].replace("x", "").replace("/", ""))
            name = cls(level, index, int(found[3] or TILE_WIDTH))
            if name.path == path and (level or 0) < LEVELS and index <= TREE_SIZE_MAX:
                return name
        raise VerificationError("TILE_PATH_MALFORMED", "a path is not that of a tile")


def tiles_between(old_size: int, size: int) -> Iterator[TileName]:
    """The tiles that a tree of a size has and one of an older size had not, in that width."""
    for level, partial in enumerate(partial_widths(size)):
        span = TILE_HEIGHT * level
        if old_size >> span == size >> span:
            return
        first, last = old_size >> span + TILE_HEIGHT, size >> span + TILE_HEIGHT
        whole = [(index, TILE_WIDTH) for index in range(first, last)]
        for index, width in whole + [(last, partial)] * bool(partial):
            yield TileName(level, index, width)
            if level == 0:
                yield TileName(None, index, width)


def read_hash_tile(data: bytes, width: int) -> bytes:
    """The hashes of a tile that must have so many.

    Raises:
        VerificationError: it has another length (``TILE_LENGTH_WRONG``).
    """
    if len(data) != width * HASH_BYTES:
        raise VerificationError("TILE_LENGTH_WRONG", f"a tile does not have {width} hashes")
    return data


def entry_bundle(entries: Sequence[bytes]) -> bytes:
    """The bytes of an entry bundle."""
    lengths = list(map(len, entries))
    if not 0 < len(lengths) <= TILE_WIDTH or max(lengths) > LOG_ENTRY_BYTES_MAX:
        raise ValueError("an entry bundle has 1 to 256 entries of 65,535 bytes at most")
    written = {length: length.to_bytes(LENGTH_BYTES, "big") for length in set(lengths)}
    prefixes = map(written.__getitem__, lengths)
    return b"".join(chain.from_iterable(zip(prefixes, entries, strict=True)))


def read_entry_bundle(data: bytes, width: int) -> list[bytes]:
    """The entries of a bundle that must have so many.

    Raises:
        VerificationError: it has fewer or more (``ENTRY_BUNDLE_MALFORMED``).
    """
    entries, at = [], 0
    for _ in range(width):
        start = at + LENGTH_BYTES
        at = start + int.from_bytes(data[at:start], "big")
        if start > len(data) or at > len(data):
            raise VerificationError("ENTRY_BUNDLE_MALFORMED", "an entry bundle ends too early")
        entries.append(data[start:at])
    if at != len(data):
        raise VerificationError("ENTRY_BUNDLE_MALFORMED", "an entry bundle has more than its width")
    return entries
