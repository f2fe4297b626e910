"""What is recorded under the keys of a batch, and the living counterparts of its declarations."""

from collections.abc import Mapping, Sequence
from typing import Final

import polars as pl

from tumen.documents.fields import Kind
from tumen.store.session import Query, Session
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
from tumen.window.states import Status

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


def _selected(columns: Sequence[str]) -> list[str]:
    return [_hexadecimal(column) if column.endswith("_index") else column for column in columns]


def _schema(columns: Sequence[str], **others: Column) -> dict[str, Column]:
    own: dict[str, Column] = {
        column: pl.Int64 if column in NUMBERS else pl.String for column in columns
    }
    return {**others, **own}


def versions(keys: Mapping[Kind, pl.Series]) -> Query:
    """What is recorded under the document keys of a batch, by kind, as ``VERSION_SCHEMA``."""
    query = " UNION ALL ".join(map(_versions_of, keys))
    return Query(query, VERSION_SCHEMA, {str(kind): own for kind, own in keys.items()})


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
        SELECT {", ".join((f"{key} AS key", "document_id", *_selected(columns)))} FROM (
            SELECT DISTINCT ON (t.key) t.* FROM {TABLES[kind]} t
            WHERE {condition} AND t.answer = 'accepted' AND t.status NOT IN (1, 2)
            ORDER BY t.key, t.document_id DESC
        ) AS current WHERE function_code <> '3'
    """  # noqa: S608 - table and columns are our own constants


def orders(session: Session, keys: pl.Series) -> pl.DataFrame:
    """Orders in force under the keys platform|order."""
    return session.ask(orders_of(keys))[0]


def orders_of(keys: pl.Series) -> Query:
    """Asks for orders in force under the keys platform|order."""
    query = _in_force(Kind.ORDER, ORDER_COLUMNS, "key", _BY_KEY)
    return Query(query, _ORDER_SCHEMA, {"keys": keys})


def items_of_orders(keys: pl.Series) -> Query:
    """Asks for the goods items of the orders in force under the keys platform|order."""
    query = f"""{_ORDER_ITEMS} IN (
        SELECT document_id FROM ({_in_force(Kind.ORDER, (), "key", _BY_KEY)}) AS known
    )"""  # noqa: S608 - columns are our own constants
    return Query(query, _ORDER_ITEM_SCHEMA, {"keys": keys})


def payments(session: Session, keys: pl.Series) -> pl.DataFrame:
    """Payments in force for the orders platform|order, all of them."""
    return session.ask(payments_of(keys))[0]


def payments_among(session: Session, keys: pl.Series, documents: pl.Series) -> pl.DataFrame:
    """Those of some documents: under row-level security the index of their keys serves nobody."""
    query = _payments_where("t.document_id = ANY(%(documents)s) AND " + _FOR_ORDERS)
    return session.read(query, {"keys": keys, "documents": documents}, _PAYMENT_SCHEMA)


def payments_of(keys: pl.Series) -> Query:
    """Asks for payments in force for the orders platform|order, all of them."""
    return Query(_payments_where(_FOR_ORDERS), _PAYMENT_SCHEMA, {"keys": keys})


def _payments_where(condition: str) -> str:
    key = "document_key(platform_code, order_number)"
    return _in_force(Kind.PAYMENT, PAYMENT_COLUMNS, key, condition)


def waybills(session: Session, keys: pl.Series) -> pl.DataFrame:
    """Waybills in force under the keys carrier|waybill."""
    return session.ask(waybills_of(keys))[0]


def waybills_of(keys: pl.Series) -> Query:
    """Asks for waybills in force under the keys carrier|waybill."""
    query = _in_force(Kind.WAYBILL, WAYBILL_COLUMNS, "key", _BY_KEY)
    return Query(query, _WAYBILL_SCHEMA, {"keys": keys})


def counterparts_of(missing: Mapping[Kind, pl.Series]) -> dict[str, Query]:
    """Asks for the counterparts in force under these keys, by kind; not where there is no key."""
    asked = {}
    if not missing[Kind.ORDER].is_empty():
        asked["orders"] = orders_of(missing[Kind.ORDER])
        asked["order_items"] = items_of_orders(missing[Kind.ORDER])
    if not missing[Kind.PAYMENT].is_empty():
        asked["payments"] = payments_of(missing[Kind.PAYMENT])
    if not missing[Kind.WAYBILL].is_empty():
        asked["waybills"] = waybills_of(missing[Kind.WAYBILL])
    return asked


def order_items(session: Session, documents: pl.Series) -> pl.DataFrame:
    """The goods items of stored orders."""
    query = f"{_ORDER_ITEMS} = ANY(%(documents)s)"
    return session.read(query, {"documents": documents}, _ORDER_ITEM_SCHEMA)


_BY_KEY: Final = "t.key = ANY(%(keys)s)"
_FOR_ORDERS: Final = "document_key(t.platform_code, t.order_number) = ANY(%(keys)s)"
_ORDER_ITEMS: Final = f"""SELECT document_id, item_number, {", ".join(ORDER_ITEM_COLUMNS)}
    FROM trade_order_item WHERE document_id"""  # noqa: S608 - columns are our own constants

_ORDER_SCHEMA: Final = pl.Schema(_schema(ORDER_COLUMNS, key=pl.String, document_id=pl.Int64))
_PAYMENT_SCHEMA: Final = pl.Schema(_schema(PAYMENT_COLUMNS, key=pl.String, document_id=pl.Int64))
_WAYBILL_SCHEMA: Final = pl.Schema(_schema(WAYBILL_COLUMNS, key=pl.String, document_id=pl.Int64))
_ORDER_ITEM_SCHEMA: Final = pl.Schema(
    _schema(ORDER_ITEM_COLUMNS, document_id=pl.Int64, item_number=pl.Int32)
)


PENDING_COLUMNS: Final = (
    "key", "order_number", "platform_code", "merchant_code", "carrier_code", "waybill_number",
    "buyer_index", "buyer_name_index", "issued_at", "declared_on", "freight", "insurance",
    "agent_code", "customs_office", "own_reference",
)  # fmt: skip

_DECLARATIONS: Final = f"""
    SELECT d.document_id, {", ".join(_selected(PENDING_COLUMNS))}, n.preliminary_number,
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


