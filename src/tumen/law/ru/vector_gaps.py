"""What the charges of shipments to Russia miss, on whole columns: their names, and which they are.

Few shipments miss anything, and only their lines are looked at.
"""

from typing import Final

import polars as pl

from tumen.law.ru.vector_admission import ECOMMERCE, GENERAL, PERSONAL

GAPS: Final = pl.Schema(
    {
        "shipment": pl.Int64,
        "missing": pl.String,  # names, in the order of the charges
        "unknown": pl.String,  # codes of the charges that are not known
        "law_lacks_duty": pl.Boolean,
        "law_lacks_excise": pl.Boolean,
        "law_lacks_fee": pl.Boolean,
    }
)
NOT_IN_LIST: Final = "other"
"""The filer's category of goods that are not in the list of electronics."""

VEHICLE: Final = "ru.personal.vehicle_rates"
KINDS: Final = ("duty", "excise", "fee")


def with_gaps(lines: pl.DataFrame) -> pl.DataFrame:
    """The lines with :data:`GAPS`, the same on all lines of a shipment; null where all is known."""
    found = [gaps for gaps in (_of_goods(lines), _of_parcels(lines)) if len(gaps)]
    if not found:
        nothing = [pl.lit(None, kind).alias(name) for name, kind in GAPS.items()]
        return lines.with_columns(nothing[1:])
    return lines.join(pl.concat(found), on="shipment", how="left", maintain_order="left")


def is_possibly_listed() -> pl.Expr:
    """Goods of a heading of the electronics' list, of which the filer does not say the contrary."""
    is_denied = (pl.col("category") == NOT_IN_LIST).fill_null(value=False)
    return pl.col("law_fee_missing").is_not_null() & ~is_denied


def _of_parcels(lines: pl.DataFrame) -> pl.DataFrame:
    """A parcel of which a weight is not told, where it matters, or with a vehicle."""
    is_personal = pl.col("law_regime") == PERSONAL
    is_vehicle = is_personal & pl.col("law_any_vehicle")
    needs_weight = is_personal | (
        (pl.col("law_regime") == ECOMMERCE) & ~pl.col("law_is_within").fill_null(value=True)
    )
    is_unweighed = ~is_vehicle & needs_weight & pl.col("kg_e5").is_null()
    told = lines.filter(is_unweighed | (is_vehicle & (pl.col("item") == 0)))
    has_fee = is_personal & (pl.col("transport") == "courier")
    weight = pl.format("items[{}].net_weight_kg", "item")
    code = (
        pl.when(has_fee)
        .then(pl.lit("single_payment customs_fee"))
        .when(is_personal)
        .then(pl.lit("single_payment"))
        .otherwise(pl.lit("duty"))
    )
    return told.unique("shipment", keep="first", maintain_order=True).select(
        "shipment",
        pl.when(is_vehicle).then(pl.lit(VEHICLE)).otherwise(weight).alias("missing"),
        code.alias("unknown"),
        law_lacks_duty=~is_personal,
        law_lacks_excise=pl.lit(value=False),
        law_lacks_fee=has_fee,
    )


def _of_goods(lines: pl.DataFrame) -> pl.DataFrame:
    """Goods of general import of which a rate or a quantity is not known, or the fee."""
    lacks_fee = pl.col("law_any_listed") & ~pl.col("law_any_electronic")
    has_excise = pl.col("law_excise_missing").is_not_null()
    is_gap = pl.col("law_duty").is_null() | has_excise | lacks_fee
    told = lines.filter((pl.col("law_regime") == GENERAL) & is_gap)
    duty = pl.coalesce("law_tariff_missing", _measure())
    is_listed = lacks_fee & is_possibly_listed()
    named = told.select(
        "shipment",
        duty=duty,
        excise=pl.when(has_excise).then(pl.coalesce(duty, "law_excise_missing")),
        fee=pl.when(is_listed).then(pl.col("law_fee_missing")),
    )
    if named["shipment"].n_unique() < len(named):
        firsts = [pl.col(kind).drop_nulls().first() for kind in KINDS]
        named = named.group_by("shipment", maintain_order=True).agg(firsts)
    return named.select("shipment", *_summary())


def _measure() -> pl.Expr:
    """The field of the quantity that the duty turns on and that was not told."""
    per = pl.col("law_per")
    field = (
        pl.when(per == "kg")
        .then(pl.lit("net_weight_kg"))
        .when(per == "l")
        .then(pl.lit("volume_l"))
        .otherwise(pl.format("quantity in {}", "law_per"))
    )
    return pl.when(pl.col("law_duty").is_null()).then(pl.format("items[{}].{}", "item", field))


def _summary() -> tuple[pl.Expr, ...]:
    """What is missing, each told once, and which charges are unknown for it.

    The VAT of an item misses what its duty or its excise misses.
    """
    duty, excise, fee = (pl.col(kind).is_not_null() for kind in KINDS)
    other = pl.when(pl.col("excise").ne_missing(pl.col("duty"))).then(pl.col("excise"))
    codes = {"duty": duty, "excise": excise, "vat": duty | excise, "customs_fee": fee}
    told = [pl.when(lacks).then(pl.lit(code)) for code, lacks in codes.items()]
    return (
        pl.concat_str("duty", other, "fee", separator="; ", ignore_nulls=True).alias("missing"),
        pl.concat_str(told, separator=" ", ignore_nulls=True).alias("unknown"),
        duty.alias("law_lacks_duty"),
        excise.alias("law_lacks_excise"),
        fee.alias("law_lacks_fee"),
    )
