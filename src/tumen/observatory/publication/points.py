"""What a picture shows: points with their bounds, and the places where a value is lost.

A value is *printed* (by the study, or by a public source), *recovered* (derived, with bounds), or
*lost*: the plan says that the figure has it, and nobody holds it. Lost points are drawn as such.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any, Final

from tumen.observatory.dataset import Cell
from tumen.observatory.publication.edition import Edition, period_text
from tumen.observatory.publication.plan_model import FigurePlan
from tumen.observatory.units import Unit, unit_of

PRINTED: Final = "printed or public"
RECOVERED: Final = "recovered"
LOST: Final = "lost"

DIGITS: Final = 6
"""Significant digits of a drawn coordinate: more than any picture shows."""

SEEN: Final = Fraction(1, 50)
"""Bounds narrower than this part of a value are narrower than its mark."""


@dataclass(frozen=True, slots=True)
class Point:
    """A value at its place, or the place of a lost one."""

    series: str
    measures: str
    economy: str
    period: str
    kind: str
    cell: Cell | None
    unit: str

    def row(self, edition: Edition) -> dict[str, Any]:
        """The point as a row of the picture's data."""
        found: dict[str, Any] = {
            "measures": self.measures,
            "code": self.economy,
            "economy": edition.economy(self.economy),
            "period": period_text(self.period),
            "kind": self.kind,
        }
        if self.cell is not None and self.cell.quantity is not None:
            quantity, unit = self.cell.quantity, unit_of(self.unit)
            found["value"] = drawn(quantity.value, unit)
            found["text"] = self.cell.text + (" ?" if self.cell.key in edition.doubts else "")
            is_wide = quantity.high - quantity.low > abs(quantity.value) * SEEN
            if self.kind == RECOVERED and is_wide:
                found["low"], found["high"] = drawn(quantity.low, unit), drawn(quantity.high, unit)
        return found


def points(edition: Edition, plan: FigurePlan, names: Iterable[str]) -> list[Point]:
    """The points of a figure, by series, economy and period: held or lost."""
    found = []
    for name in names:
        cells = {(cell.economy, cell.period): cell for cell in edition.of_series(name)}
        unit = unit_for(edition, plan, name)
        dataset, _, series = name.partition(".")
        for economy, period in product(plan.economies, plan.periods):
            cell = cells.get((economy, period))
            found.append(
                Point(name, edition.series(dataset, series), economy, period, _kind(cell), cell,
                      unit)
            )  # fmt: skip
    return found


def unit_for(edition: Edition, plan: FigurePlan, name: str) -> str:
    """The unit to draw a series in: the plan's if it is of one measure with it, or its own."""
    own = next((cell.unit for cell in edition.of_series(name)), None)
    if own is None:
        return plan.unit or "percent"
    is_alike = bool(plan.unit) and unit_of(plan.unit).measure == own.measure
    return plan.unit if is_alike else own.text


def drawn(value: Fraction, unit: Unit) -> float:
    """A coordinate: the nearest float of so many digits, the same on every machine."""
    return float(f"{float(value / unit.scale):.{DIGITS}g}")


def _kind(cell: Cell | None) -> str:
    if cell is None or cell.quantity is None:
        return LOST
    is_derived = bool(cell.confidence) and cell.status == "E" and "given in text" not in cell.method
    return RECOVERED if is_derived else PRINTED
