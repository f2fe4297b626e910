"""Cross-border e-commerce retail import of China, on whole columns, on any engine.

The functions take a frame of any engine that Narwhals knows and give back a frame of the same
engine. Amounts are int64 in fen, rates int64 in millionths, quantities int64 at scale 10^5.
``docs/law-cn.md`` says how an officer can check each number.

1. :func:`~.apportionment.value` shares freight and insurance among the items: the customs value.
2. :func:`verdict` compares a declaration with the limits of its day.
3. :func:`charges` computes duty, consumption tax and VAT of each item.

"""

from types import ModuleType
from typing import Final, cast

import narwhals as nw
import polars as pl

from tumen.kernel.chains import IN_LINE_MAX, beside, distinct
from tumen.kernel.limits import AMOUNT_MINOR_MAX, QUANTITY_E5_MAX, RATE_SCALE
from tumen.kernel.money import Rounding, mul_div
from tumen.law.cn.apportionment import rounded, value
from tumen.law.cn.cbec_rates import KEYS, RATES_SCHEMA, rates
from tumen.law.columns import Columns, Frame, Stage, at_column, product, run
from tumen.law.overlay import remembered
from tumen.law.vector.kept import kept
from tumen.law.vector.periods import periods_of

__all__ = ["assess", "charges", "value", "verdict"]

WITHIN_LIMIT: Final = "within_limit"
OVER_SINGLE_INDIVISIBLE: Final = "over_single_indivisible"
OVER_SINGLE_LIMIT: Final = "over_single_limit"
OVER_ANNUAL_LIMIT: Final = "over_annual_limit"
NOT_IN_FORCE: Final = "not_in_force"

PERIOD: Final = "law_period"
PERCENT: Final = 100
PAYABLE_SCALE: Final = 100_000_000
"""A rate in millionths times a share in per cent."""


# --- 2. the limits -------------------------------------------------------------------------------


def verdict(declarations: Frame) -> Frame:
    """Whether each declaration is within the limits of its day.

    From 2016-04-08 an indivisible item above the single limit bears full taxes; from 2019-01-01
    it also uses the annual allowance, and one that exceeds it leaves the regime. Both limits
    are inclusive. The annual limit is judged first, but for an item that does not count to it.

    Args:
        declarations: a row for each: ``day``, ``declaration_value_fen``,
            ``is_single_indivisible`` (one item that cannot be divided, nothing else) and
            ``used_before_fen`` (what the person used in that calendar year before).

    Returns:
        The frame with ``verdict``, null where the value, the day or the use is unknown, and
        ``is_counted``: whether the declaration uses the year's allowance.
    """
    return run(declarations, (*LIMITS, _counted), LIMIT_COLUMNS)


LIMIT_COLUMNS: Final = ("law_single", "law_annual", "law_counts")


@remembered
def _limits(x: ModuleType) -> Columns:
    day = x.col("day")
    return (
        at_column("cn.cbec.single_limit", day).alias("law_single"),
        at_column("cn.cbec.annual_limit", day).alias("law_annual"),
        at_column("cn.cbec.over_single_counts_to_annual", day).alias("law_counts"),
    )


@remembered
def _verdict(x: ModuleType) -> Columns:
    amount, used = x.col("declaration_value_fen"), x.col("used_before_fen")
    single = x.col("law_single")
    known = ~(x.col("day").is_null() | amount.is_null() | used.is_null())
    over_single = (
        x.when(x.col("is_single_indivisible"))
        .then(x.lit(OVER_SINGLE_INDIVISIBLE))
        .otherwise(x.lit(OVER_SINGLE_LIMIT))
    )
    within = x.when(known).then(x.lit(WITHIN_LIMIT))
    single_judged = x.when(known & (amount > single)).then(over_single).otherwise(within)
    annual_judged = (
        x.when(known & (used + amount > x.col("law_annual")))
        .then(x.lit(OVER_ANNUAL_LIMIT))
        .otherwise(single_judged)
    )
    apart = x.col("is_single_indivisible") & (amount > single) & ~x.col("law_counts")
    judged = x.when(known & apart).then(over_single).otherwise(annual_judged)
    outside = x.when(known & single.is_null()).then(x.lit(NOT_IN_FORCE))
    return (outside.otherwise(judged).alias("verdict"),)


@remembered
def _counted(x: ModuleType) -> Columns:
    judged = x.col("verdict")
    full = (judged == OVER_SINGLE_INDIVISIBLE) & x.col("law_counts")
    return (((judged == WITHIN_LIMIT) | full).alias("is_counted"),)


# --- 3. the charges ------------------------------------------------------------------------------


