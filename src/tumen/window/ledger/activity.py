"""How busy a node is: counts alone, of which anybody may know.

Where declarations stand is counted from the last count that was kept, by the events since: the new
last status of a declaration is added and the one before it is taken off. However long the history,
a count looks at a bounded stretch of it; where more has happened since, it is told as of the event
that it came to, and the next count goes on from there.
"""

import json
from collections import Counter
from datetime import date, datetime
from typing import Any, Final

import polars as pl

from tumen.kernel.limits import EVENTS_COUNTED_AT_ONCE, EVENTS_UNTIL_KEPT
from tumen.store.session import Session

_TOTALS: Final = """
    SELECT (SELECT coalesce(sum(documents), 0)::bigint FROM batch),
           (SELECT recorded_at FROM batch ORDER BY batch_id DESC LIMIT 1),
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
_DAY_SCHEMA: Final = pl.Schema({"day": pl.Date(), "documents": pl.Int64()})

_KEPT: Final = """
    SELECT until_event, statuses FROM activity_count ORDER BY until_event DESC LIMIT 1
"""
_KEPT_SCHEMA: Final = pl.Schema({"until_event": pl.Int64(), "statuses": pl.String()})

_MOVED: Final = """
    WITH fresh AS MATERIALIZED (
        SELECT event_id, document_id, status, recorded_at FROM declaration_event
        WHERE event_id > %(after)s ORDER BY event_id LIMIT %(most)s
    ), ends AS (
        SELECT document_id, min(event_id) AS first, max(event_id) AS last
        FROM fresh GROUP BY document_id
    ), moved AS (
        SELECT f.status, 1 AS declarations FROM fresh f JOIN ends ON f.event_id = ends.last
        UNION ALL
        SELECT b.status, -1 FROM ends CROSS JOIN LATERAL (
            SELECT status FROM declaration_event e
            WHERE e.document_id = ends.document_id AND e.event_id < ends.first
            ORDER BY e.event_id DESC LIMIT 1) b
    )
    SELECT status, sum(declarations)::bigint, (SELECT max(event_id) FROM fresh),
           (SELECT count(*) FROM fresh), (SELECT max(recorded_at) FROM fresh)
    FROM moved GROUP BY status
"""
_MOVED_SCHEMA: Final = pl.Schema(
    {
        "status": pl.String(), "declarations": pl.Int64(), "until_event": pl.Int64(),
        "events": pl.Int64(), "at": pl.Datetime("us", "UTC"),
    }
)  # fmt: skip

_KEEP: Final = """
    INSERT INTO activity_count VALUES (%(until)s, %(statuses)s) ON CONFLICT DO NOTHING
"""


def activity(session: Session, since: datetime) -> dict[str, Any]:
    """What was received, where declarations stand, and how large the log is.

    Args:
        session: one that sees the whole node, and may keep a count.
        since: from when on days are counted.

    Returns:
        documents, last_at, log_size; ``days``: day -> documents; ``statuses``: status -> count;
        ``counted_at``: of when the statuses are where events since then are not counted yet, None
        where they are of now.
    """
    days = session.read(_DAYS, {"since": since.isoformat()}, _DAY_SCHEMA)
    counted: dict[date, int] = dict(days.iter_rows())
    statuses, counted_at = _statuses(session)
    return {
        **session.read(_TOTALS, None, _TOTAL_SCHEMA).row(0, named=True),
        "days": counted,
        "statuses": statuses,
        "counted_at": counted_at,
    }


def _statuses(session: Session) -> tuple[dict[str, int], datetime | None]:
    """Where declarations stand, and as of when that is if later events are not counted yet."""
    kept = session.read(_KEPT, None, _KEPT_SCHEMA)
    after, told = (0, "{}") if kept.is_empty() else kept.row(0)
    statuses = Counter(json.loads(told))
    asked = {"after": after, "most": EVENTS_COUNTED_AT_ONCE}
    moved = session.read(_MOVED, asked, _MOVED_SCHEMA)
    statuses.update(dict(moved.select("status", "declarations").iter_rows()))
    if moved.is_empty():
        return dict(statuses), None
    until, events, at = moved.row(0)[2:]
    if events >= EVENTS_UNTIL_KEPT:
        session.execute(_KEEP, {"until": until, "statuses": json.dumps(statuses, sort_keys=True)})
    return dict(statuses), at if events == EVENTS_COUNTED_AT_ONCE else None
