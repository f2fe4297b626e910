"""Flat rows, one for each goods item, become native shipments (docs/assess.md).

Rows that follow one another with the same ``shipment`` are one shipment; without that column, or
with nothing in it, each row is one. The head's columns are repeated on each of its rows. A cell
that is empty is absent, as NaN is. Names of other columns are passed on and refused as unknown
fields, so that a misspelt one is never overlooked.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from tumen.kernel.limits import ITEMS_PER_DOCUMENT_MAX
from tumen.law.native.told import REFERENCE, Told, decoded, notice
from tumen.law.ruling import Notice

ITEM: Final = (
    "hs",
    "description",
    "quantity",
    "unit",
    "unit_price",
    "net_weight_kg",
    "volume_l",
    "origin",
    "category",
)
"""Columns of an item, by the names of the native shipment."""

NESTED: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "buyer_id": ("buyer", "id"),
        "buyer_kind": ("buyer", "kind"),
        "used_this_year": ("buyer", "used_this_year"),
        "preference_agreement": ("preference", "agreement"),
        "preference_proof": ("preference", "proof"),
        "preference_direct_transport": ("preference", "direct_transport"),
    }
)
"""Columns that stand in a table of the native shipment."""

RATE: Final = "rate_"
EXCHANGE_RATE: Final = "exchange_rate_"
"""What the columns of stated rates begin with; a charge code or a currency follows."""

RELATED: Final = "related"
ITEMS: Final = "items"

_TEXTS: Final = frozenset(
    {"description", "category", "buyer_id", "seller", "platform", "preference_proof"}
)
"""Columns of free text: a number in one of them is taken by its digits."""

_TRUTHS: Final[Mapping[object, bool]] = MappingProxyType({"true": True, "false": False})


@dataclass(slots=True)
class _Open:
    """The shipment whose rows are being read."""

    row: int
    reference: str | None
    head: list[object]
    items: list[dict[str, Any]] = field(default_factory=list)
    faults: list[Notice] = field(default_factory=list)


class Flat:
    """Takes the rows of one table, and gives the shipments that they complete.

    Args:
        names: the columns.
        source: the file's name; None for a frame.
        faults: what is wrong with the header; every row is then refused.
    """

    def __init__(
        self, names: Sequence[str], source: str | None = None, faults: Sequence[Notice] = ()
    ) -> None:
        twice = sorted({name for name in names if names.count(name) > 1})
        self._faults = (*faults, *(notice("CSV_HEADER_TWICE", name[:80]) for name in twice))
        self._source = source
        self._names = tuple(names)
        self._reference = names.index(REFERENCE) if REFERENCE in names else None
        is_item = [name in ITEM or name.startswith(RATE) for name in names]
        head = [at for at, name in enumerate(names) if not is_item[at] and name != REFERENCE]
        self._head = [(at, *_place(names[at])) for at in head]
        self._item = [(at, *_place(name)) for at, name in enumerate(names) if is_item[at]]
        self._open: _Open | None = None
        self._broken: list[Told] = []

    def put(self, row: int, cells: Sequence[object]) -> Iterator[Told]:
        """Take a row; gives the shipments that it ends."""
        if self._faults:
            yield Told(row, None, None, self._faults, self._source)
            return
        values = [_value(name, cell) for name, cell in zip(self._names, cells, strict=True)]
        reference = self._reference_of(values)
        head = [values[at] for at, *_ in self._head]
        shipment = self._open
        if shipment is None or reference is None or reference != shipment.reference:
            yield from self.close()
            shipment = self._open = _Open(row, reference, head)
        elif len(shipment.items) > ITEMS_PER_DOCUMENT_MAX:
            yield from self.close()  # it is refused, and so is the rest of it
            shipment = self._open = _Open(row, reference, head, faults=[_too_many()])
        else:
            self._check_continued(shipment, head)
        shipment.items.append(_table(self._item, values))

    def put_broken(self, row: int, fault: Notice, cells: Sequence[str] = ()) -> Iterator[Told]:
        """Take a row that cannot be read.

        The shipment that is being read is refused where the row is one of its own: where its
        reference says so, or the next row still belongs to it. Else an item would be missing.
        """
        refused = Told(row, None, None, self._faults or (fault,), self._source)
        if self._open is None or self._open.reference is None:
            yield from self.close()
            yield refused
            return
        self._broken.append(refused)
        at = self._reference
        is_its_own = at is not None and len(cells) > at and cells[at] == self._open.reference
        are_too_many = len(self._broken) > ITEMS_PER_DOCUMENT_MAX
        if is_its_own or are_too_many:
            self._open.faults.append(fault)
        if are_too_many:
            yield from self.close()

    def close(self) -> Iterator[Told]:
        """Give the last shipment, and the broken rows behind it."""
        if self._open is not None:
            yield self._told(self._open)
        yield from self._broken
        self._open, self._broken = None, []

    def _reference_of(self, values: Sequence[object]) -> str | None:
        value = None if self._reference is None else values[self._reference]
        return None if value is None else str(value)

    def _check_continued(self, shipment: _Open, head: list[object]) -> None:
        """The head of a further row must be that of the first."""
        if shipment.faults:
            return
        shipment.faults += [fault for told in self._broken for fault in told.faults]
        if head != shipment.head:
            pairs = zip(self._head, head, shipment.head, strict=True)
            at = next(at for (at, *_), mine, first in pairs if mine != first)
            shipment.faults.append(notice("FIELD_DIFFERS", self._names[at][:80]))

    def _told(self, shipment: _Open) -> Told:
        places = [(at, *place) for at, (_, *place) in enumerate(self._head)]
        native: dict[str, Any] = _table(places, shipment.head)
        faults = list(shipment.faults)
        if ITEMS in native:
            faults.append(notice("FIELD_UNKNOWN", ITEMS, expected="a column for each field"))
        related = native.get(RELATED)
        if isinstance(related, str):
            native[RELATED], fault = _related(related)
            faults += [fault] if fault else []
        native[ITEMS] = shipment.items
        return Told(shipment.row, native, shipment.reference, tuple(faults), self._source)


def _place(name: str) -> tuple[str | None, str]:
    """The table of the native shipment that a column's value stands in, and its field there."""
    if name in NESTED:
        return NESTED[name]
    if name.startswith(EXCHANGE_RATE):
        return "exchange_rates", name.removeprefix(EXCHANGE_RATE)
    if name.startswith(RATE):
        return "rates", name.removeprefix(RATE)
    return None, name


def _table(places: Sequence[Any], values: Sequence[object]) -> dict[str, Any]:
    """The fields that are told; what is absent is left out."""
    found: dict[str, Any] = {}
    for at, group, name in places:
        value = values[at]
        if value is None:
            continue
        table = found if group is None else found.setdefault(group, {})
        table[name] = value
    return found


def _value(name: str, cell: object) -> object:
    """A cell as the native shipment tells it; None where it is absent."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, str):
        return _TRUTHS.get(cell.lower(), cell) if name == "preference_direct_transport" else cell
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    if cell != cell:  # NaN: how some frames write what is absent
        return None
    if name in _TEXTS and isinstance(cell, int) and not isinstance(cell, bool):
        return str(cell)
    return cell


def _related(text: str) -> tuple[object, Notice | None]:
    """The list of other parcels from its JSON text."""
    try:
        return decoded(text), None
    except (ValueError, RecursionError) as error:
        return [], notice("JSON_MALFORMED", RELATED, expected=str(error)[:80])


def _too_many() -> Notice:
    return notice(
        "ITEMS_TOO_MANY",
        ITEMS,
        value=f"more than {ITEMS_PER_DOCUMENT_MAX}",
        expected=str(ITEMS_PER_DOCUMENT_MAX),
    )
