"""Native shipments that are lodged at a node, and what became of them, for tests."""

import json
from typing import Any

from shipments import shipments

from clearing import CLOCK, Clearing
from tumen import law

Shipment = dict[str, Any]


def one(reference: str = "R-1", **fields: Any) -> Shipment:
    """A lawful shipment of shirts to Korea that the law charges."""
    return {
        "kind": "shipment",
        "shipment": reference,
        "destination": "KR",
        "dispatch": "CN",
        "date": "2026-08-03",
        "currency": "USD",
        "buyer": {"id": "P123456789012"},
        "items": [
            {"hs": "6109100000", "description": "cotton shirts", "quantity": "3",
             "unit_price": "90.00", "net_weight_kg": "0.6", "origin": "CN"}
        ],
        **fields,
    }  # fmt: skip


def many(count: int, seed: int = 1) -> list[Shipment]:
    """Different shipments, each with a reference of its own; most are lawful."""
    return [
        {"shipment": f"S-{number}", **each} for number, each in enumerate(shipments(count, seed))
    ]


def answers(clearing: Clearing) -> list[str]:
    return [row["answer"] for row in clearing.rows()]


def receipts(clearing: Clearing) -> list[dict[str, Any]]:
    return [json.loads(body) for body in clearing.receipts()]


def summary(clearing: Clearing) -> dict[str, Any]:
    return clearing.tally.summary(1.0)


def quoted(shipment: Shipment) -> law.Answer:
    """What the law says of a shipment by itself."""
    native = {name: value for name, value in shipment.items() if name not in ("kind", "shipment")}
    return law.quote(native, today=CLOCK.now().date())
