"""How long clearance took, in the form of the WCO Time Release Study."""

from datetime import date
from typing import Final

import polars as pl

from tumen.store.session import Session
from tumen.window.ledger.statistics import BETWEEN_THE_DAYS, FILER, RELEASES

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
        )
        SELECT direction, office, filer, {_microseconds("decided - recorded_at")},
               {_microseconds("released - decided")}, {_microseconds("released - recorded_at")},
               count(*)
        FROM life JOIN lodged USING (document_id) JOIN batch USING (batch_id)
        WHERE {BETWEEN_THE_DAYS} GROUP BY 1, 2, 3, 4, 5, 6
    """  # noqa: S608 - the text is ours
    return summed_up(session.read(query, {"first": first, "last": last}, TIMED_SCHEMA))


def _microseconds(duration: str) -> str:
    return f"(extract(epoch FROM {duration}) * 1000000)::bigint"


STAGES: Final = ("receipt to decision", "decision to release", "receipt to release")
_OFFICE: Final = ("direction", "office")
_STAGE: Final = (*_OFFICE, "stage")
TIMED_SCHEMA: Final = pl.Schema(
    {
        **dict.fromkeys((*_OFFICE, "filer"), pl.String()),
        **dict.fromkeys((*STAGES, "cases"), pl.Int64()),
    }
)
"""How long the stages took, in microseconds: most goods are released at once, so that one line
stands for many of a filer."""


def summed_up(timed: pl.DataFrame) -> pl.DataFrame:
    """Means, medians and ninth tenths of stages, from how often each time was taken."""
    filers = timed.group_by(_OFFICE).agg(contributors=pl.col("filer").drop_nulls().n_unique())
    lasted = timed.unpivot(
        STAGES, index=[*_OFFICE, "cases"], variable_name="stage", value_name="us"
    )
    stages = (
        lasted.group_by(*_STAGE, "us").agg(pl.col("cases").sum())
        .sort(*_STAGE, "us", nulls_last=True)
        .group_by(_STAGE, maintain_order=True)
        .agg(_mean(), _part(5).alias("median_ms"), _part(9).alias("p90_ms"), pl.col("cases").sum())
    )  # fmt: skip
    return (
        stages.join(filers, on=_OFFICE, nulls_equal=True)
        .sort(*_STAGE, descending=[True, False, False], nulls_last=True)
        .select(pl.col(name).cast(kind) for name, kind in CLEARANCE_SCHEMA.items())
    )


def _mean() -> pl.Expr:
    total, cases = (pl.col("us") * pl.col("cases")).sum(), pl.col("cases").sum()
    return ((2 * total + 1000 * cases) // (2000 * cases)).alias("mean_ms")


def _part(tenths: int) -> pl.Expr:
    """The time that so many tenths of the cases do not exceed, between two as far as it must be."""
    place = (pl.col("cases").sum() - 1) * tenths
    low, high = (_lasted(place // 10 + more) for more in (0, 1))
    return ((10 * low + (high - low) * (place % 10) + 5_000) // 10_000).first()


def _lasted(place: pl.Expr) -> pl.Expr:
    """How long the case in a place, from 0, took; the last one where there is none."""
    is_after = pl.col("cases").cum_sum() > place
    return pl.col("us").filter(is_after).first().fill_null(pl.col("us").last())


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
