"""Imports into Russia on whole columns: electronic commerce, personal use, general import.

``docs/law-ru.md`` says how an officer can check each number. The regime of a shipment is found in
:mod:`tumen.law.ru.vector_admission`, amounts that need more than int64 in
:mod:`tumen.law.ru.vector_values`; here the charges, the status and what the reader is told.
"""

from types import ModuleType
from typing import Any, Final

from tumen.law.columns import Columns, at_column
from tumen.law.overlay import remembered
from tumen.law.ru.vector_admission import ECOMMERCE, GENERAL, PERSONAL
from tumen.law.ru.vector_rates import BY_VALUE, KEYS, rates
from tumen.law.ru.vector_values import VALUE_MINOR_MAX, values
from tumen.law.vector.twin import Twin, bit

UNION: Final = ("AM", "BY", "KG", "KZ")
SENDERS: Final = {"JP": "ru.control.japan", "KR": "ru.control.korea"}
PREFERRED: Final = ("CN", "KR", "MN")
"""Origins that the rates for developing countries were or are open to."""


@remembered
def _regimes(x: ModuleType) -> Columns:
    """Stage 1: the regime that a shipment takes."""
    return (
        (x.col("law_regime") == GENERAL).alias("law_is_general"),
        (x.col("law_regime") == ECOMMERCE).alias("law_takes_whole"),
        (x.col("law_regime") == PERSONAL).alias("law_is_of_person"),
    )


@remembered
def _charges(x: ModuleType) -> Columns:
    """Stage 2: what is payable on the whole shipment; null where it is not levied or not known."""
    col, day = x.col, x.col("period")
    is_general = col("law_is_general")
    of_parcel = x.when(col("law_takes_whole")).then(col("law_payment"))
    duty = x.when(is_general).then(col("law_duty_whole")).otherwise(of_parcel)
    lacks_tax = col("law_lacks_duty") | col("law_lacks_excise")
    has_vat = is_general & ~lacks_tax.fill_null(value=False)
    vat = x.when(has_vat).then(col("law_vat_whole"))
    single = x.when(col("law_is_of_person") & col("missing").is_null()).then(col("law_payment"))
    pays_courier = (
        col("law_is_of_person") & (col("transport") == "courier") & (col("law_payment") > 0)
    )
    fixed = at_column("ru.fee.electronics", day)
    is_fixed = col("law_any_electronic") & ~fixed.is_null()
    general_fee = x.when(is_fixed).then(fixed).otherwise(col("law_fee"))
    courier_fee = x.when(pays_courier).then(at_column("ru.fee.personal_goods", day))
    fee = x.when(is_general).then(general_fee).otherwise(courier_fee)
    value = x.when(is_general).then(col("law_value_whole")).otherwise(col("law_parcel_value"))
    return (
        x.when(~col("law_lacks_duty").fill_null(value=False)).then(duty).alias("duty"),
        vat.alias("vat"),
        single.alias("single_payment"),
        x.when(~col("law_lacks_fee").fill_null(value=False)).then(fee).alias("customs_fee"),
        value.alias("customs_value"),
    )


@remembered
def _answers(x: ModuleType) -> Columns:
    """Stage 3: regime, status, the rates of exchange that were asked for, and the cover."""
    col = x.col
    zero = x.lit(0, x.Int64)
    codes = ("duty", "vat", "single_payment", "customs_fee")
    dues = [col(code).fill_null(zero) > zero for code in codes]
    is_due = dues[0] | dues[1] | dues[2] | dues[3]
    known = x.when(is_due).then(x.lit("payable")).otherwise(x.lit("exempt"))
    status = x.when(col("missing").is_null()).then(known).otherwise(x.lit("unknown"))
    parcel = x.when(col("law_takes_whole")).then(x.lit("ecommerce")).otherwise(x.lit("personal"))
    regime = x.when(col("law_is_general")).then(x.lit("general")).otherwise(parcel)
    is_measured = ~col("law_quantity").is_null() & (col("law_kind") != BY_VALUE)
    asks = col("law_is_general") & is_measured
    of_parcel = col("law_takes_whole") | (col("law_is_of_person") & ~col("law_any_vehicle"))
    return (
        regime.alias("regime"),
        status.alias("status"),
        (of_parcel | (asks & (col("law_currency") == "EUR"))).alias("asks_eur"),
        (asks & (col("law_currency") == "USD")).alias("asks_usd"),
        _is_covered(x, is_measured, of_parcel).alias("law_is_covered"),
    )


