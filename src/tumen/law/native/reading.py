"""Reading a native shipment: every fault is collected, none stops the others.

>>> read({"destination": "JP", "weight": "1"})[1][0].code
'FIELD_UNKNOWN'
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from fractions import Fraction
from typing import Any, Final

from tumen.codelist.currencies import CURRENCY_OF
from tumen.kernel.limits import (
    FAULTS_PER_SHIPMENT_MAX,
    ITEMS_PER_DOCUMENT_MAX,
    RELATED_PARCELS_MAX,
)
from tumen.law.consignment import Preference
from tumen.law.native import values
from tumen.law.native.shipment import (
    AUTO,
    BUYER_KINDS,
    DIGITAL_SERVICE,
    EXPORTS,
    PURPOSES,
    RATES,
    REGIMES,
    TRANSPORTS,
    Item,
    RelatedParcel,
    Shipment,
)
from tumen.law.native.values import Fault, Reader
from tumen.law.ruling import CHARGE_CODES, Notice

_HEAD: Final[Mapping[str, Reader[Any]]] = {
    "destination": values.economy,
    "dispatch": values.country,
    "date": values.day,
    "regime": values.text,
    "transport": values.one_of(*TRANSPORTS),
    "purpose": values.one_of(*PURPOSES),
    "ordered_at": values.day,
    "arrived_at": values.day,
    "currency": values.currency,
    "freight": values.number,
    "insurance": values.number,
    "exchange_rates": lambda raw: values.table(raw, values.currency, values.rate),
    "platform": values.text,
    "seller": values.text,
}
_BUYER: Final[Mapping[str, Reader[Any]]] = {
    "id": values.text,
    "kind": values.one_of(*BUYER_KINDS),
    "used_this_year": values.number,
}
_ITEM: Final[Mapping[str, Reader[Any]]] = {
    "hs": values.commodity,
    "description": values.text,
    "quantity": values.positive,
    "unit": values.unit,
    "unit_price": values.number,
    "net_weight_kg": values.positive,
    "volume_l": values.positive,
    "origin": values.country,
    "category": values.text,
    "rates": lambda raw: values.table(raw, values.one_of(*CHARGE_CODES), values.share),
}
_RELATED: Final[Mapping[str, Reader[Any]]] = {
    "value": values.number,
    "seller": values.text,
    "ordered_at": values.day,
    "arrived_at": values.day,
}
_PREFERENCE: Final[Mapping[str, Reader[Any]]] = {
    "agreement": values.text,
    "proof": values.text,
    "direct_transport": values.truth,
}
_RATES: Final = frozenset({"exchange_rates", "rates"})
HEAD_FIELDS: Final = frozenset(_HEAD) - _RATES
"""Fields of the head that are a text or an amount; the others are tables."""

AMOUNT_FIELDS: Final = frozenset(
    name
    for readers in (_HEAD, _BUYER, _ITEM)
    for name, reader in readers.items()
    if reader in (values.number, values.positive)
)
"""Fields in which a whole number stands for its digits."""

_NESTED: Final = ("buyer", "preference", "items", "related")
_REQUIRED: Final = ("destination", "dispatch", "currency")
_ITEM_REQUIRED: Final = ("quantity", "unit_price")


@dataclass(slots=True)
class _Reading:
    """The faults found so far."""

    notices: list[Notice] = field(default_factory=list)

    def fault(self, code: str, path: str, **parameters: str) -> None:
        self.notices.append(Notice(code, path, parameters))

    def table(
        self,
        raw: object,
        readers: Mapping[str, Reader[Any]],
        required: Sequence[str] = (),
        path: str = "",
        others: Sequence[str] = (),
    ) -> dict[str, Any]:
        """The values of a table that can be read; what is null counts as not told."""
        if not isinstance(raw, Mapping):
            self.fault("VALUE_NOT_TABLE", path.rstrip("."))
            return {}
        found: dict[str, Any] = {}
        for name, value in raw.items():
            reader = readers.get(name)
            if reader is None:
                # What a name may mean takes long to find: of thousands the first are told.
                if name not in others and len(self.notices) < FAULTS_PER_SHIPMENT_MAX:
                    near = get_close_matches(str(name)[:80], [*readers, *others], 1)
                    self.fault("FIELD_UNKNOWN", f"{path}{name}"[:80], expected="".join(near))
            elif value is not None:
                try:
                    found[name] = reader(value)
                except Fault as fault:
                    self.fault(fault.code, f"{path}{name}{fault.below}", **fault.parameters)
        for name in required:
            if raw.get(name) is None:
                self.fault("FIELD_MISSING", f"{path}{name}")
        return found

    def tables(self, raw: object, path: str, most: int) -> list[tuple[str, object]]:
        """The members of a list with their paths."""
        if not isinstance(raw, list | tuple):
            self.fault("ITEMS_NOT_LIST", path)
            return []
        if len(raw) > most:
            self.fault("ITEMS_TOO_MANY", path, value=str(len(raw)), expected=str(most))
            return []
        return [(f"{path}[{place}].", each) for place, each in enumerate(raw)]


def read(raw: object, today: date | None = None) -> tuple[Shipment | None, tuple[Notice, ...]]:
    """A shipment and what is wrong with it; None where anything is.

    Args:
        raw: what JSON gave: a table of the fields of the native shipment.
        today: the legal date where the shipment names none; without it a date is required.
    """
    reading = _Reading()
    always = _REQUIRED if today is not None else (*_REQUIRED, "date")
    head = reading.table(raw, _HEAD, always, others=_NESTED)
    told = raw if isinstance(raw, Mapping) else {}
    required = _ITEM_REQUIRED if head.get("regime") == DIGITAL_SERVICE else ("hs", *_ITEM_REQUIRED)
    items = _items(reading, told.get("items"), required)
    parts = {
        **_buyer(reading, told.get("buyer")),
        "preference": _preference(reading, told.get("preference")),
        "related": _related(reading, told.get("related")),
    }
    _check_regime(reading, head)
    _check_days(reading, head)
    _check_rates(reading, head, items)
    if reading.notices:
        return None, tuple(reading.notices)
    head["day"] = head.pop("date", today)
    return Shipment(items=tuple(items), **head, **parts), ()


def _items(reading: _Reading, raw: object, required: Sequence[str]) -> list[Item]:
    if raw is None or raw == []:
        reading.fault("ITEMS_MISSING", "items")
        return []
    found = []
    for path, each in reading.tables(raw, "items", ITEMS_PER_DOCUMENT_MAX):
        before = len(reading.notices)
        item = reading.table(each, _ITEM, required, path)
        if len(reading.notices) == before:
            found.append(Item(**item))
    return found


def _buyer(reading: _Reading, raw: object) -> dict[str, Any]:
    if raw is None:
        return {}
    found = reading.table(raw, _BUYER, path="buyer.")
    names = {"id": "buyer_id", "kind": "buyer_kind"}
    return {names.get(name, name): value for name, value in found.items()}


def _preference(reading: _Reading, raw: object) -> Preference | None:
    if raw is None:
        return None
    found = reading.table(raw, _PREFERENCE, ("agreement",), "preference.")
    return Preference(**found) if "agreement" in found else None


def _related(reading: _Reading, raw: object) -> tuple[RelatedParcel, ...]:
    if raw is None:
        return ()
    found = []
    for path, each in reading.tables(raw, "related", RELATED_PARCELS_MAX):
        found.append(reading.table(each, _RELATED, ("value",), path))
        _check_days(reading, found[-1], path)
    return tuple(RelatedParcel(each.pop("value", Fraction(0)), **each) for each in found)


def _check_regime(reading: _Reading, head: Mapping[str, Any]) -> None:
    """A regime must be one of the destination's, or of exports from China."""
    regime, destination = head.get("regime"), head.get("destination")
    if regime is None or destination is None:
        return
    known = (AUTO, *REGIMES[destination], DIGITAL_SERVICE, *EXPORTS)
    if regime not in known:
        reading.fault("WORD_UNKNOWN", "regime", value=regime[:40], expected=", ".join(known))


def _check_days(reading: _Reading, told: Mapping[str, Any], path: str = "") -> None:
    """What is ordered arrives on the same day or later."""
    ordered, arrived = told.get("ordered_at"), told.get("arrived_at")
    if ordered is not None and arrived is not None and arrived < ordered:
        expected = ordered.isoformat()
        where = f"{path}arrived_at"
        reading.fault("ARRIVED_BEFORE_ORDERED", where, value=str(arrived), expected=expected)


def _check_rates(reading: _Reading, head: Mapping[str, Any], items: Sequence[Item]) -> None:
    """A stated rate must be of a charge of the destination, and none of its own currency."""
    destination = head.get("destination")
    if destination is None:
        return
    own = CURRENCY_OF[destination]
    if own in (head.get("exchange_rates") or {}):
        reading.fault("EXCHANGE_RATE_OF_OWN", f"exchange_rates.{own}", value=own)
    known = RATES[destination]
    for place, item in enumerate(items):
        for code in item.rates or {}:
            if code not in known:
                path = f"items[{place}].rates.{code}"
                reading.fault("RATE_NOT_CHARGED", path, value=code, expected=", ".join(known))
