"""How long clearance took, in the form of the WCO Time Release Study."""

from datetime import date

import polars as pl

from tumen.store.session import Session
from tumen.window.ledger.statistics import FILER, RELEASES

CLEARANCE_SCHEMA = pl.Schema(
    {
        "direction": pl.String(),
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
    """How long each stage took at each office, of what was released between two days.

    The stages are those of a Time Release Study as far as the window sees them: from the receipt
    of the declaration to the first decision, from that to the release, and both together, in
    milliseconds. A declaration has an office of entry; a native shipment names none, so its office
    is the economy that decided: where it goes to, or whence an export goes.
    """
    query = f"""
        {RELEASES}, lodged AS (
            SELECT document_id, batch_id, 'import' AS direction, port_office AS office,
                   merchant_code AS filer
            FROM declaration
            UNION ALL
            SELECT s.document_id, s.batch_id,
                   CASE WHEN a.regime LIKE 'export%%' THEN 'export' ELSE 'import' END,
                   CASE WHEN a.regime LIKE 'export%%' THEN s.dispatch ELSE s.destination END,
                   {FILER}
            FROM goods_shipment s JOIN shipment_assessment a USING (document_id)
        ), timed AS (
            SELECT direction, office, filer, b.recorded_at AS received,
                   (SELECT min(e.recorded_at) FROM declaration_event e
                    WHERE e.document_id = l.document_id) AS decided, r.released_at AS released
            FROM release r JOIN lodged l USING (document_id)
            JOIN batch b ON b.batch_id = l.batch_id
            WHERE r.day BETWEEN %(first)s AND %(last)s
        ), staged AS (
            SELECT direction, office, filer, stage, extract(epoch FROM taken) * 1000 AS ms
            FROM timed CROSS JOIN LATERAL (VALUES
                ('receipt to decision', decided - received),
                ('decision to release', released - decided),
                ('receipt to release', released - received)) AS stages (stage, taken)
        )
        SELECT direction, office, stage, count(*) AS cases,
               count(DISTINCT filer) AS contributors,
               round(avg(ms))::bigint AS mean_ms,
               round(percentile_cont(0.5) WITHIN GROUP (ORDER BY ms))::bigint AS median_ms,
               round(percentile_cont(0.9) WITHIN GROUP (ORDER BY ms))::bigint AS p90_ms
        FROM staged GROUP BY direction, office, stage ORDER BY direction DESC, office, stage
    """  # noqa: S608 - the text is ours
    return session.read(query, {"first": first, "last": last}, CLEARANCE_SCHEMA)


def days_of_release(session: Session, first: date, last: date) -> tuple[date, date]:
    """The first and the last day of release between two days; these where there was none."""
    query = f"""
        {RELEASES}
        SELECT coalesce(min(day), %(first)s) AS first, coalesce(max(day), %(last)s) AS last
        FROM release WHERE day BETWEEN %(first)s AND %(last)s
    """  # noqa: S608 - the text is ours
    schema = pl.Schema({"first": pl.Date(), "last": pl.Date()})
    ((begun, ended),) = session.read(query, {"first": first, "last": last}, schema).rows()
    return begun, ended
