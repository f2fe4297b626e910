"""Growth rates that were taken over the end year, put right: a printed rate r stands for r/(1-r).

Whether they were is not decided here: the plan names claims, and only if the audit's diagnosis of
one of them is that very slip is anything corrected. Where the audit finds a lost minus in a claim
of the same table and line, the reader is told with the claim, not in the series.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Final

from tumen.observatory.dataset import Cell
from tumen.observatory.publication.edition import Edition
from tumen.observatory.publication.plan_model import FigurePlan

SLIP: Final = "growth_over_end_year"


@dataclass(frozen=True, slots=True)
class Corrected:
    """A printed rate, the same over the start year, and a public rate where one is held."""

    cell: Cell
    printed: Fraction
    over_start: Fraction | None
    public: Fraction | None


def is_found(edition: Edition, claims: Sequence[str]) -> bool:
    """Whether the audit finds the slip in any of these claims."""
    return any(
        each.slip == SLIP or each.evidence.get("also") == SLIP
        for name in claims
        if (finding := edition.findings.get(name)) is not None
        for each in finding.diagnosis
    )


def corrected(edition: Edition, plan: FigurePlan, name: str) -> list[Corrected]:
    """The printed rates of a series, each with what it comes to over the start year."""
    found = is_found(edition, plan.by)
    public = _growth(edition.of_series(plan.world)) if "gdp" in name else {}
    return [
        Corrected(
            cell,
            cell.quantity.value,
            over_start_year(cell.quantity.value) if found else None,
            public.get((cell.economy, cell.period)),
        )
        for cell in edition.of_series(name)
        if cell.quantity is not None
        and cell.economy in plan.economies
        and cell.period in plan.periods
    ]


def over_start_year(rate: Fraction) -> Fraction:
    """Growth over the start year, of growth over the end year.

    >>> over_start_year(Fraction(1, 2))
    Fraction(1, 1)
    """
    return rate / (1 - rate)


def _growth(cells: Sequence[Cell]) -> dict[tuple[str, str], Fraction]:
    """The growth of each year that follows another one held."""
    found = {}
    for before, after in pairwise(cells):
        if (before.economy, _year(before) + 1) != (after.economy, _year(after)):
            continue
        if before.quantity is not None and after.quantity is not None:
            rate = after.quantity.value / before.quantity.value - 1
            found[after.economy, after.period] = rate
    return found


def _year(cell: Cell) -> int:
    """The year of a yearly cell; of any other a number that follows none."""
    return int(cell.period) if cell.period.isdigit() else -1
