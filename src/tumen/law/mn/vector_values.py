"""What shipments to Mongolia are worth, in mongo: the part of its columns that needs 128 bits."""

from typing import Final

import polars as pl

from tumen.kernel.money import Rounding
from tumen.law.overlay import remembered
from tumen.law.parameters import history
from tumen.law.vector.worth import AMOUNT_SCALE, WIDE, borne, converted

MONGO: Final = 100
CENTS: Final = 100
PERSON_NUMBER: Final = "^[А-ЯЁӨҮ]{2}[0-9]{8}$"
BUSINESS_NUMBER: Final = "^[0-9]{7}$"
USD_DEN_MAX: Final = 10**9
"""Beyond it a comparison in cents could leave 128 bits."""


@remembered
def rounding() -> Rounding:
    """How amounts become whole mongo; one rule at all times, or nothing is answered here."""
    (first, *others) = history("mn.rounding")
    return Rounding(first.value) if not others else Rounding.UP


def values(lines: pl.DataFrame) -> pl.DataFrame:
    """Values in mongo, and whether the parcel's worth is within the limits of post."""
    whole = rounding()
    until, price = pl.col("until_e6"), pl.col("price_e6")
    worth = pl.col("goods_e6")
    quantity = pl.format("items[{}].quantity", "item")
    up = converted(worth, Rounding.UP, MONGO)
    return lines.with_columns(
        value=borne(until, whole, MONGO) - borne(until - price, whole, MONGO),
        parcel=converted(worth, whole, MONGO),
        parcel_up=up,
        is_free=_is_free(),
        is_number_odd=_is_number_odd(),
        first_excise=_first(pl.col("law_excise")),
        first_uncounted=_first(pl.when(~pl.col("law_is_counted")).then(quantity)),
        law_has_one_rounding=pl.lit(len(history("mn.rounding")) == 1),
    )


def _is_free() -> pl.Expr:
    """Whether the parcel is worth no more dollars than post carries without a fee."""
    goods, den = pl.col("goods_e6").cast(WIDE), pl.col("rate_den").cast(WIDE)
    cents = goods * pl.col("rate_num").cast(WIDE) * CENTS * pl.col("usd_den").cast(WIDE)
    limit = pl.col("law_free_cents").cast(WIDE) * pl.col("usd_num").cast(WIDE)
    return (cents <= limit * den * AMOUNT_SCALE).fill_null(value=False)


def _first(named: pl.Expr) -> pl.Expr:
    """What the first line of a shipment that names anything does; asked for on the first line."""
    of_shipment = pl.when(named.is_not_null()).then(pl.col("shipment")).backward_fill()
    return pl.when(of_shipment == pl.col("shipment")).then(named.backward_fill())


def _is_number_odd() -> pl.Expr:
    """A register number that was told has not the form of one."""
    told = pl.col("buyer_id").str.to_uppercase()
    person = ~told.str.contains(PERSON_NUMBER)
    is_odd = pl.when(pl.col("buyer_kind") == "person").then(person)
    return is_odd.otherwise(~told.str.contains(BUSINESS_NUMBER)).fill_null(value=False)
