"""Few rows: what a batch of one to some hundred documents costs is less its work than its planning.

Each step on a DataFrame is planned and run by itself, and most of them hand their work to another
thread and wait for it. A chain on a LazyFrame is run once (:func:`collected`); what is only looked
up, picked or put together is done column by column in the caller's thread. Frames of many rows are
left to the frame engine. The rows are the same either way.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime, timedelta
from functools import reduce
from typing import Any, Final

import polars as pl

from tumen.kernel.columns import at_places, chosen, column, frame_of, where

AS_WRITTEN: Final = pl.QueryOptFlags._eager()
"""With what every method of a DataFrame runs; Polars has no public name for it. Planning costs
more than it saves on few rows: three joins take 0.8 ms with its public flags, 0.2 ms with these."""


IN_LINE_MAX: Final = 512
"""Frames up to this height are worked on in the caller's thread: others would be waited for."""


_COMPANY: Final = [
    pl.lit(0, pl.Int8).alias(f"company {place}") for place in range(pl.thread_pool_size())
]
"""What goes with few expressions. Of fewer than it has threads the engine parts each one among
them, though they are to be done one after the other: a key of ten rows is then made in 94 us and
three wakings, in company in 31 us without one."""

_COMPANIONS: Final = frozenset(each.meta.output_name() for each in _COMPANY)


def _in_company(columns: Sequence[pl.Expr]) -> Sequence[pl.Expr]:
    """The expressions, and as many more as the engine needs to do each in one thread."""
    return [*columns, *_COMPANY[len(columns) :]]


