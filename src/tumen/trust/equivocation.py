"""The proof that a log told two stories: portable, and checked with the log's key alone.

Two checkpoints of one origin, both signed by the log, that cannot both be true:

- of one size with different roots: the two notes are the proof;
- of different sizes where the older tree is not the beginning of the newer: the notes, and the
  hashes of a consistency proof *of the newer tree*. They lead to the newer root, so by the
  collision resistance of SHA-256 the older root that they also lead to is the one which the newer
  tree truly has at that size; it is another one than the log signed.

An inconsistency that somebody merely claims, by hashes that do not lead to the newer root, proves
nothing and is refused. The second kind has one more hash than RFC 6962 where the older size is a
power of two: there its proofs leave out the older root, which is the point in question here.
"""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

from tumen.kernel.errors import VerificationError
from tumen.kernel.limits import EQUIVOCATION_BYTES_MAX, HASH_BYTES
from tumen.trust import note
from tumen.trust.checkpoint import Checkpoint
from tumen.trust.merkle import EMPTY_ROOT, roots
from tumen.trust.note import VerifierKey, base64_bytes

TYPE: Final = "tumen.equivocation.v1"
MALFORMED: Final = "EQUIVOCATION_MALFORMED"
_NAMES: Final = ("type", "older", "newer", "hashes")


@dataclass(frozen=True, slots=True)
class Equivocation:
    """Two checkpoints that contradict each other.

    Attributes:
        older: the signed note of the smaller tree, or one of two of the same size.
        newer: the other.
        hashes: of the newer tree, as the module says; none for one size.
    """

    older: bytes
    newer: bytes
    hashes: tuple[bytes, ...] = ()

    def verify(self, keys: Sequence[VerifierKey]) -> tuple[Checkpoint, Checkpoint]:
        """The two checkpoints, if they are signed by the log and contradict each other.

        Args:
            keys: of the log.

        Raises:
            VerificationError: nothing is proven against the log.
        """
        older, newer = _signed(self.older, keys), _signed(self.newer, keys)
        if older.origin != newer.origin:
            raise _nothing("the two checkpoints are of different logs")
        if older.size > newer.size:
            raise _nothing("the older checkpoint is the larger one")
        if older.size == newer.size:
            true_root = newer.root
        elif older.size == 0:
            true_root = EMPTY_ROOT
        else:
            true_root, newer_root = _roots(older.size, newer.size, self.hashes)
            if newer_root != newer.root:
                raise _nothing("the hashes do not lead to the newer checkpoint")
        if older.root == true_root:
            raise _nothing("the older tree is the beginning of the newer one")
        return older, newer

    def to_bytes(self) -> bytes:
        """The proof as a file."""
        values = (TYPE, self.older.decode(), self.newer.decode(), list(map(_base64, self.hashes)))
        document = dict(zip(_NAMES, values, strict=True))
        return json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read a proof from its file.

        Raises:
            VerificationError: it has another form.
        """
        if len(data) > EQUIVOCATION_BYTES_MAX:
            raise _malformed(f"more than {EQUIVOCATION_BYTES_MAX} bytes")
        if not data.startswith(b"{"):  # a list of pairs would read like an object
            raise _malformed("no such document")
        try:
            names, (kind, older, newer, hashes) = zip(
                *json.loads(data, object_pairs_hook=list), strict=True
            )
        except (ValueError, TypeError, RecursionError) as error:
            raise _malformed("no such document") from error
        are_texts = isinstance(older, str) and isinstance(newer, str) and isinstance(hashes, list)
        if names != _NAMES or kind != TYPE or not are_texts:
            raise _malformed("another kind of document")
        try:
            return cls(older.encode(), newer.encode(), tuple(map(_hash, hashes)))
        except UnicodeEncodeError as error:
            raise _malformed("a text that cannot be written") from error


def _roots(size1: int, size2: int, hashes: Sequence[bytes]) -> tuple[bytes, bytes]:
    try:
        return roots(size1, size2, hashes)
    except VerificationError as error:
        raise _nothing("there are too few or too many hashes") from error


def _signed(data: bytes, keys: Sequence[VerifierKey]) -> Checkpoint:
    signed = note.parse(data)
    signed.verified_by(keys)
    return Checkpoint.parse(signed.text)


def _hash(text: Any) -> bytes:
    found = base64_bytes(text, MALFORMED) if isinstance(text, str) else b""
    if len(found) != HASH_BYTES:
        raise _malformed("a hash that is none")
    return found


def _base64(each: bytes) -> str:
    return base64.b64encode(each).decode()


def _nothing(why: str) -> VerificationError:
    return VerificationError("EQUIVOCATION_NOT_PROVEN", f"nothing is proven: {why}")


def _malformed(what: str) -> VerificationError:
    return VerificationError(MALFORMED, f"the proof of equivocation cannot be read: {what}")
