"""Native shipments on their way to the sequencer: read, and assessed by the law (ADR 5).

1. The law reads the shipment; every fault becomes a violation of its row.
2. What can be read is assessed by the scalar law, which also explains. That needs no store, so it
   happens ahead of the sequencer, in the process that reads.
3. What comes out is a head and goods items like those of any kind of document: typed columns, the
   ruling, and the personal fields that are still to be concealed.

What stands under ``buyer`` is a person's, and so may be the name of a field that we do not know:
neither is shown in a violation.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Final

import msgspec
import polars as pl

from tumen.documents.batch import Batch
from tumen.documents.check import VALUE_SHOWN_MAX, key_of
from tumen.documents.fields import Kind
from tumen.documents.formats.canonical import CONTROL, UNIT
from tumen.documents.formats.strict import REFERENCE
from tumen.kernel.limits import FIXED_POINT_SCALE
from tumen.kernel.violation import VIOLATION_SCHEMA, gather
from tumen.law.answer import UNVERIFIED, Answer, ChargeLine, Remark
from tumen.law.native.reading import read
from tumen.law.native.shipment import Shipment
from tumen.law.native.told import decoded
from tumen.law.quoting import Books, quoted
from tumen.law.ruling import Notice
from tumen.window.admission import NEW
from tumen.window.facts import (
    SHIPMENT_COLUMNS,
    SHIPMENT_ITEM_COLUMNS,
)

PERSONAL_PATH: Final = "buyer."
QUANTITY_DIGITS: Final = 8
ENVELOPE: Final = ("kind", REFERENCE)
"""The fields of a line that are not the law's."""
NOT_ADMISSIBLE: Final = "SHIPMENT_NOT_ADMISSIBLE"
_CONTROL: Final = re.compile(CONTROL)
_MEASURE: Final = re.compile(r"(?:quantity|net_weight_kg|volume_l)(?: in \w+)?$")

Finding = tuple[int, str, str, str | None, str | None]
"""A violation: row, code, path, value, expected."""


@dataclass(frozen=True, slots=True)
class ShipmentReader:
    """Reads shipments; holds what they have in common.

    Attributes:
        today: the legal date of shipments that name none, and the last that there can be.
        books: imported tariffs and rates.
    """

    today: date
    books: Books

    def add(self, batch: Batch, shipments: pl.DataFrame) -> Batch:
        """The batch with the shipments that were read beside its other documents.

        Args:
            batch: what the format check made of the others; its rows have the sender, whose own
                the reference of a shipment is.
            shipments: :data:`~tumen.documents.batch.SHIPMENT_SCHEMA`.
        """
        found: list[Finding] = []
        heads: list[dict[str, Any]] = []
        items: list[tuple[Any, ...]] = []
        for row, reference, native in shipments.iter_rows():
            line = decoded(native)
            raw = {name: value for name, value in line.items() if name not in ENVELOPE}
            shipment, faults = read(raw, self.today)
            answer = None if shipment is None else quoted(shipment, self.books)
            if shipment is None or answer is None:
                found += _findings(row, _shown(faults, line))
            else:
                found += self._refusals(row, shipment, answer)
                items += _items(row, shipment)
            told = {} if shipment is None else _declared(shipment)
            ruled = {} if answer is None else ruled_by(answer)
            envelope = {"row": row, "own_reference": reference, "native": native}
            heads.append({**envelope, "buyer_id_number": _buyer(raw), **told, **ruled})
        columns = {name: [each.get(name) for each in heads] for name in _HEAD}
        head = pl.DataFrame(columns, schema=_HEAD).with_columns(
            _digests(heads, batch.violations), pl.lit(NEW).alias("function_code")
        )
        lodged = head.join(batch.rows.select("row", "sender"), on="row", maintain_order="left")
        key = lodged.select(key_of("sender", "own_reference"))
        head = head.with_columns(key.to_series().alias("key"))
        lines = pl.DataFrame(items, schema=_ITEM, orient="row")
        faulty = pl.DataFrame(found, schema=VIOLATION_SCHEMA, orient="row")
        return Batch(
            batch.rows,
            {**batch.heads, Kind.SHIPMENT: head},
            {**batch.items, Kind.SHIPMENT: lines},
            gather(batch.violations, faulty),
        )

    def _refusals(self, row: int, shipment: Shipment, answer: Answer) -> Iterator[Finding]:
        """Why a shipment that can be read cannot be assessed: nothing is computed then."""
        if shipment.day > self.today:
            yield row, "DECLARED_IN_FUTURE", "date", str(shipment.day), str(self.today)
        if answer.regime is None and answer.status == "unknown":
            for remark in answer.violations:
                yield row, *_finding(remark.code, remark.path, remark.parameters)