def _alone(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame without the columns that only went in company."""
    return without(frame, *_COMPANIONS) if _COMPANIONS.intersection(frame.columns) else frame


def in_line(frame: pl.DataFrame, columns: Sequence[pl.Expr]) -> pl.DataFrame:
    """The columns that expressions make of a frame; of a small one, one after the other.

    >>> in_line(pl.DataFrame({"row": [1, 2]}), [pl.col("row") + 1]).rows()
    [(2,), (3,)]
    """
    if frame.height > IN_LINE_MAX:
        return frame.select(columns)
    return _alone(frame.select_seq(_in_company(columns)))


def with_columns(height: int) -> Callable[[pl.LazyFrame, Sequence[pl.Expr]], pl.LazyFrame]:
    """How :func:`collected` chains add columns to so many rows: few, one after the other."""
    return _added_in_line if height <= IN_LINE_MAX else pl.LazyFrame.with_columns


def _added_in_line(chain: pl.LazyFrame, columns: Sequence[pl.Expr]) -> pl.LazyFrame:
    return chain.with_columns_seq(_in_company(columns))


def repeated(
    name: str, value: Any, height: int, kind: pl.DataType | type[pl.DataType]
) -> pl.Series:
    """A column of one value; an expression that repeats it takes twelve times as long.

    A moment is written as its microseconds: to read its zone takes twenty times as long.

    >>> repeated("kind", "order", 2, pl.String).to_list()
    ['order', 'order']
    """
    if isinstance(value, datetime):
        microseconds = (value - _EPOCH) // timedelta(microseconds=1)
        return repeated(name, microseconds, height, pl.Int64).cast(kind)
    return column(name, [value], kind).new_from_index(0, height)


_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def added(frame: pl.DataFrame, columns: Sequence[pl.Expr]) -> pl.DataFrame:
    """The frame with more columns; to a small one they are added one after the other."""
    if frame.height > IN_LINE_MAX:
        return frame.with_columns(columns)
    return _alone(frame.with_columns_seq(_in_company(columns)))


def without(frame: pl.DataFrame, *names: str) -> pl.DataFrame:
    """The frame less some of its columns."""
    return chosen(frame, [name for name in frame.columns if name not in names])


def is_among(values: pl.Series, known: Collection[Any]) -> pl.Series:
    """Which values of a column are among some that are known; null is not.

    >>> is_among(pl.Series([1, 2, None]), {2, 3}).to_list()
    [False, True, False]
    """
    if len(values) > IN_LINE_MAX:
        listed = pl.Series(values=list(known), dtype=values.dtype)
        return values.is_in(listed.implode()).fill_null(value=False)
    known_ones = {*known} - {None}
    return column(values.name, [each in known_ones for each in values.to_list()], pl.Boolean)


def is_there(values: pl.Series) -> pl.Series:
    """Which values of a column are not null; that of Polars is planned as a frame's.

    >>> is_there(pl.Series([1, None])).to_list()
    [True, False]
    """
    if len(values) > IN_LINE_MAX:
        return values.is_not_null()
    return column(values.name, [each is not None for each in values.to_list()], pl.Boolean)


def kept(frame: pl.DataFrame, mask: pl.Series) -> pl.DataFrame:
    """The rows that a mask is true of; the frame itself where it is true of all.

    >>> kept(pl.DataFrame({"row": [1, 2, 3]}), pl.Series([True, None, False])).rows()
    [(1,)]
    """
    count = mask.sum()
    if count == frame.height:
        return frame
    if not count:
        return frame.clear()
    if frame.height > IN_LINE_MAX:
        return frame.filter(mask)
    return frame_of(where(frame.get_columns(), mask))


def taken(frame: pl.DataFrame, places: Sequence[int]) -> pl.DataFrame:
    """The rows at some places, in the order of the places.

    >>> taken(pl.DataFrame({"row": [1, 2, 3]}), [2, 0]).rows()
    [(3,), (1,)]
    """
    if len(places) > IN_LINE_MAX:
        return frame[pl.Series(values=places, dtype=pl.UInt32)]
    return frame_of(_picked(frame.get_columns(), places))


def distinct(frame: pl.DataFrame) -> pl.DataFrame:
    """Each row once.

    >>> distinct(pl.DataFrame({"row": [2, 1, 2]})).rows()
    [(2,), (1,)]
    """
    if frame.height > IN_LINE_MAX:
        return frame.unique(maintain_order=True)
    first: dict[tuple[Any, ...], int] = {}
    for place, row in enumerate(frame.rows()):
        first.setdefault(row, place)
    return frame if len(first) == frame.height else taken(frame, [*first.values()])


def stacked(frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Frames of the same columns under each other; there is at least one.

    >>> stacked([pl.DataFrame({"row": [1]}), pl.DataFrame({"row": [2]})]).rows()
    [(1,), (2,)]
    """
    if sum(frame.height for frame in frames) > IN_LINE_MAX:
        return pl.concat(frames)
    return reduce(pl.DataFrame.vstack, frames)


def in_order(frame: pl.DataFrame, *keys: str) -> pl.DataFrame:
    """The rows in the order of their keys, equal ones as they stood; mostly they stand so already.

    >>> in_order(pl.DataFrame({"row": [2, 1]}), "row").rows()
    [(1,), (2,)]
    """
    if len(keys) == 1 and frame[keys[0]].is_sorted():
        return frame
    if frame.height > IN_LINE_MAX:
        return frame.sort(keys, maintain_order=True)
    values = _values(frame, keys)
    places = sorted(range(frame.height), key=values.__getitem__)
    return frame if places == [*range(frame.height)] else taken(frame, places)


def matched(frame: pl.DataFrame, more: pl.DataFrame, *keys: str) -> pl.DataFrame:
    """The rows of which more is known, in their order, with the columns of both frames.

    Args:
        frame: the rows; of one key there may be many.
        more: what else is known.
        keys: the columns that both have; null is equal to nothing.

    >>> there = pl.DataFrame({"row": [1, 2, 2, 3]})
    >>> matched(there, pl.DataFrame({"code": ["y", "x"], "row": [2, 1]}), "row").rows()
    [(1, 'x'), (2, 'y'), (2, 'y')]
    """
    places = _places(frame, more, keys)
    if places is None:
        return frame.join(more, on=keys, maintain_order="left")
    if None in places:
        frame = taken(frame, [n for n, place in enumerate(places) if place is not None])
        places = [place for place in places if place is not None]
    return _hung(frame, more, keys, places)


def beside(
    frame: pl.DataFrame, more: pl.DataFrame, *keys: str, nulls_equal: bool = False
) -> pl.DataFrame:
    """The rows in their order with the columns of what else is known of them, null elsewhere.

    A few rows are looked up one by one: a join wakes other threads, and takes ten times as long.

    Args:
        frame: the rows; of one key there may be many.
        more: what else is known.
        keys: the columns that both have.
        nulls_equal: whether null is equal to null; otherwise it is equal to nothing.

    >>> there = pl.DataFrame({"row": [1, 2]})
    >>> beside(there, pl.DataFrame({"row": [2], "code": ["x"]}), "row").rows()
    [(1, None), (2, 'x')]
    """
    if more.is_empty():
        return frame.hstack(at_places(_others(more, keys), [None] * frame.height))
    places = _places(frame, more, keys, nulls_equal=nulls_equal)
    if places is None:
        return frame.join(more, on=keys, how="left", nulls_equal=nulls_equal, maintain_order="left")
    return _hung(frame, more, keys, places)


def _hung(
    frame: pl.DataFrame, more: pl.DataFrame, keys: Sequence[str], places: Sequence[int | None]
) -> pl.DataFrame:
    """The frame with the other columns of what stands at the places; null where none is."""
    return frame.hstack(_picked(_others(more, keys), places))


def _others(frame: pl.DataFrame, names: Sequence[str]) -> list[pl.Series]:
    """The other columns than those named."""
    return without(frame, *names).get_columns()


def _picked(columns: Sequence[pl.Series], places: Sequence[int | None]) -> list[pl.Series]:
    """The values of columns at some places, null where there is none; mostly all, as they stand."""
    if places == [*range(len(places))]:
        return [each.slice(0, len(places)) for each in columns]
    return at_places(columns, places)


def _places(
    frame: pl.DataFrame, more: pl.DataFrame, keys: Sequence[str], *, nulls_equal: bool = False
) -> list[int | None] | None:
    """Where each row's keys stand in the other frame; None in place of all: they are not looked up.

    Many rows are joined, and so are keys of which the other frame has one twice.
    """
    if frame.height > IN_LINE_MAX or more.height > IN_LINE_MAX:
        return None
    known: dict[Any, int | None] = {key: n for n, key in enumerate(_values(more, keys))}
    if len(known) < more.height:
        return None
    if not nulls_equal:
        known |= {key: None for key in known if key is None or (len(keys) > 1 and None in key)}
    return [known.get(key) for key in _values(frame, keys)]


def _values(frame: pl.DataFrame, keys: Sequence[str]) -> list[Any]:
    """The keys of each row: the value of the one column, or those of several together."""
    columns = [frame.get_column(key).to_list() for key in keys]
    return columns[0] if len(columns) == 1 else list(zip(*columns, strict=True))


def collected(chain: pl.LazyFrame) -> pl.DataFrame:
    """The frame that a chain gives, every step done as it is written."""
    return _alone(chain.collect(engine="in-memory", optimizations=AS_WRITTEN))
