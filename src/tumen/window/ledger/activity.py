"""How busy a node is: counts alone, of which anybody may know."""

from datetime import date, datetime
from typing import Any, Final

import polars as pl

from tumen.store.session import Session

_TOTALS: Final = """
    SELECT (SELECT coalesce(sum(documents), 0)::bigint FROM batch),
           (SELECT max(recorded_at) FROM batch),
           (SELECT coalesce(max(first_leaf + leaves), 0)::bigint FROM log_append a
            WHERE origin_id = (SELECT max(origin_id) FROM log_origin))
"""
_TOTAL_SCHEMA: Final = pl.Schema(
    {"documents": pl.Int64(), "last_at": pl.Datetime("us", "UTC"), "log_size": pl.Int64()}
)

_DAYS: Final = """
    SELECT (recorded_at AT TIME ZONE 'UTC')::date, sum(documents)::bigint FROM batch
    WHERE recorded_at >= %(since)s GROUP BY 1 ORDER BY 1
"""

_STATUSES: Final = """
    SELECT e.status, count(*) FROM declaration_event e
    WHERE NOT EXISTS (SELECT FROM declaration_event l
                      WHERE l.document_id = e.document_id AND l.event_id > e.event_id)
    GROUP BY 1
"""


def activity(session: Session, since: datetime) -> dict[str, Any]:
    """What was received, where declarations stand, and how large the log is.

    Args:
        session: one that sees the whole node.
        since: from when on days are counted.

    Returns:
        documents, last_at, log_size; ``days``: day -> documents; ``statuses``: status -> count.
    """
    days = session.read(
        _DAYS, {"since": since.isoformat()}, pl.Schema({"day": pl.Date(), "documents": pl.Int64()})
    )
    statuses = session.read(_STATUSES, None, pl.Schema({"status": pl.String(), "n": pl.Int64()}))
    counted: dict[date, int] = dict(days.iter_rows())
    return {
        **session.read(_TOTALS, None, _TOTAL_SCHEMA).row(0, named=True),
        "days": counted,
        "statuses": dict(statuses.iter_rows()),
    }
