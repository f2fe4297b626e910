"""Native shipments become flat rows: the way back from :mod:`tumen.law.native.flat`.

Only a shipment that the rows tell exactly as it stands has them: known fields, texts that are not
empty, whole numbers where an amount or a quantity is told. Of every other one nothing is said
here; it is read as it was told.
"""

from collections.abc import Container, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from tumen.codelist.currencies import currencies
from tumen.kernel.limits import ITEMS_PER_DOCUMENT_MAX
from tumen.law.native.flat import EXCHANGE_RATE, ITEM, ITEMS, NESTED, RATE
from tumen.law.native.reading import AMOUNT_FIELDS, HEAD_FIELDS
from tumen.law.ruling import CHARGE_CODES

TRUTH: Final = "preference_direct_transport"
"""The one column that is true or false."""

_TABLES: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        group: {field: name for name, (table, field) in NESTED.items() if table == group}
        for group in {table for table, _ in NESTED.values()}
    }
)
Row = dict[str, str]


class _NotFlat(Exception):
    """The rows would not tell it as it stands."""


def flat_rows(native: object) -> list[Row] | None:
    """The rows of a shipment, one for each item, each with its head; None where it has none.

    >>> flat_rows({"destination": "JP", "items": [{"hs": "6109100101", "quantity": 2}]})
    [{'destination': 'JP', 'hs': '6109100101', 'quantity': '2'}]
    >>> flat_rows({"destination": "JP", "seller": "", "items": [{"hs": "6109100101"}]})
    """
    if not isinstance(native, dict):
        return None
    items = native.get(ITEMS)
    if not isinstance(items, list) or not 0 < len(items) <= ITEMS_PER_DOCUMENT_MAX:
        return None
    try:
        head = dict(_head(native))
        return [head | dict(_item(item)) for item in items]
    except _NotFlat:
        return None


def _head(native: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for field, value in native.items():
        if field in HEAD_FIELDS:
            yield field, _text(field, value)
        elif field in _TABLES:
            yield from _nested(_TABLES[field], value)
        elif field == "exchange_rates":
            yield from _rates(EXCHANGE_RATE, currencies(), value)
        elif field != ITEMS:
            raise _NotFlat


def _item(item: object) -> Iterator[tuple[str, str]]:
    for field, value in _filled(item).items():
        if field in ITEM:
            yield field, _text(field, value)
        elif field == "rates":
            yield from _rates(RATE, CHARGE_CODES, value)
        else:
            raise _NotFlat


def _nested(columns: Mapping[str, str], table: object) -> Iterator[tuple[str, str]]:
    for field, value in _filled(table).items():
        if field not in columns:
            raise _NotFlat
        name = columns[field]
        yield name, _truth(value) if name == TRUTH else _text(field, value)


def _rates(prefix: str, known: Container[str], table: object) -> Iterator[tuple[str, str]]:
    """Rates by charge or currency; a name that is none would be a column of its own."""
    for field, value in _filled(table).items():
        if field not in known or not isinstance(value, str) or not value:
            raise _NotFlat
        yield prefix + field, value


def _truth(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    raise _NotFlat


def _filled(table: object) -> Mapping[str, Any]:
    """A table with something in it: columns cannot tell an empty one from none."""
    if isinstance(table, dict) and table:
        return table
    raise _NotFlat


def _text(field: str, value: object) -> str:
    if isinstance(value, str) and value:
        return value
    if type(value) is int and field in AMOUNT_FIELDS:
        return str(value)
    raise _NotFlat