def _digests(heads: Sequence[Mapping[str, Any]], faults: pl.DataFrame) -> pl.Series:
    """The content hashes: of the kind and the line with its keys sorted.

    What a line's form broke counts, too: of a key that stands twice the line keeps the last, so
    that a line that was mended would be taken for the one that was refused.
    """
    broken: dict[int, str] = {}
    for row, code, path in faults.select("row", "code", "path").iter_rows():
        broken[row] = f"{broken.get(row, '')}{code} {path};"
    hashes = []
    for each in heads:
        line = decoded(each["native"])
        line.pop("kind", None)  # which may be left out
        told = json.dumps(line, sort_keys=True, separators=(",", ":"))
        parts = (Kind.SHIPMENT.value, told, broken.get(each["row"], ""))
        hashes.append(hashlib.sha256(UNIT.join(map(str.encode, parts))).digest())
    return pl.Series("content_hash", hashes, pl.Binary)


def _buyer(raw: object) -> str | None:
    """The buyer's number as it stands there, to be concealed."""
    buyer = raw.get("buyer") if isinstance(raw, Mapping) else None
    number = buyer.get("id") if isinstance(buyer, Mapping) else None
    return _printable(number) if isinstance(number, str) and number.strip() else None


# --- violations --------------------------------------------------------------------------------


def _shown(faults: Sequence[Notice], raw: object) -> Iterator[Notice]:
    """The faults of reading, with a place instead of each unknown field's name."""
    places = dict(_places(raw)) if any(each.code == "FIELD_UNKNOWN" for each in faults) else {}
    for each in faults:
        is_unknown = each.code == "FIELD_UNKNOWN"
        path = places.get(each.path, "a field") if is_unknown else each.path
        yield Notice(each.code, path, each.parameters)


