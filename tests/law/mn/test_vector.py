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
