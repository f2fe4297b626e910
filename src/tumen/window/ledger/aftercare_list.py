"""What was asked for and answered after decisions, for lists and pages, as a reader may see it."""

from collections.abc import Sequence
from typing import Any, Final

import msgspec
import polars as pl

from tumen.kernel.limits import LIST_ROWS_MAX
from tumen.store.session import Session
from tumen.window.aftercare_told import money
from tumen.window.story import plain

Told = dict[str, Any]

_ENTRIES: Final = """
    SELECT x.event_id, x.document_id, x.act, x.authority, x.own_reference, x.reason, x.basis,
           x.answers, x.stated, x.ruling, x.doubts, e.status, e.legal_day, e.recorded_at
    FROM aftercare_entry x JOIN declaration_event e USING (event_id)
    WHERE x.document_id = ANY(%(documents)s) ORDER BY x.event_id
"""
_ENTRY_SCHEMA: Final = pl.Schema(
    {
        "event_id": pl.Int64(),
        "document_id": pl.Int64(),
        **dict.fromkeys(("act", "authority", "own_reference", "reason", "basis"), pl.String()),
        "answers": pl.Int64(),
        **dict.fromkeys(("stated", "ruling", "doubts", "status"), pl.String()),
        "legal_day": pl.Date(),
        "recorded_at": pl.Datetime("us", "UTC"),
    }
)

_DIFFERENCES: Final = """
    SELECT c.event_id, c.position + 1 AS item, c.code, 'CNY' AS currency, c.amount_fen
    FROM charge c WHERE c.event_id = ANY(%(events)s)
    UNION ALL
    SELECT c.event_id, NULL, c.code, c.currency, c.amount_minor
    FROM shipment_charge c WHERE c.event_id = ANY(%(events)s)
    ORDER BY 1, 2, 3
"""
_DIFFERENCE_SCHEMA: Final = pl.Schema(
    {
        "event_id": pl.Int64(),
        "item": pl.Int32(),
        "code": pl.String(),
        "currency": pl.String(),
        "amount": pl.Int64(),
    }
)


def aftercare_of(session: Session, documents: Sequence[int] | pl.Series) -> list[Told]:
    """What was asked for and answered of declarations, in recorded order, with what it changed."""
    numbers = pl.Series("document_id", documents, pl.Int64)
    entries = session.read(_ENTRIES, {"documents": numbers}, _ENTRY_SCHEMA)
    if entries.is_empty():
        return []
    lines = session.read(_DIFFERENCES, {"events": entries["event_id"]}, _DIFFERENCE_SCHEMA)
    return [_entry(each, lines) for each in entries.iter_rows(named=True)]


def _entry(line: Told, lines: pl.DataFrame) -> Told:
    own = lines.filter(pl.col("event_id") == line["event_id"]).drop("event_id")
    return {
        "event": line["event_id"],
        "document_id": line["document_id"],
        "entry": line["act"],
        "by": "filer" if line["authority"] is None else "officer",
        "reference": line["own_reference"],
        "reason": line["reason"],
        "basis": line["basis"],
        "answers": line["answers"],
        "stated": _stated(line["stated"]),
        "ruling": line["ruling"],
        "doubts": [name for name in (line["doubts"] or "").split(",") if name],
        "status": line["status"],
        "legal_day": plain(line["legal_day"]),
        "recorded_at": plain(line["recorded_at"]),
        "differences": [_difference(each) for each in own.iter_rows(named=True)],
    }


def _stated(recorded: str | None) -> Told | None:
    found: Told | None = None if recorded is None else msgspec.json.decode(recorded)
    return found


def _difference(line: Told) -> Told:
    return {
        "item": line["item"],
        "code": line["code"],
        "currency": line["currency"],
        "difference": money(line["amount"], line["currency"]),
    }


_WAITING: Final = """
    SELECT x.event_id, x.document_id, x.act, x.own_reference, x.reason, x.stated,
           e.legal_day, e.recorded_at,
           coalesce((SELECT n.declaration_number FROM declaration_number n
                     WHERE n.document_id = x.document_id), '#' || x.document_id),
           coalesce((SELECT d.order_number FROM declaration d WHERE d.document_id = x.document_id),
                    (SELECT s.own_reference FROM goods_shipment s
                     WHERE s.document_id = x.document_id))
    FROM aftercare_entry x JOIN declaration_event e USING (event_id)
    WHERE x.act IN ('correction_asked', 'return_asked') AND x.event_id > %(after)s
      AND NOT EXISTS (SELECT FROM aftercare_entry y WHERE y.answers = x.event_id)
    ORDER BY x.event_id LIMIT {limit}
"""
_WAITING_SCHEMA: Final = pl.Schema(
    {
        "event": pl.Int64(),
        "document_id": pl.Int64(),
        **dict.fromkeys(("entry", "own_reference", "reason", "stated"), pl.String()),
        "legal_day": pl.Date(),
        "recorded_at": pl.Datetime("us", "UTC"),
        "number": pl.String(),
        "consignment": pl.String(),
    }
)


def applications(session: Session, after: int = 0, limit: int = LIST_ROWS_MAX) -> list[Told]:
    """What waits for an officer's answer, the longest waiting first.

    Args:
        session: what it may see is listed.
        after: the last event that was seen.
        limit: the most lines.
    """
    query = _WAITING.format(limit=max(1, min(limit, LIST_ROWS_MAX)))
    found = session.read(query, {"after": after}, _WAITING_SCHEMA)
    return [
        {
            **{name: plain(value) for name, value in line.items() if name != "own_reference"},
            "reference": line["own_reference"],
            "stated": _stated(line["stated"]),
        }
        for line in found.iter_rows(named=True)
    ]


_DUE: Final = """
    SELECT c.code, 'CNY' AS currency, sum(c.amount_fen)::bigint, {unknown_list}
    FROM charge c JOIN declaration_event e USING (event_id)
    WHERE e.document_id = ANY(%(documents)s) GROUP BY 1
    UNION ALL
    SELECT c.code, c.currency, sum(c.amount_minor)::bigint, {unknown_shipment}
    FROM shipment_charge c JOIN declaration_event e USING (event_id)
    WHERE e.document_id = ANY(%(documents)s) GROUP BY 1, 2 ORDER BY 1
"""
_UNSETTLED: Final = """bool_or(c.{amount} IS NULL AND NOT EXISTS (
    SELECT FROM aftercare_entry k WHERE k.document_id = e.document_id
    AND k.act = 'correction' AND k.event_id > e.event_id))"""
_DUE_SCHEMA: Final = pl.Schema(
    {
        "code": pl.String(),
        "currency": pl.String(),
        "amount": pl.Int64(),
        "is_unknown": pl.Boolean(),
    }
)


def due(session: Session, documents: Sequence[int] | pl.Series) -> list[Told]:
    """What is due of each charge after all corrections and returns; unknown is null."""
    query = _DUE.format(
        unknown_list=_UNSETTLED.format(amount="amount_fen"),
        unknown_shipment=_UNSETTLED.format(amount="amount_minor"),
    )
    numbers = pl.Series("document_id", documents, pl.Int64)
    found = session.read(query, {"documents": numbers}, _DUE_SCHEMA)
    return [
        {
            "code": code,
            "currency": unit,
            "amount": None if is_unknown else money(amount or 0, unit),
        }
        for code, unit, amount, is_unknown in found.iter_rows()
    ]
