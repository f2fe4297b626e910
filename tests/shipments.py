"""Native shipments to Japan, Korea, Russia and Mongolia, and the same as flat rows, for tests."""

import csv
import json
import random
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

CODES = {
    "JP": ("610910010", "640320012", "330499010", "4202210001"),
    "KR": ("6109100000", "3304991000", "2204210000", "4202210000"),
    "RU": ("6109100000", "6403200000", "3304990000", "6109"),
    "MN": ("61091000", "33049900", "61091099"),
}
CURRENCIES = {"JP": "JPY", "KR": "USD", "RU": "EUR", "MN": "CNY"}
BROKEN: list[dict[str, Any]] = [
    {},
    {"destination": "FR", "dispatch": "CN", "currency": "EUR", "items": [{"hs": "610910"}]},
    {"destination": "JP", "dispatch": "CN", "currency": "JPY", "date": "2026-02-30",
     "items": [{"hs": "610910010", "quantity": "-1", "unit_price": "x"}]},
    {"destination": "RU", "dispatch": "CN", "date": "2026-08-01", "currency": "XAU",
     "items": [{"hs": "6109100000", "quantity": "1", "unit_price": "1"}]},
    {"destination": "KR", "dispatch": "CN", "date": "2026-08-01", "currency": "KRW",
     "items": [{"hs": "6109100000", "quantity": "999999999999", "unit_price": "999999999999"}]},
]  # fmt: skip
"""Shipments that cannot be read, or cannot be converted, or are too large to be true."""


def shipments(count: int, seed: int = 1) -> Iterator[dict[str, Any]]:
    """Lawful shipments of one to three items, the same for the same seed."""
    draw = random.Random(seed)
    for number in range(count):
        destination = draw.choice([*CODES])
        shipment: dict[str, Any] = {
            "destination": destination,
            "dispatch": "CN",
            "date": f"2026-{1 + number % 9:02d}-15",
            "currency": CURRENCIES[destination],
            "freight": draw.choice(["0", "3.5"]),
            "transport": draw.choice(["post", "courier"]),
            "items": [_item(draw, destination) for _ in range(draw.randint(1, 3))],
        }
        if draw.random() < 0.5:
            shipment["buyer"] = {"id": "P123456789012", "kind": "person"}
        if draw.random() < 0.2:
            shipment["exchange_rates"] = {shipment["currency"]: "12.345"}
        yield shipment


def _item(draw: random.Random, destination: str) -> dict[str, Any]:
    scale = 100 if destination == "JP" else 1
    item: dict[str, Any] = {
        "hs": draw.choice(CODES[destination]),
        "description": "goods, as told",
        "quantity": str(draw.randint(1, 3)),
        "unit": draw.choice(["piece", "pair"]),
        "unit_price": str(draw.randint(1, 300) * scale),
        "origin": "CN",
    }
    if draw.random() < 0.7:
        item["net_weight_kg"] = "0.75"
    if draw.random() < 0.2:
        item["rates"] = {"duty": "0.07"}
    return item


def flat(told: Iterable[dict[str, Any]]) -> list[dict[str, str]]:
    """Shipments as flat rows, with their number as reference; all have the same columns."""
    rows = [row for number, shipment in enumerate(told) for row in _rows(shipment, f"S{number}")]
    names = list(dict.fromkeys(name for row in rows for name in row))
    return [{name: row.get(name, "") for name in names} for row in rows]


def _rows(shipment: dict[str, Any], reference: str) -> Iterator[dict[str, str]]:
    buyer = shipment.get("buyer", {})
    rates = shipment.get("exchange_rates", {})
    head = {
        "shipment": reference,
        **{name: value for name, value in shipment.items() if isinstance(value, str)},
        **{f"buyer_{name}": value for name, value in buyer.items()},
        **{f"exchange_rate_{name}": value for name, value in rates.items()},
    }
    for item in shipment.get("items", [{}]):
        told = {name: value for name, value in item.items() if isinstance(value, str)}
        given = {f"rate_{name}": value for name, value in item.get("rates", {}).items()}
        yield {**head, **told, **given}


def write_csv(path: Path, rows: list[dict[str, str]]) -> Path:
    """A CSV file of flat rows."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*rows[0]])
        writer.writeheader()
        writer.writerows(rows)
    return path


def write_ndjson(path: Path, told: Iterable[dict[str, Any]]) -> Path:
    """An NDJSON file of native shipments."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(each) + "\n" for each in told)
    return path
