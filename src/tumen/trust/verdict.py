"""What verifying ends in: findings, each with a code, and one outcome of them all."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from tumen.trust.checkpoint import Checkpoint
from tumen.trust.quorum import Quorum
from tumen.trust.statement import Statement

Values = Mapping[str, str | int | None]
"""The particulars of a finding."""


class State(StrEnum):
    """What a finding says of its part of the proof."""

    PROVEN = "proven"
    NOTED = "noted"
    PENDING = "pending"
    NOT_PROVEN = "not_proven"
    FAILED = "failed"


class Outcome(StrEnum):
    """What all findings come to."""

    VALID = "valid"
    PENDING = "pending_quorum"
    NOT_PROVEN = "not_proven"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        code: what it is; the command line has its words.
        state: whether it is proven.
        values: the particulars.
    """

    code: str
    state: State
    values: Values


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known of one receipt.

    Attributes:
        findings: in the order of the steps.
        receipt: SHA-256 of the receipt in hexadecimal, given or told by the statement.
        statement: what the leaf says; None where it could not be read.
        checkpoint: the head of the log; None where it could not be read.
        quorum: which cosignatures count; None where nothing says how many are needed.
    """

    findings: tuple[Finding, ...]
    receipt: str | None = None
    statement: Statement | None = None
    checkpoint: Checkpoint | None = None
    quorum: Quorum | None = None

    @property
    def outcome(self) -> Outcome:
        """The worst of the findings decides."""
        return outcome_of(each.state for each in self.findings)


def outcome_of(states: Iterable[State]) -> Outcome:
    """What states come to; where nothing at all is proven, nothing is valid."""
    found = set(states)
    if State.FAILED in found:
        return Outcome.INVALID
    if State.NOT_PROVEN in found or State.PROVEN not in found:
        return Outcome.NOT_PROVEN
    return Outcome.PENDING if State.PENDING in found else Outcome.VALID
