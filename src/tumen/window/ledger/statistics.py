"""What the platform's statistics are made of: sums by filer.

A sum by filer is no statistic yet: it goes through disclosure control before anybody sees it.
"""

from datetime import date
from typing import Final

import polars as pl

from tumen.codelist.currencies import NO_CURRENCY
from tumen.codelist.lists import iso_countries
from tumen.store.session import Session

TRADE_REST: Final[dict[str, pl.DataType]] = {
    "chapter": pl.String(),
    "regime": pl.String(),
    "month": pl.String(),
    "contributor": pl.String(),
    "cases": pl.Int64(),
    "value": pl.Int64(),
}
TRADE_SCHEMA = pl.Schema({"dispatch": pl.String(), **TRADE_REST})

RELEASES = """
    WITH release AS (
        SELECT document_id, min(legal_day) AS day, min(recorded_at) AS released_at
        FROM declaration_event WHERE status = 'released' GROUP BY document_id
    )
"""
"""The first release of each declaration: a part that is returned later releases the rest again."""

BETWEEN_THE_DAYS: Final = "CASE WHEN day BETWEEN %(first)s AND %(last)s THEN true ELSE false END"
"""Of releases, which. As a bare condition on a smallest value PostgreSQL takes it for one that few
meet, and then looks up every declaration of the history by itself: four times as long."""

FILER = "coalesce(s.seller, s.platform, s.sender)"
"""Whose trade a native shipment is, as far as it tells."""


def trade(session: Session, first: date, last: date) -> pl.DataFrame:
    """Goods items released between two days, by pair, chapter, regime, month and merchant.

    The value is the declared one, in fen. A dispatching country that the list does not know is
    ``ZZ`` (unknown or not specified).
    """
    query = f"""
        {RELEASES}
        SELECT d.dispatch_country AS dispatch, left(i.hs_code, 2) AS chapter,
               d.procedure AS regime, to_char(r.day, 'YYYY-MM') AS month,
               d.merchant_code AS contributor, count(*) AS cases,
               coalesce(sum(i.total_price / 1000), 0)::bigint AS value
        FROM release r JOIN declaration d USING (document_id)
        JOIN declaration_item i USING (document_id)
        WHERE {BETWEEN_THE_DAYS} AND i.currency = '142'
        GROUP BY 1, 2, 3, 4, 5
    """  # noqa: S608 - the text is ours
    rows = session.read(query, {"first": first, "last": last}, TRADE_SCHEMA)
    iso = pl.col("dispatch").replace_strict(iso_countries(), default="ZZ")
    return rows.select(
        pl.concat_str(iso, pl.lit("-CN")).alias("pair"), pl.exclude("dispatch")
    )  # fmt: skip


SHIPPED_SCHEMA = pl.Schema({"currency": pl.String(), "pair": pl.String(), **TRADE_REST})

SEVERAL_CHAPTERS = "XX"
"""In place of a chapter: the goods of a shipment are of several."""


def shipped(session: Session, first: date, last: date) -> pl.DataFrame:
    """Native shipments released between two days, as ``trade`` has goods items.

    The value is the customs value in minor units of its ``currency``, that of the destination;
    under ``none``, where it is not known, the value is the number of shipments. Goods items have no
    customs value of their own, so a shipment is one case, of one chapter where all its goods are.
    """
    query = f"""
        {RELEASES}, chapters AS (
            SELECT document_id, min(left(hs_code, 2)) AS lowest, max(left(hs_code, 2)) AS highest
            FROM goods_shipment_item GROUP BY document_id
        )
        SELECT CASE WHEN a.customs_value_minor IS NULL THEN %(none)s ELSE a.currency END
                   AS currency,
               s.dispatch || '-' || s.destination AS pair,
               CASE WHEN c.lowest = c.highest THEN c.lowest ELSE %(several)s END AS chapter,
               a.regime, to_char(r.day, 'YYYY-MM') AS month,
               {FILER} AS contributor, count(*) AS cases,
               sum(coalesce(a.customs_value_minor, 1))::bigint AS value
        FROM release r JOIN goods_shipment s USING (document_id)
        JOIN shipment_assessment a USING (document_id) JOIN chapters c USING (document_id)
        WHERE {BETWEEN_THE_DAYS}
        GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6
    """  # noqa: S608 - the text is ours
    codes = {"several": SEVERAL_CHAPTERS, "none": NO_CURRENCY}
    return session.read(query, {"first": first, "last": last, **codes}, SHIPPED_SCHEMA)


SHOPPING_SCHEMA = pl.Schema(
    {
        "year": pl.String(),
        "used": pl.String(),
        "contributor": pl.String(),
        "cases": pl.Int64(),
        "value": pl.Int64(),
    }
)


USED_CLASSES = ("up to 1,000", "up to 5,000", "up to 13,000", "above 13,000")
"""Classes of the yuan that a person used in a year, of 26,000 that the law allows since 2019."""


def shopping(session: Session) -> pl.DataFrame:
    """Persons by year and by the amount of their yearly allowance that is used, in fen.

    A person is one case; what is reserved for a held declaration counts as used.
    """
    query = """
        WITH balance AS (
            SELECT person, year, sum(amount_fen)::bigint AS fen FROM allowance_entry
            GROUP BY person, year HAVING sum(amount_fen) > 0
        )
        SELECT year::text,
               CASE WHEN fen <= 100000 THEN 'up to 1,000' WHEN fen <= 500000 THEN 'up to 5,000'
                    WHEN fen <= 1300000 THEN 'up to 13,000' ELSE 'above 13,000' END AS used,
               person::text AS contributor, 1::bigint AS cases, fen AS value
        FROM balance
    """
    return session.read(query, None, SHOPPING_SCHEMA)