def _is_covered(x: ModuleType, is_measured: Any, of_parcel: Any) -> Any:
    """Everything that the charges rest on is held and within the bounds; null is no cover."""
    col, day = x.col, x.col("period")
    is_general = col("law_is_general")
    general = (
        col("law_is_held")
        & ~at_column("ru.customs_value.rule", day).is_null()
        & ~at_column("ru.customs_value.apportionment", day).is_null()
        & ~at_column("ru.vat.standard", day).is_null()
        & ~col("law_fee").is_null()
        & (col("law_value_whole") <= VALUE_MINOR_MAX)
        & (~is_measured.fill_null(value=False) | ~col("law_exchange").is_null())
    )
    parcel = (
        (col("law_parcel_value") <= VALUE_MINOR_MAX)
        & (~of_parcel | ~col("law_eur").is_null())
        & (~col("law_payment").is_null() | ~col("missing").is_null())
    )
    return (
        col("law_is_rounded")
        & ~col("law_any_unpriced")
        & ~col("law_rate").is_null()
        & ~col("law_regime").is_null()
        & x.when(is_general).then(general).otherwise(parcel)
    )


# --- what the reader is told ---------------------------------------------------------------------


@remembered
def _remarks(x: ModuleType) -> Columns:
    """Stage 4: the warnings of each line, as bits."""
    told = {
        "LAW_UNVERIFIED": x.lit(value=True),
        "GOODS_CONTROLLED": x.col("law_is_controlled"),
        "RU_SENDER_RESTRICTS": _is_restricted(x),
        "RU_FROM_THE_UNION": _is_of_the_union(x),
        **_of_goods(x),
        **_of_parcels(x),
        **_of_number(x),
    }
    zero = x.lit(0, x.Int64)
    mask = zero
    for code, is_told in told.items():
        mask = mask + x.when(is_told).then(x.lit(bit(code), x.Int64)).otherwise(zero)
    return (mask.alias("line_notices"),)


def _is_restricted(x: ModuleType) -> Any:
    """The sending economy restricts exports to Russia on the day."""
    dispatch, day = x.col("dispatch"), x.col("period")
    japan, korea = (
        (dispatch == sender) & ~at_column(name, day).is_null() for sender, name in SENDERS.items()
    )
    return japan | korea


def _is_of_the_union(x: ModuleType) -> Any:
    """The sending economy is a member of the Eurasian Economic Union on the day."""
    dispatch, day = x.col("dispatch"), x.col("period")
    inside = x.lit(value=False)
    for member in UNION:
        is_member = ~at_column(f"ru.union.{member}", day).is_null()
        inside = inside | ((dispatch == member) & is_member)
    return inside


def _of_goods(x: ModuleType) -> dict[str, Any]:
    """Of general import: rates that are doubtful, not held, or lower for some."""
    col, day = x.col, x.col("period")
    is_general = col("law_is_general")
    lacks_excise = ~col("law_excise_missing").is_null() & ~col("law_duty").is_null()
    lacks_rate = col("law_kind").is_null() | lacks_excise
    lacks_rate = lacks_rate | col("law_lacks_fee").fill_null(value=False)
    is_vehicle = col("law_is_of_person") & col("law_any_vehicle")
    preferred = x.lit(value=False)
    for origin in PREFERRED:
        is_open = at_column(f"ru.gsp.{origin}", day).fill_null(value=False)
        preferred = preferred | ((col("origin") == origin).fill_null(value=False) & is_open)
    return {
        "TARIFF_INDICATIVE": is_general & col("law_is_indicative"),
        "RATE_UNKNOWN": (is_general & lacks_rate) | is_vehicle,
        "RU_REDUCED_VAT_POSSIBLE": is_general
        & col("law_may_be_reduced")
        & ~col("law_vat").is_null(),
        "RU_GSP_RATES_NOT_HELD": is_general & preferred,
    }


def _of_parcels(x: ModuleType) -> dict[str, Any]:
    """Of parcels to persons: what is proposed, and what was not told."""
    col, day = x.col, x.col("period")
    by_month = at_column("ru.personal.per", day) != "parcel"
    is_light = col("law_takes_whole") & col("law_is_within") & col("law_any_unweighed")
    return {
        "RU_ECOMMERCE_VAT_PROPOSED": col("law_takes_whole"),
        "RU_WEIGHT_NOT_TOLD": is_light,
        "RU_MONTH_NOT_TOLD": col("law_is_of_person") & by_month & ~col("law_any_vehicle"),
    }


def _of_number(x: ModuleType) -> dict[str, Any]:
    """Of taxpayer numbers: express parcels need one, and one that is told has its check digits."""
    col, day = x.col, x.col("period")
    is_needed = ~at_column("ru.express.taxpayer_number_required", day).is_null()
    is_express = ~col("law_is_general") & (col("transport") == "courier") & is_needed
    is_looked_at = is_express | col("law_is_general")
    return {
        "RU_TAXPAYER_NUMBER_MISSING": is_express & ~col("law_has_number"),
        "RU_TAXPAYER_NUMBER_INVALID": is_looked_at & col("law_number_is_wrong"),
    }


TWIN: Final = Twin(
    economy="RU",
    keys=KEYS,
    rates=rates,
    values=values,
    stages=(_regimes, _charges, _answers, _remarks),
    drop=(),
    charges=("duty", "single_payment", "vat", "customs_fee"),
    currencies=("EUR", "USD"),
)
