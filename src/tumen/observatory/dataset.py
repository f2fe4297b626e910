"""Tidy tables of a study: a row is a cell as it was printed, with its unit, place and status."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Final

from tumen.kernel.limits import CELLS_MAX, STUDY_BYTES_MAX
from tumen.observatory.errors import ExpressionError, StudyError
from tumen.observatory.periods import is_period
from tumen.observatory.quantity import Quantity, number_of, printed
from tumen.observatory.units import Unit, unit_of

COLUMNS: Final = (
    "series", "economy", "period", "value", "unit", "status", "belongs_to", "concept", "place",
    "note",
)  # fmt: skip
"""The columns of every table."""

RECOVERED: Final = ("low", "high", "method", "confidence", "basis")
"""The further columns of a table whose values were not printed but recovered."""

STATUSES: Final = frozenset({"A", "E", "M", "P"})
"""SDMX observation status: normal, estimated, missing, provisional."""

Key = tuple[str, str, str, str]
"""Dataset, series, economy, period."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One printed or recovered value, or the place where one is missing."""

    key: Key
    text: str
    unit: Unit
    quantity: Quantity | None
    status: str
    belongs_to: str
    concept: str
    place: str
    note: str
    confidence: str = ""
    basis: frozenset[str] = frozenset()
    method: str = ""

    @property
    def dataset(self) -> str:
        """The table it stands in."""
        return self.key[0]

    @property
    def series(self) -> str:
        """What it measures."""
        return self.key[1]

    @property
    def economy(self) -> str:
        """Whose value it is."""
        return self.key[2]

    @property
    def period(self) -> str:
        """The period under which it was printed; ``belongs_to`` is its own."""
        return self.key[3]

    @property
    def name(self) -> str:
        """How an expression names it."""
        return f"{self.dataset}.{self.series}[{self.economy}, {self.period}]"

    @property
    def value(self) -> str:
        """What was printed, with its unit."""
        return f"{self.text} {self.unit.text}" if self.text else "no value"

    @property
    def is_printed(self) -> bool:
        """Whether the study prints it; what was recovered, or is public, has a confidence."""
        return not self.confidence

    def scaled(self, factor: Fraction) -> "Cell":
        """The cell as if its value were this many times as large."""
        quantity = self.quantity.scaled(factor) if self.quantity else None
        return replace(self, quantity=quantity)


class Catalogue:
    """All cells of a study, by dataset, series, economy and period."""

    def __init__(self, cells: Iterable[Cell], aggregates: frozenset[str] = frozenset()) -> None:
        self.cells: dict[Key, Cell] = {cell.key: cell for cell in cells}
        self.aggregates = aggregates
        self._series: dict[tuple[str, str], list[Cell]] = {}
        for cell in self.cells.values():
            self._series.setdefault(cell.key[:2], []).append(cell)
        self._datasets = {name for name, _ in self._series}

    def series(self, dataset: str, series: str) -> list[Cell]:
        """The cells of a series in their order.

        Raises:
            ExpressionError: there is no such dataset or series.
        """
        if dataset not in self._datasets:
            raise ExpressionError(
                "DATASET_UNKNOWN", f"The study holds no data {dataset!r} ({dataset}.{series})."
            )
        found = self._series.get((dataset, series))
        if found is None:
            raise ExpressionError("SERIES_UNKNOWN", f"No series {dataset}.{series} is held.")
        return found

    def of_dataset(self, dataset: str) -> Iterator[Cell]:
        """Every cell of one table."""
        return (cell for cell in self.cells.values() if cell.dataset == dataset)

    def of_concept(self, cell: Cell) -> list[Cell]:
        """What other tables say of the same thing: same concept, economy and own period."""
        return [
            other
            for other in self.cells.values()
            if other.concept
            and other.concept == cell.concept
            and other.dataset != cell.dataset
            and (other.economy, other.belongs_to) == (cell.economy, cell.belongs_to)
            and other.quantity is not None
        ]


def read_cells(path: Path, dataset: str) -> list[Cell]:
    """The cells of one CSV file.

    Raises:
        StudyError: the file is absent or too large, has other columns, a wrong value or unit, or
            the same cell twice; the error names the line.
    """
    rows = csv.DictReader(io.StringIO(text_of(path)))
    columns = tuple(rows.fieldnames or ())
    if columns not in (COLUMNS, COLUMNS + RECOVERED):
        raise StudyError(
            "COLUMNS_WRONG", f"The columns must be {','.join(COLUMNS)}.", file=path.name, line=1
        )
    found: dict[Key, Cell] = {}
    for row in rows:
        line = rows.line_num
        if len(found) >= CELLS_MAX:
            raise StudyError("FILE_TOO_LARGE", "It has too many rows.", file=path.name, line=line)
        cell = _cell(row, dataset, file=path.name, line=line)
        if cell.key in found:
            raise StudyError("CELL_TWICE", f"{cell.name} stands twice.", file=path.name, line=line)
        found[cell.key] = cell
    return list(found.values())


def text_of(path: Path) -> str:
    """The text of a study file or data file.

    Raises:
        StudyError: it cannot be read, or is too large.
    """
    try:
        if path.stat().st_size > STUDY_BYTES_MAX:
            raise StudyError("FILE_TOO_LARGE", "It is too large.", file=path.name)
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8"
        raise StudyError("FILE_UNREADABLE", f"Cannot be read: {reason}.", file=str(path)) from error


def _cell(row: Mapping[str, str], dataset: str, *, file: str, line: int) -> Cell:
    if None in row or None in row.values():
        raise StudyError("ROW_WRONG", "The row has other columns than the first.", file=file,
                         line=line)  # fmt: skip
    status = row["status"] or "A"
    if status not in STATUSES or (status == "M") != (not row["value"]):
        raise StudyError(
            "STATUS_WRONG", "The status must be A, E or P with a value, or M without one.",
            file=file, line=line,
        )  # fmt: skip
    own = row["belongs_to"] or row["period"]
    if not (is_period(row["period"]) and is_period(own)):
        message = f"{row['period']!r} is no year, quarter, month or span of them."
        raise StudyError("PERIOD_WRONG", message, file=file, line=line)
    try:
        unit = unit_of(row["unit"])
        quantity = _quantity(row, unit)
    except ExpressionError as error:
        raise StudyError(error.code, str(error), file=file, line=line) from error
    return Cell(
        key=(dataset, row["series"], row["economy"], row["period"]),
        text=row["value"],
        unit=unit,
        quantity=quantity,
        status=status,
        belongs_to=own,
        concept=row["concept"],
        place=row["place"],
        note=row["note"],
        confidence=row.get("confidence", ""),
        basis=frozenset(row.get("basis", "").split()),
        method=row.get("method", ""),
    )


def _quantity(row: Mapping[str, str], unit: Unit) -> Quantity | None:
    if not row["value"]:
        return None
    quantity = printed(row["value"], unit)
    if not (row.get("low") and row.get("high")):
        return quantity
    low, high = (number_of(row[end]) * unit.scale for end in ("low", "high"))
    return replace(quantity, low=min(low, quantity.low), high=max(high, quantity.high))