def charges(items: pl.DataFrame) -> pl.DataFrame:
    """Duty, consumption tax and VAT of each goods item; null where something is unknown.

    Args:
        items: a row for each goods item with ``day``, ``hs_code`` (10 digits),
            ``customs_value_fen``, ``verdict``, and the quantities ``quantity_e5`` in ``unit``,
            ``quantity_1_e5`` in ``unit_1``, ``quantity_2_e5`` in ``unit_2`` (customs unit codes).

    Returns:
        The frame, in the same order, with what :func:`assess` adds.
    """
    if items.height <= IN_LINE_MAX:
        found = rates(distinct(items[[*KEYS]]))
        return assess(beside(items, found, *KEYS, nulls_equal=True))
    keys = [PERIOD if name == "day" else name for name in KEYS]
    keyed = items.with_columns(periods_of(items["day"], "CN").alias(PERIOD))
    return assess(kept("cbec").joined(keyed, keys, _rates_of_period)).drop(PERIOD)


def _rates_of_period(keys: pl.DataFrame) -> pl.DataFrame:
    return rates(keys.rename({PERIOD: "day"})).drop(KEYS)


def assess(items: Frame) -> Frame:
    """The charges of items that were joined with their :func:`~.cbec_rates.rates`, on any engine.

    On other engines than Polars the caller joins the rates of the distinct ``KEYS``, null
    equal to null, and goes on here.

    Returns:
        The frame without the columns of the rates, with for each of ``duty``,
        ``consumption_tax`` and ``vat``: ``<tax>_base_fen``, ``<tax>_rate_ppm`` (the full rate),
        ``<tax>_factor_percent`` (what share is payable; not for duty) and ``<tax>_fen``; for the
        part of the consumption tax that goes by quantity ``consumption_tax_unit_fen`` for each
        ``consumption_tax_per_e5`` of ``consumption_tax_quantity_e5``; ``missing``, the name of
        what is unknown, and ``unverified``, the names of what is not certain.
    """
    return run(items, (_standing, _terms, *TRIGGER, *DUTY, *TAXES, _names), CHARGE_COLUMNS)


CHARGE_COLUMNS: Final = (
    *(name for name in RATES_SCHEMA if name not in KEYS),
    *("law_value", "law_is_full", "law_is_within", "law_is_reached"),
    *("law_specific", "law_before_tax", "law_vat_part"),
)


@remembered
def _standing(x: ModuleType) -> Columns:
    """Stage 1: the value that is assessed, within the limits or in full."""
    verdict, amount = x.col("verdict"), x.col("customs_value_fen")
    bounded = (amount >= 0) & (amount <= AMOUNT_MINOR_MAX)
    full = (bounded & (verdict == OVER_SINGLE_INDIVISIBLE)).fill_null(value=False)
    within = (bounded & (verdict == WITHIN_LIMIT)).fill_null(value=False)
    return (
        full.alias("law_is_full"),
        within.alias("law_is_within"),
        x.when(full | within).then(amount).alias("law_value"),
    )


@remembered
def _terms(x: ModuleType) -> Columns:
    """Stage 2: which terms hold, and which quantity a tax turns on."""
    full, within, pick = x.col("law_is_full"), x.col("law_is_within"), x.col("law_pick")
    second = x.when(pick == 1).then(x.col("quantity_1_e5"))
    third = x.when(pick == 2).then(x.col("quantity_2_e5"))
    picked = x.when(pick == 0).then(x.col("quantity_e5")).otherwise(second.otherwise(third))

    def chosen(if_full: nw.Expr, name: str, result: str) -> nw.Expr:
        terms = x.when(full).then(if_full).otherwise(x.when(within).then(x.col(name)))
        return cast("nw.Expr", terms.alias(result))

    whole = x.lit(PERCENT, x.Int64)
    quantity = x.when((picked > 0) & (picked <= QUANTITY_E5_MAX)).then(picked)
    return (
        chosen(x.col("law_duty_full"), "law_duty_within", "duty_rate_ppm"),
        chosen(x.col("law_vat"), "law_vat", "vat_rate_ppm"),
        chosen(whole, "law_vat_factor", "vat_factor_percent"),
        chosen(x.col("law_vat_full"), "law_vat_within", "law_vat_part"),
        chosen(whole, "law_ct_factor", "consumption_tax_factor_percent"),
        quantity.alias("consumption_tax_quantity_e5"),
    )


@remembered
def _trigger(x: ModuleType) -> Columns:
    """Stage 3: whether the value reaches the trigger of the consumption tax."""
    quantity, trigger = x.col("consumption_tax_quantity_e5"), x.col("law_trigger")
    amount = x.col("law_value")
    threshold = mul_div(quantity, trigger, x.col("law_per_e5"), Rounding.UP)
    counted = (x.col("law_pick") < 0) | ~quantity.is_null()
    reached = trigger.is_null() | (amount >= threshold)
    return (x.when(counted & ~amount.is_null()).then(reached).alias("law_is_reached"),)


