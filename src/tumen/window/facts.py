"""What is recorded of a document: its common facts, its table, its blind indexes.

A blind index is a keyed hash of a personal value: equal values have equal indexes, and nobody
without the node's key can tell the value (design 3.13).
"""

from typing import Final

from tumen.documents.fields import Kind

TABLES: Final[dict[Kind, str]] = {
    Kind.ORDER: "trade_order",
    Kind.PAYMENT: "payment",
    Kind.WAYBILL: "waybill",
    Kind.DECLARATION: "declaration",
    Kind.REVOCATION: "revocation",
    Kind.RETURN: "goods_return",
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
}
"""For each kind: the blind index column, and the personal field it is made of."""

SIGNED: Final = (Kind.DECLARATION, Kind.REVOCATION, Kind.RETURN)
"""Kinds whose CEB messages must carry a signature block (XSD 202205)."""

SIGNATURE_NOT_CHECKED: Final = "not_checked"
"""The block is there; whether it is valid is not established."""

PERSON: Final[dict[Kind, str]] = {
    Kind.ORDER: "buyer_index",
    Kind.PAYMENT: "payer_index",
    Kind.WAYBILL: "consignee_telephone_index",
    Kind.DECLARATION: "buyer_index",
    Kind.REVOCATION: "buyer_index",
    Kind.RETURN: "buyer_index",
}
"""For each kind: the index of the person under whose key its personal fields are sealed."""
