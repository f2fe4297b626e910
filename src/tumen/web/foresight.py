"""Would these documents match? The road, walked to its end and undone.

What is told is less than a receipt tells: whether a declaration finds its counterparts and agrees
with them, and by which codes it does not. Values of counterparts are others' and are left out. How
goods would be screened is not told at all: who may ask without a trace could try out names.
"""

from collections.abc import Iterator
from functools import partial
from typing import Final

import msgspec
import polars as pl

from tumen.codelist.spoken import explained
from tumen.codelist.violations import Layer, violation
from tumen.documents.formats.intake import read
from tumen.kernel.service_limits import PRECHECK_DOCUMENTS_MAX
from tumen.store.session import Connection
from tumen.web.answering import Finding, by_source
from tumen.web.office import Office
from tumen.web.problem import Refusal
from tumen.web.submission import Submission
from tumen.window.recording import Outcome
from tumen.window.states import Status

UNTOLD: Final = frozenset({Layer.SCREEN})
VALUES_UNTOLD: Final = frozenset({Layer.MATCH, Layer.STORE, Layer.LAW})
"""Findings that come of what others lodged, or of what a person bought before."""

_MATCH: Final = {Status.PENDING: "waits", Status.REJECTED: "differs"}
MATCHES: Final = "matches"


class Foreseen(msgspec.Struct, frozen=True, omit_defaults=True):
    """What would become of one document.

    Attributes:
        place: its place in the request, from 1.
        answer: accepted, rejected, duplicate or ignored.
        kind: of the document.
        key: its key.
        match: of a declaration: ``matches``, ``waits`` for a counterpart, or ``differs``.
        findings: what would be found against it.
    """

    place: int
    answer: str
    kind: str | None = None
    key: str | None = None
    match: str | None = None
    findings: list[Finding] = msgspec.field(default_factory=list)


async def foresee(office: Office, submission: Submission) -> list[Foreseen]:
    """What would become of the documents of a submission, in their order.

    Raises:
        Refusal: it has more documents than are foreseen at once.
        Overloaded: as much of the sender's is foreseen as may be, or of all.
    """
    if submission.format != "ceb" and submission.documents > PRECHECK_DOCUMENTS_MAX:
        raise Refusal("TOO_LARGE", f"At most {PRECHECK_DOCUMENTS_MAX} documents are foreseen.")
    with office.prechecking.one(submission.sender):
        return await office.prechecks.lend(partial(_foreseen, office=office, submission=submission))


def _foreseen(connection: Connection, *, office: Office, submission: Submission) -> list[Foreseen]:
    node = office.lists.look()
    preparation = node.preparation(submission.sender, office.books)
    desk = node.desk(connection.transaction)
    texts = read([submission.source], signatures=preparation.signatures)
    outcomes = (each for batch in texts for each in desk.foresee(preparation.prepare(batch)))
    told = [each for outcome in outcomes for each in _told(outcome, submission.name)]
    return sorted(told, key=lambda each: each.place)


def _told(outcome: Outcome, name: str) -> Iterator[Foreseen]:
    matches = _matches(outcome.answers)
    for row in by_source(outcome).get(name, []):
        findings = [_without_values(each) for each in row.findings if _is_told(each)]
        yield Foreseen(row.place, row.answer, row.kind, row.key, matches.get(row.place), findings)


def _matches(answers: pl.DataFrame) -> dict[int, str]:
    """By place: whether a declaration that would be taken finds what it must meet."""
    decided = answers.filter(
        (pl.col("kind") == "declaration") & pl.col("declaration").is_not_null()
    )
    return {
        place: _MATCH.get(Status(status), MATCHES)
        for place, status in decided.select("place", "declaration").iter_rows()
    }


def _is_told(finding: Finding) -> bool:
    return violation(finding.code).layer not in UNTOLD


def _without_values(finding: Finding) -> Finding:
    """The finding without what others wrote."""
    if violation(finding.code).layer not in VALUES_UNTOLD:
        return finding
    message, fix = explained(finding.code, finding.path, None, None)
    return Finding(finding.code, finding.severity, finding.path, message, fix)
