"""How freight and insurance of a consignment go to its items in China, on whole columns.

Retail import and general trade share them alike: by value, cumulatively to the fen.
"""

from types import ModuleType
from typing import Final, cast

import narwhals as nw
import polars as pl

from tumen.kernel.chains import IN_LINE_MAX
from tumen.kernel.errors import LawError
from tumen.kernel.money import Rounding, mul_div
from tumen.law.columns import Columns, Frame, Stage, product, quotient, run
from tumen.law.overlay import remembered
from tumen.law.parameters import history

LIMB: Final = 1_000_000
"""Freight is divided in two limbs of this size, so that no product leaves int64."""


@remembered
def rounding() -> Rounding:
    """How amounts become whole fen: the parameter ``cn.cbec.rounding``, the same at all times.

    Raises:
        LawError: if the parameter changes with time, which an expression cannot follow.
    """
    (first, *others) = history("cn.cbec.rounding")
    if any(each.value != first.value for each in others):
        raise LawError("cn.cbec.rounding changes with time", name="cn.cbec.rounding")
    return Rounding(first.value)


def rounded(a: nw.Expr, b: nw.Expr | int, c: nw.Expr | int) -> nw.Expr:
    """``a * b / c``, rounded as the law demands."""
    return mul_div(a, cast("nw.Expr", b), cast("nw.Expr", c), rounding())


def value(items: Frame) -> Frame:
    """The customs value: each item's price with its share of freight and insurance.

    In the order of the items, the share of the first n together is freight plus insurance times
    their value over the whole value, rounded; an item's share is what it adds to that. So the
    shares add up to the fen, whatever the engine.

    Args:
        items: a row for each goods item: ``declaration``, ``item`` (unique within it),
            ``value_fen``, and, of the whole declaration, ``freight_fen`` and ``insurance_fen``.
            The sums of a declaration are at most ``AMOUNT_MINOR_MAX``.

    Returns:
        The frame with ``customs_value_fen`` (null where the whole value is nothing, so that
        nothing can be shared by it) and ``declaration_value_fen``.
    """
    if isinstance(items, pl.DataFrame) and _are_alone(items["declaration"]):
        return run(items, (_alone,), ())
    if isinstance(items, pl.DataFrame) and _are_in_order(items):
        stages = (_running, _ends, _between, *SHARING_IN_ORDER)
        return run(items, stages, ORDER_COLUMNS)
    return run(items, (_sums, _parts, *SHARING), VALUE_COLUMNS)


def _are_alone(declarations: pl.Series) -> bool:
    """Whether every item is alone; most tables show on the first look that some are not."""
    next_to_each_other = (declarations == declarations.shift(1)).any()
    return not next_to_each_other and bool(declarations.is_unique().all())


def _are_in_order(items: pl.DataFrame) -> bool:
    """Whether all values are told and the rows are sorted, as those of a large table mostly are."""
    if items.height <= IN_LINE_MAX or items["value_fen"].null_count():
        return False
    declaration, item = pl.col("declaration"), pl.col("item")
    is_same = declaration == declaration.shift(1)
    is_next = (declaration > declaration.shift(1)) | (is_same & (item > item.shift(1)))
    return bool(items.select(is_next.slice(1).fill_null(value=False).all()).item())


@remembered
def _alone(x: ModuleType) -> Columns:
    """An item that is alone bears all; most declarations of a small batch are such."""
    own = x.col("value_fen")
    whole = own + x.col("freight_fen") + x.col("insurance_fen")
    return (
        x.when(own > 0).then(whole).alias("customs_value_fen"),
        whole.alias("declaration_value_fen"),
    )


VALUE_COLUMNS: Final = (
    *("law_total", "law_running", "law_until", "law_before", "law_extra", "law_whole"),
    *("law_high_until", "law_high_before", "law_first_until", "law_first_before"),
)


ORDER_COLUMNS: Final = (
    *("law_total", "law_running", "law_until", "law_extra", "law_whole", "law_high_until"),
    *("law_first_until", "law_begins", "law_ends", "law_start", "law_end", "law_share"),
)


@remembered
def _running(x: ModuleType) -> Columns:
    """A running sum over all rows as they stand, and where a declaration begins and ends."""
    own, declaration = x.col("value_fen"), x.col("declaration")
    return (
        own.cum_sum().cast(x.Int64).alias("law_running"),
        (declaration != declaration.shift(1)).fill_null(value=True).alias("law_begins"),
        (declaration != declaration.shift(-1)).fill_null(value=True).alias("law_ends"),
        (x.col("freight_fen") + x.col("insurance_fen")).alias("law_extra"),
    )


