"""Reads CSV: one line a goods item, the head's columns repeated on each of its lines.

The header names our fields, those of items with ``item.`` before them, and ``kind``. Consecutive
lines of one kind with the same document key are one document; a kind without items has one line
each. A cell that is empty is absent. Cells may hold line ends within quotes.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from typing import Final

from tumen.documents.batch import Texts
from tumen.documents.check import KEY_FIELDS
from tumen.documents.fields import TABLED, Kind, Part, field_names, has_items
from tumen.documents.formats.columns import ITEM, ColumnMap, product, total
from tumen.documents.formats.gathering import Fault, Gathering, Value
from tumen.documents.formats.records import Records
from tumen.documents.formats.sources import Broken, Source, opened
from tumen.documents.formats.strict import nearest
from tumen.kernel.limits import ITEMS_PER_DOCUMENT_MAX

_KINDS: Final = {kind.value: kind for kind in TABLED}
_NO_MAP: Final = ColumnMap()
_FAULTS_MAX: Final = 100
_OTHER_SEPARATORS: Final = {";": ";", "\t": "U+0009", "|": "|"}
"""What else spreadsheets write between cells, and how it is told."""


@dataclass(slots=True)
class _Open:
    """The document whose lines are being read."""

    kind: Kind
    key: tuple[str, ...]
    place: int
    head: list[Value]
    items: list[Sequence[Value]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


class _Plan:
    """Where the values of one kind stand in a line."""

    def __init__(self, kind: Kind, header: Mapping[str, int], columns: ColumnMap) -> None:
        self.kind = kind
        self._columns = columns
        self._header = header
        self.names = field_names(kind, Part.HEAD)
        self._item_names = tuple(ITEM + name for name in field_names(kind, Part.ITEM))
        own = {"kind", *self.names, *self._item_names}
        self._head = [self._at(name) for name in self.names]
        self._item = [self._at(name) for name in self._item_names]
        self._foreign = (
            [(at, name) for name, at in header.items() if name not in own]
            if columns is _NO_MAP
            else []
        )
        keys = columns.group or tuple(columns.rename.get(name, name) for name in KEY_FIELDS[kind])
        self._key = [header[name] for name in keys if name in header]

    def _at(self, name: str) -> tuple[int, Value]:
        column = self._columns.rename.get(name, name)
        return self._header.get(column, -1), self._columns.constant.get(name)

    def key(self, cells: Sequence[str]) -> tuple[str, ...]:
        """What tells which lines are one document."""
        return tuple(cells[at] for at in self._key)

    def head(self, cells: Sequence[str]) -> list[Value]:
        """The head's values of a line."""
        return self._values(cells, self._head, self.names)

    def item(self, cells: Sequence[str], number: int) -> list[Value] | None:
        """The goods item's values of a line; None where it has none."""
        values = self._values(cells, self._item, self._item_names)
        for at, name in enumerate(self._item_names):
            if name in self._columns.number:
                values[at] = str(number)
        return values if any(values) else None

    def _values(
        self, cells: Sequence[str], places: list[tuple[int, Value]], names: Sequence[str]
    ) -> list[Value]:
        values = [(cells[at] or constant) if at >= 0 else constant for at, constant in places]
        for at, name in enumerate(names):
            if name in self._columns.product:
                factors = [cells[self._header[each]] for each in self._columns.product[name]]
                values[at] = product([factor or None for factor in factors])
        return values

    def sums(self, document: _Open) -> None:
        """Fills the head fields that are sums of item fields."""
        for name, item in self._columns.sum.items():
            if name not in self.names or item not in self._item_names:
                continue
            at = self._item_names.index(item)
            document.head[self.names.index(name)] = total([each[at] for each in document.items])

    def foreign(self, cells: Sequence[str]) -> Iterator[Fault]:
        """Cells that are filled in columns which this kind does not have."""
        for at, name in self._foreign:
            if cells[at]:
                yield Fault("FIELD_UNKNOWN", name)


def read(source: Source, columns: ColumnMap | None = None) -> Iterator[Texts]:
    """The documents of a CSV source, in batches."""
    gathering = Gathering("csv")
    yield from fill(source, gathering, columns)
    if len(gathering):
        yield gathering.texts()


def fill(source: Source, gathering: Gathering, columns: ColumnMap | None = None) -> Iterator[Texts]:
    """Puts the documents of a source into a gathering; yields each batch that becomes full."""
    reader = _Reader(source, gathering, columns or _NO_MAP)
    place = 0
    try:
        with opened(source) as stream:
            records = Records(stream)
            for place, cells, fault in records:
                if records.width is None:
                    if not reader.header(place, cells, fault, records.content):
                        return
                    records.width = len(cells)
                    continue
                reader.line(place, cells, fault, records)
                if gathering.full:
                    yield gathering.texts()
    except Broken as broken:
        reader.close()
        reader.refuse(place + 1, [Fault(broken.code, expected=broken.expected)])
    reader.close()
    if not reader.rows:
        reader.refuse(1, [Fault("SOURCE_EMPTY")])
    if gathering.full:
        yield gathering.texts()


