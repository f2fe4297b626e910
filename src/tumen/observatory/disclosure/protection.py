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
from typing import Final

import numpy
import polars as pl

from tumen.observatory.disclosure.cube import Amounts, Cube, Flags, Rules

Place = tuple[int, ...]

HYPERCUBES_MAX: Final = 64
"""Hypercubes that may hide one cell together."""


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
    places = [tuple(int(at) for at in place) for place in numpy.argwhere(sensitive)]
    order = sorted(places, key=lambda place: -cube.cases[place])
    for place in order:
        corners = _Shield(cube, suppressed, place, rules.protection).corners()
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


@dataclass
class _Shield:
    """The hypercubes that hide one cell, and how uncertain they leave it.

    Several small ones together hide what no single one can: each moves the cell by what its
    weakest corner gives, and no corner gives more than it has.
    """

    cube: Cube
    suppressed: Flags
    place: Place
    share: float

    def __post_init__(self) -> None:
        self.cases, self.value = self.cube.cases.copy(), self.cube.value.copy()
        self.need_cases = max(1.0, self.share * self.cube.cases[self.place])
        self.need_value = self.share * self.cube.value[self.place]
        self.axes = [
            numpy.delete(numpy.arange(size), at)
            for size, at in zip(self.cube.cases.shape, self.place, strict=True)
        ]

    def corners(self) -> set[Place] | None:
        """The cells to suppress; None where all together they do not hide the cell enough."""
        found: set[Place] = set()
        for _ in range(HYPERCUBES_MAX):
            cases, value, cost = self._judged()
            opposite = self._chosen(cases, value, cost)
            if opposite is None:
                return None
            corners = self._corners(opposite)
            self._spend(corners, float(cases[opposite]), float(value[opposite]))
            found |= {*corners}
            if self.need_cases <= 0 and self.need_value <= 0:
                return found
        return None

    def _chosen(self, cases: Amounts, value: Amounts, cost: Amounts) -> Place | None:
        """The cheapest for what it hides of what is still needed; None where nothing hides it."""
        part = numpy.minimum(_part(cases, self.need_cases), _part(value, self.need_value))
        price = numpy.full(cost.shape, numpy.inf)
        numpy.divide(cost + 1, part, out=price, where=(cases >= 1) & (part > 0))
        at = int(numpy.argmin(price))
        if numpy.isinf(price.flat[at]):
            return None
        return tuple(int(each) for each in numpy.unravel_index(at, price.shape))

    def _judged(self) -> tuple[Amounts, Amounts, Amounts]:
        """For every opposite cell: what its corners still give, and what they cost.

        The cost is the cases that would newly be suppressed.
        """
        shape = tuple(map(len, self.axes))
        cases, value = numpy.full(shape, numpy.inf), numpy.full(shape, numpy.inf)
        cost = numpy.zeros(shape)
        price = numpy.where(self.suppressed, 0.0, self.cube.cases + 1)
        for mixed in product((False, True), repeat=len(self.axes)):
            corner = numpy.ix_(*(
                axis if is_other else numpy.array([at])
                for axis, at, is_other in zip(self.axes, self.place, mixed, strict=True)
            ))  # fmt: skip
            if any(mixed):
                cases = numpy.minimum(cases, self.cases[corner])
                value = numpy.minimum(value, self.value[corner])
            cost = cost + price[corner]
        return cases, value, cost

    def _corners(self, opposite: Place) -> list[Place]:
        other = [int(axis[at]) for axis, at in zip(self.axes, opposite, strict=True)]
        return [tuple(mixed) for mixed in product(*zip(self.place, other, strict=True))]

    def _spend(self, corners: Iterable[Place], cases: float, value: float) -> None:
        for corner in corners:
            if corner != self.place:
                self.cases[corner] -= cases
                self.value[corner] -= value
        self.need_cases -= cases
        self.need_value -= value


def _part(given: Amounts, needed: float) -> Amounts:
    """What part of the need is given, all at the most; of no need all."""
    return numpy.minimum(given / needed, 1) if needed > 0 else numpy.ones_like(given)
