"""Secondary suppression by hypercubes: no sensitive cell comes back from sums and differences.

For a sensitive cell another one is sought that differs in every dimension. The 2**n cells that mix
their coordinates are suppressed together. Add d to the cell and, along every dimension, take d
from its partner (or add it, where one of the two is a total): every sum that is published stays
what it is. So the published table is also that of another truth, in which the cell is by d larger
or smaller, and nobody can tell which is the case (Repsilber's hypercube method).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product

import numpy
import polars as pl

from tumen.observatory.disclosure.cube import Amounts, Cube, Flags, Rules

Place = tuple[int, ...]


@dataclass(frozen=True)
class Protected:
    """A cube with the cells that are not told, and why."""

    cube: Cube
    sensitive: Flags
    suppressed: Flags
    is_whole: bool
    """Whether the cube is told by its cells; else only the grand total is, or nothing."""

    def table(self) -> pl.DataFrame:
        """Every cell that is not empty; a suppressed one has no numbers and the status Q."""
        cube = self.cube
        places = numpy.argwhere((cube.cases > 0) & (~self.suppressed | self.is_whole))
        rows = [self._row(tuple(int(at) for at in place)) for place in places]
        schema = {**dict.fromkeys(cube.dimensions, pl.String), "cases": pl.Int64,
                  "value": pl.Int64, "status": pl.String}  # fmt: skip
        return pl.DataFrame(rows, schema=schema, orient="row")

    def _row(self, place: Place) -> tuple[str | int | None, ...]:
        codes = (names[at] for names, at in zip(self.cube.codes, place, strict=True))
        if self.suppressed[place]:
            return (*codes, None, None, "Q")
        return (*codes, int(self.cube.cases[place]), int(self.cube.value[place]), "A")


def protected(cube: Cube, rules: Rules | None = None) -> Protected:
    """Suppress what is sensitive, and what would give it away.

    Where a cell cannot be protected, no cell of the cube is told but the grand total, and that
    only if it is not sensitive itself.
    """
    rules = rules or Rules()
    sensitive = cube.sensitive(rules)
    suppressed = sensitive.copy()
    # The largest first: what protects them often protects the smaller ones, too.
    order = sorted(map(tuple, numpy.argwhere(sensitive)), key=lambda at: -cube.cases[at])
    for place in order:
        corners = _best(cube, suppressed, place, rules.protection)
        if corners is None:
            return _withheld(cube, sensitive)
        for corner in corners:
            suppressed[corner] = True
    return Protected(cube, sensitive, suppressed, is_whole=True)


def _withheld(cube: Cube, sensitive: Flags) -> Protected:
    suppressed = cube.cases > 0
    grand = (-1,) * cube.cases.ndim
    suppressed[grand] = sensitive[grand]
    return Protected(cube, sensitive, suppressed, is_whole=False)


def _best(cube: Cube, suppressed: Flags, place: Place, share: float) -> list[Place] | None:
    """The corners of the hypercube that costs least of those that protect the cell enough."""
    axes = [
        numpy.delete(numpy.arange(size), at)
        for size, at in zip(cube.cases.shape, place, strict=True)
    ]
    if any(len(axis) == 0 for axis in axes):
        return None
    least_cases, least_value, cost = _judged(cube, suppressed, place, axes)
    enough = (least_cases >= _need(cube.cases[place], share)) & (
        least_value >= share * cube.value[place]
    )
    if not enough.any():
        return None
    cost = numpy.where(enough, cost, numpy.inf)
    opposite = numpy.unravel_index(int(numpy.argmin(cost)), cost.shape)
    other = [int(axis[at]) for axis, at in zip(axes, opposite, strict=True)]
    return [tuple(mixed) for mixed in product(*zip(place, other, strict=True))]


def _need(cases: float, share: float) -> float:
    """Of a number of cases at least one must be uncertain."""
    return max(1.0, share * cases)


def _judged(
    cube: Cube, suppressed: Flags, place: Place, axes: list[Amounts]
) -> tuple[Amounts, Amounts, Amounts]:  # fmt: skip
    """For every opposite cell: the least cases and value of the corners, and what they cost.

    Cases that would newly be suppressed are the cost; a cell that is suppressed costs nothing.
    """
    shape = tuple(map(len, axes))
    least_cases, least_value = numpy.full(shape, numpy.inf), numpy.full(shape, numpy.inf)
    cost = numpy.zeros(shape)
    price = numpy.where(suppressed, 0.0, cube.cases + 1)
    for mixed in _mixes(len(axes)):
        corner = numpy.ix_(*(
            axis if is_other else numpy.array([at])
            for axis, at, is_other in zip(axes, place, mixed, strict=True)
        ))  # fmt: skip
        if any(mixed):
            least_cases = numpy.minimum(least_cases, cube.cases[corner])
            least_value = numpy.minimum(least_value, cube.value[corner])
        cost = cost + price[corner]
    return least_cases, least_value, cost


def _mixes(dimensions: int) -> Iterable[tuple[bool, ...]]:
    return product((False, True), repeat=dimensions)
