"""How much waits for officers, and for how long: counts by authority and lane."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import polars as pl

from tumen.store.session import Session
from tumen.window.ledger.standings import AUTHORITY_OF_SHIPMENT
from tumen.window.service_level import Due, ServiceLevel
from tumen.window.states import Lane

_COUNTED: Final = f"""
    WITH waiting AS (
        SELECT w.document_id FROM declaration_event w
        WHERE w.status IN ('held', 'examination') AND NOT EXISTS (
            SELECT FROM declaration_event later
            WHERE later.document_id = w.document_id AND later.event_id > w.event_id)
    ), lived AS (
        SELECT e.document_id, e.event_id, e.lane, e.recorded_at,
               coalesce(max(e.event_id) FILTER (WHERE e.status NOT IN ('held', 'examination'))
                        OVER (PARTITION BY e.document_id), 0) AS moved
        FROM waiting w JOIN declaration_event e USING (document_id)
    ), timed AS (
        SELECT document_id,
               (array_agg(lane ORDER BY event_id DESC) FILTER (WHERE lane IS NOT NULL))[1] AS lane,
               min(recorded_at) FILTER (WHERE event_id > moved) AS since
        FROM lived GROUP BY document_id
    )
    SELECT coalesce({AUTHORITY_OF_SHIPMENT}, 'CN') AS economy, t.lane,
           count(*) AS waiting,
           count(*) FILTER (WHERE t.since < CASE t.lane
               WHEN '{Lane.YELLOW}' THEN %(yellow)s WHEN '{Lane.RED}' THEN %(red)s END) AS overdue,
           min(t.since) AS oldest
    FROM timed t LEFT JOIN goods_shipment s USING (document_id)
    LEFT JOIN shipment_assessment a USING (document_id)
    WHERE t.lane IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2
"""  # noqa: S608 - our own constants
_SCHEMA: Final = pl.Schema(
    {
        "economy": pl.String(), "lane": pl.String(), "waiting": pl.Int64(),
        "overdue": pl.Int64(), "oldest": pl.Datetime("us", "UTC"),
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits in a lane before an authority.

    Attributes:
        economy: the authority.
        lane: the lane.
        counts: how many are overdue, and in time.
        oldest_seconds: how long the one waits that waits longest.
    """

    economy: str
    lane: str
    counts: dict[Due, int]
    oldest_seconds: int


def waiting(session: Session, level: ServiceLevel, now: datetime) -> list[Waiting]:
    """Counts of all that waits, by authority and lane.

    Args:
        session: sees the whole node.
        level: how long it may wait.
        now: the recorded time.
    """
    before = level.overdue_before(now)
    given = {str(lane): before.get(lane) for lane in (Lane.YELLOW, Lane.RED)}
    found = session.read(_COUNTED, given, _SCHEMA)
    return [
        Waiting(
            economy, lane, {Due.OVERDUE: overdue, Due.IN_TIME: waits - overdue},
            int((now - oldest).total_seconds()),
        )
        for economy, lane, waits, overdue, oldest in found.iter_rows()
    ]  # fmt: skip
