"""Codes of six digits from a device (RFC 6238): the seed is sealed, a code counts once."""

import hmac
from datetime import datetime
from typing import Final

import pyotp

from tumen.access import sealing
from tumen.kernel.access_limits import TOTP_STEPS_APART_MAX

STEP_SECONDS: Final = 30
ISSUER: Final = "Tumen"


def new_seed() -> str:
    """A new seed, as devices take it: base32 of 160 random bits."""
    return pyotp.random_base32()


def address_of(seed: str, login: str) -> str:
    """What a device reads, as text or QR code: ``otpauth://…``."""
    return pyotp.TOTP(seed).provisioning_uri(name=login, issuer_name=ISSUER)


def sealed(seed: str, login: str, key: bytes) -> bytes:
    """A seed as it is kept: under a key of the node, and for this login alone."""
    return sealing.sealed(seed.encode(), login, key)


def opened(kept: bytes, login: str, key: bytes) -> str | None:
    """The seed that was kept; None where row or key was changed."""
    text = sealing.opened(kept, login, key)
    return None if text is None else text.decode()


def step_of(seed: str, code: str, at: datetime) -> int | None:
    """The step whose code this is, of those near a moment; None where it is none of them."""
    device = pyotp.TOTP(seed)
    now = int(at.timestamp()) // STEP_SECONDS
    near = range(now - TOTP_STEPS_APART_MAX, now + TOTP_STEPS_APART_MAX + 1)
    given = code.strip().encode()
    return next(
        (s for s in near if hmac.compare_digest(device.generate_otp(s).encode(), given)), None
    )
