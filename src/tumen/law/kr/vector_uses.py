"""What few lines to Korea need, computed for these lines alone and put back among the others.

Quantities for personal use (수입통관 사무처리에 관한 고시 67), and the names of what is unknown
where several items of a shipment lack something.
"""

from collections.abc import Iterator
from typing import Any, Final

import polars as pl

from tumen.law.columns import product

ITEM: Final = 100
"""A shipment has at most 99 items: places are digits of a number to this base."""

FIELDS: Final = {
    "law_use_pieces": "].quantity",
    "law_use_litres": "].volume_l",
    "law_use_kg": "].net_weight_kg",
}
"""The limits of a class, in the order of the law, and the field that tells what they limit."""

USED: Final = (
    *("shipment", "item", "unit", "quantity_e5", "litre_e5", "kg_e5", "law_use"),
    *FIELDS,
)
"""Columns that the quantities turn on."""

MISSED: Final = (
    *("shipment", "item", "items", "law_is_held", "law_duty", "law_duty_missing"),
    *("law_luxury", "law_is_liquor", "law_rural_rate"),
)
"""Columns that what is unknown turns on."""

BETWEEN: Final = "; "


def with_uses(lines: pl.DataFrame) -> pl.DataFrame:
    """Add which lines exceed the quantity of their class, and which do not tell it.

    Lines of one class count together.

    Returns:
        The lines with ``law_is_over``, ``law_is_lacking``, and ``law_lacks``: on the line whose
        field is asked for first, that field.
    """
    nothing = pl.repeat(False, len(lines), dtype=pl.Boolean, eager=True)
    text = pl.repeat(None, len(lines), dtype=pl.String, eager=True)
    counted = lines.select(USED).with_row_index("law_place").filter(pl.col("law_use") > 0)
    if counted.is_empty():
        return lines.with_columns(law_is_over=nothing, law_is_lacking=nothing, law_lacks=text)
    measured = _measured(counted)
    places = measured["law_place"]
    return lines.with_columns(
        law_is_over=nothing.clone().scatter(places, measured["is_over"]),
        law_is_lacking=nothing.clone().scatter(places, measured["is_lacking"]),
        law_lacks=text.scatter(places, measured["lacks"]),
    )


def _measured(counted: pl.DataFrame) -> pl.DataFrame:
    """Of lines with such a class: their sums against the limits, and what is not told."""
    amounts = {
        "law_use_pieces": pl.when(pl.col("unit") == "piece").then(pl.col("quantity_e5")),
        "law_use_litres": pl.col("litre_e5"),
        "law_use_kg": pl.col("kg_e5"),
    }
    one_class = ["shipment", "law_use"]
    over = [amounts[each].sum().over(one_class) > pl.col(each) for each in FIELDS]
    rank = pl.lit(None, pl.Int64)
    for place, each in reversed([*enumerate(FIELDS)]):
        is_lacking = pl.col(each).is_not_null() & amounts[each].is_null()
        rank = pl.when(is_lacking).then(pl.lit(place, pl.Int64)).otherwise(rank)
    found = counted.with_columns(
        is_over=pl.any_horizontal(*(each.fill_null(value=False) for each in over)),
        rank=rank,
        begins=pl.col("item").min().over(one_class),
    )
    return _first_lacking(found.with_columns(is_lacking=pl.col("rank").is_not_null()))


def _first_lacking(found: pl.DataFrame) -> pl.DataFrame:
    """The field that is asked for first: by class as they begin, by limit, by item."""
    begins, rank, item = _columns("begins", "rank", "item")
    order = product(product(begins, ITEM) + rank, ITEM) + item
    ordered = found.with_columns(order=pl.when(pl.col("is_lacking")).then(order))
    is_first = pl.col("order") == pl.col("order").min().over("shipment")
    field = pl.col("rank").replace_strict(
        range(len(FIELDS)), [*FIELDS.values()], default=None, return_dtype=pl.String
    )
    text = pl.concat_str(pl.lit("items["), pl.col("item").cast(pl.String), field)
    return ordered.with_columns(lacks=pl.when(is_first.fill_null(value=False)).then(text))


def _columns(*names: str) -> Iterator[Any]:
    """Columns for what takes those of any engine."""
    return map(pl.col, names)


def with_missing(lines: pl.DataFrame) -> pl.DataFrame:
    """Add ``law_missing_all``: what all the duties that are not held make unknown, in order.

    It stands on the first line of shipments in which several items have no duty and one of them
    bears a tax that is computed on it; else the first such item tells all.
    """
    text = pl.repeat(None, len(lines), dtype=pl.String, eager=True)
    is_lacking = (pl.col("items") > 1) & pl.col("law_duty").is_null() & pl.col("law_is_held")
    bears_any = pl.col("law_luxury").is_not_null() | pl.col("law_is_liquor")
    lacking = lines.select(MISSED).with_row_index("law_place").filter(is_lacking)
    missing = lacking.filter((pl.len().over("shipment") > 1) & bears_any.any().over("shipment"))
    if missing.is_empty():
        return lines.with_columns(law_missing_all=text)
    name = pl.col("law_duty_missing")
    bears = (
        pl.lit(value=True),
        pl.col("law_luxury").is_not_null(),
        pl.col("law_is_liquor"),
        pl.col("law_rural_rate").is_not_null(),
    )
    found = missing.group_by("shipment", maintain_order=True).agg(
        (pl.col("law_place") - pl.col("item")).first().alias("head"),
        pl.concat_list(*(name.filter(each).first() for each in bears)).first().alias("names"),
    )
    names = pl.col("names").list.drop_nulls().list.unique(maintain_order=True)
    told = found.select("head", text=names.list.join(BETWEEN))
    return lines.with_columns(law_missing_all=text.scatter(told["head"], told["text"]))
