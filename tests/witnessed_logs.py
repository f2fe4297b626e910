"""Logs and witnesses in memory, for tests: real keys, real trees, real signatures."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from tumen.trust.checkpoint import Checkpoint
from tumen.trust.merkle import leaf_hash, root_of
from tumen.trust.note import VerifierKey
from tumen.trust.signer import KeyCosigner, KeySigner, MemorySecret, signed_note
from tumen.trust.witness import AddCheckpoint, Cosigned, Witness, Witnessed

START = datetime(2026, 11, 24, 8, 0, 0, tzinfo=UTC)


def secret(name: str) -> MemorySecret:
    """A key that is the same in every run."""
    return MemorySecret.from_seed(sha256(name.encode()).digest())


@dataclass
class SteppedClock:
    """A clock that goes where the test puts it."""

    at: datetime = START

    def now(self) -> datetime:
        return self.at

    def step(self, seconds: int) -> None:
        self.at += timedelta(seconds=seconds)


@dataclass
class Log:
    """A log whose leaves the test knows; proofs by the recursive definition of RFC 6962."""

    origin: str = "customs.example.mn/log"
    leaves: list[bytes] = field(default_factory=list)

    @classmethod
    def of(cls, size: int, origin: str = "customs.example.mn/log", mark: str = "") -> "Log":
        return cls(origin).grown(size, mark)

    def grown(self, more: int, mark: str = "") -> "Log":
        """A log of the same key with more leaves; another mark gives other leaves."""
        start = len(self.leaves)
        fresh = [leaf_hash(f"{mark}{start + at}".encode()) for at in range(more)]
        return Log(self.origin, self.leaves + fresh)

    @property
    def signer(self) -> KeySigner:
        return KeySigner(self.origin, secret(self.origin))

    @property
    def key(self) -> VerifierKey:
        return VerifierKey.parse(self.signer.verifier_key)

    @property
    def size(self) -> int:
        return len(self.leaves)

    def checkpoint(self, size: int | None = None) -> Checkpoint:
        size = self.size if size is None else size
        return Checkpoint(self.origin, size, root_of(self.leaves[:size]))

    def note(self, size: int | None = None) -> bytes:
        return signed_note(self.checkpoint(size).text(), [self.signer])

    def prove(self, old: int, new: int) -> list[bytes]:
        if old in (0, new):
            return []
        return _subproof(old, self.leaves[:new], True)

    def request(self, old: int, size: int | None = None) -> bytes:
        """The body of an honest request."""
        size = self.size if size is None else size
        return AddCheckpoint(old, tuple(self.prove(old, size)), self.note(size)).to_bytes()

    def hashes_of_newer(self, old: int) -> list[bytes]:
        """A consistency proof that always begins with a node of the older tree."""
        proof = self.prove(old, self.size)
        return [root_of(self.leaves[:old]), *proof] if old & (old - 1) == 0 else proof


def _subproof(old: int, leaves: Sequence[bytes], is_whole: bool) -> list[bytes]:
    """RFC 6962 §2.1.2, word by word."""
    if old == len(leaves):
        return [] if is_whole else [root_of(leaves)]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    if old <= split:
        return [*_subproof(old, leaves[:split], is_whole), root_of(leaves[split:])]
    return [*_subproof(old - split, leaves[split:], False), root_of(leaves[:split])]


@dataclass
class MemoryState:
    """A witness's memory as a list; atomic because only one thread runs it."""

    logs: dict[str, VerifierKey] = field(default_factory=dict)
    written: list[Cosigned] = field(default_factory=list)

    def log(self, origin: str) -> Witnessed | None:
        if origin not in self.logs:
            return None
        mine = [each for each in self.written if each.checkpoint.origin == origin]
        return Witnessed((self.logs[origin],), mine[-1] if mine else None)

    def advance(self, cosigned: Cosigned) -> bool:
        mine = [
            each for each in self.written if each.checkpoint.origin == cosigned.checkpoint.origin
        ]
        if cosigned.number != len(mine) + 1:
            return False
        self.written.append(cosigned)
        return True


def cosigner(name: str) -> KeyCosigner:
    return KeyCosigner(name, secret(name))


def witness(name: str, *logs: Log) -> Witness:
    """A witness that knows some logs and has cosigned nothing."""
    state = MemoryState({each.origin: each.key for each in logs})
    return Witness(cosigner(name), state, SteppedClock())
