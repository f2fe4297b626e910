"""The diagnosis of a failing claim: known slips are tried, those that give the print are kept."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import chain, islice
from typing import Final

from tumen.kernel.limits import READINGS_MAX
from tumen.observatory.claim import Claim
from tumen.observatory.dataset import Cell
from tumen.observatory.errors import ExpressionError
from tumen.observatory.evaluate import Evaluation
from tumen.observatory.expression import COMPARISONS, Call, Day, Field, Node, Operation
from tumen.observatory.finding import Explanation, corrected, shown
from tumen.observatory.quantity import decimal_text
from tumen.observatory.readings import of_the_cells
from tumen.observatory.slips import (
    SLIPS,
    Reading,
    chains_over_the_end,
    of_the_sentence,
    over_the_end,
)
from tumen.observatory.study import Study
from tumen.observatory.units import PLAIN
from tumen.observatory.values import Value

SLIPS_TOGETHER: Final = frozenset({"lost_minus", "factor_of_ten"})
"""What is tried together with growth over the end year, where no slip alone explains a claim."""


def explained(
    claim: Claim, node: Node, evaluation: Evaluation, value: Value, study: Study
) -> list[Explanation]:
    """All slips that explain a failing claim, the cheapest first."""

    def readings(tree: Node) -> Iterator[Reading]:
        cells = of_the_cells(claim, tree, evaluation.used, study.catalogue)
        return chain(of_the_sentence(claim, tree), cells)

    found = [*_of_value(claim, node, value), *_tried(readings(node), study, node)]
    if not found and (over_end := over_the_end(node)) != node:
        right = chains_over_the_end(node)
        both = (
            replace(
                reading, right=right, evidence={**reading.evidence, "also": "growth_over_end_year"}
            )
            for reading in readings(over_end)
            if reading.slip in SLIPS_TOGETHER
        )
        found += _tried(both, study, node)
    if isinstance(node, Call) and node.name == "chain":
        found = [_with_rates(one, evaluation.used.values()) for one in found]
    return sorted(_least_factors(found), key=lambda one: (one.cost, list(SLIPS).index(one.slip)))


def _of_value(claim: Claim, node: Node, value: Value) -> Iterator[Explanation]:
    """Slips seen from the value alone: digits cut off, a day after the document's own."""
    recomputed = shown(claim, value).recomputed
    if claim.is_truncated(value):
        yield Explanation("truncated_not_rounded", 0, recomputed, corrected(claim, value), {})
    if claim.is_truth and _compares_days(node):
        yield Explanation("date_after_document", 0, "", "", {"expression": claim.expression})


def _compares_days(node: Node) -> bool:
    if isinstance(node, Call):
        return any(_compares_days(argument) for argument in node.arguments)
    if isinstance(node, Operation) and node.operator in COMPARISONS:
        return isinstance(node.left, Day | Field) and isinstance(node.right, Day | Field)
    return False


def _tried(readings: Iterator[Reading], study: Study, node: Node) -> Iterator[Explanation]:
    for reading in islice(readings, READINGS_MAX):
        try:
            other = _value(study, reading, reading.node)
            if not reading.claim.holds(other):
                continue
            right = _value(study, replace(reading, instead={}), reading.right or node)
        except ExpressionError:
            continue
        yield Explanation(
            slip=reading.slip,
            cost=reading.cost,
            gives=shown(reading.claim, other).recomputed,
            corrected=reading.corrected or corrected(reading.claim, right),
            evidence=dict(reading.evidence),
            instead=reading.instead if reading.corrected else {},
        )


def _value(study: Study, reading: Reading, node: Node) -> Value:
    evaluation = Evaluation(study.catalogue, study.document, reading.instead, reading.claim.id)
    return evaluation.value(node)


def _with_rates(found: Explanation, used: Iterable[Cell]) -> Explanation:
    """For a chain over the end year: its rates as they are over the start year."""
    if found.slip != "growth_over_end_year":
        return found
    rates = [
        f"{cell.period} {decimal_text(100 * rate / (Fraction(1) - rate), 2)}"
        for cell in used
        if cell.quantity is not None
        and cell.quantity.measure == PLAIN
        and (rate := cell.quantity.value) != 1
    ]
    return replace(found, corrected=f"rates over the start year: {', '.join(rates)} percent")


def _least_factors(found: Iterable[Explanation]) -> Iterator[Explanation]:
    """Of several factors for one cell the smallest; none where 'times for percent' says it."""
    found = list(found)
    has_times = any(one.slip == "times_for_percent" for one in found)
    seen: set[str] = set()
    for one in found:
        if one.slip == "factor_of_ten":
            cell = one.evidence.get("cell", "")
            if cell in seen or (has_times and not cell):
                continue
            seen.add(cell)
        yield one
