"""The growing tree of RFC 6962: what full tiles an append makes, its root, and proofs from tiles.

Hashes go by the 32 bytes, many in one ``bytes``: two children lie side by side in it, so that a
node is the hash of one slice, and nothing is an object but the slices themselves. Tiles are those
of C2SP tlog-tiles: 256 hashes of one level, each the hash of a full tile of the level below.

What a tree of *n* leaves needs to grow is its :class:`Edge`: at every level, the hashes that do
not fill a tile yet. Everything else is read back, one tile at a time, by a ``read_tile``.
"""

from base64 import b64encode
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from tumen.kernel.errors import VerificationError
from tumen.kernel.limits import HASH_BYTES
from tumen.trust.merkle import EMPTY_ROOT

TILE_HEIGHT: Final = 8
TILE_WIDTH: Final = 1 << TILE_HEIGHT
TILE_BYTES: Final = TILE_WIDTH * HASH_BYTES
_PAIR: Final = 2 * HASH_BYTES

ReadTile = Callable[[int, int, int], bytes]
"""Gives the first *width* hashes of tile *index* of a *level*: exactly 32 * width bytes."""


@dataclass(frozen=True, slots=True)
class Edge:
    """The right edge of a tree: at each level the hashes of the tile that is not full yet.

    Level *l* of a tree of *size* leaves has ``(size >> 8 * l) & 255`` of them (tlog-tiles,
    "Partial Tiles"); the levels go up to the highest that has a hash at all.
    """

    size: int = 0
    levels: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        widths = partial_widths(self.size)
        if [len(hashes) for hashes in self.levels] != [HASH_BYTES * width for width in widths]:
            raise ValueError(f"this is not the edge of a tree of {self.size} leaves")


@dataclass(frozen=True, slots=True)
class Tile:
    """A full tile: 256 hashes, and their root, which is one hash of the level above."""

    level: int
    index: int
    hashes: bytes
    root: bytes


@dataclass(frozen=True, slots=True)
class Grown:
    """A tree after an append: its edge, its root, and the tiles that became full."""

    edge: Edge
    root: bytes
    tiles: tuple[Tile, ...]


