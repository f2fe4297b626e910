"""Which declarations a list looks at: by the index that its filters and its reader call for.

Every query tells all that may fit, and more; whoever asks looks at each. Row-level security decides
what is seen. Where the reader sees the messages of all senders, of itself alone or what is to be
examined, each is a way of its own, for a condition that joins them with OR is met by no index.
"""

from datetime import date
from typing import Final

import polars as pl

from tumen.store.session import Session
from tumen.window.states import Lane, Status

_OWN: Final = "sender = %(sender)s"
_READERS_OWN: Final = "sender = current_setting('tumen.sender', true)"
_TO_EXAMINE: Final = "document_id IN (SELECT required_of_agency())"
_WAYS: Final = ("sees_all_messages()", _READERS_OWN, _TO_EXAMINE)


def _lodged(table: str, way: str) -> str:
    return f"""(SELECT document_id FROM {table} WHERE {way} AND answer = 'accepted'
                AND document_id > %(after)s ORDER BY document_id LIMIT {{limit}})"""  # noqa: S608


def _in_order(*parts: str) -> str:
    return f"SELECT document_id FROM ({' UNION '.join(parts)}) l ORDER BY 1 LIMIT {{limit}}"  # noqa: S608


_ALL: Final = _in_order(
    *(_lodged("declaration", way) for way in _WAYS),
    *(_lodged("goods_shipment", way) for way in ("agency_economy() IS NULL", _TO_EXAMINE)),
)
_OF_SENDER: Final = _in_order(
    *(_lodged(table, _OWN) for table in ("declaration", "goods_shipment"))
)

_BY_EVENT: Final = """
    SELECT DISTINCT document_id FROM declaration_event
    WHERE {condition} AND document_id > %(after)s ORDER BY document_id LIMIT {{limit}}
"""
"""Of every sender that is seen: joined with one who lodged much, all of it was sorted first."""

_FEW: Final = frozenset({*Status} - {Status.RELEASED, Status.PENDING})
"""The statuses, and the lanes, of which migration 0027 has indexes."""

_LOOKED_INTO: Final = frozenset({Lane.YELLOW, Lane.RED})

WAITING: Final = "SELECT document_id, event_id FROM waiting_documents(%(after)s, {limit})"
"""What waits for an officer, with the events since which it does."""


def declarations(status: str | None, lane: str | None, sender: str | None) -> str:
    """The query of declarations and shipments after the number ``after``, ``limit`` at most.

    Args:
        status: of those that are wanted; None for any.
        lane: likewise.
        sender: who lodged them; None for any.
    """
    if status in _FEW:
        return _BY_EVENT.format(condition="status = %(status)s")
    if lane in _LOOKED_INTO:
        return _BY_EVENT.format(condition="lane = %(lane)s")
    return _ALL if sender is None else _OF_SENDER


_SINCE: Final = "SELECT first_document_since(%(since)s)"


def first_since(session: Session, day: date) -> int:
    """The number before which no document was recorded on a day or later."""
    return int(session.read(_SINCE, {"since": day}, pl.Schema({"document_id": pl.Int64()})).item())
