"""What is recorded of a document: its common facts, its table, its blind indexes.

A blind index is a keyed hash of a personal value: equal values have equal indexes, and nobody
without the node's key can tell the value (docs/erasure.md).
"""

from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from tumen.documents.fields import Kind, Part, fields

TABLES: Final[dict[Kind, str]] = {
    Kind.ORDER: "trade_order",
    Kind.PAYMENT: "payment",
    Kind.WAYBILL: "waybill",
    Kind.DECLARATION: "declaration",
    Kind.REVOCATION: "revocation",
    Kind.RETURN: "goods_return",
    Kind.SHIPMENT: "goods_shipment",
}

COMMON: Final[dict[str, str]] = {
    "document_id": "bigint PRIMARY KEY",
    "batch_id": "bigint NOT NULL",
    "sender": 'text COLLATE "C" NOT NULL',
    "format": 'text COLLATE "C" NOT NULL',
    "key": 'text COLLATE "C" NOT NULL',
    "digest": "uuid NOT NULL",
    "content_hash": "bytea NOT NULL",
    "signature": 'text COLLATE "C"',
    "answer": 'text COLLATE "C" NOT NULL',
    "status": "integer NOT NULL",
    "receipt": "text NOT NULL",
}
"""Facts that every document has, with their SQL types."""

INDEXES: Final[dict[Kind, dict[str, str]]] = {
    Kind.ORDER: {
        "buyer_index": "buyer_id_number",
        "buyer_name_index": "buyer_name",
        "consignee_name_index": "consignee_name",
        "consignee_telephone_index": "consignee_telephone",
        "consignee_address_index": "consignee_address",
    },
    Kind.PAYMENT: {"payer_index": "payer_id_number", "payer_name_index": "payer_name"},
    Kind.WAYBILL: {
        "consignee_name_index": "consignee_name",
        "consignee_telephone_index": "consignee_telephone",
        "consignee_address_index": "consignee_address",
    },
    Kind.DECLARATION: {"buyer_index": "buyer_id_number", "buyer_name_index": "buyer_name"},
    Kind.REVOCATION: {"buyer_index": "buyer_id_number"},
    Kind.RETURN: {"buyer_index": "buyer_id_number"},
    Kind.SHIPMENT: {"buyer_index": "buyer_id_number"},
}
"""For each kind: the blind index column, and the personal field it is made of."""

PERSON: Final[dict[Kind, str]] = {
    Kind.ORDER: "buyer_index",
    Kind.PAYMENT: "payer_index",
    Kind.WAYBILL: "consignee_telephone_index",
    Kind.DECLARATION: "buyer_index",
    Kind.REVOCATION: "buyer_index",
    Kind.RETURN: "buyer_index",
    Kind.SHIPMENT: "buyer_index",
}
"""For each kind: the index of the person under whose key its personal fields are sealed."""

SHIPMENT_COLUMNS: Final[Mapping[str, Any]] = {
    "own_reference": pl.String,
    "destination": pl.String,
    "dispatch": pl.String,
    "legal_day": pl.Date,
    "regime_asked": pl.String,
    "transport": pl.String,
    "purpose": pl.String,
    "currency": pl.String,
    "freight": pl.Int64,
    "insurance": pl.Int64,
    "platform": pl.String,
    "seller": pl.String,
    "buyer_kind": pl.String,
}
"""What is recorded of a native shipment's head; amounts at scale 10^5 in its currency."""

SHIPMENT_ITEM_COLUMNS: Final[Mapping[str, Any]] = {
    "hs_code": pl.String,
    "description": pl.String,
    "quantity": pl.String,
    "unit": pl.String,
    "unit_price": pl.Int64,
    "net_weight_kg": pl.Int64,
    "volume_l": pl.Int64,
    "origin": pl.String,
    "category": pl.String,
}
"""What is recorded of its goods items; the quantity is a decimal in the tariff's unit."""


def personal_fields(kind: Kind) -> list[str]:
    """The fields of a kind that are sealed; of a shipment all that was told, as it stood."""
    if kind is Kind.SHIPMENT:
        return ["buyer_id_number", "native"]
    return [field.name for field in fields(kind, Part.HEAD) if field.personal]


def head_columns(kind: Kind) -> list[str]:
    """The columns of a kind's table: common facts, its own fields, its blind indexes."""
    if kind is Kind.SHIPMENT:
        own = [*SHIPMENT_COLUMNS]
    else:
        own = [field.name for field in fields(kind, Part.HEAD) if not field.personal]
    return [*COMMON, *(name for name in own if name not in COMMON), *INDEXES[kind]]


def item_columns(kind: Kind) -> list[str]:
    """The columns of a kind's goods items."""
    if kind is Kind.SHIPMENT:
        return [*SHIPMENT_ITEM_COLUMNS]
    return [field.name for field in fields(kind, Part.ITEM)]
