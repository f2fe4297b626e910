"""Hands that sign notes and checkpoints in tests, with keys that follow from their names."""

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tumen.trust.note import COSIGNATURE_V1, ED25519, Note, Signature, VerifierKey


@dataclass(frozen=True)
class Hand:
    """A signer of texts, or a witness; the same name has the same key."""

    name: str
    algorithm: int = ED25519

    @cached_property
    def private(self) -> Ed25519PrivateKey:
        seed = sha256(f"{self.algorithm} {self.name}".encode()).digest()
        return Ed25519PrivateKey.from_private_bytes(seed)

    @cached_property
    def key(self) -> VerifierKey:
        public = self.private.public_key().public_bytes_raw()
        return VerifierKey(self.name, self.algorithm, public)

    def sign(self, text: str) -> Signature:
        """A signature of a text."""
        return Signature(self.name, self.key.key_id, self.private.sign(text.encode()))

    def cosign(self, text: str, time: int) -> Signature:
        """A cosignature/v1 of a checkpoint's text at a time."""
        assert self.algorithm == COSIGNATURE_V1
        message = f"cosignature/v1\ntime {time}\n{text}".encode()
        value = time.to_bytes(8, "big") + self.private.sign(message)
        return Signature(self.name, self.key.key_id, value)

    def note(self, text: str) -> bytes:
        """A note with this signature alone."""
        return Note(text, (self.sign(text),)).to_bytes()
