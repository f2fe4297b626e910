"""Lists of declarations and events, a page at a time; what a cursor has passed never changes.

Document and event numbers are given under the sequencer's lock, in the order of commits. So a
list that goes on from a number skips nothing, however long its reader was away. Every query runs
in a session of who may see the rows: row-level security does the choosing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

import polars as pl

from tumen.kernel.limits import EVENTS_LOOKED_AT_MAX, LIST_ROWS_MAX
from tumen.store.session import Session
from tumen.window.ledger import sought
from tumen.window.ledger.standings import AUTHORITY_OF_SHIPMENT
from tumen.window.ledger.stretches import Line, Lines, Stretch, filled
from tumen.window.service_level import Due
from tumen.window.states import Lane

HIGHEST: Final = (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which declarations a list shows; None chooses all.

    Attributes:
        status: such as ``held``.
        lane: such as ``yellow``.
        economy: the authority they are before.
        since: those lodged on this day or later, by the recorded time in UTC.
        sender: who lodged them: they are found without a look at those of others.
        due: whether they wait longer than they may, by ``overdue_before``.
        overdue_before: lane -> since when what waits in it is overdue.
    """

    status: str | None = None
    lane: str | None = None
    economy: str | None = None
    since: date | None = None
    sender: str | None = None
    due: Due | None = None
    overdue_before: Mapping[Lane, datetime] | None = None


_DECLARED: Final = f"""
    SELECT 'declaration' AS kind, d.sender, 'CN' AS economy, d.order_number, d.waybill_number,
           n.declaration_number, d.own_reference, d.batch_id
    FROM declaration d JOIN declaration_number n USING (document_id)
    WHERE d.document_id = h.document_id
    UNION ALL
    SELECT 'shipment', s.sender, {AUTHORITY_OF_SHIPMENT}, NULL, NULL, NULL, s.own_reference,
           s.batch_id
    FROM goods_shipment s LEFT JOIN shipment_assessment a USING (document_id)
    WHERE s.document_id = h.document_id
"""  # noqa: S608 - our own constants

_WAITING_SINCE: Final = """
    SELECT min(w.recorded_at) FROM declaration_event w
    WHERE w.document_id = h.document_id AND w.event_id > coalesce((
        SELECT max(o.event_id) FROM declaration_event o WHERE o.document_id = h.document_id
        AND o.status NOT IN ('held', 'examination')), 0)
"""
"""Since when it waits without a break; null for what does not wait."""

_LISTED: Final = f"""
    WITH h AS MATERIALIZED (SELECT unnest(%(numbers)s) AS document_id)
    SELECT h.document_id, d.kind, d.sender, d.economy, d.order_number, d.waybill_number,
           d.declaration_number, d.own_reference, e.event_id, e.status,
           f.lane, told_codes(CASE WHEN e.status IN ('held', 'examination') AND e.lane IS NULL
                THEN concat_ws(',', f.codes, e.codes) ELSE e.codes END) AS codes,
           e.legal_day, e.recorded_at AS since,
           b.recorded_at AS lodged_at, ({_WAITING_SINCE}) AS waiting_since
    FROM h CROSS JOIN LATERAL ({_DECLARED}) d LEFT JOIN batch b USING (batch_id)
    CROSS JOIN LATERAL (
        SELECT event_id, status, lane, codes, legal_day, recorded_at FROM declaration_event
        WHERE document_id = h.document_id ORDER BY event_id DESC LIMIT 1
    ) e LEFT JOIN LATERAL (
        SELECT lane, codes FROM declaration_event
        WHERE document_id = h.document_id AND lane IS NOT NULL ORDER BY event_id DESC LIMIT 1
    ) f ON true
"""  # noqa: S608 - our own constants
"""What an officer lets wait, also by undoing an act, has the reasons of the screening besides."""

_CONDITIONS: Final = {
    "status": "l.status = %(status)s",
    "lane": "l.lane = %(lane)s",
    "economy": "l.economy = %(economy)s",
    "since": "l.lodged_at >= %(since)s",
    "sender": "l.sender = %(sender)s",
}

_IS_OVERDUE: Final = " OR ".join(
    f"(l.lane = '{lane}' AND l.waiting_since < %({lane}_before)s)" for lane in Lane
)
_DUE: Final = {
    Due.OVERDUE: f"({_IS_OVERDUE}) IS TRUE",
    Due.IN_TIME: f"({_IS_OVERDUE}) IS NOT TRUE",
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
        "waiting_since": pl.Datetime("us", "UTC"),
    }
)  # fmt: skip


def declarations(
    session: Session, chosen: Chosen, after: int = 0, limit: int = LIST_ROWS_MAX
) -> Lines:
    """Declarations and shipments in the order of lodging, from the number ``after`` on."""
    if chosen.since is not None:
        after = max(after, sought.first_since(session, chosen.since) - 1)
    query = sought.declarations(chosen.status, chosen.lane, chosen.sender)
    return _page(session, chosen, after, limit, (query, "document_id"))


