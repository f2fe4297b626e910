"""Lists of declarations and events, a page at a time; what a cursor has passed never changes.

Document and event numbers are given under the sequencer's lock, in the order of commits. So a
list that goes on from a number skips nothing, however long its reader was away. Every query runs
in a session of who may see the rows: row-level security does the choosing.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl

from tumen.kernel.limits import LIST_ROWS_MAX
from tumen.store.session import Session
from tumen.window.ledger.standings import AUTHORITY_OF_SHIPMENT

Line = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which declarations a list shows; None chooses all.

    Attributes:
        status: such as ``held``.
        lane: such as ``yellow``.
        economy: the authority they are before.
        since: those lodged on this day or later, by the recorded time in UTC.
        sender: who lodged them.
    """

    status: str | None = None
    lane: str | None = None
    economy: str | None = None
    since: date | None = None
    sender: str | None = None


_DECLARED: Final = f"""
    SELECT d.document_id, 'declaration' AS kind, d.sender, 'CN' AS economy, d.order_number,
           d.waybill_number, n.declaration_number, d.own_reference, d.batch_id
    FROM declaration d JOIN declaration_number n USING (document_id)
    WHERE d.answer = 'accepted' AND d.document_id {{bound}}
    UNION ALL
    SELECT s.document_id, 'shipment', s.sender, {AUTHORITY_OF_SHIPMENT}, NULL, NULL, NULL,
           s.own_reference, s.batch_id
    FROM goods_shipment s LEFT JOIN shipment_assessment a USING (document_id)
    WHERE s.answer = 'accepted' AND s.document_id {{bound}}
"""  # noqa: S608 - our own constants

_LISTED: Final = f"""
    SELECT d.document_id, d.kind, d.sender, d.economy, d.order_number, d.waybill_number,
           d.declaration_number, d.own_reference, e.event_id, e.status,
           (SELECT f.lane FROM declaration_event f WHERE f.document_id = d.document_id
            AND f.lane IS NOT NULL ORDER BY f.event_id DESC LIMIT 1) AS lane,
           told_codes(e.codes) AS codes, e.legal_day, e.recorded_at AS since,
           b.recorded_at AS lodged_at
    FROM ({_DECLARED}) d LEFT JOIN batch b USING (batch_id)
    CROSS JOIN LATERAL (
        SELECT event_id, status, codes, legal_day, recorded_at FROM declaration_event
        WHERE document_id = d.document_id ORDER BY event_id DESC LIMIT 1
    ) e
"""  # noqa: S608 - our own constants

_CONDITIONS: Final = {
    "status": "l.status = %(status)s",
    "lane": "l.lane = %(lane)s",
    "economy": "l.economy = %(economy)s",
    "since": "l.lodged_at >= %(since)s",
    "sender": "l.sender = %(sender)s",
}

_LISTED_SCHEMA: Final = pl.Schema(
    {
        "document_id": pl.Int64(),
        **dict.fromkeys(
            ("kind", "sender", "economy", "order_number", "waybill_number",
             "declaration_number", "own_reference"),
            pl.String(),
        ),
        "event_id": pl.Int64(),
        **dict.fromkeys(("status", "lane", "codes"), pl.String()),
        "legal_day": pl.Date(),
        "since": pl.Datetime("us", "UTC"),
        "lodged_at": pl.Datetime("us", "UTC"),
    }
)  # fmt: skip


def declarations(
    session: Session, chosen: Chosen, after: int = 0, limit: int = LIST_ROWS_MAX
) -> list[Line]:
    """Declarations and shipments in the order of lodging, from the number ``after`` on."""
    named = {name: getattr(chosen, name) for name in _CONDITIONS}
    given = {name: value for name, value in named.items() if value is not None}
    where = " AND ".join([_CONDITIONS[name] for name in given] or ["true"])
    query = f"""SELECT * FROM ({_LISTED.format(bound="> %(after)s")}) l WHERE {where}
                ORDER BY l.document_id LIMIT {_bounded(limit)}"""  # noqa: S608 - our own constants
    found = session.read(query, {**given, "after": after}, _LISTED_SCHEMA)
    return [_told(line) for line in found.iter_rows(named=True)]


_WAITING: Final = f"""
    SELECT l.* FROM (
        SELECT w.document_id FROM declaration_event w
        WHERE w.status IN ('held', 'examination') AND w.event_id > %(after)s
          AND NOT EXISTS (SELECT FROM declaration_event later
                          WHERE later.document_id = w.document_id AND later.event_id > w.event_id)
    ) waiting CROSS JOIN LATERAL ({_LISTED.format(bound="= waiting.document_id")}) l
    WHERE {{where}} ORDER BY l.event_id LIMIT {{limit}}
"""  # noqa: S608 - our own constants


def queue(
    session: Session, chosen: Chosen, after: int = 0, limit: int = LIST_ROWS_MAX
) -> list[Line]:
    """What waits for an officer, the longest waiting first.

    Args:
        session: of who may see it.
        chosen: economy, status and lane.
        after: the last event that was seen.
        limit: the most lines.
    """
    named = {name: getattr(chosen, name) for name in ("status", "lane", "economy")}
    given = {name: value for name, value in named.items() if value is not None}
    where = " AND ".join([_CONDITIONS[name] for name in given] or ["true"])
    query = _WAITING.format(where=where, limit=_bounded(limit))
    found = session.read(query, {**given, "after": after}, _LISTED_SCHEMA)
    return [_told(line) for line in found.iter_rows(named=True)]


def _bounded(limit: int) -> int:
    return max(1, min(limit, LIST_ROWS_MAX))


def _told(line: Line) -> Line:
    """A line with its reasons as a list, and the handle by which an officer names it."""
    codes = [code for code in (line.pop("codes") or "").split(",") if code]
    number = line["declaration_number"] or f"#{line['document_id']}"
    return {**line, "reasons": codes, "number": number}


_EVENTS: Final = """
    SELECT e.event_id, e.document_id, e.status, e.lane, e.legal_day, e.recorded_at, c.act, c.reason,
           n.declaration_number, coalesce(d.order_number, s.own_reference) AS reference
    FROM declaration_event e LEFT JOIN decision c USING (event_id)
    LEFT JOIN declaration_number n ON n.document_id = e.document_id
    LEFT JOIN declaration d ON d.document_id = e.document_id
    LEFT JOIN goods_shipment s ON s.document_id = e.document_id
    WHERE e.event_id > %(after)s ORDER BY e.event_id LIMIT {limit}
"""
_EVENT_SCHEMA: Final = pl.Schema(
    {
        "event_id": pl.Int64(),
        "document_id": pl.Int64(),
        "status": pl.String(),
        "lane": pl.String(),
        "legal_day": pl.Date(),
        "recorded_at": pl.Datetime("us", "UTC"),
        "act": pl.String(),
        "reason": pl.String(),
        "declaration_number": pl.String(),
        "reference": pl.String(),
    }
)


def events(session: Session, after: int = 0, limit: int = LIST_ROWS_MAX) -> list[Line]:
    """Events of declarations in their order, from the number ``after`` on: none is skipped."""
    query = _EVENTS.format(limit=_bounded(limit))
    found = session.read(query, {"after": after}, _EVENT_SCHEMA)
    return [dict(line) for line in found.iter_rows(named=True)]
