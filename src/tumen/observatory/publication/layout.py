"""A table as a reader sees it: heads over columns, rows, and notes at its foot.

The cells are those of a dataset; the plan says which of economy, series and period make the rows
and which the columns. Whatever a cell needs said of it, its own year or a doubt, becomes a note.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from tumen.observatory.dataset import Cell
from tumen.observatory.errors import StudyError
from tumen.observatory.finding import Finding
from tumen.observatory.publication.edition import Edition, in_order, period_text
from tumen.observatory.publication.plan import PLAN_FILE
from tumen.observatory.publication.plan_model import Dimension, TablePlan
from tumen.observatory.publication.words import doubt_text

MARKS: Final = "abcdefghijklmnopqrstuvwxyz"
SILENT_UNITS: Final = frozenset({"rank", "score", "enterprises"})
"""Units that the name of a series tells already."""

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A cell at its place, with the marks of its notes and the findings that doubt it."""

    cell: Cell
    marks: str
    doubts: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """A label over one or several columns."""

    text: str
    span: int


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its label and an entry for each column, or none."""

    label: str
    entries: tuple[Entry | None, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """A table laid out."""

    dataset: str
    number: str
    title: str
    unit: str
    corner: str
    heads: tuple[tuple[Head, ...], ...]
    rows: tuple[Row, ...]
    notes: tuple[tuple[str, str], ...]

    @property
    def caption(self) -> str:
        """Number, title and the unit of all cells."""
        number = f"Table {self.number}. " if self.number else ""
        return number + self.title + (f" ({self.unit})" if self.unit else "")

    @property
    def columns(self) -> int:
        """Columns of values."""
        return sum(head.span for head in self.heads[-1])


def layout_of(edition: Edition, plan: TablePlan) -> Layout | None:
    """Lay a dataset out as planned; a dataset without columns in its plan is a list, not a table.

    Raises:
        StudyError: two cells of the dataset fall upon one place.
    """
    if not plan.columns:
        return None
    cells = list(edition.study.catalogue.of_dataset(plan.dataset))
    columns = _columns(cells, plan.columns)
    by_place = {(_part(cell, plan.rows), _key(cell, plan.columns)): cell for cell in cells}
    if len(by_place) != len(cells):
        message = f"The table {plan.dataset} lays two cells upon each other: its rows and columns"
        raise StudyError("PLAN_OVERLAP", f"{message} leave a dimension out.", file=PLAN_FILE)
    unit = _one_unit(cells)
    notes: dict[str, str] = {}
    rows = tuple(
        Row(
            _label(edition, plan.dataset, plan.rows, row, "" if unit else _unit(cells, plan, row)),
            tuple(_entry(edition, by_place.get((row, column)), notes) for column in columns),
        )
        for row in in_order(_part(cell, plan.rows) for cell in cells)
    )
    return Layout(
        dataset=plan.dataset,
        number=plan.number,
        title=edition.study.titles[plan.dataset],
        unit=unit,
        corner={"economy": "Economy", "series": "Indicator", "period": "Period"}[plan.rows],
        heads=_heads(edition, plan, columns, {} if unit else _units(cells)),
        rows=rows,
        notes=tuple((mark, text) for text, mark in notes.items()),
    )


def _part(cell: Cell, dimension: Dimension) -> str:
    return {"economy": cell.economy, "series": cell.series, "period": cell.period}[dimension]


def _key(cell: Cell, dimensions: Sequence[Dimension]) -> Key:
    return tuple(_part(cell, dimension) for dimension in dimensions)


def _columns(cells: Sequence[Cell], dimensions: Sequence[Dimension]) -> list[Key]:
    """The columns that have a cell, the outer dimension first, each in the order of the data."""
    orders = [_order(cells, dimension) for dimension in dimensions]
    return sorted(
        {_key(cell, dimensions) for cell in cells},
        key=lambda key: [order.index(part) for order, part in zip(orders, key, strict=True)],
    )


def _order(cells: Sequence[Cell], dimension: Dimension) -> list[str]:
    """Periods by time, economies and series as the data have them."""
    parts = in_order(_part(cell, dimension) for cell in cells)
    return sorted(parts) if dimension == "period" else parts


def _one_unit(cells: Sequence[Cell]) -> str:
    units = {cell.unit.text for cell in cells}
    return "" if len(units) > 1 or units <= SILENT_UNITS else next(iter(units))


def _units(cells: Sequence[Cell]) -> dict[str, str]:
    """The unit of each series, where its name does not tell it."""
    units = {cell.series: cell.unit.text for cell in cells}
    return {name: unit for name, unit in units.items() if unit not in SILENT_UNITS}


def _unit(cells: Sequence[Cell], plan: TablePlan, row: str) -> str:
    return _units(cells).get(row, "") if plan.rows == "series" else ""


def _label(edition: Edition, dataset: str, dimension: str, part: str, unit: str = "") -> str:
    match dimension:
        case "economy":
            return edition.economy(part)
        case "series":
            name = edition.series(dataset, part)
            return f"{name}, {unit}" if unit else name
    return period_text(part)


def _heads(
    edition: Edition, plan: TablePlan, columns: Sequence[Key], units: dict[str, str]
) -> tuple[tuple[Head, ...], ...]:
    """A row of heads for each dimension; equal neighbours under one head are joined."""
    found = []
    for depth, dimension in enumerate(plan.columns):
        heads = []
        for key, under in groupby(columns, key=lambda column: column[: depth + 1]):
            unit = units.get(key[-1], "") if dimension == "series" else ""
            label = _label(edition, plan.dataset, dimension, key[-1], unit)
            heads.append(Head(label, len(list(under))))
        found.append(tuple(heads))
    return tuple(found)


def _entry(edition: Edition, cell: Cell | None, notes: dict[str, str]) -> Entry | None:
    if cell is None:
        return None
    doubts = edition.doubts.get(cell.key, ())
    marks = "".join(notes.setdefault(text, _mark(len(notes))) for text in _remarks(cell, doubts))
    return Entry(cell, marks, doubts)


def _mark(index: int) -> str:
    return MARKS[index % len(MARKS)] * (index // len(MARKS) + 1)


def _remarks(cell: Cell, doubts: Sequence[Finding]) -> list[str]:
    found = []
    if cell.belongs_to != cell.period:
        found.append(f"Value of {period_text(cell.belongs_to)}.")
    if cell.status in ("E", "P"):
        word = "Estimated" if cell.status == "E" else "Provisional"
        found.append(f"{word}: {cell.note}." if cell.note else f"{word}.")
    return [*found, *map(doubt_text, doubts)]
