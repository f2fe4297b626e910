"""Columns made and picked at the engine's own price.

Between a call of Polars and its engine stands a layer of Python that finds out what was meant:
whether a value is an array of another library, whether a key is a name, a mask or a slice. For
ten rows that takes three to ten times as long as the work itself, and a small batch makes some
thousand such calls. Where the caller knows what it has, the engine is asked at once. What is
private to Polars is touched in this module alone.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from typing import Any, Final

import polars as pl
from polars.datatypes.constructor import polars_type_to_constructor

Kind = pl.DataType | type[pl.DataType]

_PLAIN: Final = (
    pl.Boolean, pl.String, pl.Binary, pl.Int8, pl.Int16, pl.Int32, pl.Int64, pl.Int128,
    pl.UInt8, pl.UInt16, pl.UInt32, pl.UInt64,
)  # fmt: skip
"""Kinds whose values are the engine's own; of others Polars makes them of what Python has."""


def column(name: str, values: Sequence[Any], kind: Kind) -> pl.Series:
    """A column of values of one kind; null is None.

    >>> column("row", [1, None], pl.UInt32).to_list()
    [1, None]
    """
    make = _maker(kind)
    if make is not None:
        with suppress(TypeError, OverflowError):  # Decimal among whole numbers, as sums come
            return pl.Series._from_pyseries(make(name, values, True))
    return pl.Series(name, values, kind)


@cache
def _maker(kind: Kind) -> Callable[[str, Sequence[Any], bool], Any] | None:
    return polars_type_to_constructor(kind) if kind.base_type() in _PLAIN else None


def frame_of(columns: Sequence[pl.Series]) -> pl.DataFrame:
    """Columns of one height as a frame; that of ``pl.DataFrame`` takes five times as long."""
    first, *others = columns
    return first.to_frame().hstack(others)


def from_rows(rows: Sequence[Sequence[Any]], schema: Mapping[str, Kind]) -> pl.DataFrame:
    """Rows of known columns as a frame.

    >>> from_rows([(1, "x"), (2, None)], {"row": pl.UInt32, "code": pl.String}).rows()
    [(1, 'x'), (2, None)]
    """
    columns: Iterable[Sequence[Any]] = zip(*rows, strict=True) if rows else [()] * len(schema)
    made = zip(schema.items(), columns, strict=True)
    return frame_of([column(name, values, kind) for (name, kind), values in made])


def chosen(frame: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    """Some columns of a frame, in the order of their names.

    >>> chosen(pl.DataFrame({"row": [1], "code": ["x"], "key": ["k"]}), ["key", "row"]).rows()
    [('k', 1)]
    """
    return pl.DataFrame._from_pydf(frame._df.select([*names]))


def renamed(frame: pl.DataFrame, names: Mapping[str, str]) -> pl.DataFrame:
    """Some columns of a frame under new names: the new one of each, and the one it has.

    >>> renamed(pl.DataFrame({"row": [1], "code": ["x"]}), {"reason": "code"}).to_dicts()
    [{'reason': 'x'}]
    """
    picked = chosen(frame, [*names.values()])
    picked.columns = [*names]
    return picked


def at_places(columns: Iterable[pl.Series], places: Sequence[int | None]) -> list[pl.Series]:
    """The values of columns at some places, in the order of the places; null where there is none.

    >>> [each.to_list() for each in at_places([pl.Series([5, 6])], [1, None])]
    [[6, None]]
    """
    at = column("", places, pl.UInt32)._s
    return [pl.Series._from_pyseries(each._s.gather_with_series(at)) for each in columns]


def where(columns: Iterable[pl.Series], mask: pl.Series) -> list[pl.Series]:
    """The values of columns that a mask is true of.

    >>> [each.to_list() for each in where([pl.Series([5, 6])], pl.Series([False, True]))]
    [[6]]
    """
    return [pl.Series._from_pyseries(each._s.filter(mask._s)) for each in columns]
