"""Amounts, weights and gaps of shipments to Russia on whole columns, exactly.

The one place of Russia's vectorised law with integers of 128 bits. Rates of exchange stand at the
scale 10^12 in columns of int64 (``law_rate``, ``law_eur``, ``law_usd``, at most 10^18; a rate that
is not whole there is null, and the scalar law answers). With the bounds of ordinary lines
(:mod:`tumen.law.vector.lines`) the largest intermediate is twice 10^13 * 10^18 * 10^6 < 2^127.
"""

from typing import Final, cast

import polars as pl

from tumen.kernel.errors import LawError
from tumen.kernel.limits import RATE_SCALE
from tumen.kernel.money import Rounding
from tumen.law.columns import at_column, run
from tumen.law.overlay import remembered
from tumen.law.parameters import Bracket, IN_FORCE, Value, history
from tumen.law.ru.taxpayer_numbers import checked
from tumen.law.ru.vector_admission import ECOMMERCE, GENERAL, PERSONAL, STAGES
from tumen.law.ru.vector_rates import BY_VALUE, HIGHER, SUM
from tumen.law.vector.worth import WIDE, borne, converted, rounded

KOPEKS: Final = 100
RATE_SCALE_E12: Final = 10**12
RATE_E12_MAX: Final = 10**18
LIMIT_RATE_E12_MAX: Final = 10**16
"""Of a euro or a dollar: ten thousand roubles."""
VALUE_MINOR_MAX: Final = 10**15
"""Customs value in kopeks: ten trillion roubles; what is above is left to the scalar law."""

PRICE_SCALE: Final = 10**4
"""A price at scale 10^6 times a rate is kopeks at this scale, times that of the rates."""
WEIGHT_SCALE: Final = 10**5
DUTY_SCALE: Final = 10**21
"""Of a duty in kopeks: a quantity at 10^5, its rate at 10^6, kopeks of a rouble, the exchange."""

COUNT_BITS: Final = 7
"""Of a count of items, at most 99: several counts in one integer are summed at once."""
COUNTED: Final = (
    *("unweighed", "unpriced", "excluded", "prohibited", "vehicle", "electronic", "listed"),
)


@remembered
def rounding() -> Rounding:
    """How amounts become whole kopeks: the parameter ``ru.rounding``, the same at all times.

    Raises:
        LawError: if the parameter changes with time, which an expression cannot follow.
    """
    (first, *others) = history("ru.rounding")
    if any(each.value != first.value for each in others):
        raise LawError("ru.rounding changes with time", name="ru.rounding")
    return Rounding(first.value)


def values(lines: pl.DataFrame) -> pl.DataFrame:
    """The lines with everything that is found with more than int64, or of a whole shipment.

    Args:
        lines: of ordinary shipments, with the columns of :data:`vector_rates.SCHEMA`.
    """
    told, wrong = checked(lines["buyer_id"])
    is_single = bool((lines["items"] == 1).all())
    scaled = lines.with_columns(
        _scaled("rate", RATE_E12_MAX),
        _scaled("eur", LIMIT_RATE_E12_MAX),
        _scaled("usd", LIMIT_RATE_E12_MAX),
        told.alias("law_has_number"),
        wrong.alias("law_number_is_wrong"),
    )
    admitted = run(_counted(scaled, is_single), STAGES, ())
    valued = _duties(_worth(_parcels(admitted), is_single))
    return _with_fee(_with_gaps(valued))


