"""What `tumen credential` prints: a certificate, a verdict in plain words, findings."""

from collections.abc import Iterator
from typing import Any, Final

from tumen.trust.credential.check import Answer, Verdict
from tumen.trust.credential.envelope import Credential, claims_of, time_text
from tumen.trust.credential.origin import Party

HEADLINES: Final = {
    Answer.VALID: "VALID",
    Answer.STATUS_OLD: "VALID, BUT ITS STATUS IS OLD",
    Answer.INVALID: "INVALID",
}
LIMITS: Final = (
    "Not said: that what it states is true, that the goods are the ones described, or that an\n"
    "authority must accept it. Nothing later than the status list is known."
)


def headline(answer: Answer, where: str) -> str:
    """The answer in one line."""
    return f"{HEADLINES[answer]}: {where}"


def verdict_lines(where: str, verdict: Verdict) -> Iterator[str]:
    """A verdict for a reader."""
    yield headline(verdict.answer, where)
    if verdict.code:
        yield f"  {verdict.code}: {verdict.reason}"
    if verdict.member is not None:
        yield f"  signed by {verdict.member.name} ({verdict.member.economy})"
    if verdict.status_as_of is not None:
        yield f"  status as of {verdict.status_as_of:%Y-%m-%d %H:%M} UTC"
    for note in verdict.notes:
        yield f"  not counted: {note}"
    if verdict.credential is not None:
        yield from card(verdict.credential)
    if verdict.answer is not Answer.INVALID:
        yield LIMITS


def card(credential: Credential) -> Iterator[str]:
    """What a credential says."""
    found = credential.certificate
    yield f"  certificate of origin {found.number} under {found.agreement}, of {found.issued}"
    yield f"  issuer {credential.issuer.name}, {credential.issuer.id}"
    yield f"  valid until {credential.valid_until:%Y-%m-%d}"
    yield f"  exporter {_party(found.exporter)}"
    yield f"  consignee {_party(found.consignee)}"
    for line in found.goods:
        more = "".join(f" {each}" for each in line.additions)
        yield (
            f"  {line.item}. {line.hs} {line.description}: {line.quantity} {line.unit}, "
            f"origin {line.origin}, criterion {line.criterion}{more}"
        )


def plain(verdict: Verdict) -> dict[str, Any]:
    """A verdict as JSON."""
    as_of = verdict.status_as_of
    return {
        "answer": verdict.answer.value,
        "code": verdict.code or None,
        "reason": verdict.reason or None,
        "issuer": None if verdict.member is None else verdict.member.name,
        "id": None if verdict.credential is None else verdict.credential.id,
        "content_hash": verdict.content_hash or None,
        "status_as_of": None if as_of is None else time_text(as_of),
        "notes": list(verdict.notes),
        "credential": None if verdict.credential is None else claims_of(verdict.credential),
    }


def _party(party: Party) -> str:
    return f"{party.name}, {party.address}, {party.economy}"
