"""Cosignatures of witnesses (C2SP tlog-cosignature, ``cosignature/v1`` of Ed25519).

A witness says: at this time, the largest tree of this log that I saw has this root, and it grew
out of every one that I saw before. It says nothing about what stands in the log.
"""

from typing import Final

from tumen.kernel.errors import VerificationError
from tumen.trust.note import COSIGNATURE_V1, SIGNATURE_BYTES, Note, Signature, VerifierKey

TIME_BYTES: Final = 8
TIME_MAX: Final = (1 << 63) - 1
"""The latest time that a cosignature may have (tlog-cosignature, Format)."""


def message(text: str, time: int) -> bytes:
    """What a witness signs: a header, the time in POSIX seconds, the checkpoint's text."""
    return f"cosignature/v1\ntime {time}\n{text}".encode()


def verify(key: VerifierKey, text: str, signature: Signature) -> int:
    """Check a cosignature of a checkpoint's text and give its time, the witness's own.

    Raises:
        VerificationError: the key is no witness's, or the cosignature does not hold.
    """
    if key.algorithm != COSIGNATURE_V1:
        raise VerificationError("KEY_ROLE_WRONG", f"key {key.name} is not a witness's")
    if not signature.is_by(key) or len(signature.value) != TIME_BYTES + SIGNATURE_BYTES:
        raise VerificationError("SIGNATURE_INVALID", f"no cosignature of {key.name}")
    time = int.from_bytes(signature.value[:TIME_BYTES], "big")
    if time > TIME_MAX:
        raise VerificationError("COSIGNATURE_TIME_INVALID", f"{key.name} names an impossible time")
    key.verify(message(text, time), signature.value[TIME_BYTES:])
    return time


def times(key: VerifierKey, note: Note) -> tuple[int, ...]:
    """When a witness cosigned a checkpoint, in the order of its lines; none where it did not.

    Raises:
        VerificationError: a cosignature in the witness's name does not hold.
    """
    return tuple(verify(key, note.text, each) for each in note.signatures if each.is_by(key))
