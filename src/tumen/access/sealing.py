"""Secrets that must be read again, sealed under a key of the node and for one name alone."""

import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES: Final = 12


def sealed(secret: bytes, name: str, key: bytes) -> bytes:
    """A secret as it is kept: what is under one name opens under no other."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, secret, name.encode())


def opened(kept: bytes, name: str, key: bytes) -> bytes | None:
    """The secret that was kept; None where row or key was changed."""
    try:
        return AESGCM(key).decrypt(kept[:_NONCE_BYTES], kept[_NONCE_BYTES:], name.encode())
    except InvalidTag:
        return None
