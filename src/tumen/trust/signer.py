"""Signs notes and cosigns checkpoints with Ed25519; what verifies never imports this.

A signer is a *name* and a secret key, wherever that lies: in a file (:mod:`.key_files`) or in a
token that never lets it out (:mod:`.pkcs11`). C2SP signed-note: a key is known by its name and by
the first four bytes of ``SHA-256(name, newline, type, public key)``; the type is 0x01 for a note
and 0x04 for a witness's cosignature, so that a signature made as one never counts as the other.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final, Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tumen.kernel.errors import UsageError, VerificationError
from tumen.trust.note import COSIGNATURE_V1, ED25519, Signature, VerifierKey

SEED_BYTES: Final = 32
TIME_MAX: Final = 2**63 - 1
"""The latest time of a cosignature (tlog-cosignature, Format)."""

_TEXT_REFUSED: Final = re.compile(r"[\x00-\x09\x0b-\x1f]")


class KeyType(IntEnum):
    """The byte that says what a key of C2SP signs (signed-note, Signature types)."""

    NOTE = ED25519
    COSIGNATURE = COSIGNATURE_V1


class SecretKey(Protocol):
    """An Ed25519 key that signs; its secret half is nobody's business."""

    @property
    def public_key(self) -> bytes:
        """The 32 bytes of the public key (RFC 8032)."""
        ...

    def sign(self, message: bytes) -> bytes:
        """The 64 bytes of the signature over a message."""
        ...


class NoteSigner(Protocol):
    """The port: who signs a note's text, whatever holds the key."""

    @property
    def name(self) -> str:
        """The name that stands before the signature."""
        ...

    @property
    def verifier_key(self) -> str:
        """The public key as C2SP's text ``name+id+base64``."""
        ...

    def sign(self, text: str) -> str:
        """The signature line over a note's text, newline included."""
        ...


class Cosigner(Protocol):
    """The port of a witness: it signs a checkpoint's text with the time at which it does."""

    @property
    def name(self) -> str:
        """The name that stands before the signature."""
        ...

    @property
    def verifier_key(self) -> str:
        """The public key as C2SP's text ``name+id+base64``."""
        ...

    def cosign(self, text: str, seconds: int) -> str:
        """The signature line over a checkpoint's text at a POSIX time, newline included."""
        ...


@dataclass(frozen=True, slots=True)
class MemorySecret:
    """A secret key in this process's memory; its text form shows nothing of it."""

    _key: Ed25519PrivateKey = field(repr=False, compare=False)
    public_key: bytes = field(repr=False)

    @classmethod
    def from_seed(cls, seed: bytes) -> "MemorySecret":
        """The key of a seed of 32 bytes (RFC 8032)."""
        key = Ed25519PrivateKey.from_private_bytes(seed)
        return cls(key, key.public_key().public_bytes_raw())

    def sign(self, message: bytes) -> bytes:
        """The 64 bytes of the signature over a message."""
        return self._key.sign(message)


@dataclass(frozen=True, slots=True)
class KeySigner:
    """Signs notes: the log's checkpoints, the trust bundle."""

    name: str
    secret: SecretKey

    @property
    def verifier_key(self) -> str:
        """The public key of type 0x01 as text."""
        return public_key(self.name, KeyType.NOTE, self.secret).vkey

    def sign(self, text: str) -> str:
        """The signature line over a note's text (signed-note, Ed25519 signatures)."""
        check_text(text)
        key = public_key(self.name, KeyType.NOTE, self.secret)
        return Signature(key.name, key.key_id, self.secret.sign(text.encode())).line()


@dataclass(frozen=True, slots=True)
class KeyCosigner:
    """Cosigns checkpoints as a witness (tlog-cosignature, Ed25519 signed message)."""

    name: str
    secret: SecretKey

    @property
    def verifier_key(self) -> str:
        """The public key of type 0x04 as text."""
        return public_key(self.name, KeyType.COSIGNATURE, self.secret).vkey

    def cosign(self, text: str, seconds: int) -> str:
        """The signature line over a checkpoint's text at a POSIX time."""
        check_text(text)
        if not 0 <= seconds <= TIME_MAX:
            raise UsageError(f"{seconds} is no time that a cosignature can have")
        message = f"cosignature/v1\ntime {seconds}\n{text}".encode()
        key = public_key(self.name, KeyType.COSIGNATURE, self.secret)
        stamped = seconds.to_bytes(8, "big") + self.secret.sign(message)
        return Signature(key.name, key.key_id, stamped).line()


def public_key(name: str, kind: KeyType, secret: SecretKey) -> VerifierKey:
    """The public key of a secret one, to be handed to whoever verifies.

    Raises:
        UsageError: the name is none that a key may have.
    """
    try:
        return VerifierKey(name, kind, secret.public_key)
    except VerificationError as error:
        raise UsageError(
            f"{name!r} cannot be the name of a key",
            next_step="Take a short address such as customs.example.mn/log, without blanks and +.",
        ) from error


def signed_note(text: str, signers: Iterable[NoteSigner]) -> bytes:
    """A text with the signatures of some signers, in their order."""
    return f"{text}\n{''.join(signer.sign(text) for signer in signers)}".encode()


def check_text(text: str) -> None:
    """Refuse to sign what is no note: it ends in a newline and has no other control character.

    Raises:
        UsageError: with what is wrong.
    """
    if not text.endswith("\n") or _TEXT_REFUSED.search(text):
        raise UsageError(
            "only a text that ends in a newline, without control characters, is signed"
        )
