"""The audit: every claim recomputed, judged, and where it fails diagnosed. Nothing is looked up.

1. The expression is computed over the cells. What is missing makes it *not checkable*.
2. It is *consistent* if one true value can stand behind what is printed and what comes out.
3. Otherwise every known slip is tried; the readings that come out as printed are the diagnosis,
   the cheapest first. If only slips of units explain it, or the measures differ, it is a
   *unit error*, else *inconsistent*.
4. A consistent claim that rests on a cell which a diagnosis accuses says so.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from tumen.observatory.claim import Claim
from tumen.observatory.dataset import Cell, Key
from tumen.observatory.diagnosis import explained
from tumen.observatory.errors import ExpressionError
from tumen.observatory.evaluate import Evaluation
from tumen.observatory.finding import (
    CONSISTENT,
    INCONSISTENT,
    NOT_CHECKABLE,
    UNIT_ERROR,
    Explanation,
    Finding,
    Reason,
    Remark,
    shown,
)
from tumen.observatory.quantity import Quantity
from tumen.observatory.relations import of_the_tables
from tumen.observatory.remarks import at_the_edge, implied_whole, of_the_used, wide
from tumen.observatory.slips import UNIT_SLIPS
from tumen.observatory.study import Study
from tumen.observatory.values import Value

Doubts = Mapping[Key, tuple[str, Cell]]
"""Cells that a diagnosis reads otherwise: the claim that it is of, and the cell as mended."""


@dataclass(frozen=True, slots=True)
class Audit:
    """All findings of a study: of its claims, and of what must hold within its tables."""

    study: Study
    claims: tuple[Finding, ...]
    tables: tuple[Finding, ...]


def audit(study: Study) -> Audit:
    """Judge every claim of a study and every relation of its tables.

    Raises:
        StudyError: a relation of the study file is not of a known form.
    """
    claims = [judge(claim, study) for claim in study.claims]
    tables = [judge(claim, study) for claim in of_the_tables(study)]
    doubts = _doubts([*claims, *tables])
    return Audit(study, tuple(_doubted(each, doubts, study) for each in claims), tuple(tables))


def judge(claim: Claim, study: Study) -> Finding:
    """Recompute one claim and say whether it stands; no error escapes."""
    node = claim.node
    if node is None:
        return Finding(claim, NOT_CHECKABLE, reason=_reason(claim, claim.fault))
    evaluation = Evaluation(study.catalogue, study.document, {}, claim.id)
    try:
        value = evaluation.value(node)
        claim.fits(value)
        found = shown(claim, value)
    except ExpressionError as error:
        return Finding(claim, NOT_CHECKABLE, reason=_reason(claim, error))
    used = tuple(evaluation.used.values())
    found = replace(found, used=used, remarks=(*of_the_used(used, study), *wide(value)))
    if claim.holds(value):
        return replace(found, remarks=(*found.remarks, *at_the_edge(claim, value)))
    explanations = explained(claim, node, evaluation, value, study)
    verdict = _failing(claim, value, explanations)
    found = replace(found, verdict=verdict, explanations=tuple(explanations))
    return replace(found, remarks=(*found.remarks, *implied_whole(claim, found)))


def _reason(claim: Claim, error: ExpressionError | None) -> Reason:
    error = error or ExpressionError("EXPRESSION_SYNTAX", "The expression was not read.")
    return Reason(error.code, str(error), claim.file_line, error.position, error.next_step)


def _failing(claim: Claim, value: Value, explanations: list[Explanation]) -> str:
    """Whether the number is wrong, or only its unit."""
    if isinstance(value, Quantity) and value.measure != claim.unit.measure:
        return UNIT_ERROR
    least = min((one.cost for one in explanations), default=0)
    slips = {one.slip for one in explanations if one.cost == least}
    return UNIT_ERROR if slips and slips <= UNIT_SLIPS else INCONSISTENT


def _doubts(findings: Iterable[Finding]) -> Doubts:
    found: dict[Key, tuple[str, Cell]] = {}
    for finding in findings:
        for explanation in finding.diagnosis:
            for key, cell in explanation.instead.items():
                found.setdefault(key, (finding.claim.id, cell))
    return found


def _doubted(finding: Finding, doubts: Doubts, study: Study) -> Finding:
    """A consistent claim that no longer stands once an accused cell is mended says so."""
    node = finding.claim.node
    if finding.verdict != CONSISTENT or node is None:
        return finding
    remarks = []
    for cell in finding.used:
        if cell.key not in doubts:
            continue
        by, mended = doubts[cell.key]
        evaluation = Evaluation(
            study.catalogue, study.document, {cell.key: mended}, finding.claim.id
        )
        try:
            value = evaluation.value(node)
            gives = shown(finding.claim, value).recomputed
        except ExpressionError:
            continue
        if not finding.claim.holds(value):
            text = f"it rests on {cell.name}, in doubt by {by}; mended, it gives {gives}"
            remarks.append(Remark("DOUBTED", text))
    return replace(finding, remarks=(*finding.remarks, *remarks))
