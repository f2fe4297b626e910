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

from tumen.kernel.limits import (
    EVENTS_LOOKED_AT_MAX,
    LIST_ROWS_MAX,
    LOOKED_AT_MAX,
    LOOKED_AT_TIMES,
)
from tumen.store.session import Session
from tumen.window.ledger.standings import AUTHORITY_OF_SHIPMENT
from tumen.window.service_level import Due
from tumen.window.states import Lane

Line = dict[str, Any]
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


_LODGED: Final = """
    (SELECT document_id FROM declaration WHERE answer = 'accepted' AND document_id > %(after)s
     {own} ORDER BY document_id LIMIT {limit})
    UNION ALL
    (SELECT document_id FROM goods_shipment WHERE answer = 'accepted' AND document_id > %(after)s
     {own} ORDER BY document_id LIMIT {limit})
    ORDER BY 1 LIMIT {limit}
"""
"""The next documents that have a life: by two indexes, which stop where the page is full."""

_OWN: Final = "AND sender = %(sender)s"

_WAITING: Final = "SELECT document_id FROM waiting_documents(%(after)s, {limit})"

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


@dataclass(frozen=True, slots=True)
class Lines:
    """A page of a list.

    Attributes:
        lines: what was chosen; fewer than asked for where filters leave little.
        next: the cursor of the page after it; None at the end of the list.
    """

    lines: list[Line]
    next: int | None


def declarations(
    session: Session, chosen: Chosen, after: int = 0, limit: int = LIST_ROWS_MAX
) -> Lines:
    """Declarations and shipments in the order of lodging, from the number ``after`` on."""
    numbers, most = _numbers(session, _LODGED, chosen, after, limit)
    found = _listed(session, chosen, numbers, "document_id")
    if len(found) > limit:
        return Lines(found[:limit], found[limit - 1]["document_id"])
    return Lines(found, int(numbers[-1]) if len(numbers) == most else None)


def queue(session: Session, chosen: Chosen, after: int = 0, limit: int = LIST_ROWS_MAX) -> Lines:
    """What waits for an officer, the longest waiting first.

    Args:
        session: of who may see it.
        chosen: economy, status and lane.
        after: the last event that was seen.
        limit: the most lines.
    """
    numbers, most = _numbers(session, _WAITING, chosen, after, limit)
    found = _listed(session, chosen, numbers, "event_id")
    if len(found) > limit:
        return Lines(found[:limit], found[limit - 1]["event_id"])
    if len(numbers) < most:
        return Lines(found, None)
    (last,) = _listed(session, Chosen(), numbers.tail(1), "event_id")
    return Lines(found, last["event_id"])


def _numbers(
    session: Session, query: str, chosen: Chosen, after: int, limit: int
) -> tuple[pl.Series, int]:
    """The documents to look at, and how many there may be: with filters more than one page."""
    is_filtered = replace(chosen, sender=None) != Chosen()
    asked = max(1, min(limit, LIST_ROWS_MAX))
    most = min(LOOKED_AT_MAX, LOOKED_AT_TIMES * asked) if is_filtered else asked
    schema = pl.Schema({"document_id": pl.Int64()})
    own = "" if chosen.sender is None else _OWN
    given: dict[str, str | int] = {"after": after}
    if chosen.sender is not None:
        given["sender"] = chosen.sender
    found = session.read(query.format(limit=most, own=own), given, schema)
    return found["document_id"], most


def _listed(session: Session, chosen: Chosen, numbers: pl.Series, order: str) -> list[Line]:
    """The chosen ones of some documents."""
    named = {name: getattr(chosen, name) for name in _CONDITIONS}
    given = {name: value for name, value in named.items() if value is not None}
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
