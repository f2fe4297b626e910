"""What was lodged, for lists: the newest documents first, a page at a time, and one of them."""

from collections.abc import Sequence
from typing import Any, Final

import polars as pl

from tumen.documents.fields import Kind
from tumen.store.session import Session
from tumen.window.facts import TABLES
from tumen.window.ledger.inquiry import LINKS

UNREADABLE: Final = "unreadable"
"""The kind of a row that became no document."""

ANSWERS: Final = ("accepted", "rejected", "ignored")

_STATUS: Final = """
    (SELECT e.status FROM declaration_event e WHERE e.document_id = t.document_id
     ORDER BY e.event_id DESC LIMIT 1)
"""
_WITH_STATUS: Final = frozenset({Kind.DECLARATION, Kind.SHIPMENT})

LODGED_SCHEMA: Final = pl.Schema(
    {
        "document_id": pl.Int64(),
        "kind": pl.String(),
        "key": pl.String(),
        "reference": pl.String(),
        "answer": pl.String(),
        "sender": pl.String(),
        "batch_id": pl.Int64(),
        "status": pl.String(),
    }
)


def lodged(
    session: Session,
    *,
    before: int,
    answer: str | None = None,
    limit: int,
    sender: str | None = None,
) -> pl.DataFrame:
    """The documents with the highest numbers below one.

    Args:
        session: what it may see is listed.
        before: numbers below this; the last of a page leads to the next.
        answer: only those that were answered so; None for all.
        limit: how many at most.
        sender: whose alone, found without a look at those of others.
    """
    own = "" if sender is None else " AND t.sender = %(sender)s"
    wanted = own if answer is None else f"{own} AND t.answer = %(answer)s"
    parts = [
        f"""(SELECT t.document_id, '{kind}', t.key, t.{LINKS[kind]}, t.answer, t.sender, t.batch_id,
                    {_STATUS if kind in _WITH_STATUS else "NULL"}
             FROM {TABLES[kind]} t WHERE t.document_id < %(before)s{wanted}
             ORDER BY t.document_id DESC LIMIT {limit:d})"""  # noqa: S608 - our own constants
        for kind in Kind
    ]
    if answer in {None, "rejected"}:
        parts.append(
            f"""(SELECT t.document_id, '{UNREADABLE}', NULL, NULL, 'rejected', t.sender, t.batch_id,
                        NULL
                 FROM refusal t WHERE t.document_id < %(before)s{own}
                 ORDER BY t.document_id DESC LIMIT {limit:d})"""  # noqa: S608
        )
    query = f"{' UNION ALL '.join(parts)} ORDER BY 1 DESC LIMIT {limit:d}"
    known = {"before": before, "answer": answer, "sender": sender}
    return session.read(query, known, LODGED_SCHEMA)


ONE_SCHEMA: Final = pl.Schema(
    {
        **LODGED_SCHEMA,
        **dict.fromkeys(("format", "digest", "receipt", "journey"), pl.String()),
    }
)

_JOURNEY: Final = {
    Kind.WAYBILL: "t.waybill_number",
    Kind.DECLARATION: "t.waybill_number",
    Kind.REVOCATION: "t.waybill_number",
    Kind.RETURN: "t.waybill_number",
    Kind.SHIPMENT: "t.own_reference",
}
"""The number under which the journey of a document's goods is tracked."""


def document(session: Session, number: int) -> dict[str, Any] | None:
    """One document with its receipt, by its number; None where the session sees none."""
    parts = [
        f"""SELECT t.document_id, '{kind}', t.key, t.{LINKS[kind]}, t.answer, t.sender, t.batch_id,
                   {_STATUS if kind in _WITH_STATUS else "NULL"}, t.format,
                   encode(uuid_send(t.digest), 'hex'), t.receipt,
                   {_JOURNEY.get(kind, "NULL")}
            FROM {TABLES[kind]} t WHERE t.document_id = %(number)s"""  # noqa: S608
        for kind in Kind
    ]
    parts.append(
        f"""SELECT t.document_id, '{UNREADABLE}', NULL, NULL, 'rejected', t.sender, t.batch_id,
                   NULL, NULL, encode(uuid_send(t.digest), 'hex'), t.receipt, NULL
            FROM refusal t WHERE t.document_id = %(number)s"""  # noqa: S608
    )
    found = session.read(" UNION ALL ".join(parts), {"number": number}, ONE_SCHEMA)
    return None if found.is_empty() else found.row(0, named=True)


FAULT_SCHEMA: Final = pl.Schema(
    {
        "document_id": pl.Int64(),
        **dict.fromkeys(("kind", "key", "code", "path", "value", "expected"), pl.String()),
    }
)


def faults(session: Session, numbers: Sequence[int]) -> pl.DataFrame:
    """What was found against documents, with kind and key of each, in their order."""
    parts = [
        f"""SELECT document_id, '{kind}' AS kind, key FROM {table}
            WHERE document_id = ANY(%(numbers)s)"""  # noqa: S608 - our own constants
        for kind, table in TABLES.items()
    ]
    parts.append(
        f"""SELECT document_id, '{UNREADABLE}', NULL FROM refusal
            WHERE document_id = ANY(%(numbers)s)"""  # noqa: S608
    )
    query = f"""
        SELECT d.document_id, d.kind, d.key, v.code, v.path, v.value, v.expected
        FROM ({" UNION ALL ".join(parts)}) d JOIN document_violation v USING (document_id)
        ORDER BY d.document_id, v.position
    """  # noqa: S608
    return session.read(query, {"numbers": [*numbers]}, FAULT_SCHEMA)


_REFERENCES: Final = """
    SELECT document_id, order_number FROM declaration WHERE document_id = ANY(%(numbers)s)
    UNION ALL
    SELECT document_id, own_reference FROM goods_shipment WHERE document_id = ANY(%(numbers)s)
"""


def references(session: Session, numbers: Sequence[int]) -> dict[int, str]:
    """By the numbers of declarations and shipments: under which reference each is found."""
    schema = pl.Schema({"document_id": pl.Int64(), "reference": pl.String()})
    found = session.read(_REFERENCES, {"numbers": pl.Series(numbers, dtype=pl.Int64)}, schema)
    return dict(found.iter_rows())