@remembered
def _duty(x: ModuleType) -> Columns:
    """Stage 4: duty, and the terms of the consumption tax."""
    amount, reached = x.col("law_value"), x.col("law_is_reached")

    def by_trigger(low: str, high: str) -> nw.Expr:
        below = x.when(~reached).then(x.col(low))
        chosen: nw.Expr = x.when(reached).then(x.col(high)).otherwise(below)
        return chosen

    return (
        amount.alias("duty_base_fen"),
        rounded(amount, x.col("duty_rate_ppm"), RATE_SCALE).alias("duty_fen"),
        by_trigger("law_ct_low", "law_ct_high").alias("consumption_tax_rate_ppm"),
        by_trigger("law_unit_low", "law_unit_high").alias("consumption_tax_unit_fen"),
        x.col("law_per_e5").alias("consumption_tax_per_e5"),
    )


@remembered
def _by_quantity(x: ModuleType) -> Columns:
    """Stage 5: value with duty, and the full amount of the tax that goes by quantity."""
    unit, quantity = x.col("consumption_tax_unit_fen"), x.col("consumption_tax_quantity_e5")
    amount = rounded(quantity, unit, x.col("law_per_e5"))
    return (
        (x.col("law_value") + x.col("duty_fen")).alias("law_before_tax"),
        x.when(unit == 0).then(x.lit(0, x.Int64)).otherwise(amount).alias("law_specific"),
    )


@remembered
def _bases(x: ModuleType) -> Columns:
    """Stage 6: the price that contains the full consumption tax: the base of both taxes.

    ``P = (V + D + S) / (1 - t)``; the full tax ``P * t + S`` is ``(V + D + S) * t / (1 - t) + S``.
    It is rounded, and the base is value, duty and tax together, which is P rounded.
    """
    rate, specific = x.col("consumption_tax_rate_ppm"), x.col("law_specific")
    before = x.col("law_before_tax")
    by_value = rounded(before + specific, rate, RATE_SCALE - rate)
    base = before + by_value + specific
    return (base.alias("consumption_tax_base_fen"), base.alias("vat_base_fen"))


@remembered
def _payable(x: ModuleType) -> Columns:
    """Stage 7: what is payable, each tax rounded once."""
    base, specific = x.col("vat_base_fen"), x.col("law_specific")
    by_value = product(base, x.col("consumption_tax_rate_ppm"))
    tax = by_value + product(specific, RATE_SCALE)
    ct_factor = x.col("consumption_tax_factor_percent")
    return (
        rounded(tax, ct_factor, PAYABLE_SCALE).alias("consumption_tax_fen"),
        rounded(base, x.col("law_vat_part"), PAYABLE_SCALE).alias("vat_fen"),
    )


@remembered
def _names(x: ModuleType) -> Columns:
    """Stage 7 as well: what is unknown or uncertain."""
    doubt = x.when(x.col("law_is_full")).then(x.col("law_unverified_full"))
    return (
        _missing(x).alias("missing"),
        doubt.otherwise(x.col("law_unverified")).alias("unverified"),
    )


def _missing(x: ModuleType) -> nw.Expr:
    """The name of the first thing that is unknown; null where all is known."""
    full = x.col("law_is_full")
    by_law = x.col("law_missing")
    tariff = x.when(full).then(x.col("law_missing_full"))
    no_quantity = (x.col("law_pick") >= 0) & x.col("consumption_tax_quantity_e5").is_null()
    by_quantity = x.when(no_quantity).then(x.lit("quantity")).otherwise(tariff)
    by_item = x.when(~by_law.is_null()).then(by_law).otherwise(by_quantity)
    no_value = x.when(x.col("law_value").is_null()).then(x.lit("customs_value_fen"))
    assessed = x.col("verdict").is_in([WITHIN_LIMIT, OVER_SINGLE_INDIVISIBLE])
    outside = x.when(~assessed.fill_null(value=False)).then(x.lit("verdict"))
    missing: nw.Expr = outside.otherwise(no_value.otherwise(by_item))
    return missing


LIMITS: Final[tuple[Stage, ...]] = (_limits, _verdict)
"""The verdict on the value of a declaration."""

TRIGGER: Final[tuple[Stage, ...]] = (_trigger,)
"""From ``law_value`` and a quantity ``law_is_reached``; null where the quantity is unknown."""

DUTY: Final[tuple[Stage, ...]] = (_duty,)
"""From those and the rates the duty, and the terms of the consumption tax."""

TAXES: Final[tuple[Stage, ...]] = (_by_quantity, _bases, _payable)
"""From those and the shares that are payable the consumption tax and the VAT."""
