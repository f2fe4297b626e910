"""Expressions on whole columns, written once for every engine.

A stage is a function of the words that Narwhals and Polars share (``x`` is the one or the other)
and gives columns. A Polars frame gets Polars' own expressions, which the stage makes once and
keeps; any other engine gets them by Narwhals. Translating them anew for each frame of Polars
costs thirty milliseconds, more than the whole road may take for one parcel.
"""

from collections.abc import Callable
from operator import floordiv, mul
from types import ModuleType
from typing import Any, TypeAlias, TypeVar, cast

import narwhals as nw
import polars as pl

from tumen.kernel.chains import collected, with_columns
from tumen.law.parameters import IN_FORCE, Scalar, history

Frame = TypeVar("Frame")
Column = TypeVar("Column", nw.Expr, pl.Expr)
Columns: TypeAlias = tuple[nw.Expr, ...]
Stage: TypeAlias = Callable[[ModuleType], Columns]


def run(frame: Frame, stages: tuple[Stage, ...], drop: tuple[str, ...]) -> Frame:
    """Add the columns of each stage in turn, then drop what only served between them."""
    if isinstance(frame, pl.DataFrame):
        add = with_columns(frame.height)
        table = frame.lazy()
        for stage in stages:
            table = add(table, cast("tuple[pl.Expr, ...]", stage(pl)))
        return cast("Frame", collected(table.drop(drop)))
    wrapped: nw.LazyFrame[Any] = nw.from_native(cast("Any", frame))
    for stage in stages:
        wrapped = wrapped.with_columns(*stage(nw))
    return cast("Frame", wrapped.drop(*drop).to_native())


def quotient(a: nw.Expr, c: nw.Expr | int) -> nw.Expr:
    """The whole part of ``a / c``; neither is negative, ``c`` is not zero."""
    return cast("nw.Expr", floordiv(a, c))


def product(a: nw.Expr, b: nw.Expr | int) -> nw.Expr:
    """``a * b`` exactly: the one bare product of the law.

    ``mul_div(a, b, 1)`` says the same in six operations. The callers' bounds keep it below 2^63,
    as the tests at the limits prove; a rate is never applied with it, for that is ``mul_div``.
    """
    return cast("nw.Expr", mul(a, b))


def at_column(name: str, day: Column) -> Column:
    """The value in force on each row's day; null on days that have none.

    Args:
        name: the parameter.
        day: an expression of dates, of Narwhals or of Polars; the answer is of the same.

    Raises:
        ParameterUnknown: if no parameter has this name.
    """
    dialect: ModuleType = pl if isinstance(day, pl.Expr) else nw
    values = [each for each in history(name) if each.evidence in IN_FORCE]
    dtype = _dtype(values[0].scalar, dialect) if values else dialect.Int64
    column = dialect.lit(None, dtype)
    for each in reversed(values):
        begun = day >= dialect.lit(each.first, dialect.Date)
        covers = (
            begun if each.last is None else begun & (day <= dialect.lit(each.last, dialect.Date))
        )
        column = dialect.when(covers).then(dialect.lit(each.scalar, dtype)).otherwise(column)
    return cast("Column", column)


def _dtype(value: Scalar, dialect: ModuleType) -> object:
    if isinstance(value, bool):
        return dialect.Boolean
    return dialect.Int64 if isinstance(value, int) else dialect.String