def queue(session: Session, chosen: Chosen, after: int = 0, limit: int = LIST_ROWS_MAX) -> Lines:
    """What waits for an officer, the longest waiting first.

    Args:
        session: of who may see it.
        chosen: economy, status and lane.
        after: the last event that was seen.
        limit: the most lines.
    """
    return _page(session, chosen, after, limit, (sought.WAITING, "event_id"))


def _page(
    session: Session, chosen: Chosen, after: int, limit: int, listed_by: tuple[str, str]
) -> Lines:
    """A page of what a query seeks, in the order of its cursor."""
    query, cursor = listed_by
    given = _given(chosen)

    def look(after: int, most: int) -> Stretch:
        schema = pl.Schema(dict.fromkeys(dict.fromkeys(("document_id", cursor)), pl.Int64()))
        found = session.read(query.format(limit=most), {**given, "after": after}, schema)
        return Stretch(
            found[cursor].to_list(), _listed(session, chosen, found["document_id"], cursor)
        )

    is_filtered = replace(chosen, sender=None) != Chosen()
    return filled(look, after, _bounded(limit), cursor, is_filtered=is_filtered)


def _given(chosen: Chosen) -> dict[str, Any]:
    named = {name: getattr(chosen, name) for name in _CONDITIONS}
    return {name: value for name, value in named.items() if value is not None}


def _listed(session: Session, chosen: Chosen, numbers: pl.Series, order: str) -> list[Line]:
    """The chosen ones of some documents."""
    given = _given(chosen)
    conditions = [_CONDITIONS[name] for name in given]
    if chosen.due is not None:
        conditions.append(_DUE[chosen.due])
        before = chosen.overdue_before or {}
        given |= {f"{lane}_before": before.get(lane) for lane in Lane}
    where = " AND ".join(conditions or ["true"])
    query = f"SELECT * FROM ({_LISTED}) l WHERE {where} ORDER BY l.{order}"  # noqa: S608 - ours
    found = session.read(query, {**given, "numbers": numbers}, _LISTED_SCHEMA)
    return [_told(line) for line in found.iter_rows(named=True)]


def _bounded(limit: int) -> int:
    return max(1, min(limit, LIST_ROWS_MAX))


def _told(line: Line) -> Line:
    """A line with its reasons as a list, and the handle by which an officer names it."""
    codes = [code for code in (line.pop("codes") or "").split(",") if code]
    number = line["declaration_number"] or f"#{line['document_id']}"
    return {**line, "reasons": codes, "number": number}


_EVENTS: Final = """
    WITH e AS MATERIALIZED (
        SELECT event_id, document_id, status, lane, legal_day, recorded_at FROM declaration_event
        {own} WHERE event_id > %(after)s AND event_id <= %(until)s ORDER BY event_id LIMIT {limit}
    )
    SELECT e.*, coalesce((SELECT c.act FROM decision c WHERE c.event_id = e.event_id),
                         (SELECT x.act FROM aftercare_entry x WHERE x.event_id = e.event_id)),
           coalesce((SELECT c.reason FROM decision c WHERE c.event_id = e.event_id),
                    (SELECT x.reason FROM aftercare_entry x WHERE x.event_id = e.event_id)),
           (SELECT n.declaration_number FROM declaration_number n
            WHERE n.document_id = e.document_id),
           coalesce((SELECT d.order_number FROM declaration d WHERE d.document_id = e.document_id),
                    (SELECT s.own_reference FROM goods_shipment s
                     WHERE s.document_id = e.document_id))
    FROM e ORDER BY e.event_id
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


def last_event(session: Session) -> int:
    """The number of the last event of the node; 0 where there is none."""
    query = "SELECT coalesce(max(event_id), 0) FROM declaration_event"
    return int(session.read(query, None, pl.Schema({"event_id": pl.Int64()})).item())


_OF_SENDER: Final = """
    JOIN (SELECT document_id FROM declaration WHERE sender = %(sender)s
          UNION ALL SELECT document_id FROM goods_shipment WHERE sender = %(sender)s) mine
    USING (document_id)
"""


def events(
    session: Session,
    after: int = 0,
    limit: int = LIST_ROWS_MAX,
    *,
    sender: str | None = None,
    last: int = HIGHEST,
) -> list[Line]:
    """Events of declarations in their order, from the number ``after`` on: none is skipped.

    Args:
        session: of who may see them.
        after: the last one that was seen.
        limit: the most lines.
        sender: whose declarations alone, found without a look at those of others.
        last: the last event of the node, where it is known.
    """
    most = _bounded(limit)
    if sender is None:
        return _events(session, after, most)
    # Who lodges much finds a page among the next events of all; who lodges little by its documents.
    near = after + EVENTS_LOOKED_AT_MAX
    found = _events(session, after, most, until=near)
    if len(found) == most or near >= last:
        return found
    return _events(session, after, most, own=_OF_SENDER, sender=sender)


def _events(
    session: Session,
    after: int,
    limit: int,
    *,
    until: int = HIGHEST,
    own: str = "",
    sender: str = "",
) -> list[Line]:
    query = _EVENTS.format(limit=limit, own=own)
    given: dict[str, str | int] = {"after": after, "until": until, "sender": sender}
    found = session.read(query, given, _EVENT_SCHEMA)
    return [dict(line) for line in found.iter_rows(named=True)]
