"""Clean documents of every kind, as typed frames, for tests that break one field at a time."""

from decimal import Decimal

import polars as pl

from tumen.documents.batch import ROW_SCHEMA, Batch
from tumen.documents.fields import Kind, Part, fields, has_items
from tumen.kernel.violation import no_violations

BUYER = "360426199101010071"
PLATFORM = "1105910159"
CARRIER = "91110000600037341L"

WHO = {
    "buyer_id_type": "1",
    "buyer_id_number": BUYER,
    "buyer_name": "测试",
    "platform_code": PLATFORM,
}
LODGED = {"function_code": "1", "submission_status": "2", "issued_at": "20260803101500"}
APPLICATION = {**LODGED, **WHO, "merchant_code": PLATFORM, "carrier_code": CARRIER,
               "agent_code": PLATFORM, "reason": "damaged"}  # fmt: skip

HEADS = {
    Kind.ORDER: {**LODGED, **WHO, "order_type": "I", "merchant_code": PLATFORM, "currency": "142",
                 "goods_value": "100", "freight": "10", "discount": "5", "tax_total": "9.1",
                 "amount_paid": "114.1", "consignee_name": "测试"},
    Kind.PAYMENT: {**LODGED, "payer_id_type": "1", "payer_id_number": BUYER, "payer_name": "测试",
                   "platform_code": PLATFORM, "payment_provider_code": PLATFORM,
                   "amount_paid": "114.1", "currency": "142", "paid_at": "20260803101400"},
    Kind.WAYBILL: {**LODGED, "carrier_code": CARRIER, "currency": "142", "freight": "10",
                   "insurance": "0", "gross_weight_kg": "1.2", "package_count": 1},
    Kind.DECLARATION: {**LODGED, **WHO, "merchant_code": PLATFORM, "carrier_code": CARRIER,
                       "agent_code": PLATFORM, "guarantor_code": PLATFORM, "direction": "I",
                       "declared_on": "20260803", "procedure": "9610", "transport_mode": "5",
                       "conveyance": "CA 100", "voyage": "1", "transport_document": "999-1",
                       "dispatch_country": "116", "currency": "142", "freight": "10",
                       "insurance": "0", "package_count": 1, "gross_weight_kg": "1.2",
                       "net_weight_kg": "1"},
    Kind.REVOCATION: APPLICATION,
    Kind.RETURN: APPLICATION,
}  # fmt: skip

GOODS = {"quantity": "2", "unit": "011", "unit_price": "25", "total_price": "50",
         "currency": "142", "origin": "116", "item_name": "茶", "model": "罐"}  # fmt: skip
ITEMS = {
    Kind.ORDER: GOODS,
    Kind.DECLARATION: {**GOODS, "hs_code": "0902109000", "goods_name": "茶", "quantity_1": "0.5",
                       "unit_1": "035"},
    Kind.RETURN: {"quantity": "1", "unit": "011", "hs_code": "0902109000", "goods_name": "茶"},
}  # fmt: skip

_TYPES = {"text": pl.String, "decimal": pl.Int64, "integer": pl.Int32}


def _typed(kind, part, values):
    return {
        field.name: int(Decimal(value) * 100_000)
        if field.type == "decimal" and (value := values.get(field.name)) is not None
        else values.get(field.name)
        for field in fields(kind, part)
    }


def _frame(kind, part, lines, **places):
    schema = {**places, **{field.name: _TYPES[field.type] for field in fields(kind, part)}}
    return pl.DataFrame(lines, schema=schema, orient="row")


def a_batch(kind, head=None, items=({}, {}), documents=1, violations=None):
    """A batch of equal documents, two items each, with some fields other than clean."""
    head_values = _typed(kind, Part.HEAD, HEADS[kind] | (head or {}))
    rows = pl.DataFrame(
        [
            {"row": row, "source": "test", "place": row + 1, "format": "ndjson", "kind": str(kind)}
            for row in range(documents)
        ],
        schema=ROW_SCHEMA,
    )
    heads = _frame(
        kind, Part.HEAD, [{"row": row, **head_values} for row in range(documents)], row=pl.UInt32
    )
    lines = [
        {"row": row, "index": index,
         **_typed(kind, Part.ITEM, ITEMS[kind] | {"item_number": index + 1} | changes)}
        for row in range(documents)
        for index, changes in enumerate(items)
    ] if has_items(kind) else []  # fmt: skip
    return Batch(
        rows,
        {kind: heads},
        {kind: _frame(kind, Part.ITEM, lines, row=pl.UInt32, index=pl.UInt16)} if lines else {},
        no_violations() if violations is None else violations,
    )
