"""From the shipment's currency to minor units of the destination's: the one place with 128 bits.

Amounts come at scale 10^6 and rates of exchange as whole numerator and denominator; both are
bounded (:mod:`tumen.law.vector.lines`), so that every product here stays below 2^127 and what
leaves is an int64.
"""

from typing import Final

import polars as pl

from tumen.kernel.money import Rounding

AMOUNT_SCALE: Final = 1_000_000
"""Of an amount in the shipment's currency."""

WIDE: Final = pl.Int128


def converted(
    amount_e6: pl.Expr, rounding: Rounding, minor: int = 1, times: int = 1, over: int = 1
) -> pl.Expr:
    """An amount of the shipment in minor units of the destination's currency.

    Args:
        amount_e6: in the shipment's currency, at scale 10^6, not negative.
        rounding: what becomes of a part of a minor unit.
        minor: minor units of one unit of the destination's currency.
        times: multiplies the amount before it is rounded.
        over: divides it, likewise.
    """
    top = amount_e6.cast(WIDE) * pl.col("rate_num").cast(WIDE) * (minor * times)
    return rounded(top, pl.col("rate_den").cast(WIDE) * (AMOUNT_SCALE * over), rounding)


def borne(part_e6: pl.Expr, rounding: Rounding, minor: int = 1) -> pl.Expr:
    """The same of a part of the goods with its share of freight and insurance, by price.

    Args:
        part_e6: the price of some of the goods; null where the goods are worth nothing.
        rounding: what becomes of a part of a minor unit.
        minor: minor units of one unit of the destination's currency.
    """
    goods = pl.col("goods_e6").cast(WIDE)
    whole = goods + pl.col("extra_e6").cast(WIDE)
    top = part_e6.cast(WIDE) * whole * pl.col("rate_num").cast(WIDE) * minor
    worth = pl.when(goods > 0).then(goods)
    return rounded(top, worth * pl.col("rate_den").cast(WIDE) * AMOUNT_SCALE, rounding)


def rounded(top: pl.Expr, bottom: pl.Expr, rounding: Rounding) -> pl.Expr:
    """A quotient of two 128-bit numbers that are not negative, as an int64."""
    if rounding is Rounding.HALF_UP:
        top, bottom = top * 2 + bottom, bottom * 2
    elif rounding is Rounding.UP:
        top = top + bottom - 1
    return (top // bottom).cast(pl.Int64, strict=False)
