"""How long clearance took, in the form of the WCO Time Release Study."""

from datetime import date
from typing import Final

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
        WITH life AS (
            SELECT document_id, min(recorded_at) AS decided,
                   min(recorded_at) FILTER (WHERE status = 'released') AS released,
                   min(legal_day) FILTER (WHERE status = 'released') AS day
            FROM declaration_event GROUP BY document_id
        ), lodged AS (
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
            SELECT direction, office, filer, decided - recorded_at AS deciding,
                   released - decided AS releasing, released - recorded_at AS clearing
            FROM life JOIN lodged USING (document_id) JOIN batch USING (batch_id)
            WHERE {_BETWEEN_THE_DAYS}
        ), measured AS (
            SELECT direction, office, count(*) AS cases, count(DISTINCT filer) AS contributors,
                   {_measured("deciding")}, {_measured("releasing")}, {_measured("clearing")}
            FROM timed GROUP BY direction, office
        )
        SELECT direction, office, stage, cases, contributors, {_milliseconds("mean")} AS mean_ms,
               {_milliseconds("parts[1]")} AS median_ms, {_milliseconds("parts[2]")} AS p90_ms
        FROM measured CROSS JOIN LATERAL (VALUES
            ('receipt to decision', deciding_mean, deciding_parts),
            ('decision to release', releasing_mean, releasing_parts),
            ('receipt to release', clearing_mean, clearing_parts)) AS stages (stage, mean, parts)
        ORDER BY direction DESC, office, stage
    """  # noqa: S608 - the text is ours
    return session.read(query, {"first": first, "last": last}, CLEARANCE_SCHEMA)


_BETWEEN_THE_DAYS: Final = "CASE WHEN day BETWEEN %(first)s AND %(last)s THEN true ELSE false END"
"""As a bare condition on a smallest value PostgreSQL takes it for one that few meet, and then looks
up every declaration of the history by itself: four times as long."""


def _measured(stage: str) -> str:
    """The mean, and the median with the ninth tenth, of how long a stage took."""
    return f"""avg({stage}) AS {stage}_mean,
               percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY {stage}) AS {stage}_parts"""


def _milliseconds(duration: str) -> str:
    return f"round(extract(epoch FROM {duration}) * 1000)::bigint"


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