def partial_widths(size: int) -> list[int]:
    """How many hashes the partial tile of each level has, from the leaves up.

    >>> partial_widths(70_000)
    [112, 17, 1]
    """
    if size < 0:
        raise ValueError("a tree has no negative size")
    levels = -(-size.bit_length() // TILE_HEIGHT)
    return [(size >> TILE_HEIGHT * level) & (TILE_WIDTH - 1) for level in range(levels)]


def leaf_hashes(entries: Iterable[bytes]) -> list[bytes]:
    """The leaf hashes of entries: SHA-256 of a zero byte and the entry (RFC 6962 §2.1)."""
    hashed = sha256
    return [hashed(b"\0" + entry).digest() for entry in entries]


def grow(edge: Edge, hashes: Sequence[bytes]) -> Grown:
    """Append leaf hashes to a tree.

    Args:
        edge: the tree before it; ``Edge()`` is the empty tree.
        hashes: the leaf hashes in their order, each of 32 bytes.
    """
    if any(len(each) != HASH_BYTES for each in hashes):
        raise ValueError("a leaf hash has 32 bytes")
    tiles: list[Tile] = []
    levels: list[bytes] = []
    size, arrived, level = edge.size, b"".join(hashes), 0
    while arrived or level < len(edge.levels):
        before = edge.levels[level] if level < len(edge.levels) else b""
        held = before + arrived
        full = len(held) - len(held) % TILE_BYTES
        arrived = _halved(held[:full], TILE_HEIGHT)
        tiles += _tiles(level, edge.size >> TILE_HEIGHT * (level + 1), held[:full], arrived)
        levels.append(held[full:])
        level += 1
    grown = Edge(size + len(hashes), tuple(levels))
    return Grown(grown, root(grown), tuple(tiles))


def _tiles(level: int, first: int, hashes: bytes, roots: bytes) -> Iterable[Tile]:
    """Cut full tiles of a level, and their roots, apart."""
    for number in range(len(roots) // HASH_BYTES):
        yield Tile(
            level,
            first + number,
            hashes[number * TILE_BYTES : (number + 1) * TILE_BYTES],
            roots[number * HASH_BYTES : (number + 1) * HASH_BYTES],
        )


def _halved(hashes: bytes, times: int) -> bytes:
    """The nodes so many heights above, of an even number of nodes at each height."""
    hashed = sha256
    for _ in range(times):
        hashes = b"".join(
            [
                hashed(b"\1" + hashes[at : at + _PAIR]).digest()
                for at in range(0, len(hashes), _PAIR)
            ]
        )
    return hashes


def root(edge: Edge) -> bytes:
    """The root of a tree; of the empty one, the hash of nothing (RFC 6962 §2.1)."""
    above = b""
    for hashes in edge.levels:
        above = _lone_promoted(hashes + above)
    return above or EMPTY_ROOT


def _lone_promoted(hashes: bytes) -> bytes:
    """The one node above all these; where one has no sibling, it goes up as it is."""
    while len(hashes) > HASH_BYTES:
        hashes = _parents(hashes)
    return hashes


def _parents(row: bytes) -> bytes:
    """The nodes above a row that begins with a left child; a lone last one is its own parent."""
    paired = len(row) - len(row) % _PAIR
    return _halved(row[:paired], 1) + row[paired:]


def edge_at(size: int, read_tile: ReadTile) -> Edge:
    """The edge of the tree when it had so many leaves, read back from its tiles.

    Raises:
        VerificationError: a tile has another length (``TILE_LENGTH_WRONG``).
    """
    return Edge(
        size,
        tuple(
            _read(read_tile, level, size >> TILE_HEIGHT * (level + 1), width) if width else b""
            for level, width in enumerate(partial_widths(size))
        ),
    )


def _read(read_tile: ReadTile, level: int, index: int, width: int) -> bytes:
    hashes = read_tile(level, index, width)
    if len(hashes) != HASH_BYTES * width:
        raise VerificationError(
            "TILE_LENGTH_WRONG", f"tile {index} of level {level} does not have {width} hashes"
        )
    return hashes


class _Nodes:
    """The nodes of a tree of one size, by height and index, from its tiles.

    The node of height *h* and index *i* is over the leaves from ``i << h``, at most ``1 << h`` of
    them. At each height at most the last one is over fewer; where it has one child only, it is
    that child. So every subtree that RFC 6962 §2.1 speaks of is one of these nodes.
    """

    __slots__ = ("_cut", "_read_tile", "_tiles", "size")

    def __init__(self, size: int, read_tile: ReadTile) -> None:
        self.size = size
        self._read_tile = read_tile
        self._tiles: dict[tuple[int, int], list[bytes]] = {}
        self._cut: dict[int, bytes] = {}

    def count(self, height: int) -> int:
        """How many nodes are at a height."""
        return -(-self.size >> height)

    def node(self, height: int, index: int) -> bytes:
        """The hash of one node."""
        if (index + 1) << height > self.size:
            return self._last(height)
        level, within = divmod(height, TILE_HEIGHT)
        tile, at = divmod(index << within, TILE_WIDTH)
        heights = self._tiles.get((level, tile)) or self._tile(level, tile)
        at = (at >> within) * HASH_BYTES
        return heights[within][at : at + HASH_BYTES]

    def leaves(self, first: int, count: int) -> bytes:
        """The hashes of leaves that stand in a row."""
        tiles = range(first // TILE_WIDTH, (first + count - 1) // TILE_WIDTH + 1)
        start = first % TILE_WIDTH * HASH_BYTES
        row = b"".join([self._whole(0, tile) for tile in tiles])
        return row[start : start + count * HASH_BYTES]

    def _whole(self, level: int, index: int) -> bytes:
        held = (self.size >> TILE_HEIGHT * level) - index * TILE_WIDTH
        return _read(self._read_tile, level, index, min(held, TILE_WIDTH))

    def _tile(self, level: int, index: int) -> list[bytes]:
        """The complete nodes within a tile, at each height."""
        heights = [self._whole(level, index)]
        for _ in range(1, TILE_HEIGHT):
            paired = len(heights[-1]) - len(heights[-1]) % _PAIR
            heights.append(_halved(heights[-1][:paired], 1))
        self._tiles[level, index] = heights
        return heights

    def _last(self, height: int) -> bytes:
        """The node at the right end of a height that is over fewer leaves than its siblings."""
        if height not in self._cut:
            left = (self.count(height) - 1) * 2
            hashes = self.node(height - 1, left)
            if left + 1 < self.count(height - 1):
                hashes = _halved(hashes + self.node(height - 1, left + 1), 1)
            self._cut[height] = hashes
        return self._cut[height]


def inclusion(index: int, size: int, read_tile: ReadTile) -> list[bytes]:
    """The inclusion proof of a leaf in the tree of a size (RFC 6962 §2.1.1)."""
    if not 0 <= index < size:
        raise VerificationError(
            "INDEX_OUTSIDE_TREE", f"leaf {index} cannot be in a tree of {size} leaves"
        )
    nodes = _Nodes(size, read_tile)
    proof = []
    for height in range((size - 1).bit_length()):
        sibling = index >> height ^ 1
        if sibling < nodes.count(height):
            proof.append(nodes.node(height, sibling))
    return proof


def inclusion_lines(first: int, count: int, size: int, read_tile: ReadTile) -> list[str]:
    """The inclusion proofs of leaves that stand in a row, each as the lines of a tlog-proof.

    The proof of a leaf is the line of its sibling and the proof of its parent, so that each node
    is hashed, encoded and joined once, however many leaves are below it: two for each leaf.
    """
    if first < 0 or count < 1 or first + count > size:
        raise VerificationError(
            "INDEX_OUTSIDE_TREE", f"{count} leaves from {first} cannot be in a tree of {size}"
        )
    nodes, last = _Nodes(size, read_tile), first + count - 1
    rows: list[list[str]] = []
    row = nodes.leaves(first, count)
    for height in range((size - 1).bit_length()):
        row = _with_siblings(nodes, row, height, first >> height, last >> height)
        rows.append(_encoded(row))
        row = _parents(row)
    proofs = [""]
    for height in range(len(rows) - 1, -1, -1):
        low, lines, parent = first >> height, rows[height], first >> height + 1
        proofs = [
            lines[(index ^ 1) - (low & ~1)] + proofs[(index >> 1) - parent]
            for index in range(low, (last >> height) + 1)
        ]
    return proofs


def _with_siblings(nodes: _Nodes, row: bytes, height: int, low: int, high: int) -> bytes:
    """The row of nodes from low to high, with the siblings of the first and of the last."""
    if low % 2:
        row = nodes.node(height, low - 1) + row
    if high % 2 == 0 and high + 1 < nodes.count(height):
        row += nodes.node(height, high + 1)
    return row


def _encoded(hashes: bytes) -> list[str]:
    """A line of base64 for each hash, and an empty text for the sibling that may be absent."""
    lines = [
        b64encode(hashes[at : at + HASH_BYTES]).decode("ascii") + "\n"
        for at in range(0, len(hashes), HASH_BYTES)
    ]
    return [*lines, ""]


def consistency(size1: int, size2: int, read_tile: ReadTile) -> list[bytes]:
    """The proof that the tree of one size grew into that of another (RFC 6962 §2.1.2).

    It is empty where there is nothing to prove: from the empty tree, or of equal sizes.
    """
    if not 0 <= size1 <= size2:
        raise VerificationError(
            "SIZES_BACKWARDS", f"a tree of {size1} leaves cannot grow into one of {size2}"
        )
    if size1 in {0, size2}:
        return []
    nodes = _Nodes(size2, read_tile)
    proof, low, high, is_whole = [], 0, size2, True
    while size1 != high:
        middle = low + (1 << (high - low - 1).bit_length() - 1)
        if size1 <= middle:
            proof.append(_over(nodes, middle, high))
            high = middle
        else:
            proof.append(_over(nodes, low, middle))
            low, is_whole = middle, False
    if not is_whole:  # else the old root itself, which the verifier has
        proof.append(_over(nodes, low, high))
    return proof[::-1]


def _over(nodes: _Nodes, low: int, high: int) -> bytes:
    """The subtree over leaves from low until high, one that RFC 6962 splits off."""
    height = (high - low - 1).bit_length()
    return nodes.node(height, low >> height)
