"""Amounts of shipments to Russia on whole columns, exactly, and what is one for a shipment.

The one place of Russia's vectorised law with integers of 128 bits. Rates of exchange stand at the
scale 10^12 in columns of int64 (``law_rate``, ``law_eur``, ``law_usd``); one that is not whole
there or above its bound is null, and the scalar law answers. The largest intermediates are

* a payment by value: price 10^13 * rate 10^18 * share 10^6, twice: below 2^127;
* a duty: quantity 10^12 * rate 10^9 * exchange 10^16, and value 10^15 * share 10^7 * 10^15, the
  sum twice: below 2^127. Above a value of 10^15 nothing that follows is looked at.
"""

from types import ModuleType
from typing import Final, cast

import polars as pl

from tumen.kernel.limits import FIXED_POINT_SCALE, RATE_SCALE
from tumen.kernel.money import Rounding, mul_div
from tumen.law.columns import Columns, at_column, run
from tumen.law.overlay import remembered
from tumen.law.parameters import IN_FORCE, Bracket, Value, history
from tumen.law.ru.taxpayer_numbers import checked
from tumen.law.ru.vector_admission import ECOMMERCE, STAGES
from tumen.law.ru.vector_gaps import is_possibly_listed, with_gaps
from tumen.law.ru.vector_rates import BY_VALUE, HIGHER, SUM
from tumen.law.vector.worth import WIDE, borne, converted, rounded

KOPEKS: Final = 100
EXCHANGE_SCALE: Final = 10**12
EXCHANGE_E12_MAX: Final = 10**18
STATUTORY_E12_MAX: Final = 10**16
"""Of a euro or a dollar: ten thousand roubles."""

VALUE_MINOR_MAX: Final = 10**15
"""Customs value in kopeks: ten trillion roubles; what is above is left to the scalar law."""

PRICE_SCALE: Final = 10**4
"""A price at scale 10^6 times a rate of exchange is kopeks at this scale times the rate's."""

DUTY_SCALE: Final = 10**21
"""Of a duty in kopeks: quantity 10^5, rate 10^6, exchange 10^12, less 10^2 kopeks of a rouble."""

IN_LIST: Final = "electronics"
"""The filer's category of goods that are in the list of electronics."""

COUNT_BITS: Final = 7
"""Of a count of items, at most 99: several counts in one integer are summed at once."""


@remembered
def rounding() -> Rounding:
    """How amounts become whole kopeks; where that changes with time, nothing is answered here.

    See ``law_is_rounded`` of :mod:`tumen.law.ru.vector_rates`.
    """
    return Rounding(history("ru.rounding")[0].value)


def values(lines: pl.DataFrame) -> pl.DataFrame:
    """The lines with regime, amounts and gaps.

    Args:
        lines: of ordinary shipments, with the columns of :data:`vector_rates.SCHEMA`.
    """
    told, wrong = checked(lines["buyer_id"])
    is_single = bool((lines["items"] == 1).all())
    scaled = lines.with_columns(
        _scaled("rate", EXCHANGE_E12_MAX),
        _scaled("eur", STATUTORY_E12_MAX),
        _scaled("usd", STATUTORY_E12_MAX),
        told.alias("law_has_number"),
        wrong.alias("law_number_is_wrong"),
    )
    admitted = run(_counted(scaled, is_single=is_single), STAGES, ())
    valued = _duties(_worth(_payments(_parcels(admitted)), is_single=is_single))
    taxed = _summed(run(valued, (_taxes,), ()), is_single=is_single)
    return _with_fee(with_gaps(taxed, is_single=is_single))


