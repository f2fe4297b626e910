"""A table of any number of dimensions with all its totals, and which of its cells are sensitive."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy
import polars as pl
from numpy.typing import NDArray

from tumen.kernel.errors import UsageError
from tumen.kernel.limits import CUBE_CELLS_MAX

Amounts = NDArray[numpy.float64]
Flags = NDArray[numpy.bool_]

TOTAL: Final = "_T"
"""SDMX's code of a total."""


@dataclass(frozen=True, slots=True)
class Rules:
    """When a cell is sensitive; the values are ours, chosen as statistical offices do."""

    contributors_min: int = 3
    """So many must stand behind a cell: of two, each would know the other."""

    cases_min: int = 10
    """So many cases a cell must have."""

    share_max: float = 0.75
    """The largest contributor may have so much of a cell's value (dominance)."""

    protection: float = 0.2
    """A suppressed value must stay uncertain by so much of itself, to either side."""


@dataclass(frozen=True)
class Cube:
    """Cases and value of each cell; the last place of every dimension is the total."""

    dimensions: tuple[str, ...]
    codes: tuple[tuple[str, ...], ...]
    cases: Amounts
    value: Amounts
    contributors: Amounts
    largest: Amounts

    def sensitive(self, rules: Rules) -> Flags:
        """The cells that must not be told by themselves; an empty cell tells of nobody."""
        few = (self.contributors < rules.contributors_min) | (self.cases < rules.cases_min)
        found: Flags = (self.cases > 0) & (few | (self.largest > rules.share_max * self.value))
        return found


def cube_of(rows: pl.DataFrame, dimensions: Sequence[str]) -> Cube:
    """The cube of rows with ``contributor``, ``cases`` and ``value`` beside the dimensions.

    Every cell knows how many contributors it has and how much the largest of them gave, totals
    included: of a total, what each contributor gave to all its parts together.

    Raises:
        UsageError: the cube would have too many cells.
    """
    codes = tuple((*sorted(set(rows[name])), TOTAL) for name in dimensions)
    shape = tuple(map(len, codes))
    if numpy.prod(shape) > CUBE_CELLS_MAX:
        raise UsageError(
            f"The table would have {numpy.prod(shape):,} cells.",
            next_step="Ask for a shorter time, or for coarser classes.",
        )
    cases, value, contributors, largest = (numpy.zeros(shape) for _ in range(4))
    for level in range(1 << len(dimensions)):
        kept = [name for at, name in enumerate(dimensions) if level >> at & 1]
        cells = _summed(rows, kept)
        where = tuple(
            _places(cells, name, codes[at]) if name in kept else numpy.full(len(cells), -1)
            for at, name in enumerate(dimensions)
        )
        cases[where] = cells["cases"].to_numpy()
        value[where] = cells["value"].to_numpy()
        contributors[where] = cells["contributors"].to_numpy()
        largest[where] = cells["largest"].to_numpy()
    return Cube(tuple(dimensions), codes, cases, value, contributors, largest)


def _summed(rows: pl.DataFrame, kept: Sequence[str]) -> pl.DataFrame:
    by_contributor = rows.group_by(*kept, "contributor").agg(
        pl.col("cases").sum(), pl.col("value").sum()
    )
    parts = (
        pl.col("cases").sum(), pl.col("value").sum(), pl.len().alias("contributors"),
        pl.col("value").max().alias("largest"),
    )  # fmt: skip
    return by_contributor.group_by(*kept).agg(*parts) if kept else by_contributor.select(*parts)


def _places(cells: pl.DataFrame, name: str, codes: Sequence[str]) -> NDArray[numpy.int64]:
    place = {code: at for at, code in enumerate(codes)}
    return numpy.array([place[code] for code in cells[name]], dtype=numpy.int64)
