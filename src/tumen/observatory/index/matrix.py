"""Data of an index: one value for each economy and indicator, and what stands for a missing one."""

from collections import Counter
from dataclasses import dataclass
from typing import Final

import numpy
from numpy.typing import NDArray

from tumen.observatory.index.framework import Framework
from tumen.observatory.indicators.collection import Collection
from tumen.observatory.indicators.comparison import Values, latest
from tumen.observatory.indicators.errors import IndicatorError

Array = NDArray[numpy.float64]
Flags = NDArray[numpy.bool_]
LOWER: Final = "lower"


@dataclass(frozen=True)
class Matrix:
    """Values of the reference economies (rows) in the indicators (columns) of a framework.

    ``carried`` marks a value of another year than most of its column: where imputation is tried,
    another value may stand for it. ``absent`` marks what has no value at all.
    """

    values: Array
    carried: Flags
    absent: Flags
    periods: tuple[tuple[str, ...], ...]
    sources: frozenset[str]
    signs: Array


def matrix_of(collection: Collection, framework: Framework) -> Matrix:
    """The values of a framework's year; larger ones are better in every column.

    Raises:
        IndicatorError: an indicator is not known, or nobody or too few have a value of it.
    """
    columns = [
        latest(collection.best(each.code), framework.year, framework.age)
        for each in framework.measures
    ]
    values = numpy.array([
        [column[economy]["value"] if economy in column else numpy.nan for column in columns]
        for economy in framework.reference
    ], dtype=float)  # fmt: skip
    absent = numpy.isnan(values)
    _refuse_gaps(framework, absent)
    signs = [
        -1.0 if collection.indicator(each.code).better == LOWER else 1.0
        for each in framework.measures
    ]
    periods = tuple(
        tuple(
            column[economy]["period"] if economy in column else ""
            for economy in framework.reference
        )
        for column in columns
    )
    return Matrix(
        _transformed(framework, values), _carried(periods), absent, periods,
        frozenset(row["source"] for column in columns for row in _of(column, framework)),
        numpy.array(signs),
    )  # fmt: skip


def _of(column: Values, framework: Framework) -> list[dict[str, str]]:
    return [dict(column[economy]) for economy in framework.reference if economy in column]


def _refuse_gaps(framework: Framework, absent: Flags) -> None:
    """More than half of a column, or of an economy's row, cannot be made up."""
    for at, measure in enumerate(framework.measures):
        if absent[:, at].mean() > 1 / 2:
            raise IndicatorError(
                "MATRIX_INCOMPLETE",
                f"{measure.code} is held of {(~absent[:, at]).sum()} of {len(absent)} economies.",
            )
    for at, economy in enumerate(framework.reference):
        if absent[at].mean() > 1 / 2:
            raise IndicatorError(
                "MATRIX_INCOMPLETE", f"{economy} has values of less than half of the indicators."
            )


def _transformed(framework: Framework, values: Array) -> Array:
    logs = [each.transform == "log" for each in framework.measures]
    if (values[:, logs] < 0).any():
        raise IndicatorError("MATRIX_INCOMPLETE", "A logarithm is asked of a negative value.")
    found = values.copy()
    found[:, logs] = numpy.log1p(values[:, logs])
    return found


def _carried(periods: tuple[tuple[str, ...], ...]) -> Flags:
    """Which values are of another period than most of their column, by row and column."""
    usual = [Counter(filter(None, column)).most_common(1)[0][0] for column in periods]
    told = [
        [bool(period) and period != most for period in column]
        for column, most in zip(periods, usual, strict=True)
    ]
    return numpy.array(told, dtype=bool).T


def imputed(matrix: Matrix, how: str) -> Array:
    """The matrix without gaps: `carry` keeps older values, the others make up those, too.

    `median` takes the middle of the column; `neighbour` the value of the economy that is most
    alike in the other columns.
    """
    gaps = matrix.absent if how == "carry" else matrix.absent | matrix.carried
    known = numpy.where(gaps, numpy.nan, matrix.values)
    middles = numpy.nanmedian(known, axis=0)
    if how != "neighbour":
        return numpy.where(gaps, middles, matrix.values)
    return numpy.where(gaps, _neighbours(known, gaps), matrix.values)


def _neighbours(known: Array, gaps: Flags) -> Array:
    """For each gap, the column's value of the nearest economy that has one."""
    spread = numpy.nanstd(known, axis=0)
    scaled = (known - numpy.nanmean(known, axis=0)) / numpy.where(spread > 0, spread, 1)
    apart = numpy.sqrt(numpy.nanmean((scaled[:, None, :] - scaled[None, :, :]) ** 2, axis=2))
    numpy.fill_diagonal(apart, numpy.inf)
    found = known.copy()
    for row, column in zip(*numpy.nonzero(gaps), strict=True):
        distances = numpy.where(gaps[:, column], numpy.inf, apart[row])
        found[row, column] = known[int(numpy.argmin(distances)), column]
    return found
