"""The Merkle tree as RFC 6962 §2.1 defines it, recursively: slow, and written to be believed."""

from collections.abc import Sequence
from hashlib import sha256


def _half(count: int) -> int:
    """The largest power of two below a count."""
    return 1 << (count - 1).bit_length() - 1


def naive_root(entries: Sequence[bytes]) -> bytes:
    """MTH: the root over entries."""
    if not entries:
        return sha256(b"").digest()
    if len(entries) == 1:
        return sha256(b"\x00" + entries[0]).digest()
    half = _half(len(entries))
    return sha256(b"\x01" + naive_root(entries[:half]) + naive_root(entries[half:])).digest()


def inclusion(entries: Sequence[bytes], index: int) -> list[bytes]:
    """PATH: the proof that an entry is at its index."""
    if len(entries) == 1:
        return []
    half = _half(len(entries))
    if index < half:
        return [*inclusion(entries[:half], index), naive_root(entries[half:])]
    return [*inclusion(entries[half:], index - half), naive_root(entries[:half])]


def consistency(entries: Sequence[bytes], older: int) -> list[bytes]:
    """PROOF: that the tree over the first entries is the beginning of the whole."""
    return _subproof(older, entries, is_whole=True) if 0 < older < len(entries) else []


def _subproof(older: int, entries: Sequence[bytes], *, is_whole: bool) -> list[bytes]:
    if older == len(entries):
        return [] if is_whole else [naive_root(entries)]
    half = _half(len(entries))
    if older <= half:
        return [*_subproof(older, entries[:half], is_whole=is_whole), naive_root(entries[half:])]
    return [
        *_subproof(older - half, entries[half:], is_whole=False),
        naive_root(entries[:half]),
    ]
