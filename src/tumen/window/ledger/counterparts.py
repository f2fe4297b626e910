"""What is recorded under the keys of a batch, and the living counterparts of its declarations."""

from collections.abc import Mapping, Sequence
from typing import Final

import polars as pl

from tumen.documents.fields import Kind
from tumen.store.session import Session
from tumen.window.admission import NEW, VERSION_SCHEMA
from tumen.window.assessment import ITEM_COLUMNS
from tumen.window.facts import TABLES
from tumen.window.matching import (
    ITEM_COLUMNS as ORDER_ITEM_COLUMNS,
)
from tumen.window.matching import (
    ORDER_COLUMNS,
    PAYMENT_COLUMNS,
    WAYBILL_COLUMNS,
)

Column = pl.DataType | type[pl.DataType]

NUMBERS: Final = {"amount_paid", "freight", "insurance", "quantity", "total_price", "quantity_1",
                  "quantity_2"}  # fmt: skip

_LIFE: Final = """
    (SELECT e.status FROM declaration_event e WHERE e.document_id = {document}
     ORDER BY e.event_id DESC LIMIT 1)"""

# A list that is only stored (status 1) uses no document.
_LIVES: Final = {
    Kind.DECLARATION: _LIFE.format(document="t.document_id"),
    Kind.SHIPMENT: _LIFE.format(document="t.document_id"),
    Kind.ORDER: _LIFE.format(
        document="(SELECT max(d.document_id) FROM declaration d"
        " WHERE d.key = t.key AND d.answer = 'accepted' AND d.status <> 1)"
    ),
    Kind.PAYMENT: _LIFE.format(
        document="(SELECT max(d.document_id) FROM declaration d"
        " WHERE d.key = document_key(t.platform_code, t.order_number)"
        " AND d.answer = 'accepted' AND d.status <> 1)"
    ),
    Kind.WAYBILL: _LIFE.format(
        document="(SELECT max(d.document_id) FROM declaration d"
        " WHERE document_key(d.carrier_code, d.waybill_number) = t.key"
        " AND d.answer = 'accepted' AND d.status <> 1)"
    ),
}


VERSION_FACTS: Final = {Kind.SHIPMENT: f"'{NEW}' AS function_code, NULL::text AS issued_at"}
"""A shipment is always new, and says no time of issue."""


def _hexadecimal(column: str) -> str:
    return f"encode(uuid_send({column}), 'hex') AS {column}"


def _selected(columns: Sequence[str]) -> str:
    return ", ".join(
        _hexadecimal(column) if column.endswith("_index") else column for column in columns
    )


def _schema(columns: Sequence[str], **others: Column) -> dict[str, Column]:
    own: dict[str, Column] = {
        column: pl.Int64 if column in NUMBERS else pl.String for column in columns
    }
    return {**others, **own}


def versions(session: Session, keys: Mapping[Kind, pl.Series]) -> pl.DataFrame:
    """What is recorded under the document keys of a batch, by kind, as ``VERSION_SCHEMA``."""
    query = " UNION ALL ".join(map(_versions_of, keys))
    return session.read(query, {str(kind): own for kind, own in keys.items()}, VERSION_SCHEMA)


def _versions_of(kind: Kind) -> str:
    life = _LIVES.get(kind, "NULL::text")
    return f"""
        SELECT '{kind}' AS kind, t.key, encode(uuid_send(t.digest), 'hex') AS digest, t.document_id,
               t.batch_id, {VERSION_FACTS.get(kind, "t.function_code, t.issued_at")},
               t.answer, t.status, t.receipt,
               {life} AS life
        FROM {TABLES[kind]} t WHERE t.key = ANY(%({kind})s)
    """  # noqa: S608 - table and columns are our own constants


def _in_force(kind: Kind, columns: Sequence[str], key: str, condition: str) -> str:
    """The accepted, declared document last recorded under each document key, if not deleted."""
    return f"""
        SELECT {key} AS key, document_id, {_selected(columns)} FROM (
            SELECT DISTINCT ON (t.key) t.* FROM {TABLES[kind]} t
            WHERE {condition} AND t.answer = 'accepted' AND t.status NOT IN (1, 2)
            ORDER BY t.key, t.document_id DESC
        ) AS current WHERE function_code <> '3'
    """  # noqa: S608 - table and columns are our own constants


def all_in_force(kind: Kind, columns: Sequence[str]) -> str:
    """The query of all documents of a kind in force: key, document_id and the columns."""
    return _in_force(kind, columns, "key", "true")


def orders(session: Session, keys: pl.Series) -> pl.DataFrame:
    """Orders in force under the keys platform|order."""
    query = _in_force(Kind.ORDER, ORDER_COLUMNS, "key", "t.key = ANY(%(keys)s)")
    schema = pl.Schema(_schema(ORDER_COLUMNS, key=pl.String, document_id=pl.Int64))
    return session.read(query, {"keys": keys}, schema)