def pending(order_keys: pl.Series, waybill_keys: pl.Series) -> list[Query]:
    """Asks for pending declarations that wait for an order, a payment or a waybill."""
    asked = ((_PENDING_BY_ORDER, order_keys), (_PENDING_BY_WAYBILL, waybill_keys))
    return [
        Query(query, DECLARATION_SCHEMA, {"keys": keys})
        for query, keys in asked
        if not keys.is_empty()
    ]


_PENDING: Final = _DECLARATIONS + " WHERE latest.status = 'pending'"
_PENDING_BY_ORDER: Final = _PENDING.format(condition=_BY_KEY)
_PENDING_BY_WAYBILL: Final = _PENDING.format(
    condition="document_key(t.carrier_code, t.waybill_number) = ANY(%(keys)s)"
)


def awaiting_declarations(documents: pl.Series) -> Query:
    """Asks for declarations, by their documents, that wait for a decision of the authority."""
    return Query(_AWAITING, DECLARATION_SCHEMA, {"documents": documents})


_AWAITING: Final = (
    _DECLARATIONS.format(condition="t.document_id = ANY(%(documents)s)")
    + f" WHERE latest.status = '{Status.AWAITING}' ORDER BY d.document_id"
)


def items_of_declarations(documents: pl.Series) -> Query:
    """Asks for the goods items of stored declarations."""
    return Query(_DECLARATION_ITEMS, _DECLARATION_ITEM_SCHEMA, {"documents": documents})


_OTHERS: Final = [name for name in ITEM_COLUMNS if name not in ("document_id", "position")]
_DECLARATION_ITEMS: Final = f"""SELECT document_id, position, {", ".join(_OTHERS)}
    FROM declaration_item WHERE document_id = ANY(%(documents)s)
    ORDER BY document_id, position"""  # noqa: S608 - columns are our own constants
_DECLARATION_ITEM_SCHEMA: Final = pl.Schema(
    {**_schema(_OTHERS, document_id=pl.Int64, position=pl.Int32), "item_number": pl.Int32()}
)
