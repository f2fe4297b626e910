"""Chains: several steps on a small frame as one operation.

Each step on a DataFrame is planned and run by itself, which on a few rows takes longer than the
step. A chain on a LazyFrame is run once; :func:`collected` does so as a DataFrame would.
"""

from collections.abc import Sequence
from typing import Final

import polars as pl

AS_WRITTEN: Final = pl.QueryOptFlags._eager()
"""With what every method of a DataFrame runs; Polars has no public name for it. Planning costs
more than it saves on few rows: three joins take 0.8 ms with its public flags, 0.2 ms with these."""


IN_LINE_MAX: Final = 512
"""Frames up to this height are worked on in the caller's thread: others would be waited for."""


def in_line(frame: pl.DataFrame, columns: Sequence[pl.Expr]) -> pl.DataFrame:
    """The columns that many expressions make of a frame; of a small one, one after the other."""
    return (frame.select_seq if frame.height <= IN_LINE_MAX else frame.select)(columns)


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