def payments(session: Session, keys: pl.Series) -> pl.DataFrame:
    """Payments in force for the orders platform|order, all of them."""
    key = "document_key(platform_code, order_number)"
    condition = "document_key(t.platform_code, t.order_number) = ANY(%(keys)s)"
    query = _in_force(Kind.PAYMENT, PAYMENT_COLUMNS, key, condition)
    schema = pl.Schema(_schema(PAYMENT_COLUMNS, key=pl.String, document_id=pl.Int64))
    return session.read(query, {"keys": keys}, schema)


def waybills(session: Session, keys: pl.Series) -> pl.DataFrame:
    """Waybills in force under the keys carrier|waybill."""
    query = _in_force(Kind.WAYBILL, WAYBILL_COLUMNS, "key", "t.key = ANY(%(keys)s)")
    schema = pl.Schema(_schema(WAYBILL_COLUMNS, key=pl.String, document_id=pl.Int64))
    return session.read(query, {"keys": keys}, schema)


def order_items(session: Session, documents: pl.Series) -> pl.DataFrame:
    """The goods items of stored orders."""
    query = f"""SELECT document_id, item_number, {", ".join(ORDER_ITEM_COLUMNS)}
                FROM trade_order_item WHERE document_id = ANY(%(documents)s)"""  # noqa: S608
    schema = pl.Schema(_schema(ORDER_ITEM_COLUMNS, document_id=pl.Int64, item_number=pl.Int32))
    return session.read(query, {"documents": documents}, schema)


PENDING_COLUMNS: Final = (
    "key", "order_number", "platform_code", "merchant_code", "carrier_code", "waybill_number",
    "buyer_index", "buyer_name_index", "issued_at", "declared_on", "freight", "insurance",
    "agent_code", "customs_office", "own_reference",
)  # fmt: skip

_DECLARATIONS: Final = f"""
    SELECT d.document_id, {_selected(PENDING_COLUMNS)}, n.preliminary_number,
           n.declaration_number, latest.status, latest.legal_day, latest.party_hits, d.batch_id,
           d.format,
           (SELECT e.legal_day FROM declaration_event e WHERE e.document_id = d.document_id
            AND e.status = 'released' AND e.event_id > coalesce((
                SELECT max(o.event_id) FROM declaration_event o
                WHERE o.document_id = d.document_id AND o.status NOT IN ('released', 'returned')
            ), 0) ORDER BY e.event_id LIMIT 1) AS released_on
    FROM (SELECT DISTINCT ON (t.key) t.* FROM declaration t
          WHERE {{condition}} AND t.answer = 'accepted' AND t.status NOT IN (1, 2)
          ORDER BY t.key, t.document_id DESC) d
    JOIN declaration_number n USING (document_id)
    CROSS JOIN LATERAL (SELECT e.status, e.legal_day, e.party_hits FROM declaration_event e
        WHERE e.document_id = d.document_id ORDER BY e.event_id DESC LIMIT 1) latest
"""  # noqa: S608 - columns are our own constants

DECLARATION_SCHEMA: Final = pl.Schema(
    {
        **_schema(PENDING_COLUMNS, document_id=pl.Int64),
        "preliminary_number": pl.String(),
        "declaration_number": pl.String(),
        "status": pl.String(),
        "legal_day": pl.Date(),
        "party_hits": pl.String(),
        "batch_id": pl.Int64(),
        "format": pl.String(),
        "released_on": pl.Date(),
    }
)


def declarations(session: Session, keys: pl.Series) -> pl.DataFrame:
    """Declarations in force under the keys platform|order, with their status."""
    query = _DECLARATIONS.format(condition="t.key = ANY(%(keys)s)")
    return session.read(query, {"keys": keys}, DECLARATION_SCHEMA)


def pending(session: Session, order_keys: pl.Series, waybill_keys: pl.Series) -> pl.DataFrame:
    """Pending declarations that wait for an order, a payment or a waybill under these keys."""
    found = []
    if not order_keys.is_empty():
        found.append(declarations(session, order_keys))
    if not waybill_keys.is_empty():
        query = _DECLARATIONS.format(
            condition="document_key(t.carrier_code, t.waybill_number) = ANY(%(keys)s)"
        )
        found.append(session.read(query, {"keys": waybill_keys}, DECLARATION_SCHEMA))
    both = pl.concat(found) if found else pl.DataFrame(schema=DECLARATION_SCHEMA)
    return both.filter(pl.col("status") == "pending").unique("document_id", maintain_order=True)


def declaration_items(session: Session, documents: pl.Series) -> pl.DataFrame:
    """The goods items of stored declarations."""
    others = [column for column in ITEM_COLUMNS if column not in ("document_id", "position")]
    query = f"""SELECT document_id, position, {", ".join(others)} FROM declaration_item
                WHERE document_id = ANY(%(documents)s) ORDER BY document_id, position"""  # noqa: S608
    schema = pl.Schema(
        {
            **_schema(others, document_id=pl.Int64, position=pl.Int32),
            "item_number": pl.Int32(),
        }
    )
    return session.read(query, {"documents": documents}, schema)
