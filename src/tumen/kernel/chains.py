"""Chains: several steps on a small frame as one operation.

Each step on a DataFrame is planned and run by itself, which on a few rows takes longer than the
step. A chain on a LazyFrame is run once; :func:`collected` does so as a DataFrame would.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

import polars as pl

AS_WRITTEN: Final = pl.QueryOptFlags._eager()
"""With what every method of a DataFrame runs; Polars has no public name for it. Planning costs
more than it saves on few rows: three joins take 0.8 ms with its public flags, 0.2 ms with these."""


IN_LINE_MAX: Final = 512
"""Frames up to this height are worked on in the caller's thread: others would be waited for."""


ABSENT: Final = -1
"""The place of what is not there."""


def in_line(frame: pl.DataFrame, columns: Sequence[pl.Expr]) -> pl.DataFrame:
    """The columns that many expressions make of a frame; of a small one, one after the other."""
    return (frame.select_seq if frame.height <= IN_LINE_MAX else frame.select)(columns)


def with_columns(height: int) -> Callable[[pl.LazyFrame, Sequence[pl.Expr]], pl.LazyFrame]:
    """How columns are added to a frame of so many rows: to a small one, one after the other."""
    return pl.LazyFrame.with_columns_seq if height <= IN_LINE_MAX else pl.LazyFrame.with_columns


def repeated(
    name: str, value: Any, height: int, kind: pl.DataType | type[pl.DataType]
) -> pl.Series:
    """A column of one value; an expression that repeats it takes twelve times as long.

    >>> repeated("kind", "order", 2, pl.String).to_list()
    ['order', 'order']
    """
    return pl.Series(name, [value], kind).new_from_index(0, height)


def matched(frame: pl.DataFrame, more: pl.DataFrame, key: str) -> pl.DataFrame:
    """The rows of which more is known, in their order, with the columns of both frames.

    A few rows are looked up one by one: a join wakes other threads, and takes five times as long.

    Args:
        frame: the rows; of one key there may be many.
        more: what else is known, each key once.
        key: the column that both have.

    >>> there = pl.DataFrame({"row": [1, 2, 2]})
    >>> matched(there, pl.DataFrame({"code": ["y", "x"], "row": [2, 1]}), "row").rows()
    [(1, 'x'), (2, 'y'), (2, 'y')]
    """
    if frame.height <= IN_LINE_MAX and more.height <= IN_LINE_MAX:
        places = {value: place for place, value in enumerate(more[key].to_list())}
        found = [places.get(value, ABSENT) for value in frame[key].to_list()]
        if ABSENT not in found:
            others = [each for each in more.iter_columns() if each.name != key]
            return frame.hstack([each.gather(found) for each in others])
    return frame.join(more, on=key, maintain_order="left")


def collected(chain: pl.LazyFrame) -> pl.DataFrame:
    """The frame that a chain gives, every step done as it is written."""
    return chain.collect(engine="in-memory", optimizations=AS_WRITTEN)


def beside(chain: pl.LazyFrame, more: pl.DataFrame, *keys: str) -> pl.LazyFrame:
    """The chain's rows in their order with the columns of what else is known, null elsewhere.

    Where nothing else is known there is nothing to join.

    >>> there = pl.DataFrame({"row": [1]})
    >>> collected(beside(there.lazy(), there.clear().with_columns(code=pl.lit("x")), "row")).rows()
    [(1, None)]
    """
    if more.is_empty():
        others = [(name, kind) for name, kind in more.schema.items() if name not in keys]
        return chain.with_columns([pl.lit(None, kind).alias(name) for name, kind in others])
    return chain.join(more.lazy(), on=keys, how="left", maintain_order="left")
