"""A log in memory with what a store has of one, and a reader that takes its folder apart."""

from collections.abc import Sequence
from hashlib import sha256

from tumen.trust import note, tree
from tumen.trust.checkpoint import Checkpoint
from tumen.trust.note import VerifierKey
from tumen.trust.published import PublishedLog, head_of
from tumen.trust.signer import KeySigner, MemorySecret, signed_note
from tumen.trust.tiles import TileName, tiles_between
from tumen.trust.tree import TILE_WIDTH, Edge

ORIGIN = "customs.example/log"
SIGNER = KeySigner(ORIGIN, MemorySecret.from_seed(sha256(b"log").digest()))
KEY = VerifierKey.parse(SIGNER.verifier_key)


def entry(number: int, history: str = "") -> bytes:
    """The entry of a leaf: of 32 bytes, as commitments are."""
    return sha256(f"{history}{number}".encode()).digest()


class GrowingLog:
    """Appends entries, signs each append, and reads back like a store."""

    def __init__(self, origin: str = ORIGIN, history: str = "") -> None:
        self.origin, self.history = origin, history
        self.edge, self.root = Edge(), tree.EMPTY_ROOT
        self.all_entries: list[bytes] = []
        self.full: dict[tuple[int, int], bytes] = {}
        self.sizes: list[int] = []
        self.signed = self._sign()

    def append(self, count: int) -> bytes:
        size = self.edge.size
        return self.append_entries([entry(size + at, self.history) for at in range(count)])

    def append_entries(self, entries: Sequence[bytes]) -> bytes:
        grown = tree.grow(self.edge, tree.leaf_hashes(entries))
        self.all_entries += entries
        self.full |= {(tile.level, tile.index): tile.hashes for tile in grown.tiles}
        self.edge, self.root = grown.edge, grown.root
        self.sizes.append(grown.edge.size)
        self.signed = self._sign()
        return self.signed

    def _sign(self) -> bytes:
        text = Checkpoint(self.origin, self.edge.size, self.root).text()
        return signed_note(text, [SIGNER])

    def checkpoint(self) -> bytes:
        return self.signed

    def sizes_after(self, size: int) -> list[int]:
        return [each for each in self.sizes if each > size]

    def tile(self, level: int, index: int, width: int) -> bytes:
        held = self.full.get((level, index)) or self.edge.levels[level]
        return held[: 32 * width]

    def entries(self, first: int, count: int) -> list[bytes]:
        return self.all_entries[first : first + count]


def assert_whole(published: PublishedLog) -> Checkpoint:
    """Every tile of the published checkpoint is there, and they are its tree; its head."""
    signed = published.signed()
    assert signed is not None
    note.parse(signed).verified_by([KEY])
    head = head_of(signed)
    entries: list[bytes] = []
    for name in tiles_between(0, head.size):
        if name.level is None:
            entries += published.entries(name.index, name.width)
    grown = tree.grow(Edge(), tree.leaf_hashes(entries))
    assert (grown.edge.size, grown.root) == (head.size, head.root)
    assert tree.edge_at(head.size, published.tile) == grown.edge
    for tile in grown.tiles:
        assert published.folder.read(TileName(tile.level, tile.index).path) == tile.hashes
        assert published.tile(tile.level, tile.index, TILE_WIDTH - 1) == tile.hashes[:-32]
    return head
