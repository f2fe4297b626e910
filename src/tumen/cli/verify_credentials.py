"""Credentials and status lists among the files that `tumen verify` is given."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tumen.cli.credential_page import headline, plain, verdict_lines
from tumen.cli.verdict_page import details
from tumen.cli.verdict_page import headline as proof_headline
from tumen.cli.verify_files import Pair
from tumen.kernel.errors import VerificationError
from tumen.trust.credential.artefact import STATUS_LIST, artefact_of
from tumen.trust.credential.check import Answer, Situation, check, read_status
from tumen.trust.credential.envelope import time_text
from tumen.trust.credential.logged import Logged, logged
from tumen.trust.verifier import Verifier


@dataclass(frozen=True, slots=True)
class Checked:
    """What is said of a credential or a status list.

    Attributes:
        is_well: whether it is valid, and its proofs prove it.
        lines: the same for a reader.
        plain: the same as data.
    """

    is_well: bool
    lines: tuple[str, ...]
    plain: dict[str, Any]


def judged(
    pairs: Iterable[Pair], verifier: Verifier, statuses: tuple[bytes, ...], age_max: timedelta
) -> list[Checked]:
    """The same by the verifier's bundle and time, with status lists that lie elsewhere.

    Args:
        pairs: those with a token.
        verifier: with a bundle.
        statuses: status lists.
        age_max: after which a list is old.
    """
    assert verifier.bundle is not None  # noqa: S101 - the caller has refused that
    situation = Situation(verifier.bundle, verifier.at, statuses, age_max)
    return checked(pairs, situation, verifier)


def checked(pairs: Iterable[Pair], situation: Situation, verifier: Verifier) -> list[Checked]:
    """Judge tokens with their proofs; status lists among them are at hand for the credentials.

    Args:
        pairs: those with a token.
        situation: without moments of logs.
        verifier: for the proofs.
    """
    proofs: dict[tuple[str, bytes], list[bytes]] = {}
    for each in pairs:
        held = proofs.setdefault((each.where, each.token or b""), [])
        if each.proof is not None:
            held.append(each.proof)
    lists = {token for _, token in proofs if _is_list(token)}
    there = situation.with_statuses(*sorted(lists))
    return [
        _list(where, token, there)
        if token in lists
        else _credential(where, token, there, logged(token, told, verifier))
        for (where, token), told in proofs.items()
    ]


def _is_list(token: bytes) -> bool:
    try:
        return artefact_of(token).kind == STATUS_LIST
    except VerificationError:
        return False


def _list(where: str, token: bytes, situation: Situation) -> Checked:
    try:
        listed, member = read_status(token, situation)
    except VerificationError as refused:
        told = {"where": where, "answer": Answer.INVALID.value, "code": refused.code}
        lines = (headline(Answer.INVALID, where), f"  {refused.code}: {refused}")
        return Checked(False, lines, told | {"reason": str(refused)})
    as_of = f"{listed.issued_at:%Y-%m-%d %H:%M} UTC"
    lines = (headline(Answer.VALID, where), f"  status list of {member.name}, as of {as_of}")
    told = {"where": where, "answer": Answer.VALID.value, "issuer": member.name, "id": listed.id}
    return Checked(True, lines, told | {"status_as_of": time_text(listed.issued_at)})


def _credential(where: str, token: bytes, situation: Situation, log: Logged) -> Checked:
    verdict = check(token, situation.logged_by(log.at))
    is_well = verdict.answer is Answer.VALID and log.is_well
    told = {"where": where, **plain(verdict), **log_plain(log)}
    return Checked(is_well, (*verdict_lines(where, verdict), *log_lines(log)), told)


def log_plain(log: Logged) -> dict[str, Any]:
    """What the proofs come to, as data."""
    return {
        "logged_at": None if log.at is None else time_text(log.at),
        "proofs": [each.outcome.value for each in log.verdicts],
    }


def log_lines(log: Logged) -> Iterator[str]:
    """What the proofs of a credential come to, for a reader; that there is none is told too.

    Who stole an issuer's key issues without its log.
    """
    if not log.verdicts:
        yield "  no proof of its issuer's log came with it: whether it was logged is not known"
    if log.at is not None:
        yield f"  in a witnessed log by {log.at:%Y-%m-%d %H:%M:%S} UTC"
    for each in log.verdicts:
        yield proof_headline("its proof", each)
        yield details(each)
