"""Passwords: kept as argon2id hashes, with a plain rule of length and no rules of signs."""

from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from tumen.kernel.access_limits import PASSWORD_BYTES_MAX, PASSWORD_LENGTH_MIN
from tumen.kernel.errors import UsageError

_HASHER: Final = PasswordHasher()  # argon2id with the parameters of RFC 9106, section 4

_NOBODYS: Final = (
    "$argon2id$v=19$m=65536,t=3,p=4$bm9ib2R5J3MgcGFzc3dvcmQ"
    "$p6Yz1cLnLk3SQm1Jq7H2oVxw0uEo3o5b1t1nZ0a5a0A"
)
"""A hash in good form that no password has: to ask it takes as long as to ask somebody's."""


def hashed(password: str) -> bytes:
    """What is kept of a new password.

    Raises:
        UsageError: it is too short or too long.
    """
    if len(password) < PASSWORD_LENGTH_MIN or len(password.encode()) > PASSWORD_BYTES_MAX:
        raise UsageError(
            f"A password has at least {PASSWORD_LENGTH_MIN} signs, and at most"
            f" {PASSWORD_BYTES_MAX} bytes.",
            next_step="Four or five words that nobody else puts together make a good one.",
        )
    return _HASHER.hash(password).encode()


def is_right(kept: bytes | None, password: str) -> bool:
    """Whether a password is the one that was kept; as slow where nobody has one."""
    if len(password.encode()) > PASSWORD_BYTES_MAX:
        return False
    try:
        asked = _NOBODYS if kept is None else kept.decode()
        return _HASHER.verify(asked, password) and kept is not None
    except (VerificationError, InvalidHashError):
        return False