@remembered
def _ends(x: ModuleType) -> Columns:
    """Of each row the running sum before its declaration, and at its end."""
    running = x.col("law_running")
    start = x.when(x.col("law_begins")).then(running - x.col("value_fen"))
    end = x.when(x.col("law_ends")).then(running)
    return (
        start.fill_null(strategy="forward").alias("law_start"),
        end.fill_null(strategy="backward").alias("law_end"),
    )


@remembered
def _between(x: ModuleType) -> Columns:
    running, start = x.col("law_running"), x.col("law_start")
    total = x.col("law_end") - start
    return (
        total.alias("law_total"),
        (running - start).alias("law_until"),
        x.when(total > 0).then(total).alias("law_whole"),
    )


@remembered
def _sums(x: ModuleType) -> Columns:
    """A running sum over all rows in order; less its start it is the one of a declaration.

    One running sum for each declaration says the same and takes ten times as long.
    """
    own = x.col("value_fen")
    running = own.cum_sum().over(order_by=["declaration", "item"]).cast(x.Int64)
    return (
        own.sum().over("declaration").cast(x.Int64).alias("law_total"),
        running.alias("law_running"),
        (x.col("freight_fen") + x.col("insurance_fen")).alias("law_extra"),
    )


@remembered
def _parts(x: ModuleType) -> Columns:
    earlier = x.col("law_running") - x.col("value_fen")
    start = earlier.min().over("declaration")
    total = x.col("law_total")
    return (
        (earlier - start).alias("law_before"),
        (x.col("law_running") - start).alias("law_until"),
        x.when(total > 0).then(total).alias("law_whole"),
    )


@remembered
def _limbs(x: ModuleType) -> Columns:
    return _high(x, "until"), _high(x, "before")


@remembered
def _quotients(x: ModuleType) -> Columns:
    return _first(x, "until"), _first(x, "before")


@remembered
def _shares(x: ModuleType) -> Columns:
    return _customs_values(x, _share(x, "until") - _share(x, "before"))


@remembered
def _limb(x: ModuleType) -> Columns:
    return (_high(x, "until"),)


@remembered
def _quotient(x: ModuleType) -> Columns:
    return (_first(x, "until"),)


@remembered
def _share_until(x: ModuleType) -> Columns:
    return (_share(x, "until").alias("law_share"),)


@remembered
def _shares_in_order(x: ModuleType) -> Columns:
    """The share of the items before one is that of the row before it."""
    share = x.col("law_share")
    before = x.when(x.col("law_begins")).then(x.lit(0, x.Int64)).otherwise(share.shift(1))
    return _customs_values(x, share - before)


def _high(x: ModuleType, part: str) -> nw.Expr:
    """``extra * part`` with all up to 10^12 would leave int64: its high limb times the part."""
    high = quotient(x.col("law_extra"), LIMB)
    return product(high, x.col(f"law_{part}")).alias(f"law_high_{part}")


def _first(x: ModuleType, part: str) -> nw.Expr:
    """The high limb over the whole; what remains of it is carried to the low limb."""
    return quotient(x.col(f"law_high_{part}"), x.col("law_whole")).alias(f"law_first_{part}")


def _customs_values(x: ModuleType, shared: nw.Expr) -> Columns:
    return (
        (x.col("value_fen") + shared).alias("customs_value_fen"),
        (x.col("law_total") + x.col("law_extra")).alias("declaration_value_fen"),
    )


def _share(x: ModuleType, part: str) -> nw.Expr:
    """The share of the items up to a place: both limbs over the whole, rounded once."""
    whole, low = x.col("law_whole"), x.col("law_extra") % LIMB
    carried = x.col(f"law_high_{part}") % whole
    rest = product(carried, LIMB) + product(low, x.col(f"law_{part}"))
    return product(x.col(f"law_first_{part}"), LIMB) + rounded(rest, 1, whole)


SHARING: Final[tuple[Stage, ...]] = (_limbs, _quotients, _shares)
"""From ``law_extra``, ``law_whole`` (null where nothing is worth anything), ``law_total``, and of
each item ``value_fen`` and the value ``law_until`` and ``law_before`` it, the customs value."""

SHARING_IN_ORDER: Final[tuple[Stage, ...]] = (_limb, _quotient, _share_until, _shares_in_order)
"""The same of rows in order, from ``law_begins`` instead of ``law_before``: fewer divisions."""
