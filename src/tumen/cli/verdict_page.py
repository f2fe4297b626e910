"""What a verdict says in plain words."""

from collections.abc import Mapping
from typing import Any, Final

from tumen.codelist.verdict_words import filled
from tumen.trust.statement import DocumentStatement, EventStatement, Statement
from tumen.trust.verdict import Finding, Outcome, State, Verdict

OUTCOMES: Final[Mapping[Outcome, str]] = {
    Outcome.VALID: "VALID",
    Outcome.PENDING: "VALID, QUORUM PENDING",
    Outcome.NOT_PROVEN: "NOT PROVEN",
    Outcome.INVALID: "INVALID",
}
MARKS: Final[Mapping[State, str]] = {
    State.PROVEN: "proven    ",
    State.NOTED: "note      ",
    State.PENDING: "pending   ",
    State.NOT_PROVEN: "not proven",
    State.FAILED: "failed    ",
}
LIMITS: Final = (
    "What this does not say: that what was declared is true; that no other view of the log was "
    "shown\nto others beyond the quorum; or that the receipt is the last word: a later decision "
    "may stand in\nthe log. It is no legal opinion."
)


def sentence(finding: Finding) -> str:
    """A finding in plain words."""
    return filled(finding.code, finding.values)


def headline(where: str, verdict: Verdict) -> str:
    """One line: the outcome, where it stands, and what the log says it is."""
    return f"{OUTCOMES[verdict.outcome]}: {place(where, verdict)}"


def complaint(verdict: Verdict) -> str:
    """The outcome, and why it is not valid."""
    reasons = [
        sentence(each)
        for each in verdict.findings
        if each.state in (State.FAILED, State.NOT_PROVEN, State.PENDING)
    ]
    return f"{OUTCOMES[verdict.outcome]}: {' '.join(reasons)}"


def place(where: str, verdict: Verdict) -> str:
    """Where a receipt stands, and what the log says it is."""
    return where if verdict.statement is None else f"{where} ({subject(verdict.statement)})"


def subject(statement: Statement) -> str:
    """What the statement is of, in few words."""
    if isinstance(statement, DocumentStatement):
        return f"{statement.kind or 'unreadable document'} {statement.id}, {statement.answer}"
    if isinstance(statement, EventStatement):
        return f"declaration {statement.document}: {statement.status} on {statement.day}"
    return f"{statement.TYPE} {statement.id}"


def details(verdict: Verdict) -> str:
    """Every finding on a line of its own."""
    return "\n".join(f"  {MARKS[each.state]}  {sentence(each)}" for each in verdict.findings)


def as_json(where: str, verdict: Verdict) -> dict[str, Any]:
    """A verdict as plain data."""
    head = verdict.checkpoint
    return {
        "where": where,
        "outcome": verdict.outcome.value,
        "receipt": verdict.receipt,
        "subject": None if verdict.statement is None else subject(verdict.statement),
        "log": None if head is None else {"origin": head.origin, "size": head.size},
        "findings": [
            {
                "code": each.code,
                "state": each.state.value,
                "message": sentence(each),
                "values": dict(each.values),
            }
            for each in verdict.findings
        ],
    }
