"""What the charges of shipments to Russia miss, on whole columns: their names, and which they are.

Few shipments miss anything, and only their lines are looked at.
"""

from typing import Final

import polars as pl

from tumen.law.ru.vector_admission import ECOMMERCE, GENERAL, PERSONAL

GAPS: Final = pl.Schema(
    {
        "missing": pl.String,  # names, in the order of the charges
        "unknown": pl.String,  # codes of the charges that are not known
        "law_lacks_duty": pl.Boolean,
        "law_lacks_excise": pl.Boolean,
        "law_lacks_fee": pl.Boolean,
    }
)
PLACE: Final = "law_place"
NEEDED: Final = (
    *("item", "transport", "category", "kg_e5", "law_regime", "law_is_within", "law_duty"),
    *("law_per", "law_tariff_missing", "law_excise_missing", "law_fee_missing"),
    *("law_any_vehicle", "law_any_listed", "law_any_electronic"),
)
"""What is looked at: few columns, as many lines of theirs may be copied."""

NOT_IN_LIST: Final = "other"
"""The filer's category of goods that are not in the list of electronics."""

VEHICLE: Final = "ru.personal.vehicle_rates"
KINDS: Final = ("duty", "excise", "fee")


def with_gaps(lines: pl.DataFrame, *, is_single: bool) -> pl.DataFrame:
    """The lines with :data:`GAPS` on the first line of each shipment; null where all is known.

    Args:
        lines: with what is known of them.
        is_single: whether each shipment has one line.
    """
    place = pl.int_range(pl.len()) - pl.col("item")
    few = lines.select(*NEEDED, place.alias(PLACE)).filter(_is_gap_of_goods() | _is_gap_of_parcel())
    goods, parcels = few.filter(_is_gap_of_goods()), few.filter(_is_gap_of_parcel())
    gaps = pl.concat([_of_goods(goods, is_single=is_single), _of_parcels(parcels)])
    rows = pl.repeat(None, len(lines), dtype=pl.Int64, eager=True)
    rows = rows.scatter(gaps[PLACE], pl.int_range(len(gaps), eager=True))
    return lines.with_columns(gaps[name].gather(rows) for name in GAPS)


def is_possibly_listed() -> pl.Expr:
    """Goods of a heading of the electronics' list, of which the filer does not say the contrary."""
    is_denied = (pl.col("category") == NOT_IN_LIST).fill_null(value=False)
    return pl.col("law_fee_missing").is_not_null() & ~is_denied


def _is_gap_of_parcel() -> pl.Expr:
    """A line whose weight is not told, where it matters; the first of a parcel with a vehicle."""
    is_personal = pl.col("law_regime") == PERSONAL
    is_vehicle = is_personal & pl.col("law_any_vehicle")
    is_above = ~pl.col("law_is_within").fill_null(value=True)
    needs_weight = is_personal | ((pl.col("law_regime") == ECOMMERCE) & is_above)
    is_unweighed = ~is_vehicle & needs_weight & pl.col("kg_e5").is_null()
    return is_unweighed | (is_vehicle & (pl.col("item") == 0))


def _of_parcels(lines: pl.DataFrame) -> pl.DataFrame:
    """What parcels miss: a weight, or the rates of vehicles."""
    is_personal = pl.col("law_regime") == PERSONAL
    is_vehicle = is_personal & pl.col("law_any_vehicle")
    has_fee = is_personal & (pl.col("transport") == "courier")
    weight = pl.format("items[{}].net_weight_kg", "item")
    code = (
        pl.when(has_fee)
        .then(pl.lit("single_payment customs_fee"))
        .when(is_personal)
        .then(pl.lit("single_payment"))
        .otherwise(pl.lit("duty"))
    )
    return lines.unique(PLACE, keep="first", maintain_order=True).select(
        PLACE,
        pl.when(is_vehicle).then(pl.lit(VEHICLE)).otherwise(weight).alias("missing"),
        code.alias("unknown"),
        law_lacks_duty=~is_personal,
        law_lacks_excise=pl.lit(value=False),
        law_lacks_fee=has_fee,
    )


def _lacks_fee() -> pl.Expr:
    """Goods that may be in the list of electronics, and none that the filer says is."""
    return pl.col("law_any_listed") & ~pl.col("law_any_electronic")


def _is_gap_of_goods() -> pl.Expr:
    """A line of general import of which a rate or a quantity is not known, or the fee."""
    has_excise = pl.col("law_excise_missing").is_not_null()
    is_gap = pl.col("law_duty").is_null() | has_excise | _lacks_fee()
    return (pl.col("law_regime") == GENERAL) & is_gap


def _of_goods(lines: pl.DataFrame, *, is_single: bool) -> pl.DataFrame:
    """What general import misses: rates, quantities, excise, the fee."""
    has_excise = pl.col("law_excise_missing").is_not_null()
    duty = pl.coalesce("law_tariff_missing", _measure())
    is_listed = _lacks_fee() & is_possibly_listed()
    named = lines.select(
        PLACE,
        duty=duty,
        excise=pl.when(has_excise).then(pl.coalesce(duty, "law_excise_missing")),
        fee=pl.when(is_listed).then(pl.col("law_fee_missing")),
    )
    return (named if is_single else _firsts(named)).select(PLACE, *_summary())


def _firsts(named: pl.DataFrame) -> pl.DataFrame:
    """Of each kind what the first item of a shipment misses that misses anything."""
    rows = pl.int_range(pl.len())
    first = {kind: pl.when(pl.col(kind).is_not_null()).then(rows) for kind in KINDS}
    found = named.select(PLACE, **first).group_by(PLACE).agg(pl.col(KINDS).min())
    return found.with_columns(named[kind].gather(found[kind]).alias(kind) for kind in KINDS)


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
