"""Signed messages: the port by which whoever can judge a signature is asked while reading."""

from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from tumen.documents.formats.gathering import Fault

NOT_CHECKED: Final = "not_checked"
"""The block is there; whether it is valid is not established."""


@dataclass(frozen=True, slots=True)
class Signed:
    """What a message's signature is worth.

    Attributes:
        state: what is recorded of each of its documents.
        faults: what each of them is told.
    """

    state: str
    faults: tuple[Fault, ...] = ()


class Signatures(Protocol):
    """Judges the signatures of messages."""

    def placeholder(self, signature: Any) -> Signed | None:
        """The judgement of a signature element that nobody ever made; None for a real one."""

    def judge(self, message: bytes) -> Signed:
        """The judgement of a message, from the very bytes that were read."""


@dataclass(slots=True)
class SignatureReading:
    """The signature of one message while it is read.

    Its bytes are kept, and parsed once more only where a real signature stands.

    Attributes:
        signatures: who judges; None where nobody does.
        signed: the judgement; None where there is no signature, or none has been made yet.
    """

    signatures: Signatures | None = None
    signed: Signed | None = None
    _blocks: list[bytes] = field(default_factory=list)
    _is_real: bool = False

    def take(self, block: bytes) -> None:
        """Keep a block of the message."""
        if self.signatures is not None:
            self._blocks.append(block)

    def close(self, signature: Any) -> None:
        """Look at the signature element, before it is emptied."""
        self.signed = Signed(NOT_CHECKED)
        if self.signatures is not None:
            placeholder = self.signatures.placeholder(signature)
            self._is_real = self._is_real or placeholder is None
            self.signed = placeholder or self.signed

    def end(self) -> tuple[Fault, ...]:
        """Judge the message, which has been read whole; what is to be told about it."""
        if self._is_real and self.signatures is not None:
            self.signed = self.signatures.judge(b"".join(self._blocks))
        self._blocks.clear()
        return () if self.signed is None else self.signed.faults