def _scaled(name: str, most: int) -> pl.Expr:
    """A rate of exchange at scale 10^12; null where it is not held, not whole, or too large."""
    top, bottom = pl.col(f"{name}_num").cast(WIDE), pl.col(f"{name}_den")
    found = top * (RATE_SCALE_E12 // bottom)
    is_whole = RATE_SCALE_E12 % bottom == 0
    return pl.when(is_whole & (found <= most)).then(found).cast(pl.Int64).alias(f"law_{name}")


def _counted(lines: pl.DataFrame, is_single: bool) -> pl.DataFrame:
    """The weight of all goods, and whether any of them is of a kind."""
    kinds = {
        "unweighed": pl.col("kg_e5").is_null(),
        "unpriced": pl.col("price_e6") == 0,
        "excluded": pl.col("law_is_excluded"),
        "prohibited": pl.col("law_is_prohibited"),
        "vehicle": pl.col("law_is_vehicle"),
        "electronic": (pl.col("category") == "electronics"),
        "listed": pl.col("law_fee_missing").is_not_null()
        & (pl.col("category") != "other").fill_null(True),
    }
    weight = pl.col("kg_e5").fill_null(0)
    if is_single:
        flags = [kinds[name].fill_null(False).alias(f"law_any_{name}") for name in COUNTED]
        return lines.with_columns(weight.alias("law_weight_e5"), *flags)
    count = pl.sum_horizontal(
        kinds[name].fill_null(False).cast(pl.Int64) * (1 << (COUNT_BITS * place))
        for place, name in enumerate(COUNTED)
    )
    summed = lines.with_columns(
        weight.sum().over("shipment").alias("law_weight_e5"),
        count.sum().over("shipment").alias("law_counts"),
    )
    ones = (1 << COUNT_BITS) - 1
    flags = [
        ((pl.col("law_counts") & (ones << (COUNT_BITS * place))) != 0).alias(f"law_any_{name}")
        for place, name in enumerate(COUNTED)
    ]
    return summed.with_columns(flags).drop("law_counts")


def _parcels(lines: pl.DataFrame) -> pl.DataFrame:
    """The value of a parcel, whether it is within the limit, and the payment on it.

    Up to the limit e-commerce goods pay nothing, above it on the whole; goods for personal use
    pay on what exceeds the limits of value and weight. Of both the larger of two payments.
    """
    is_whole = pl.col("law_regime") == ECOMMERCE

    def told(of_ecommerce: str, of_personal: str) -> pl.Expr:
        day = pl.col("period")
        one, other = at_column(of_ecommerce, day), at_column(of_personal, day)
        return pl.when(is_whole).then(one).otherwise(other).cast(WIDE)

    euro = pl.col("law_eur").cast(WIDE)
    price = pl.col("goods_e6").cast(WIDE) * pl.col("law_rate").cast(WIDE)
    limit = told("ru.ecommerce.value_limit", "ru.personal.value_limit") * euro * PRICE_SCALE
    found = lines.with_columns(law_price=price, law_limit=limit)
    above = pl.col("law_price") - pl.when(is_whole).then(0).otherwise(pl.col("law_limit"))
    free = at_column("ru.personal.weight_limit", pl.col("period")) * WEIGHT_SCALE
    heavier = pl.col("law_weight_e5") - pl.when(is_whole).then(0).otherwise(free)
    rate = told("ru.ecommerce.rate", "ru.personal.rate")
    each = told("ru.ecommerce.minimum_per_kg", "ru.personal.rate_per_kg")
    by_value = _kopeks(
        pl.max_horizontal(above, 0) * rate, PRICE_SCALE * RATE_SCALE * RATE_SCALE_E12
    )
    weighed = pl.max_horizontal(heavier, 0).cast(WIDE)
    by_weight = _kopeks(weighed * each * euro, WEIGHT_SCALE * RATE_SCALE_E12)
    is_within = pl.col("law_price") <= pl.col("law_limit")
    return found.with_columns(
        _kopeks(pl.col("law_price"), PRICE_SCALE * RATE_SCALE_E12).alias("law_parcel_value"),
        is_within.alias("law_is_within"),
        pl.when(is_whole & is_within)
        .then(0)
        .otherwise(pl.max_horizontal(by_value, by_weight))
        .alias("law_payment"),
    ).drop("law_price", "law_limit")


def _kopeks(top: pl.Expr, bottom: int) -> pl.Expr:
    return rounded(top, pl.lit(bottom, WIDE), rounding())


def _worth(lines: pl.DataFrame, is_single: bool) -> pl.DataFrame:
    """The customs value of general import, of all goods and of each item by running sums."""
    whole = converted(pl.col("goods_e6") + pl.col("extra_e6"), rounding(), KOPEKS)
    if is_single:
        return lines.with_columns(whole.alias("law_value_whole")).with_columns(
            pl.col("law_value_whole").alias("law_value")
        )
    until = borne(pl.col("until_e6"), rounding(), KOPEKS)
    found = lines.with_columns(whole.alias("law_value_whole"), until.alias("law_until"))
    before = pl.when(pl.col("item") > 0).then(pl.col("law_until").shift(1)).otherwise(0)
    return found.with_columns((pl.col("law_until") - before).alias("law_value")).drop("law_until")


def _duties(lines: pl.DataFrame) -> pl.DataFrame:
    """The duty of each item by the tariff; null where the rate or a quantity is not known."""
    per = pl.col("law_per")
    quantity = (
        pl.when(per == "kg")
        .then(pl.col("kg_e5"))
        .when(per == "l")
        .then(pl.col("litre_e5"))
        .when(per == pl.col("unit"))
        .then(pl.col("quantity_e5"))
    )
    currency = pl.col("law_currency")
    exchange = (
        pl.when(currency == "EUR")
        .then(pl.col("law_eur"))
        .when(currency == "USD")
        .then(pl.col("law_usd"))
        .when(currency == "RUB")
        .then(pl.lit(RATE_SCALE_E12))
    )
    found = lines.with_columns(quantity.alias("law_quantity"), exchange.alias("law_exchange"))
    wide = {
        name: pl.col(f"law_{name}").cast(WIDE)
        for name in ("value", "ppm", "quantity", "each_e6", "exchange")
    }
    by_value = wide["value"] * wide["ppm"] * (DUTY_SCALE // RATE_SCALE)
    by_quantity = wide["quantity"] * wide["each_e6"] * wide["exchange"]
    kind = pl.col("law_kind")
    top = (
        pl.when(kind == BY_VALUE)
        .then(by_value)
        .when(kind == HIGHER)
        .then(_larger(by_value, by_quantity))
        .otherwise(by_quantity + pl.when(kind == SUM).then(by_value).otherwise(0))
    )
    return found.with_columns(_kopeks(top, DUTY_SCALE).alias("law_duty"))


def _larger(one: pl.Expr, other: pl.Expr) -> pl.Expr:
    """The larger of two; null where either is."""
    return pl.when(one >= other).then(one).when(one < other).then(other)


# --- what is not known ---------------------------------------------------------------------------


def _with_gaps(lines: pl.DataFrame) -> pl.DataFrame:
    """What a shipment's charges miss, where anything; the same on all its lines."""
    found = [gaps for gaps in (_gaps_of_goods(lines), _gaps_of_parcels(lines)) if len(gaps)]
    if not found:
        nothing = [
            pl.lit(None, kind).alias(name) for name, kind in GAPS.items() if name != "shipment"
        ]
        return lines.with_columns(nothing)
    return lines.join(pl.concat(found), on="shipment", how="left", maintain_order="left")


GAPS: Final = {
    "shipment": pl.Int64,
    "missing": pl.String,
    "unknown": pl.String,
    "law_lacks_duty": pl.Boolean,
    "law_lacks_excise": pl.Boolean,
    "law_lacks_fee": pl.Boolean,
}


def _gaps_of_parcels(lines: pl.DataFrame) -> pl.DataFrame:
    """A parcel of which a weight is not told, where it matters, or with a vehicle."""
    is_personal = pl.col("law_regime") == PERSONAL
    is_vehicle = is_personal & pl.col("law_any_vehicle")
    needs_weight = is_personal | ((pl.col("law_regime") == ECOMMERCE) & ~pl.col("law_is_within"))
    is_gap = is_vehicle & (pl.col("item") == 0) | (
        ~is_vehicle & needs_weight & pl.col("kg_e5").is_null()
    )
    told = lines.filter(is_gap)
    is_courier = pl.col("transport") == "courier"
    weight = pl.format("items[{}].net_weight_kg", "item")
    return told.unique("shipment", keep="first", maintain_order=True).select(
        "shipment",
        pl.when(is_vehicle)
        .then(pl.lit("ru.personal.vehicle_rates"))
        .otherwise(weight)
        .alias("missing"),
        pl.when(~is_personal)
        .then(pl.lit("duty"))
        .when(is_courier)
        .then(pl.lit("single_payment customs_fee"))
        .otherwise(pl.lit("single_payment"))
        .alias("unknown"),
        law_lacks_duty=~is_personal,
        law_lacks_excise=pl.lit(False),
        law_lacks_fee=is_courier & is_personal,
    )


def _gaps_of_goods(lines: pl.DataFrame) -> pl.DataFrame:
    """Goods of general import of which a rate or a quantity is not known, or the fee."""
    is_general = pl.col("law_regime") == GENERAL
    lacks_fee = pl.col("law_any_listed") & ~pl.col("law_any_electronic")
    is_gap = pl.col("law_duty").is_null() | pl.col("law_excise_missing").is_not_null() | lacks_fee
    told = lines.filter(is_general & is_gap)
    field = (
        pl.when(pl.col("law_per") == "kg")
        .then(pl.lit("net_weight_kg"))
        .when(pl.col("law_per") == "l")
        .then(pl.lit("volume_l"))
        .otherwise(pl.format("quantity in {}", "law_per"))
    )
    measure = pl.when(pl.col("law_duty").is_null()).then(pl.format("items[{}].{}", "item", field))
    is_listed = (pl.col("category") != "other").fill_null(True) & lacks_fee
    duty = pl.coalesce("law_tariff_missing", measure)
    has_excise = pl.col("law_excise_missing").is_not_null()
    named = told.select(
        "shipment",
        duty=duty,
        excise=pl.when(has_excise).then(pl.coalesce(duty, "law_excise_missing")),
        fee=pl.when(is_listed).then(pl.col("law_fee_missing")),
    )
    if named["shipment"].n_unique() < len(named):
        firsts = [pl.col(name).drop_nulls().first() for name in ("duty", "excise", "fee")]
        named = named.group_by("shipment", maintain_order=True).agg(firsts)
    has = {name: pl.col(name).is_not_null() for name in ("duty", "excise", "fee")}
    other_excise = pl.when(pl.col("excise").ne_missing(pl.col("duty"))).then(pl.col("excise"))
    codes = {
        "duty": has["duty"],
        "excise": has["excise"],
        "vat": has["duty"] | has["excise"],
        "customs_fee": has["fee"],
    }
    return named.select(
        "shipment",
        pl.concat_str("duty", other_excise, "fee", separator="; ", ignore_nulls=True).alias("missing"),
        pl.concat_str(
            [pl.when(there).then(pl.lit(code)) for code, there in codes.items()],
            separator=" ",
            ignore_nulls=True,
        ).alias("unknown"),
        law_lacks_duty=has["duty"],
        law_lacks_excise=has["excise"],
        law_lacks_fee=has["fee"],
    )


# --- the customs fee -----------------------------------------------------------------------------


def _with_fee(lines: pl.DataFrame) -> pl.DataFrame:
    """The fee of a declaration by its customs value; upper bounds are inclusive."""
    if lines.is_empty():
        return lines.with_columns(pl.lit(None, pl.Int64).alias("law_fee"))
    first, last = lines["period"].min(), lines["period"].max()
    fee = pl.lit(None, pl.Int64)
    for each in history("ru.fee.brackets"):
        if each.evidence in IN_FORCE and each.first <= last and (each.last or last) >= first:
            covers = pl.col("period") >= each.first
            covers = covers if each.last is None else covers & (pl.col("period") <= each.last)
            fee = pl.when(covers).then(_by_brackets(each, lines["law_value_whole"])).otherwise(fee)
    return lines.with_columns(fee.alias("law_fee"))


def _by_brackets(value: Value, amounts: pl.Series) -> pl.Series:
    table = cast("tuple[Bracket, ...]", value.value)
    bounds = pl.Series([each.to for each in table[:-1]], dtype=pl.Int64)
    fees = pl.Series([each.amount for each in table], dtype=pl.Int64)
    return fees.gather(bounds.search_sorted(amounts, side="left"))
