"""The Merkle tree of RFC 6962 §2.1: its hashes, its root, and the checking of its proofs.

Bytes in, bytes out. Every hash has exactly 32 bytes: without that check an empty root "equals"
an empty leaf, which published verifiers have accepted.
"""

from collections.abc import Sequence
from hashlib import sha256
from typing import Final

from tumen.kernel.errors import VerificationError
from tumen.kernel.limits import HASH_BYTES, TREE_SIZE_MAX

__all__ = [
    "EMPTY_ROOT",
    "VerificationError",
    "leaf_hash",
    "node_hash",
    "root_of",
    "roots",
    "verify_consistency",
    "verify_inclusion",
]

LEAF: Final = b"\x00"
NODE: Final = b"\x01"

EMPTY_ROOT: Final = sha256(b"").digest()
"""The root of a tree without leaves."""


def leaf_hash(entry: bytes) -> bytes:
    """The hash of a leaf: SHA-256 of a zero byte and the entry."""
    return sha256(LEAF + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node: SHA-256 of a one byte and both children."""
    return sha256(NODE + left + right).digest()


def root_of(leaf_hashes: Sequence[bytes]) -> bytes:
    """The root over leaf hashes, in their order.

    Level by level: a node without a right neighbour rises as it is, which gives the same tree as
    the recursive definition.

    >>> root_of([]) == EMPTY_ROOT
    True
    """
    level = list(leaf_hashes)
    if not level:
        return EMPTY_ROOT
    while len(level) > 1:
        pairs = [
            sha256(NODE + left + right).digest()
            for left, right in zip(level[::2], level[1::2], strict=False)
        ]
        level = pairs + level[len(pairs) * 2 :]
    return level[0]


def verify_inclusion(
    leaf_hash: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> None:
    """Check that a leaf is at an index of the tree of a size and root (RFC 9162 §2.1.3.2).

    Args:
        leaf_hash: the hash of the leaf, not the entry.
        index: the place of the leaf, from zero.
        size: the number of leaves of the tree.
        proof: the siblings on the way from the leaf to the root.
        root: the root of the tree.

    Raises:
        VerificationError: the proof does not show it.
    """
    _need_hashes(leaf_hash, root, *proof)
    if not 0 <= index < size <= TREE_SIZE_MAX:
        raise VerificationError(
            "INDEX_OUTSIDE_TREE", f"leaf {index} cannot be in a tree of {size} leaves"
        )
    if _risen(leaf_hash, index, size - 1, proof) != root:
        raise VerificationError(
            "INCLUSION_MISMATCH", "the leaf and its proof do not lead to the root of the tree"
        )


def _risen(node: bytes, place: int, last: int, proof: Sequence[bytes]) -> bytes:
    """The root that a leaf and its siblings lead to; ``last`` is the place of the last node."""
    for sibling in proof:
        if last == 0:
            raise _wrong_length()
        if place & 1 or place == last:
            node = node_hash(sibling, node)
            # A last node without a right neighbour rises alone until it is a right child.
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            node = node_hash(node, sibling)
        place, last = place >> 1, last >> 1
    if last:
        raise _wrong_length()
    return node


def verify_consistency(
    size1: int, size2: int, proof: Sequence[bytes], root1: bytes, root2: bytes
) -> None:
    """Check that the tree of the first size is the beginning of the second (RFC 9162 §2.1.4.2).

    Args:
        size1: the number of leaves of the older tree.
        size2: the number of leaves of the newer tree.
        proof: the hashes of the consistency proof; none where the older tree is empty or the same.
        root1: the root of the older tree.
        root2: the root of the newer tree.

    Raises:
        VerificationError: the proof does not show it.
    """
    _need_hashes(root1, root2, *proof)
    if not 0 <= size1 <= size2 <= TREE_SIZE_MAX:
        raise VerificationError(
            "SIZES_BACKWARDS", f"a tree of {size1} leaves cannot grow into one of {size2}"
        )
    for size, root in ((size1, root1), (size2, root2)):
        if size == 0 and root != EMPTY_ROOT:
            raise VerificationError("EMPTY_ROOT_WRONG", "a tree without leaves has another root")
    if size1 in (0, size2):
        _need_same(size1, size2, proof, root1, root2)
    elif _grown(size1, size2, proof, root1) != (root1, root2):
        raise VerificationError(
            "CONSISTENCY_MISMATCH", "the older tree is not the beginning of the newer one"
        )


def _need_same(size1: int, size2: int, proof: Sequence[bytes], root1: bytes, root2: bytes) -> None:
    if proof:
        raise _wrong_length()
    if size1 == size2 and root1 != root2:
        raise VerificationError(
            "CONSISTENCY_MISMATCH", f"two different trees of {size1} leaves were shown"
        )


def _grown(size1: int, size2: int, proof: Sequence[bytes], root1: bytes) -> tuple[bytes, bytes]:
    """The roots of the older and the newer tree that a proof leads to."""
    # Where the older tree is a complete subtree its root is left out of the proof.
    is_complete = size1 & (size1 - 1) == 0
    return roots(size1, size2, [root1, *proof] if is_complete else proof)


def roots(size1: int, size2: int, nodes: Sequence[bytes]) -> tuple[bytes, bytes]:
    """The roots at two sizes that nodes of the larger tree lead to (RFC 9162 §2.1.4.2).

    Args:
        size1: the smaller size, at least 1.
        size2: the larger size.
        nodes: as a consistency proof, but always beginning with a node of the older tree.

    Raises:
        VerificationError: there are too few or too many of them.
    """
    place, last = size1 - 1, size2 - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    if not nodes:
        raise _wrong_length()
    older = newer = nodes[0]
    for sibling in nodes[1:]:
        if last == 0:
            raise _wrong_length()
        if place & 1 or place == last:
            older, newer = node_hash(sibling, older), node_hash(sibling, newer)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            newer = node_hash(newer, sibling)
        place, last = place >> 1, last >> 1
    if last:
        raise _wrong_length()
    return older, newer


def _need_hashes(*hashes: bytes) -> None:
    for each in hashes:
        if len(each) != HASH_BYTES:
            raise VerificationError(
                "HASH_LENGTH_WRONG", f"a hash has {len(each)} bytes and not {HASH_BYTES}"
            )


def _wrong_length() -> VerificationError:
    return VerificationError(
        "PROOF_LENGTH_WRONG", "the proof has too few or too many hashes for the tree"
    )