class _Reader:
    """Lines become documents in a gathering."""

    def __init__(self, source: Source, gathering: Gathering, columns: ColumnMap) -> None:
        self._source = source
        self._gathering = gathering
        self._columns = columns
        self._header: dict[str, int] = {}
        self._plans: dict[Kind, _Plan] = {}
        self._open: _Open | None = None
        self.rows = 0

    def refuse(
        self,
        place: int,
        faults: Sequence[Fault],
        kind: Kind | None = None,
        content: bytes | None = None,
    ) -> None:
        """Answers lines that cannot be read as a document; the whole source without content."""
        told = self._source.digest() if content is None else content
        row = self._gathering.row(self._source.name, place, kind, content=told)
        self.rows += 1
        for fault in faults:
            self._gathering.fault(row, fault)

    def header(self, place: int, cells: Sequence[str], fault: Fault | None, content: bytes) -> bool:
        """Takes the header; a source without a fitting one is refused as a whole."""
        names = [cell.strip() for cell in cells]
        self._header = {name: at for at, name in enumerate(names)}
        if fault:
            faults = [_line_ends(fault, content)]
        else:
            faults = list(islice(self._header_faults(names), _FAULTS_MAX))
            if faults and (other := _other_separator(names)):
                faults = [Fault("CSV_SEPARATOR", value=other)]
        if faults:
            self.refuse(place, faults)
        return not faults

    def _header_faults(self, names: Sequence[str]) -> Iterator[Fault]:
        columns = self._columns
        needed = {*columns.rename.values(), *columns.group}
        needed.update(*columns.product.values())
        if columns.kind is None:
            needed.add("kind")
        known = tuple(sorted(needed)) if columns is not _NO_MAP else _all_names()
        counts = Counter(names)
        for name, count in counts.items():
            if count > 1:
                told = name if name in known else f"column {names.index(name) + 1}"
                yield Fault("CSV_HEADER_TWICE", told)
        for name in sorted(needed - set(names)):
            yield Fault("CSV_HEADER_MISSING", name)
        if columns is _NO_MAP:
            for at, name in enumerate(names, start=1):
                if name not in known:
                    yield Fault("FIELD_UNKNOWN", f"column {at}", expected=nearest(name, known))

    def line(self, place: int, cells: Sequence[str], fault: Fault | None, records: Records) -> None:
        """Takes one line, the last of the records."""
        self._gathering.bytes += sum(map(len, cells))
        kind = self._columns.kind
        if fault is not None:
            self.close()
            self.refuse(place, [fault], kind, records.content)
            return
        name = cells[self._header["kind"]] if kind is None else kind.value
        kind = _KINDS.get(name)
        if kind is None:
            self.close()
            code = "KIND_UNKNOWN" if name else "KIND_MISSING"
            expected = nearest(name, tuple(_KINDS)) or ", ".join(_KINDS)
            self.refuse(place, [Fault(code, "kind", expected=expected)], None, records.content)
            return
        self._put(place, kind, cells)

    def _put(self, place: int, kind: Kind, cells: Sequence[str]) -> None:
        plan = self._plans.get(kind) or self._plans.setdefault(
            kind, _Plan(kind, self._header, self._columns)
        )
        key, head, document = plan.key(cells), plan.head(cells), self._open
        if (
            document is None
            or document.kind is not kind
            or document.key != key
            or not has_items(kind)
        ):
            self.close()
            document = self._open = _Open(kind, key, place, head)
        elif head != document.head:
            pairs = zip(plan.names, head, document.head, strict=True)
            differing = next(name for name, mine, first in pairs if mine != first)
            document.faults.append(Fault("FIELD_DIFFERS", differing))
        document.faults += plan.foreign(cells)
        if len(document.items) <= ITEMS_PER_DOCUMENT_MAX:
            item = plan.item(cells, len(document.items) + 1)
            document.items += [item] if item else []

    def close(self) -> None:
        """Ends the open document: its row goes into the gathering."""
        document, self._open = self._open, None
        if document is None:
            return
        self._plans[document.kind].sums(document)
        row = self._gathering.row(self._source.name, document.place, document.kind)
        self.rows += 1
        self._gathering.document(row, document.kind, document.head, document.items)
        for fault in document.faults[:_FAULTS_MAX]:
            self._gathering.fault(row, fault)


def _line_ends(fault: Fault, header: bytes) -> Fault:
    """The fault of a header, where lines that end in a carriage return alone are told as such."""
    lone = fault.code == "CSV_QUOTES" and b"\r" in header.rstrip(b"\r")
    return Fault("CSV_LINE_ENDS") if lone else fault


def _other_separator(names: Sequence[str]) -> str | None:
    """What separates the cells of a header that has no comma."""
    if len(names) > 1:
        return None
    return next((told for mark, told in _OTHER_SEPARATORS.items() if mark in names[0]), None)


@cache
def _all_names() -> tuple[str, ...]:
    heads = [name for kind in Kind for name in field_names(kind, Part.HEAD)]
    items = [ITEM + name for kind in Kind for name in field_names(kind, Part.ITEM)]
    return tuple(dict.fromkeys(["kind", *heads, *items]))
