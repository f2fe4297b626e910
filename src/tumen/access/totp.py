"""Codes of six digits from a device (RFC 6238): the seed is sealed, a code counts once."""

import hmac
import os
from datetime import datetime
from typing import Final

import pyotp
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tumen.kernel.access_limits import TOTP_STEPS_APART_MAX

STEP_SECONDS: Final = 30
ISSUER: Final = "Tumen"
_NONCE_BYTES: Final = 12


def new_seed() -> str:
    """A new seed, as devices take it: base32 of 160 random bits."""
    return pyotp.random_base32()


def address_of(seed: str, login: str) -> str:
    """What a device reads, as text or QR code: ``otpauth://…``."""
    return pyotp.TOTP(seed).provisioning_uri(name=login, issuer_name=ISSUER)


def sealed(seed: str, login: str, key: bytes) -> bytes:
    """A seed as it is kept: under a key of the node, and for this login alone."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, seed.encode(), login.encode())


def opened(kept: bytes, login: str, key: bytes) -> str | None:
    """The seed that was kept; None where row or key was changed."""
    try:
        text = AESGCM(key).decrypt(kept[:_NONCE_BYTES], kept[_NONCE_BYTES:], login.encode())
    except InvalidTag:
        return None
    return text.decode()


def step_of(seed: str, code: str, at: datetime) -> int | None:
    """The step whose code this is, of those near a moment; None where it is none of them."""
    device = pyotp.TOTP(seed)
    now = int(at.timestamp()) // STEP_SECONDS
    near = range(now - TOTP_STEPS_APART_MAX, now + TOTP_STEPS_APART_MAX + 1)
    given = code.strip().encode()
    return next(
        (s for s in near if hmac.compare_digest(device.generate_otp(s).encode(), given)), None
    )