def _places(raw: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Each field's path as the law tells it, and the same with the place of the field."""
    if isinstance(raw, Mapping):
        for place, (name, value) in enumerate(raw.items(), start=1):
            yield f"{path}{name}"[:80], f"{path}key {place}"
            if name in ("buyer", "preference", "items", "related"):
                yield from _places(value, f"{path}{name}.")
    elif isinstance(raw, list):
        for place, each in enumerate(raw):
            yield from _places(each, f"{path[:-1]}[{place}].")


def _findings(row: int, faults: Iterator[Notice]) -> Iterator[Finding]:
    for each in faults:
        yield row, *_finding(each.code, each.path, each.parameters)


def _finding(
    code: str, path: str, parameters: Mapping[str, str]
) -> tuple[str, str, str | None, str | None]:
    """Code, path, value and expected, as a violation holds them: printable, nothing personal."""
    value = None if path.startswith(PERSONAL_PATH) else parameters.get("value")
    expected = parameters.get("expected")
    return (
        code,
        _printable(path),
        None if value is None else _printable(value[:VALUE_SHOWN_MAX]),
        None if not expected else _printable(expected),
    )


def _printable(text: str) -> str:
    """A text that every encoding and the database can carry."""
    return _CONTROL.sub("\ufffd", text).encode(errors="replace").decode()


# --- columns -----------------------------------------------------------------------------------

CHARGE_FIELDS: Final = ("code", "base", "rate", "amount", "missing")
REASON_FIELDS: Final = ("code", "path", "value", "expected")
CHARGE: Final = pl.Struct(dict.fromkeys(CHARGE_FIELDS, pl.String))
REASON: Final = pl.Struct(dict.fromkeys(REASON_FIELDS, pl.String))

RULED_SCHEMA: Final[Mapping[str, Any]] = {
    "verdict": pl.String,
    "missing": pl.String,
    "unverified": pl.String,
    "is_quantity_unknown": pl.Boolean,
    "is_rate_unknown": pl.Boolean,
    "reasons": pl.List(REASON),
}
"""What deciding needs to know of a ruling."""

_HEAD: Final[Mapping[str, Any]] = {
    "row": pl.UInt32,
    "issued_at": pl.String,
    "submission_status": pl.String,  # null: it is declared, never stored only
    **SHIPMENT_COLUMNS,
    "regime": pl.String,
    "verdict": pl.String,
    "charge_currency": pl.String,
    "customs_value": pl.String,
    "total": pl.String,
    "missing": pl.String,
    "unverified": pl.String,
    "is_quantity_unknown": pl.Boolean,
    "is_rate_unknown": pl.Boolean,
    "ruling": pl.String,
    "charges": pl.List(CHARGE),
    "reasons": pl.List(REASON),
    "warnings": pl.List(pl.String),
    "buyer_id_number": pl.String,
    "native": pl.String,
}
_ITEM: Final[Mapping[str, Any]] = {"row": pl.UInt32, "index": pl.UInt16, **SHIPMENT_ITEM_COLUMNS}


def _declared(shipment: Shipment) -> dict[str, Any]:
    """What the filer says of the shipment, as columns."""
    return {
        "destination": shipment.destination,
        "dispatch": shipment.dispatch,
        "legal_day": shipment.day,
        "regime_asked": shipment.regime,
        "transport": shipment.transport,
        "purpose": shipment.purpose,
        "currency": shipment.currency,
        "freight": _scaled(shipment.freight),
        "insurance": _scaled(shipment.insurance),
        "platform": shipment.platform,
        "seller": shipment.seller,
        "buyer_kind": shipment.buyer_kind,
    }


def ruled_by(answer: Answer) -> dict[str, Any]:
    """What the law says, as columns; the whole of it as JSON, for who asks later."""
    missing = dict.fromkeys(each.missing for each in _all_charges(answer) if each.missing)
    doubts = [each.parameters["parameters"] for each in answer.warnings if each.code == UNVERIFIED]
    is_unknown = answer.status == "unknown"
    return {
        "regime": answer.regime,
        "verdict": answer.status,
        "charge_currency": answer.currency,
        "customs_value": answer.customs_value,
        "total": answer.total,
        "missing": ",".join(missing) if is_unknown else "",
        "unverified": ",".join(doubts).replace(", ", ",") or None,
        "warnings": [*dict.fromkeys(each.code for each in answer.warnings)],
        "is_quantity_unknown": is_unknown and any(map(is_quantity, missing)),
        "is_rate_unknown": is_unknown and not (missing and all(map(is_quantity, missing))),
        "ruling": msgspec.json.encode(answer).decode(),
        "charges": [
            {name: getattr(each, name) for name in CHARGE_FIELDS} for each in answer.charges
        ],
        "reasons": [dict(zip(REASON_FIELDS, each, strict=True)) for each in _reasons(answer)],
    }


def is_quantity(missing: str) -> bool:
    """Whether what a charge misses is a measure of the goods, which the filer can state.

    >>> is_quantity("items[0].quantity in pair"), is_quantity("tariff.JP.4202210001")
    (True, False)
    """
    return _MEASURE.search(missing) is not None


def _all_charges(answer: Answer) -> Iterator[ChargeLine]:
    yield from answer.charges
    for item in answer.items:
        yield from item.charges


def _reasons(answer: Answer) -> Iterator[tuple[str, str, str | None, str | None]]:
    """Why goods are not admitted: the leading reason, then those of each regime, each once."""
    remarks: list[Remark] = [*answer.violations]
    if answer.status == "not_admissible":
        yield _finding(NOT_ADMISSIBLE, "regime", {"value": answer.destination or ""})
        if answer.regime is None:
            remarks += [reason for line in answer.considered for reason in line.reasons]
    told = [_finding(each.code, each.path, each.parameters) for each in remarks]
    yield from dict.fromkeys(told)


def _items(row: int, shipment: Shipment) -> Iterator[tuple[Any, ...]]:
    for place, item in enumerate(shipment.items):
        yield (
            row,
            place,
            item.hs,
            item.description,
            _decimal(item.quantity * item.unit.factor),
            item.unit.name,
            _scaled(item.unit_price),
            _scaled(item.net_weight_kg),
            _scaled(item.volume_l),
            item.origin,
            item.category,
        )


def _scaled(number: Fraction | None) -> int | None:
    """A decimal, which the reading bounds to five decimals, at scale 10^5."""
    return None if number is None else int(number * FIXED_POINT_SCALE)


def _decimal(number: Fraction) -> str:
    """A quantity in the tariff's unit, exactly: a thousandth of five decimals has eight.

    >>> _decimal(Fraction(3)), _decimal(Fraction(75, 100_000_000))
    ('3.00000000', '0.00000075')
    """
    whole, part = divmod(int(number * 10**QUANTITY_DIGITS), 10**QUANTITY_DIGITS)
    return f"{whole}.{part:0{QUANTITY_DIGITS}d}"
