"""The rows of an assessment against the quotes of the same shipments, one by one.

An assessment whose rows differ from the quotes is no result, however fast it was.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any, Final

import polars as pl
from verdict import SHOWN_MAX, WrongResult

from tumen import law

ITEM: Final = (
    "hs", "description", "quantity", "unit", "unit_price", "net_weight_kg", "volume_l", "origin",
    "category",
)  # fmt: skip
BUYER: Final = {"buyer_id": "id", "buyer_kind": "kind", "used_this_year": "used_this_year"}
NESTED: Final = {"rate_": "rates", "exchange_rate_": "exchange_rates", "preference_": "preference"}
SAME: Final = ("destination", "regime", "date", "currency", "status", "law_version")


def natives(rows: pl.DataFrame) -> Iterator[dict[str, Any]]:
    """The native shipments (docs/shipment.md) of a flat frame."""
    for _, group in groupby(rows.iter_rows(named=True), key=lambda row: row["shipment"]):
        yield _native(list(group))


def _native(rows: list[dict[str, Any]]) -> dict[str, Any]:
    items = [_told({name: row[name] for name in ITEM}) for row in rows]
    head = {name: value for name, value in rows[0].items() if name not in (*ITEM, "shipment")}
    buyer = _told({field: head.pop(name) for name, field in BUYER.items()})
    for row, item in zip(rows, items, strict=True):
        item |= _nested({name: row[name] for name in row if name.startswith("rate_")})
    for name in [name for name in head if name.startswith("rate_")]:
        head.pop(name)
    native: dict[str, Any] = _nested(head) | {"items": items}
    return native | ({"buyer": buyer} if buyer else {}) | _related(native)


def _related(native: Mapping[str, Any]) -> dict[str, Any]:
    """The list of other parcels, which the flat table has as JSON text."""
    return {"related": json.loads(native["related"])} if "related" in native else {}


def _told(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that are told, as JSON would tell them."""
    return {name: _plain(value) for name, value in fields.items() if value is not None}


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else value


def _nested(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Columns such as ``preference_proof`` in a table of their own."""
    found: dict[str, Any] = {}
    for name, value in _told(fields).items():
        prefix = next((each for each in NESTED if name.startswith(each)), None)
        if prefix is None:
            found[name] = value
        else:
            found.setdefault(NESTED[prefix], {})[name.removeprefix(prefix)] = value
    return found


def check(rows: pl.DataFrame, assessed: pl.DataFrame, count: int) -> int:
    """Hold some of the assessed shipments, evenly spread, against their quotes.

    Raises:
        WrongResult: one differs, or there are more or fewer than were given.
    """
    shipments = rows["shipment"].n_unique()
    if assessed.height != shipments:
        raise WrongResult(f"{assessed.height} rows for {shipments} shipments")
    chosen = assessed.gather_every(max(1, shipments // count))
    wanted = rows.filter(pl.col("shipment").is_in(chosen["shipment"].implode()))
    wrong = [
        f"{row['shipment']}: {difference}"
        for native, row in zip(natives(wanted), chosen.iter_rows(named=True), strict=True)
        if (difference := _difference(law.quote(native).to_dict(), row))
    ]
    if wrong:
        raise WrongResult(f"{len(wrong)} of {chosen.height}: " + "; ".join(wrong[:SHOWN_MAX]))
    return chosen.height


def _difference(answer: dict[str, Any], row: dict[str, Any]) -> str | None:
    """The first column that is not what the quote says."""
    unknown = [each["code"] for each in answer["charges"] if each["amount"] is None]
    missing = [each["missing"] for each in answer["charges"] if each.get("missing")]
    told = {
        **{name: answer[name] for name in SAME},
        **{name: _amount(answer[name]) for name in ("customs_value", "total")},
        **{each["code"]: _amount(each["amount"]) for each in answer["charges"]},
        "unknown_charges": _joined(unknown, " "),
        "missing": _joined(missing, "; "),
        "warnings": _joined(sorted(each["code"] for each in answer["warnings"]), " "),
        "violations": _joined(
            [f"{each['code']} {each['path']}".rstrip() for each in answer["violations"]], "; "
        ),
    }
    for name, value in told.items():
        found = row[name].isoformat() if name == "date" and row[name] else row[name]
        if found != value:
            return f"{name} is {found}, its quote says {value}"
    return None


def _amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _joined(words: list[str], between: str) -> str | None:
    return between.join(dict.fromkeys(words)) or None


def fingerprint(assessed: pl.DataFrame) -> str:
    """The same for the same answers, from whatever file they came."""
    told = assessed.drop("source", "row")
    return str(told.hash_rows(seed=0).cast(pl.UInt64).sum()) + f"/{told.height}"
