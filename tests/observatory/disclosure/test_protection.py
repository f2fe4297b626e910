"""What is suppressed cannot be had back by sums and differences; what is not stays true."""

from itertools import product
from typing import Any

import numpy
import polars as pl
import pytest
from numpy.typing import NDArray

from tumen.kernel.errors import UsageError
from tumen.observatory.disclosure.cube import TOTAL, Cube, Flags, Rules, cube_of
from tumen.observatory.disclosure.protection import Protected, protected

Matrix = NDArray[numpy.float64]


def rows_of(seed: int, shape: tuple[int, ...], filled: float = 0.6) -> pl.DataFrame:
    """Contributors of very different size in some of the cells."""
    random = numpy.random.default_rng(seed)
    found: list[dict[str, Any]] = []
    for place in product(*map(range, shape)):
        if random.random() < filled:
            for contributor in range(int(random.integers(1, 8))):
                cases = int(random.integers(1, 30))
                value = cases * int(random.lognormal(3, 1))
                told = {f"d{at}": f"c{code}" for at, code in enumerate(place)}
                found.append({**told, "contributor": f"f{contributor}", "cases": cases,
                              "value": value})  # fmt: skip
    return pl.DataFrame(found)


def names(shape: tuple[int, ...]) -> list[str]:
    return [f"d{at}" for at in range(len(shape))]


def sums_of(shape: tuple[int, ...]) -> Matrix:
    """Every published sum as an equation over the cells: the parts less their total is nothing."""
    size, equations = int(numpy.prod(shape)), []
    index = numpy.arange(size).reshape(shape)
    for axis in range(len(shape)):
        for line in numpy.moveaxis(index, axis, -1).reshape(-1, shape[axis]):
            row = numpy.zeros(size)
            row[line[:-1]], row[line[-1]] = 1, -1
            equations.append(row)
    return numpy.array(equations)


def recovered(cube: Cube, suppressed: Flags) -> list[int]:
    """The suppressed cells that all sums and differences together give back exactly.

    What the sums leave open is the null space of the equations over the suppressed cells: a cell
    that no vector of it moves is known.
    """
    hidden = numpy.flatnonzero(suppressed)
    equations = sums_of(cube.cases.shape)[:, hidden]
    _, sizes, space = numpy.linalg.svd(equations)
    rank = int((sizes > 1e-9).sum())
    moves = numpy.abs(space[rank:]).max(axis=0, initial=0)
    return [int(cell) for cell, move in zip(hidden, moves, strict=True) if move < 1e-9]


def bounds(cube: Cube, suppressed: Flags, amounts: Matrix) -> tuple[Matrix, Matrix]:
    """What remains possible of each cell once every sum has tightened every bound, none below 0."""
    low, high = amounts.copy().ravel(), amounts.copy().ravel()
    hidden = suppressed.ravel()
    low[hidden], high[hidden] = 0, numpy.inf
    equations = sums_of(amounts.shape)
    lines = [
        (numpy.flatnonzero(row == 1), int(numpy.flatnonzero(row == -1)[0])) for row in equations
    ]
    for _ in range(30):
        for parts, total in lines:
            low[total] = max(low[total], low[parts].sum())
            high[total] = min(high[total], high[parts].sum())
            for part in parts:
                others = parts[parts != part]
                high[part] = min(high[part], high[total] - low[others].sum())
                low[part] = max(low[part], low[total] - high[others].sum())
    return low, high


CUBES = [(seed, shape) for seed in range(6) for shape in ((5, 6), (3, 4, 3), (3, 3, 2, 3))]


@pytest.fixture(scope="module", params=CUBES, ids=str)
def found(request: pytest.FixtureRequest) -> Protected:
    seed, shape = request.param
    return protected(cube_of(rows_of(seed, shape), names(shape)))


def test_no_sensitive_cell_is_had_back_by_sums_and_differences(found: Protected) -> None:
    sensitive = {*numpy.flatnonzero(found.sensitive).tolist()}
    if found.is_whole:
        assert not sensitive & {*recovered(found.cube, found.suppressed)}
    else:
        assert found.table().height <= 1


def test_a_sensitive_cell_stays_uncertain_by_its_share(found: Protected) -> None:
    if not found.is_whole:
        return
    for amounts, least in ((found.cube.cases, 1.0), (found.cube.value, 0.0)):
        low, high = bounds(found.cube, found.suppressed, amounts)
        for cell in numpy.flatnonzero(found.sensitive):
            told = amounts.ravel()[cell]
            room = max(least, Rules().protection * told)
            assert low[cell] <= told - min(room, told) + 1e-6
            assert high[cell] >= told + room - 1e-6


