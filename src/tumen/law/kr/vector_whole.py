"""Expressions that the stages of Korea's vectorised law share: whole shipments, counts, cuts.

Lines of a shipment follow one another. What is said of a whole shipment is said on its first
line; :func:`of_first` carries it to the others.
"""

from types import ModuleType
from typing import Final, cast

import narwhals as nw
import polars as pl

from tumen.kernel.money import Rounding, mul_div
from tumen.law.columns import product, quotient
from tumen.law.kr.vector_values import rounding_of, tax_scale, tax_unit

PLACES: Final = (1, 2**7, 2**14, 2**21, 2**28, 2**35, 2**42, 2**49)
"""A shipment has at most 99 items: eight counts of them are the digits of one number."""

BASE: Final = PLACES[1]


def whole(x: ModuleType, each: nw.Expr) -> nw.Expr:
    """The sum over the lines of a shipment, on its first line; elsewhere it says nothing.

    Polars, whose lines stand in order, takes one running sum over all of them, a quarter of the
    time of a sum for each shipment. Where it leaves int64 the difference brings it back.
    """
    if x is not pl:
        return each.sum().over("shipment")
    running = each.cum_sum()
    ends = x.when(x.col("item") == x.col("items") - 1).then(running)
    return cast("nw.Expr", ends.fill_null(strategy="backward") - running + each)


def of_first(x: ModuleType, each: nw.Expr) -> nw.Expr:
    """What stands on the first line of a shipment, on all of them."""
    told = x.when(x.col("item") == 0).then(each)
    if x is not pl:
        return cast("nw.Expr", told.max().over("shipment"))
    return cast("nw.Expr", told.fill_null(strategy="forward"))


def next_told(x: ModuleType, each: nw.Expr) -> nw.Expr:
    """On the first line, what the first of the lines tells that tells anything."""
    found = each.fill_null(strategy="backward")
    return found if x is pl else found.over("shipment", order_by="item")


def digits(x: ModuleType, *flags: nw.Expr) -> nw.Expr:
    """Flags as digits of one number, so that one sum counts them all."""
    none = x.lit(0, x.Int64)
    told = (
        x.when(flag).then(x.lit(place, x.Int64)).otherwise(none)
        for flag, place in zip(flags, PLACES, strict=False)
    )
    return cast("nw.Expr", sum(told, start=none))


def digit(number: nw.Expr, place: int) -> nw.Expr:
    """One of the counts."""
    return quotient(number, PLACES[place]) % BASE


def bits(x: ModuleType, *flags: nw.Expr) -> nw.Expr:
    """Flags as bits of a small number."""
    none = x.lit(0, x.Int64)
    told = (
        x.when(flag).then(x.lit(1 << place, x.Int64)).otherwise(none)
        for place, flag in enumerate(flags)
    )
    return cast("nw.Expr", sum(told, start=none))


def has(number: nw.Expr, place: int) -> nw.Expr:
    """Whether a bit is set."""
    return quotient(number, 1 << place) % 2 == 1


def told(x: ModuleType, flag: nw.Expr, mask: int | nw.Expr) -> nw.Expr:
    """A mask of warnings where a flag is true, else none."""
    value = x.lit(mask, x.Int64) if isinstance(mask, int) else mask
    return cast("nw.Expr", x.when(flag).then(value).otherwise(x.lit(0, x.Int64)))


def share(each: nw.Expr, rate: nw.Expr) -> nw.Expr:
    """A tax: a share in millionths of an amount, cut."""
    return cut(product(each, rate))


def cut(millionths: nw.Expr) -> nw.Expr:
    """Millionths of a won as whole tens of won (국고금 관리법 47)."""
    rounding, scale = rounding_of("kr.tax.rounding"), tax_scale()
    if rounding is Rounding.DOWN:
        return product(quotient(millionths, scale), tax_unit())
    one, over = cast("nw.Expr", 1), cast("nw.Expr", scale)
    return product(mul_div(millionths, one, over, rounding), tax_unit())
