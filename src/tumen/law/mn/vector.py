"""Imports into Mongolia on whole columns: post for personal use, and general import.

``docs/law-mn.md`` says how an officer can check each number; :class:`Twin` what is expected here.
"""

from types import ModuleType
from typing import Final, cast

import narwhals as nw

from tumen.kernel.limits import FIXED_POINT_SCALE, RATE_SCALE
from tumen.kernel.money import mul_div
from tumen.law.columns import Columns, product
from tumen.law.mn.vector_rates import KEYS, rates
from tumen.law.mn.vector_values import USD_DEN_MAX, rounding, values
from tumen.law.overlay import remembered
from tumen.law.vector.twin import Twin, bit

WAGE: Final = "mn.minimum_wage"


@remembered
def _counts(x: ModuleType) -> Columns:
    """Stage 1: how many laptops, and whether an article comes on several lines."""
    laptop = x.col("law_is_laptop") & x.col("law_is_counted")
    most = product(x.col("law_identical"), FIXED_POINT_SCALE)
    pieces = x.when(laptop).then(x.col("quantity_e5")).otherwise(x.lit(0, x.Int64))
    return (
        pieces.sum().over("shipment").alias("law_pieces"),
        laptop.cast(x.Int64).sum().over("shipment").alias("law_laptop_lines"),
        x.col("item").count().over("shipment", "hs").cast(x.Int64).alias("law_same"),
        x.col("quantity_e5").sum().over("shipment", "hs").alias("law_of_code"),
        (~x.col("law_is_counted")).cast(x.Int64).sum().over("shipment").alias("law_uncounted"),
        (x.col("law_is_counted") & (x.col("quantity_e5") > most))
        .cast(x.Int64)
        .sum()
        .over("shipment")
        .alias("law_too_many"),
        (~x.col("law_excise").is_null()).cast(x.Int64).sum().over("shipment").alias("law_excised"),
    )


@remembered
def _regime(x: ModuleType) -> Columns:
    """Stage 2: post takes a parcel to a person for personal use, up to its limits."""
    laptops = (x.col("law_laptop_lines") == x.col("items")) & (
        x.col("law_pieces") <= product(x.col("law_laptops"), FIXED_POINT_SCALE)
    )
    limit = x.when(laptops).then(x.col("law_laptop_limit")).otherwise(x.col("law_limit"))
    is_over = (x.col("parcel_up") > limit).fill_null(value=False)
    is_many = x.col("law_too_many") > 0
    is_asked = x.col("asked") != "general"
    is_post = (
        is_asked
        & x.col("law_is_post_open")
        & (x.col("transport") == "post")
        & (x.col("purpose") == "personal")
        & (x.col("buyer_kind") == "person")
        & ~is_over
        & ~is_many
    )
    most = product(x.col("law_identical"), FIXED_POINT_SCALE)
    is_unclear = (x.col("law_same") > 1) & (x.col("law_of_code") > most)
    is_mixed = (x.col("law_same") > 1) & ~x.col("law_is_counted")
    return (
        is_post.alias("law_is_post"),
        limit.alias("law_limit_taken"),
        # articles of one code are identical by their descriptions, which only the scalar law reads
        is_unclear.cast(x.Int64).sum().over("shipment").alias("law_unclear"),
        is_mixed.cast(x.Int64).sum().over("shipment").alias("law_mixed"),
    )


@remembered
def _duty(x: ModuleType) -> Columns:
    """Stage 3: duty of each line of a general import; nothing is due by post."""
    amount = mul_div(x.col("value"), x.col("law_duty"), RATE_SCALE, rounding())
    return (amount.alias("law_duty_due"),)


@remembered
def _vat(x: ModuleType) -> Columns:
    """Stage 4: VAT of each line, on value and duty; unknown where an excise is."""
    base = x.col("value") + x.col("law_duty_due")
    amount = mul_div(base, x.col("law_vat"), RATE_SCALE, rounding())
    return (amount.alias("law_vat_due"),)