def test_the_attack_does_crack_tables_with_the_first_suppression_alone() -> None:
    # Without this the tests above might pass for want of an attack.
    cracked = 0
    for seed, shape in CUBES:
        cube = cube_of(rows_of(seed, shape), names(shape))
        sensitive = cube.sensitive(Rules())
        cracked += bool(recovered(cube, sensitive))
    assert cracked >= len(CUBES) / 2


def test_most_cubes_are_told_and_what_is_told_is_true() -> None:
    whole = 0
    for seed, shape in CUBES:
        cube = cube_of(rows_of(seed, shape), names(shape))
        made = protected(cube)
        whole += made.is_whole
        for row in made.table().iter_rows(named=True):
            place = tuple(
                codes.index(row[name])
                for name, codes in zip(cube.dimensions, cube.codes, strict=True)
            )
            if row["status"] == "Q":
                assert (row["cases"], row["value"]) == (None, None)
            else:
                assert (row["cases"], row["value"]) == (cube.cases[place], cube.value[place])
    assert whole >= len(CUBES) / 2


def rows(*told: tuple[str, str, str, int, int]) -> pl.DataFrame:
    columns = ["pair", "month", "contributor", "cases", "value"]
    return pl.DataFrame(told, schema=columns, orient="row")


def test_a_total_counts_each_contributor_once_and_sums_what_it_gave() -> None:
    told = rows(("a", "1", "x", 5, 50), ("a", "2", "x", 5, 50), ("b", "1", "y", 20, 60))
    cube = cube_of(told, ["pair", "month"])
    assert cube.codes == (("a", "b", TOTAL), ("1", "2", TOTAL))
    assert (cube.cases[-1, -1], cube.contributors[-1, -1], cube.largest[-1, -1]) == (30, 2, 100)
    assert (cube.cases[0, -1], cube.contributors[0, -1], cube.largest[0, -1]) == (10, 1, 100)


@pytest.mark.parametrize(
    ("told", "is_sensitive"),
    [
        ([(f"f{each}", 10, 100) for each in range(3)], False),
        ([(f"f{each}", 10, 100) for each in range(2)], True),
        ([(f"f{each}", 3, 100) for each in range(3)], True),
        ([("f0", 10, 1000), ("f1", 10, 100), ("f2", 10, 100)], True),
        ([("f0", 10, 600), ("f1", 10, 100), ("f2", 10, 100)], False),
    ],
)
def test_a_cell_is_sensitive_for_few_contributors_few_cases_or_one_that_dominates(
    told: list[tuple[str, int, int]], is_sensitive: bool
) -> None:
    cube = cube_of(rows(*(("a", "1", *each) for each in told)), ["pair", "month"])
    assert cube.sensitive(Rules())[0, 0] == is_sensitive


def test_a_total_that_nothing_can_hide_leaves_the_grand_total_alone() -> None:
    # One filer has month 1, in four hundred parts of one case: no few of them hide their sum.
    one = [(f"p{at:03}", "1", "x", 1, 10) for at in range(400)]
    many = [(f"p{at:03}", "2", f"f{filer}", 10, 400) for at in range(400) for filer in range(4)]
    made = protected(cube_of(rows(*one, *many), ["pair", "month"]))
    assert not made.is_whole
    assert made.table().rows() == [(TOTAL, TOTAL, 16_400, 644_000, "A")]


def test_the_cell_that_costs_least_hides_a_small_one() -> None:
    big = [(pair, month, f"f{each}", 50, 500) for pair in "ab" for month in "12"
           for each in range(4)]  # fmt: skip
    told = rows(*big, ("c", "1", "g", 3, 30), *(("c", "2", f"f{each}", 5, 50) for each in range(4)))
    table = protected(cube_of(told, ["pair", "month"])).table()
    hidden = set(table.filter(pl.col("status") == "Q").select("pair", "month").rows())
    assert ("c", "1") in hidden
    assert ("c", "2") in hidden
    assert (TOTAL, TOTAL) not in hidden
    assert len(hidden) == 4


def test_a_table_of_too_many_cells_is_refused() -> None:
    told = rows(*((f"p{at}", f"m{at}", "f", 1, 1) for at in range(300)))
    with pytest.raises(UsageError):
        cube_of(told, ["pair", "month"])
