"""Where an organisation's own rows lie: by conditions that indexes answer, a table each.

Row-level security alone decides what an organisation sees. It asks of each row of a table whose it
is; these conditions name the rows of which it is to be asked. A table that has none here is read
whole, so that nothing is left out of an export because somebody forgot it.
"""

from collections.abc import Mapping
from typing import Final

_DOCUMENTS: Final = (
    "trade_order", "payment", "waybill", "declaration", "revocation", "goods_return",
    "goods_shipment", "refusal",
)  # fmt: skip
_REPORTS: Final = ("journey_event", "journey_carrier", "examination_entry")

SENDER: Final = "sender = %(sender)s"
_OF_REPORTER: Final = f"{SENDER} AND key >= %(sender)s || '|' AND key < %(sender)s || '}}'"
"""The key of a report begins with its sender and a bar; after the bar comes the brace."""


def _of(table: str, column: str = "document_id") -> str:
    return f"SELECT {column} FROM {table} WHERE {SENDER}"  # noqa: S608 - our own names


def _union(*parts: str) -> str:
    return " UNION ALL ".join(parts)


_DECLARED: Final = _of("declaration")
_CLEARED: Final = _union(_DECLARED, _of("goods_shipment"))
"""What has a life: declarations and shipments."""

_EVENTS: Final = f"SELECT event_id FROM declaration_event WHERE document_id IN ({_CLEARED})"  # noqa: S608
_BILLS: Final = f"""
    SELECT document_id FROM bill WHERE payer = %(sender)s
    UNION ALL SELECT document_id FROM bill WHERE declaration IN ({_CLEARED})
"""  # noqa: S608 - our own names
_EXAMINED: Final = f"""
    SELECT document_id FROM examination_entry WHERE {_OF_REPORTER}
    UNION ALL SELECT document_id FROM examination_entry WHERE declaration IN ({_CLEARED})
"""  # noqa: S608 - our own names
_BATCHES: Final = _union(
    *(_of(table, "batch_id") for table in _DOCUMENTS),
    *(f"SELECT batch_id FROM {table} WHERE {_OF_REPORTER}" for table in _REPORTS),  # noqa: S608
    f"SELECT batch_id FROM declaration_event WHERE document_id IN ({_CLEARED})",  # noqa: S608
)


def _in(column: str, among: str, *tables: str) -> dict[str, str]:
    return dict.fromkeys(tables, f"{column} IN ({among})")


OWNED: Final[Mapping[str, str]] = {
    **dict.fromkeys(_DOCUMENTS, SENDER),
    **_in("document_id", _of("trade_order"), "trade_order_item"),
    **_in("document_id", _of("goods_return"), "goods_return_item"),
    **_in("document_id", _of("goods_shipment"), "goods_shipment_item", "shipment_assessment"),
    **_in("document_id", _DECLARED, "declaration_item", "declaration_number", "assessment"),
    **_in("document_id", _CLEARED, "declaration_event", "decision", "aftercare_entry"),
    **_in("event_id", _EVENTS, "charge", "shipment_charge", "allowance_entry"),
    **_in("document_id", _union(*map(_of, _DOCUMENTS)), "document_violation"),
    **_in("document_id", _BILLS, "bill", "bill_item"),
    **_in("document_id", _EXAMINED, "examination_entry"),
    **_in("batch_id", _BATCHES, "batch"),
    **_in("payer", f"SELECT payer FROM bill WHERE document_id IN ({_BILLS})", "bill_statement"),  # noqa: S608
    **dict.fromkeys(("journey_event", "journey_carrier"), _OF_REPORTER),
    "guarantee_entry": "guarantor = %(sender)s",
}
"""Table -> which of its rows may be an organisation's own."""
