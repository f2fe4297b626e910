"""Violations are data: a stable code, where, with what value, and what would mend it.

A frame of violations has the columns of :data:`VIOLATION_SCHEMA`; steps collect them with
:func:`violations` and never stop at the first.
"""

from typing import Final

import polars as pl

from tumen.kernel.chains import in_line, in_order, stacked

VIOLATION_SCHEMA: Final = pl.Schema(
    {
        "row": pl.UInt32,  # the document, by its place in the batch
        "code": pl.String,  # a key of codelist/data/violations.toml
        "path": pl.String,  # the field, such as `items[0].unit_price`
        "value": pl.String,  # what stood there; masked for personal fields; null where absent
        "expected": pl.String,  # what would have been right, or the limit; null where unknown
    }
)


_NONE: Final = pl.DataFrame(schema=VIOLATION_SCHEMA)


def no_violations() -> pl.DataFrame:
    """An empty frame of violations; frames are immutable, so there is one."""
    return _NONE


def violations(
    where: pl.DataFrame,
    code: str,
    path: str | pl.Expr,
    *,
    value: pl.Expr | None = None,
    expected: pl.Expr | str | None = None,
) -> pl.DataFrame:
    """One violation for each row of ``where``.

    Args:
        where: the offending rows; must have the column ``row``.
        code: the violation's stable code.
        path: the field as text, or an expression that gives it.
        value: an expression for what stood there (cast to text); omit it for personal fields.
        expected: what would have been right, as text or an expression.
    """
    if where.is_empty():
        return no_violations()
    missing = pl.lit(None, pl.String)
    columns = [
        pl.col("row").cast(pl.UInt32),
        pl.lit(code).alias("code"),
        (pl.lit(path) if isinstance(path, str) else path).alias("path"),
        (missing if value is None else value.cast(pl.String)).alias("value"),
        (
            missing
            if expected is None
            else pl.lit(expected)
            if isinstance(expected, str)
            else expected.cast(pl.String)
        ).alias("expected"),
    ]
    return in_line(where, columns)


def gather(*frames: pl.DataFrame) -> pl.DataFrame:
    """All violations in one frame, ordered by document; empty frames cost nothing."""
    filled = [frame for frame in frames if not frame.is_empty()]
    if not filled:
        return no_violations()
    return in_order(stacked(filled), "row")
