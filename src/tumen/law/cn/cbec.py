"""Cross-border e-commerce retail import of China, on whole columns, on any engine.

The functions take a frame of any engine that Narwhals knows and give back a frame of the same
engine. Amounts are int64 in fen, rates int64 in millionths, quantities int64 at scale 10^5.
``docs/law-cn.md`` says how an officer can check each number.

1. :func:`value` shares freight and insurance among the items: the customs value.
2. :func:`verdict` compares a declaration with the limits of its day.
3. :func:`charges` computes duty, consumption tax and VAT of each item.

"""

from types import ModuleType
from typing import Final, cast

import narwhals as nw
import polars as pl

from tumen.kernel.errors import LawError
from tumen.kernel.limits import AMOUNT_MINOR_MAX, QUANTITY_E5_MAX, RATE_SCALE
from tumen.kernel.money import Rounding, mul_div
from tumen.law.cn.cbec_rates import KEYS, RATES_SCHEMA, rates
from tumen.law.columns import Columns, Frame, at_column, product, quotient, run
from tumen.law.overlay import remembered
from tumen.law.parameters import history

WITHIN_LIMIT: Final = "within_limit"
OVER_SINGLE_INDIVISIBLE: Final = "over_single_indivisible"
OVER_SINGLE_LIMIT: Final = "over_single_limit"
OVER_ANNUAL_LIMIT: Final = "over_annual_limit"
NOT_IN_FORCE: Final = "not_in_force"

PERCENT: Final = 100
PAYABLE_SCALE: Final = 100_000_000
"""A rate in millionths times a share in per cent."""
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


# --- 1. customs value ----------------------------------------------------------------------------


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
    if isinstance(items, pl.DataFrame) and items["declaration"].is_unique().all():
        return run(items, (_alone,), ())
    return run(items, (_sums, _parts, _limbs, _quotients, _shares), VALUE_COLUMNS)


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
    """``extra * part`` with all up to 10^12 would leave int64: its high limb times the part."""
    high = quotient(x.col("law_extra"), LIMB)
    return tuple(
        product(high, x.col(f"law_{part}")).alias(f"law_high_{part}")
        for part in ("until", "before")
    )


@remembered
def _quotients(x: ModuleType) -> Columns:
    """The high limb over the whole; what remains of it is carried to the low limb."""
    whole = x.col("law_whole")
    return tuple(
        quotient(x.col(f"law_high_{part}"), whole).alias(f"law_first_{part}")
        for part in ("until", "before")
    )


@remembered
def _shares(x: ModuleType) -> Columns:
    shared = _share(x, "until") - _share(x, "before")
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
    return run(declarations, (_limits, _verdict, _counted), LIMIT_COLUMNS)


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
    found = rates(items.select(KEYS).unique())
    return assess(items.join(found, on=KEYS, how="left", nulls_equal=True, maintain_order="left"))


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
    return run(items, (_standing, _terms, _duty, _by_quantity, _bases, _payable), CHARGE_COLUMNS)


CHARGE_COLUMNS: Final = (
    *(name for name in RATES_SCHEMA if name not in KEYS),
    *("law_value", "law_is_full", "law_is_within"),
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
def _duty(x: ModuleType) -> Columns:
    """Stage 3: duty, and whether the value reaches the trigger of the consumption tax."""
    amount, per, trigger = x.col("law_value"), x.col("law_per_e5"), x.col("law_trigger")
    threshold = mul_div(x.col("consumption_tax_quantity_e5"), trigger, per, Rounding.UP)
    counted = (x.col("law_pick") < 0) | ~x.col("consumption_tax_quantity_e5").is_null()
    known = counted & ~amount.is_null()
    reached = trigger.is_null() | (amount >= threshold)

    def by_trigger(low: str, high: str) -> nw.Expr:
        below = x.when(known & ~reached).then(x.col(low))
        chosen: nw.Expr = x.when(known & reached).then(x.col(high)).otherwise(below)
        return chosen

    return (
        amount.alias("duty_base_fen"),
        rounded(amount, x.col("duty_rate_ppm"), RATE_SCALE).alias("duty_fen"),
        by_trigger("law_ct_low", "law_ct_high").alias("consumption_tax_rate_ppm"),
        by_trigger("law_unit_low", "law_unit_high").alias("consumption_tax_unit_fen"),
        per.alias("consumption_tax_per_e5"),
    )


@remembered
def _by_quantity(x: ModuleType) -> Columns:
    """Stage 4: value with duty, and the full amount of the tax that goes by quantity."""
    unit, quantity = x.col("consumption_tax_unit_fen"), x.col("consumption_tax_quantity_e5")
    amount = rounded(quantity, unit, x.col("law_per_e5"))
    return (
        (x.col("law_value") + x.col("duty_fen")).alias("law_before_tax"),
        x.when(unit == 0).then(x.lit(0, x.Int64)).otherwise(amount).alias("law_specific"),
    )


@remembered
def _bases(x: ModuleType) -> Columns:
    """Stage 5: the price that contains the full consumption tax: the base of both taxes.

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
    """Stage 6: what is payable, each tax rounded once, and what is unknown or uncertain."""
    base, specific = x.col("vat_base_fen"), x.col("law_specific")
    by_value = product(base, x.col("consumption_tax_rate_ppm"))
    tax = by_value + product(specific, RATE_SCALE)
    ct_factor = x.col("consumption_tax_factor_percent")
    doubt = x.when(x.col("law_is_full")).then(x.col("law_unverified_full"))
    return (
        rounded(tax, ct_factor, PAYABLE_SCALE).alias("consumption_tax_fen"),
        rounded(base, x.col("law_vat_part"), PAYABLE_SCALE).alias("vat_fen"),
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
