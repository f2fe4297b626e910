"""A small log with receipts, proofs and cosignatures, made for tests of what verifies."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from bundles import ECONOMIES, secret
from trees import inclusion, naive_root

from tumen.trust.bundle_model import Role
from tumen.trust.checkpoint import Checkpoint
from tumen.trust.note import Note, Signature
from tumen.trust.proof import Proof
from tumen.trust.signer import KeyCosigner, KeySigner
from tumen.trust.statement import DocumentStatement, Statement, commitment, to_bytes

AT = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
MADE = int(datetime(2026, 11, 25, 12, 0, tzinfo=UTC).timestamp())
RECEIPT = '{"kind":"order","answer":"accepted","info":"принято 接受"}'.encode()
FACTS = sha256(b"facts").digest()


def a_statement(receipt: bytes | None, number: int = 1) -> DocumentStatement:
    """The statement of an accepted order."""
    told = None if receipt is None else sha256(receipt).digest()
    return DocumentStatement(number, "order", FACTS, "accepted", 120, told, FACTS)


@dataclass(frozen=True)
class Log:
    """A log of one economy over statements, and who cosigned its head, when."""

    statements: tuple[Statement, ...]
    economy: str = "CN"
    cosigners: Sequence[str] = ECONOMIES
    time: int = MADE
    signs: bool = True

    @property
    def origin(self) -> str:
        return f"{self.economy.lower()}.example/log"

    def entries(self) -> list[bytes]:
        return [commitment(self.salt(index), text) for index, text in enumerate(self.texts())]

    def texts(self) -> list[bytes]:
        return [to_bytes(each) for each in self.statements]

    def salt(self, index: int) -> bytes:
        return sha256(f"salt {index}".encode()).digest()

    def text(self) -> str:
        entries = self.entries()
        return Checkpoint(self.origin, len(entries), naive_root(entries)).text()

    def lines(self) -> list[str]:
        signed = [KeySigner(self.origin, secret(self.economy, Role.LOG)).sign(self.text())]
        cosigned = [
            KeyCosigner(f"{each.lower()}.example/witness", secret(each, Role.WITNESS)).cosign(
                self.text(), self.time
            )
            for each in self.cosigners
        ]
        return [*(signed if self.signs else ()), *cosigned]

    def checkpoint(self, *more: str) -> bytes:
        lines = [*self.lines(), *more]
        signatures = [Signature.parse(line.removesuffix("\n")) for line in lines]
        return Note(self.text(), tuple(signatures)).to_bytes()

    def proof(self, index: int = 0, *more: str) -> bytes:
        extra = self.salt(index) + self.texts()[index]
        hashes = tuple(inclusion(self.entries(), index))
        return Proof(extra, index, hashes, self.checkpoint(*more)).to_bytes()


def a_log(receipts: Sequence[bytes] = (RECEIPT,), **changed: object) -> Log:
    """A log of accepted orders with these receipts, amid others."""
    told = [a_statement(each, number) for number, each in enumerate(receipts, 1)]
    others = [a_statement(None, number) for number in range(100, 104)]
    return Log((*told, *others), **changed)  # type: ignore[arg-type]
