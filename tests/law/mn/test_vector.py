"""Post to Mongolia on columns: how many identical articles are in a parcel."""

from datetime import date
from itertools import product

import polars as pl

from tumen.law.assessing import Assessor, joined
from tumen.law.quoting import NO_BOOKS
from tumen.law.rows import of_many, shipments_of
from tumen.law.twins import TWINS
from tumen.law.vector import assessed as vector

ASSESSOR = Assessor(date(2025, 6, 10), NO_BOOKS)
HEAD = {
    "destination": "MN", "dispatch": "CN", "currency": "CNY", "transport": "post",
    "unit": "piece", "unit_price": "6.00", "origin": "CN",
}  # fmt: skip
MOST = 2
ARTICLES = (("61091000", "shirt"), ("61091000", "SHIRT"), ("640419", "shoe"))


def parcels() -> pl.DataFrame:
    """Every two articles in every small quantity, and three alike."""
    pairs = list(product(product(ARTICLES, (1, 2, 3)), repeat=2))
    contents = [*pairs, *([(article, 1)] * 3 for article in ARTICLES)]
    return pl.DataFrame(
        [
            HEAD | {"shipment": f"S-{place}", "hs": hs, "description": what, "quantity": str(count)}
            for place, content in enumerate(contents)
            for (hs, what), count in content
        ]
    )


def test_a_parcel_of_like_articles_is_answered_as_by_the_scalar_law() -> None:
    rows = parcels()
    scalar = joined([ASSESSOR.assess(list(shipments_of(rows)))]).shipments
    assert of_many(rows, ASSESSOR).equals(scalar)
    assert set(scalar["regime"]) == {"postal", "general"}


def test_only_where_descriptions_decide_the_scalar_law_is_asked() -> None:
    rows = parcels()
    declined = vector.assess(rows, TWINS, ASSESSOR.today).declined
    by_shipment = rows.with_columns(is_left=declined, quantity=pl.col("quantity").cast(pl.Int64))
    of_code = pl.col("quantity").sum().over("shipment", "hs")
    is_unclear = (of_code > MOST) & (pl.len().over("shipment", "hs") > 1)
    told = by_shipment.select(
        pl.col("is_left"),
        expected=is_unclear.any().over("shipment")
        & ~(pl.col("quantity") > MOST).any().over("shipment"),
    )
    assert told["is_left"].to_list() == told["expected"].to_list()
    assert 0 < told["is_left"].sum() < rows.height / 2


def test_a_parcel_whose_articles_are_not_counted_is_answered_as_by_the_scalar_law() -> None:
    """By weight nobody knows how many there are; only of one code on two lines is it not told."""
    articles = [*product(("61091000", "640419", "22083000", "84713000"), ("piece", "kg"))]
    contents = [*product(articles, repeat=2), *((each,) for each in articles)]
    rows = pl.DataFrame(
        [
            HEAD | {"shipment": f"{count}-{place}", "hs": hs, "unit": unit, "quantity": count,
                    "net_weight_kg": "0.2", "volume_l": "0.2"}
            for count in ("1", "3")
            for place, content in enumerate(contents)
            for hs, unit in content
        ]
    )  # fmt: skip
    scalar = joined([ASSESSOR.assess(list(shipments_of(rows)))]).shipments
    assert of_many(rows, ASSESSOR).equals(scalar)
    assert "items[1].quantity" in set(scalar["missing"])
    found = vector.assess(rows, TWINS, ASSESSOR.today)
    is_repeated = (pl.len().over("shipment", "hs") > 1).any().over("shipment").alias("is_repeated")
    is_liquor = (pl.col("hs") == "22083000").any().over("shipment")  # no duty by value
    told = rows.select("unit", is_repeated, is_liquor.alias("is_liquor"), is_left=found.declined)
    assert not told.filter(~pl.col("is_repeated") & ~pl.col("is_liquor"))["is_left"].any()
    assert told.filter(pl.col("is_repeated") & (pl.col("unit") == "kg"))["is_left"].all()