def _scaled(name: str, most: int) -> pl.Expr:
    """A rate of exchange at scale 10^12; null where it is not held, not whole, or too large."""
    top, bottom = pl.col(f"{name}_num"), pl.col(f"{name}_den")
    times = EXCHANGE_SCALE // bottom
    is_fit = (times * bottom == EXCHANGE_SCALE) & (top <= most // times)
    return pl.when(is_fit).then(top * times).alias(f"law_{name}")


# --- what is one for a shipment ------------------------------------------------------------------


def _counted(lines: pl.DataFrame, *, is_single: bool) -> pl.DataFrame:
    """The weight of all goods, and whether any of them is of a kind."""
    kinds = _kinds()
    weight = pl.col("kg_e5").fill_null(0)
    if is_single:
        return lines.with_columns(weight.alias("law_weight_e5"), **kinds)
    places = {name: COUNT_BITS * place for place, name in enumerate(kinds)}
    count = pl.sum_horizontal(
        kinds[name].cast(pl.Int64) * (1 << bits) for name, bits in places.items()
    )
    summed = _of_whole(lines, {"law_weight_e5": weight, "law_counts": count})
    ones = (1 << COUNT_BITS) - 1
    any_of = {name: pl.col("law_counts") & (ones << bits) for name, bits in places.items()}
    return summed.with_columns(**{name: each != 0 for name, each in any_of.items()})


def _of_whole(lines: pl.DataFrame, parts: dict[str, pl.Expr]) -> pl.DataFrame:
    """Sums over the lines of each shipment, which follow one another.

    What a running sum over all lines grows by. Were it to leave int64, it would wrap, and what
    it grows by would still be right; a sum for each group of lines takes five times as long.
    """
    running = lines.with_columns(**{name: part.cum_sum() for name, part in parts.items()})
    is_last = pl.col("item") == pl.col("items") - 1
    ends = {name: pl.when(is_last).then(pl.col(name)).backward_fill() for name in parts}
    ended = running.with_columns(**ends)
    before = {
        name: pl.when(pl.col("item") == 0).then(pl.col(name).shift(1, fill_value=0)).forward_fill()
        for name in parts
    }
    return ended.with_columns(**{name: pl.col(name) - each for name, each in before.items()})


def _kinds() -> dict[str, pl.Expr]:
    """What a shipment is looked at for."""
    kinds = {
        "unweighed": pl.col("kg_e5").is_null(),
        "unpriced": pl.col("price_e6") == 0,
        "excluded": pl.col("law_is_excluded"),
        "prohibited": pl.col("law_is_prohibited"),
        "vehicle": pl.col("law_is_vehicle"),
        "electronic": pl.col("category") == IN_LIST,
        "listed": is_possibly_listed(),
    }
    return {f"law_any_{name}": each.fill_null(value=False) for name, each in kinds.items()}


# --- parcels to persons --------------------------------------------------------------------------


def _parcels(lines: pl.DataFrame) -> pl.DataFrame:
    """The value of a parcel, whether it is within the limit, and the payment on it.

    Up to the limit e-commerce goods pay nothing, above it on the whole; goods for personal use
    pay on what exceeds the limits of value and weight. Of both the larger of two payments.
    """
    price = pl.col("goods_e6").cast(WIDE) * pl.col("law_rate").cast(WIDE)
    limit = _told("value_limit", "value_limit") * pl.col("law_eur").cast(WIDE) * PRICE_SCALE
    found = lines.with_columns(law_price=price, law_limit=limit)
    is_within = pl.col("law_price") <= pl.col("law_limit")
    is_free = (pl.col("law_regime") == ECOMMERCE) & is_within
    return found.with_columns(
        _kopeks(pl.col("law_price"), PRICE_SCALE * EXCHANGE_SCALE).alias("law_parcel_value"),
        is_within.alias("law_is_within"),
        _by_value().alias("law_by_value"),
        _by_weight().alias("law_by_weight"),
        is_free.alias("law_is_free"),
    ).drop("law_price", "law_limit")


def _payments(lines: pl.DataFrame) -> pl.DataFrame:
    """The larger of the payments by value and by weight; nothing where the parcel is free."""
    by_value, by_weight = pl.col("law_by_value"), pl.col("law_by_weight")
    larger = pl.when(by_value >= by_weight).then(by_value).otherwise(by_weight)
    payment = pl.when("law_is_free").then(0).otherwise(larger).alias("law_payment")
    return lines.with_columns(payment).drop("law_by_value", "law_by_weight", "law_is_free")


def _told(of_ecommerce: str, of_personal: str) -> pl.Expr:
    """The parameter of the regime that a parcel takes."""
    day = pl.col("period")
    one = at_column(f"ru.ecommerce.{of_ecommerce}", day)
    other = at_column(f"ru.personal.{of_personal}", day)
    return pl.when(pl.col("law_regime") == ECOMMERCE).then(one).otherwise(other).cast(WIDE)


def _by_value() -> pl.Expr:
    """The share of the whole price, or of what exceeds the limit."""
    excess = pl.max_horizontal(pl.col("law_price") - pl.col("law_limit"), 0)
    base = pl.when(pl.col("law_regime") == ECOMMERCE).then(pl.col("law_price")).otherwise(excess)
    return _kopeks(base * _told("rate", "rate"), PRICE_SCALE * RATE_SCALE * EXCHANGE_SCALE)


def _by_weight() -> pl.Expr:
    """Euros for each kilogram of the whole, or of what exceeds the limit."""
    weight, day = pl.col("law_weight_e5"), pl.col("period")
    limit = at_column("ru.personal.weight_limit", day) * FIXED_POINT_SCALE
    excess = pl.max_horizontal(weight - limit, 0)
    base = pl.when(pl.col("law_regime") == ECOMMERCE).then(weight).otherwise(excess).cast(WIDE)
    each = _told("minimum_per_kg", "rate_per_kg") * pl.col("law_eur").cast(WIDE)
    return _kopeks(base * each, FIXED_POINT_SCALE * EXCHANGE_SCALE)


def _kopeks(top: pl.Expr, bottom: int) -> pl.Expr:
    return rounded(top, pl.lit(bottom, WIDE), rounding())


# --- general import ------------------------------------------------------------------------------


def _worth(lines: pl.DataFrame, *, is_single: bool) -> pl.DataFrame:
    """The customs value of general import, of all goods and of each item by running sums."""
    whole = converted(pl.col("goods_e6") + pl.col("extra_e6"), rounding(), KOPEKS)
    found = lines.with_columns(whole.alias("law_value_whole"))
    if is_single:
        return found.with_columns(pl.col("law_value_whole").alias("law_value"))
    found = found.with_columns(borne(pl.col("until_e6"), rounding(), KOPEKS).alias("law_until"))
    before = pl.when(pl.col("item") > 0).then(pl.col("law_until").shift(1)).otherwise(0)
    return found.with_columns((pl.col("law_until") - before).alias("law_value"))


def _duties(lines: pl.DataFrame) -> pl.DataFrame:
    """The duty of each item by the tariff; null where the rate or a quantity is not known."""
    found = lines.with_columns(_quantity().alias("law_quantity"), _exchange().alias("law_exchange"))
    value, ppm, quantity, each, exchange = (
        pl.col(f"law_{name}").cast(WIDE)
        for name in ("value", "ppm", "quantity", "each_e6", "exchange")
    )
    sides = found.with_columns(
        law_by_value=value * ppm * (DUTY_SCALE // RATE_SCALE),
        law_by_quantity=quantity * each * exchange,
    )
    kind, by_value, by_quantity = map(pl.col, ("law_kind", "law_by_value", "law_by_quantity"))
    top = (
        pl.when(kind == BY_VALUE)
        .then(by_value)
        .when(kind == SUM)
        .then(by_value + by_quantity)
        .when((kind == HIGHER) & (by_value >= by_quantity))
        .then(by_value)
        .otherwise(by_quantity)
    )
    duty = _kopeks(top, DUTY_SCALE).alias("law_duty")
    return sides.with_columns(duty).drop("law_by_value", "law_by_quantity")


def _taxes(x: ModuleType) -> Columns:
    """The VAT of each item, on value and duty; null where excise or duty is not known."""
    is_known = x.col("law_excise_missing").is_null()
    base = x.col("law_value") + x.col("law_duty")
    vat = mul_div(base, at_column("ru.vat.standard", x.col("period")), RATE_SCALE, rounding())
    return (x.when(is_known).then(vat).alias("law_vat"),)


def _summed(lines: pl.DataFrame, *, is_single: bool) -> pl.DataFrame:
    """Duty and VAT of all items; they say nothing where one of them is not known."""
    parts = {f"law_{code}_whole": pl.col(f"law_{code}").fill_null(0) for code in ("duty", "vat")}
    return lines.with_columns(**parts) if is_single else _of_whole(lines, parts)


def _quantity() -> pl.Expr:
    """The quantity that a specific rate is for."""
    per = pl.col("law_per")
    return (
        pl.when(per == "kg")
        .then(pl.col("kg_e5"))
        .when(per == "l")
        .then(pl.col("litre_e5"))
        .when(per == pl.col("unit"))
        .then(pl.col("quantity_e5"))
    )


def _exchange() -> pl.Expr:
    """Roubles for the currency of a specific rate."""
    currency = pl.col("law_currency")
    return (
        pl.when(currency == "EUR")
        .then(pl.col("law_eur"))
        .when(currency == "USD")
        .then(pl.col("law_usd"))
        .when(currency == "RUB")
        .then(pl.lit(EXCHANGE_SCALE))
    )


def _with_fee(lines: pl.DataFrame) -> pl.DataFrame:
    """The fee of a declaration by its customs value; upper bounds are inclusive."""
    days, values_whole = lines["period"].unique().to_list(), lines["law_value_whole"]
    fee = pl.lit(None, pl.Int64)
    for each in history("ru.fee.brackets"):
        covered = [day for day in days if day is not None and each.covers(day)]
        if each.evidence in IN_FORCE and covered:
            is_covered = pl.col("period").is_in(covered)
            fee = pl.when(is_covered).then(_by_brackets(each, values_whole)).otherwise(fee)
    return lines.with_columns(fee.alias("law_fee"))


def _by_brackets(value: Value, amounts: pl.Series) -> pl.Series:
    """The amount of the first line of a table whose upper bound is not below each amount."""
    table = cast("tuple[Bracket, ...]", value.value)
    bounds = pl.Series([each.to for each in table[:-1]], dtype=pl.Int64)
    fees = pl.Series([each.amount for each in table], dtype=pl.Int64)
    return fees.gather(bounds.search_sorted(amounts, side="left"))
