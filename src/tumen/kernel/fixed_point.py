"""Numbers of documents: integers at scale 10^5, as text again and as fen."""

import polars as pl

from tumen.kernel.limits import FIXED_POINT_DIGITS, FIXED_POINT_SCALE

FEN_SCALE = 1_000
"""Units of the fixed point in one fen: 10^5 / 10^2."""


def text_of(value: pl.Expr) -> pl.Expr:
    """A fixed-point number as the shortest decimal text.

    >>> pl.select(text_of(pl.lit(1_905_050_000))).item()
    '19050.5'
    >>> pl.select(text_of(pl.lit(-50_000))).item()
    '-0.5'
    """
    whole = (value.abs() // FIXED_POINT_SCALE).cast(pl.String)
    part = (value.abs() % FIXED_POINT_SCALE).cast(pl.String).str.zfill(FIXED_POINT_DIGITS)
    sign = pl.when(value < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    return (sign + whole + "." + part).str.strip_chars_end("0").str.strip_suffix(".")


def fen_of(value: pl.Expr) -> pl.Expr:
    """A fixed-point amount of yuan in fen, half-up (GACC collection rules round to the fen).

    >>> pl.select(fen_of(pl.lit(1_234_500))).item()
    1235
    """
    return (value + FEN_SCALE // 2) // FEN_SCALE
