"""What the platform's statistics are made of: sums by filer, and how long clearance took.

A sum by filer is no statistic yet: it goes through disclosure control before anybody sees it.
"""

from datetime import date

import polars as pl

from tumen.codelist.lists import iso_countries
from tumen.store.session import Session

TRADE_SCHEMA = pl.Schema(
    {
        "dispatch": pl.String(),
        "chapter": pl.String(),
        "regime": pl.String(),
        "month": pl.String(),
        "contributor": pl.String(),
        "cases": pl.Int64(),
        "value": pl.Int64(),
    }
)

RELEASES = """
    WITH release AS (
        SELECT document_id, min(legal_day) AS day, min(recorded_at) AS released_at
        FROM declaration_event WHERE status = 'released' GROUP BY document_id
    )
"""
"""The first release of each declaration: a part that is returned later releases the rest again."""


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
        WHERE r.day BETWEEN %(first)s AND %(last)s AND i.currency = '142'
        GROUP BY 1, 2, 3, 4, 5
    """  # noqa: S608 - the text is ours
    rows = session.read(query, {"first": first, "last": last}, TRADE_SCHEMA)
    iso = pl.col("dispatch").replace_strict(iso_countries(), default="ZZ")
    return rows.select(
        pl.concat_str(iso, pl.lit("-CN")).alias("pair"), pl.exclude("dispatch")
    )  # fmt: skip


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


CLEARANCE_SCHEMA = pl.Schema(
    {
        "office": pl.String(),
        "stage": pl.String(),
        "cases": pl.Int64(),
        "contributors": pl.Int64(),
        "mean_ms": pl.Int64(),
        "median_ms": pl.Int64(),
        "p90_ms": pl.Int64(),
    }
)


def clearance_times(session: Session, first: date, last: date) -> pl.DataFrame:
    """How long each stage took at each office of entry, of declarations released between two days.

    The stages are those of a Time Release Study as far as the window sees them: from the receipt
    of the declaration to the first decision, from that to the release, and both together, in
    milliseconds.
    """
    query = f"""
        {RELEASES}, timed AS (
            SELECT d.port_office AS office, d.merchant_code AS merchant, b.recorded_at AS received,
                   (SELECT min(e.recorded_at) FROM declaration_event e
                    WHERE e.document_id = d.document_id) AS decided, r.released_at AS released
            FROM release r JOIN declaration d USING (document_id)
            JOIN batch b ON b.batch_id = d.batch_id
            WHERE r.day BETWEEN %(first)s AND %(last)s
        ), staged AS (
            SELECT office, merchant, stage, extract(epoch FROM taken) * 1000 AS ms
            FROM timed CROSS JOIN LATERAL (VALUES
                ('receipt to decision', decided - received),
                ('decision to release', released - decided),
                ('receipt to release', released - received)) AS stages (stage, taken)
        )
        SELECT office, stage, count(*) AS cases, count(DISTINCT merchant) AS contributors,
               round(avg(ms))::bigint AS mean_ms,
               round(percentile_cont(0.5) WITHIN GROUP (ORDER BY ms))::bigint AS median_ms,
               round(percentile_cont(0.9) WITHIN GROUP (ORDER BY ms))::bigint AS p90_ms
        FROM staged GROUP BY office, stage ORDER BY office, stage
    """  # noqa: S608 - the text is ours
    return session.read(query, {"first": first, "last": last}, CLEARANCE_SCHEMA)