@remembered
def _whole(x: ModuleType) -> Columns:
    """Stage 5: what is payable on the whole."""
    zero = x.lit(0, x.Int64)
    is_post, is_excised = x.col("law_is_post"), x.col("law_excised") > 0
    counted = x.col("law_uncounted") == 0
    wage_known = ~x.col("law_limit_taken").is_null()
    known = wage_known & counted
    exempt = x.when(is_post & known).then(zero)
    duty = x.col("law_duty_due").sum().over("shipment")
    vat = x.col("law_vat_due").sum().over("shipment")
    value = x.col("value").sum().over("shipment")
    return (
        x.when(is_post).then(exempt).otherwise(duty).alias("duty"),
        x.when(is_post).then(exempt).otherwise(x.when(~is_excised).then(vat)).alias("vat"),
        x.when(is_post).then(x.col("parcel")).otherwise(value).alias("customs_value"),
        x.when(is_post).then(x.lit("postal")).otherwise(x.lit("general")).alias("regime"),
        _unknown(x, is_post, known, is_excised).alias("unknown"),
        _missing(x, is_post, known, is_excised).alias("missing"),
        (is_post & counted & ~wage_known).alias("law_lacks_wage"),
    )


def _unknown(x: ModuleType, is_post: nw.Expr, known: nw.Expr, is_excised: nw.Expr) -> nw.Expr:
    """The charges that are due and not known: by post each that is not exempt."""
    not_exempt = x.when(is_excised).then(x.lit("duty excise vat")).otherwise(x.lit("duty vat"))
    excise = x.when(is_excised).then(x.lit("excise"))
    of_post = x.when(known).then(excise).otherwise(not_exempt)
    of_import = x.when(is_excised).then(x.lit("excise vat"))
    return cast("nw.Expr", x.when(is_post).then(of_post).otherwise(of_import))


def _missing(x: ModuleType, is_post: nw.Expr, known: nw.Expr, is_excised: nw.Expr) -> nw.Expr:
    """What would make them known: the number of the articles, else the wage; an excise besides."""
    number = x.col("first_uncounted")
    first = x.when(number.is_null()).then(x.lit(WAGE)).otherwise(number)
    both = x.concat_str([first, x.lit("; "), x.col("first_excise")])
    of_post = x.when(is_excised).then(both).otherwise(first)
    return cast("nw.Expr", x.when(is_post & ~known).then(of_post).otherwise(x.col("first_excise")))


@remembered
def _status(x: ModuleType) -> Columns:
    """Stage 6: the status, the remarks, and whether the columns answer at all."""
    is_post, nothing = x.col("law_is_post"), x.lit(0, x.Int64)
    is_due = (x.col("duty") + x.col("vat")) > 0
    status = x.when(is_due).then(x.lit("payable")).otherwise(x.lit("exempt"))
    lacks_wage = x.col("law_lacks_wage")
    unheld = x.when(lacks_wage).then(x.lit(bit("LAW_NOT_HELD"), x.Int64)).otherwise(nothing)
    unknown = x.when(lacks_wage | (x.col("law_excised") > 0)).then(
        x.lit(bit("RATE_UNKNOWN"), x.Int64)
    )
    postal = x.col("law_postal_notices") + unheld + unknown.otherwise(nothing)
    fee = x.when(is_post & ~x.col("is_free")).then(x.lit(bit("MN_POSTAL_FEE_UNKNOWN"), x.Int64))
    number = x.when(x.col("is_number_odd")).then(x.lit(bit("MN_REGISTER_NUMBER_FORM"), x.Int64))
    own = x.when(is_post).then(postal).otherwise(x.col("law_notices"))
    is_clear = (x.col("law_unclear") == 0) | (x.col("law_too_many") > 0)
    is_clear = is_clear & (x.col("law_mixed") == 0)
    is_covered = (
        x.col("law_is_held")
        & x.col("law_has_one_rounding")
        & (x.col("price_e6") > 0)
        & ((x.col("asked") != "postal") | is_post)
        & ((x.col("transport") != "post") | is_clear)
        & (x.col("usd_den").is_null() | (x.col("usd_den") <= USD_DEN_MAX))
    )
    return (
        x.when(x.col("unknown").is_null()).then(status).otherwise(x.lit("unknown")).alias("status"),
        (own + fee.otherwise(nothing) + number.otherwise(nothing)).alias("line_notices"),
        (is_post & ~x.col("law_free_cents").is_null()).alias("asks_usd"),
        is_covered.alias("law_is_covered"),
    )


TWIN: Final = Twin(
    economy="MN",
    keys=KEYS,
    rates=rates,
    values=values,
    stages=(_counts, _regime, _duty, _vat, _whole, _status),
    drop=(),
    charges=("duty", "vat"),
    currencies=("USD",),
)
