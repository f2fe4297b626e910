"""Gathering: readers put documents in, one at a time; batches of texts come out.

Rows are numbered from 0 in each batch, in the order of arrival. What the native forms leave
out is filled from the field table here, a column at a time.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Final

import polars as pl

from tumen.documents.batch import ROW_SCHEMA, SHIPMENT_SCHEMA, Texts
from tumen.documents.fields import Field, Kind, Part, fields, has_items
from tumen.kernel.columns import column, frame_of
from tumen.kernel.limits import (
    BATCH_BYTES_MAX,
    BATCH_DOCUMENTS_FIRST,
    BATCH_DOCUMENTS_MAX,
)
from tumen.kernel.violation import VIOLATION_SCHEMA, no_violations

Value = str | None

_ISO: Final = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ]([0-9]{2}):([0-9]{2}):([0-9]{2}))?"
)
"""A date, or a date and time without a zone: customs writes it as 8 or 14 digits."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What the form of one document broke; the columns of the violation frame without the row."""

    code: str
    path: str = ""
    value: str | None = None
    expected: str | None = None


@dataclass(slots=True)
class _Sheet:
    rows: list[int] = field(default_factory=list)
    indices: list[int] = field(default_factory=list)
    values: list[Sequence[Value]] = field(default_factory=list)


class Gathering:
    """The documents of a batch that is being read.

    Args:
        format: ceb, ndjson or csv; None for sources of no known format.
        documents_max: documents after which a batch is full. The first is full sooner, and each
            twice as large as the one before, so that the sequencer has something to do early.
    """

    def __init__(self, format: str | None, documents_max: int = BATCH_DOCUMENTS_MAX) -> None:  # noqa: A002
        self.format = format
        self._documents_max = documents_max
        self._limit = min(BATCH_DOCUMENTS_FIRST, documents_max)
        self._clear()

    def _clear(self) -> None:
        self.bytes = 0
        self._rows: list[tuple[str, int, str | None, str | None, str | None]] = []
        self._sheets: dict[Kind, tuple[_Sheet, _Sheet]] = {}
        self._faults: list[tuple[int, str, str, Value, Value]] = []
        self._shipments: list[tuple[int, Value, str]] = []
        self._signatures: dict[int, str] = {}

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def full(self) -> bool:
        """Whether the batch has reached its most documents or bytes."""
        return len(self._rows) >= self._limit or self.bytes >= BATCH_BYTES_MAX

    def row(
        self,
        source: str,
        place: int,
        kind: Kind | None = None,
        message: str | None = None,
        content: bytes | None = None,
    ) -> int:
        """Opens a row: every input row gets exactly one. Returns its number.

        Args:
            source: the name of the source.
            place: where in it the row stands.
            kind: the kind of its document, if it could be told.
            message: the root of its CEB message.
            content: the bytes of a row that becomes no document, by which it is known again.
        """
        digest = None if content is None else blake2b(content, digest_size=32).hexdigest()
        self._rows.append((source, place, kind, message, digest))
        return len(self._rows) - 1

    def document(
        self, row: int, kind: Kind, head: Sequence[Value], items: Iterable[Sequence[Value]]
    ) -> None:
        """Puts a document's values in, in the order of the field table."""
        heads, lines = self._sheets.get(kind) or self._sheets.setdefault(kind, (_Sheet(), _Sheet()))
        heads.rows.append(row)
        heads.values.append(head)
        for index, item in enumerate(items):
            lines.rows.append(row)
            lines.indices.append(index)
            lines.values.append(item)

    def shipment(self, row: int, reference: Value, native: str) -> None:
        """Puts a native shipment in: the sender's reference and the shipment's JSON."""
        self._shipments.append((row, reference, native))

    def signed(self, row: int, state: str) -> None:
        """Records what the signature of a row's message is worth."""
        self._signatures[row] = state

    def fault(self, row: int, fault: Fault) -> None:
        """Records what the form of a row broke."""
        self._faults.append((row, fault.code, fault.path, fault.value, fault.expected))

    def texts(self) -> Texts:
        """The batch so far; the gathering is empty afterwards and goes on with the next."""
        texts = Texts(
            rows=self._row_frame(),
            heads={
                kind: self._frame(heads, kind, Part.HEAD)
                for kind, (heads, _) in self._sheets.items()
            },
            items={
                kind: self._frame(lines, kind, Part.ITEM)
                for kind, (_, lines) in self._sheets.items()
                if has_items(kind)
            },
            violations=self._violations(),
            shipments=self._shipment_frame(),
        )
        self._clear()
        self._limit = min(2 * self._limit, self._documents_max)
        return texts

    def _row_frame(self) -> pl.DataFrame:
        sources, places, kinds, messages, contents = zip(*self._rows, strict=True)
        columns = {
            "row": range(len(self._rows)),
            "source": sources,
            "place": places,
            "format": [self.format] * len(self._rows),
            "kind": kinds,
            "message": messages,
            "content": contents,
            "signature": [self._signatures.get(row) for row in range(len(self._rows))],
        }
        return frame_of([column(name, columns[name], kind) for name, kind in ROW_SCHEMA.items()])

    def _shipment_frame(self) -> pl.DataFrame | None:
        if not self._shipments:
            return None
        return pl.DataFrame(self._shipments, schema=SHIPMENT_SCHEMA, orient="row")

    def _violations(self) -> pl.DataFrame:
        if not self._faults:
            return no_violations()
        return pl.DataFrame(self._faults, schema=VIOLATION_SCHEMA, orient="row").sort(
            "row", maintain_order=True
        )

    def _frame(self, sheet: _Sheet, kind: Kind, part: Part) -> pl.DataFrame:
        known = fields(kind, part)
        columns: list[Sequence[Value]] = (
            list(zip(*sheet.values, strict=True)) if sheet.values else [()] * len(known)
        )
        if self.format != "ceb":
            columns = [_complete(*each) for each in zip(known, columns, strict=True)]
        made = [column("row", sheet.rows, pl.UInt32)]
        if part is Part.ITEM:
            made.append(column("index", sheet.indices, pl.UInt16))
        texts = zip(known, columns, strict=True)
        return frame_of([*made, *(column(each.name, text, pl.String) for each, text in texts)])


def _complete(field: Field, column: Sequence[Value]) -> Sequence[Value]:
    """Fills what the native forms may leave out, and writes ISO times in digits."""
    default = field.native_default
    if default is not None and None in column:
        return [default if value is None else value for value in column]
    if field.form:
        return [value and (value if value.isdigit() else _in_digits(value)) for value in column]
    return column


def _in_digits(value: str) -> str:
    read = _ISO.fullmatch(value)
    return "".join(part or "" for part in read.groups()) if read else value
