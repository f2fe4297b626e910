"""The tree grows in any cuts to the tree of RFC 6962, and its proofs are the ones defined there.

The recursions below are those of RFC 6962 §2.1, as written there; they share nothing with the code.
"""

from base64 import b64encode
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tumen.kernel.errors import VerificationError
from tumen.trust import tree
from tumen.trust.merkle import root_of, verify_consistency, verify_inclusion
from tumen.trust.tree import Edge, Grown

LEAVES = 70_000
EXHAUSTIVE = 90
VERIFIED = 600


def tree_hash(leaves: list[bytes]) -> bytes:
    """MTH, over leaf hashes."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = largest_power_below(len(leaves))
    return sha256(b"\1" + tree_hash(leaves[:split]) + tree_hash(leaves[split:])).digest()


def audit_path(index: int, leaves: list[bytes]) -> list[bytes]:
    """PATH."""
    if len(leaves) == 1:
        return []
    split = largest_power_below(len(leaves))
    if index < split:
        return [*audit_path(index, leaves[:split]), tree_hash(leaves[split:])]
    return [*audit_path(index - split, leaves[split:]), tree_hash(leaves[:split])]


def sub_proof(size: int, leaves: list[bytes], *, is_whole: bool = True) -> list[bytes]:
    """SUBPROOF."""
    if size == len(leaves):
        return [] if is_whole else [tree_hash(leaves)]
    split = largest_power_below(len(leaves))
    if size <= split:
        return [*sub_proof(size, leaves[:split], is_whole=is_whole), tree_hash(leaves[split:])]
    return [*sub_proof(size - split, leaves[split:], is_whole=False), tree_hash(leaves[:split])]


def largest_power_below(count: int) -> int:
    power = 1
    while 2 * power < count:
        power *= 2
    return power


class Shelf:
    """A tree grown in cuts, with what it told on the way; reads tiles as a store would."""

    def __init__(self) -> None:
        self.edge = Edge()
        self.full: dict[tuple[int, int], tree.Tile] = {}
        self.grown: list[Grown] = []

    def add(self, hashes: list[bytes]) -> Grown:
        grown = tree.grow(self.edge, hashes)
        for tile in grown.tiles:
            assert (tile.level, tile.index) not in self.full
            self.full[tile.level, tile.index] = tile
        self.edge = grown.edge
        self.grown.append(grown)
        return grown

    def read(self, level: int, index: int, width: int) -> bytes:
        tile = self.full.get((level, index))
        held = tile.hashes if tile else self.edge.levels[level]
        assert len(held) >= 32 * width
        return held[: 32 * width]


@pytest.fixture(scope="module")
def leaves() -> list[bytes]:
    return tree.leaf_hashes(str(number).encode() for number in range(LEAVES))


@pytest.fixture(scope="module")
def shelf(leaves: list[bytes]) -> Shelf:
    shelf = Shelf()
    for at in range(0, LEAVES, 7_001):
        shelf.add(leaves[at : at + 7_001])
    return shelf


def test_a_leaf_hash_is_that_of_a_zero_byte_and_the_entry() -> None:
    assert tree.leaf_hashes([b"", b"a"]) == [sha256(b"\0").digest(), sha256(b"\0a").digest()]


def test_the_empty_tree_has_the_root_of_nothing() -> None:
    assert tree.root(Edge()) == sha256(b"").digest() == tree.grow(Edge(), []).root


@settings(max_examples=60)
@given(st.lists(st.integers(0, 700) | st.sampled_from([1, 255, 256, 257, 512]), max_size=6))
def test_any_cuts_give_the_same_root_and_the_same_tiles(cuts: list[int]) -> None:
    hashes = tree.leaf_hashes(number.to_bytes(3, "big") for number in range(sum(cuts)))
    once, often = Shelf(), Shelf()
    once.add(hashes)
    end = 0
    for cut in cuts:
        grown = often.add(hashes[end : end + cut])
        end += cut
        assert grown.root == root_of(hashes[:end]) == tree_hash(hashes[:end])
    assert often.edge == once.edge
    assert often.full == once.full
    for (level, index), tile in once.full.items():
        span = 256**level
        first = index * 256 * span
        subtrees = [hashes[at : at + span] for at in range(first, first + 256 * span, span)]
        assert tile.hashes == b"".join(tree_hash(subtree) for subtree in subtrees)
        assert tile.root == tree_hash(hashes[first : first + 256 * span])


def test_seventy_thousand_leaves_have_the_tiles_that_the_specification_counts(shelf: Shelf) -> None:
    levels = [level for level, _ in shelf.full]
    assert (levels.count(0), levels.count(1), levels.count(2)) == (273, 1, 0)
    assert [len(hashes) // 32 for hashes in shelf.edge.levels] == [112, 17, 1]


def test_all_proofs_of_small_trees_are_the_ones_of_the_recursion(leaves: list[bytes]) -> None:
    shelf = Shelf()
    shelf.add(leaves[:EXHAUSTIVE])
    for size in range(1, EXHAUSTIVE + 1):
        part = leaves[:size]
        paths = [audit_path(index, part) for index in range(size)]
        assert [tree.inclusion(index, size, shelf.read) for index in range(size)] == paths
        assert tree.inclusion_lines(0, size, size, shelf.read) == [lines(path) for path in paths]
        assert tree.consistency(0, size, shelf.read) == []
        for older in range(1, size + 1):
            assert tree.consistency(older, size, shelf.read) == sub_proof(older, part)


def lines(path: list[bytes]) -> str:
    return "".join(b64encode(each).decode() + "\n" for each in path)


@settings(max_examples=20)
@given(st.data())
def test_proofs_of_random_trees_are_the_ones_of_the_recursion(
    leaves: list[bytes], shelf: Shelf, data: st.DataObject
) -> None:
    size = data.draw(st.integers(1, 1_500))
    index = data.draw(st.integers(0, size - 1))
    part = leaves[:size]
    assert tree.inclusion(index, size, shelf.read) == audit_path(index, part)
    assert tree.root(tree.edge_at(size, shelf.read)) == tree_hash(part)
    older = data.draw(st.integers(1, size))
    assert tree.consistency(older, size, shelf.read) == sub_proof(older, part)
    count = data.draw(st.integers(1, min(size - index, 600)))
    told = tree.inclusion_lines(index, count, size, shelf.read)
    assert len(told) == count
    for at in {0, count // 2, count - 1}:
        assert told[at] == lines(audit_path(index + at, part))


def test_the_edge_of_every_earlier_size_can_be_read_back(shelf: Shelf) -> None:
    for grown in shelf.grown:
        assert tree.edge_at(grown.edge.size, shelf.read) == grown.edge
        assert tree.root(grown.edge) == grown.root


def test_a_proof_that_no_tree_has_is_refused(shelf: Shelf) -> None:
    with pytest.raises(VerificationError, match="leaf 5 cannot be in a tree of 5"):
        tree.inclusion(5, 5, shelf.read)
    with pytest.raises(VerificationError, match="3 leaves from 3 cannot be"):
        tree.inclusion_lines(3, 3, 5, shelf.read)
    with pytest.raises(VerificationError, match="6 leaves cannot grow into one of 5"):
        tree.consistency(6, 5, shelf.read)


def test_an_edge_or_a_hash_of_a_wrong_length_is_a_bug() -> None:
    with pytest.raises(ValueError, match="not the edge"):
        Edge(3, (bytes(64),))
    with pytest.raises(ValueError, match="32 bytes"):
        tree.grow(Edge(), [bytes(31), bytes(33)])


def test_a_tile_of_another_width_is_refused() -> None:
    with pytest.raises(VerificationError, match="does not have 3 hashes"):
        tree.edge_at(3, lambda level, index, width: bytes(32 * width + 1))


def test_the_verifier_accepts_every_proof_and_no_proof_of_another_leaf(
    leaves: list[bytes],
) -> None:
    shelf = Shelf()
    shelf.add(leaves[:VERIFIED])
    nodes = [root_of(leaves[:size]) for size in range(VERIFIED + 1)]
    for size in (*range(1, 40), *range(254, 259), 511, 512, 513, VERIFIED):
        for index in range(size):
            proof = tree.inclusion(index, size, shelf.read)
            verify_inclusion(leaves[index], index, size, proof, nodes[size])
            with pytest.raises(VerificationError):
                verify_inclusion(leaves[index + 1], index, size, proof, nodes[size])
        for older in range(size + 1):
            proof = tree.consistency(older, size, shelf.read)
            verify_consistency(older, size, proof, nodes[older], nodes[size])


@settings(max_examples=25)
@given(st.data())
def test_the_verifier_accepts_proofs_of_large_trees(
    leaves: list[bytes], shelf: Shelf, data: st.DataObject
) -> None:
    size = data.draw(st.integers(1, LEAVES))
    root = tree.root(tree.edge_at(size, shelf.read))
    index, older = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size))
    verify_inclusion(leaves[index], index, size, tree.inclusion(index, size, shelf.read), root)
    old_root = tree.root(tree.edge_at(older, shelf.read))
    verify_consistency(older, size, tree.consistency(older, size, shelf.read), old_root, root)
