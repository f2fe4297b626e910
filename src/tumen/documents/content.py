"""What a document is as a whole: its content hash, and how many goods items it has."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from tumen.documents.fields import Field, Kind, Part, field_names, fields, has_items
from tumen.documents.formats.canonical import LINE_END, UNIT, encoded
from tumen.kernel.limits import ITEMS_PER_DOCUMENT_MAX
from tumen.kernel.violation import VIOLATION_SCHEMA


@dataclass(frozen=True, slots=True)
class Sheet:
    """The fields of one part of one kind, all documents of one form."""

    kind: Kind
    part: Part
    frame: pl.DataFrame
    ceb: bool

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields of its part."""
        return fields(self.kind, self.part)

    def is_required(self, field: Field) -> bool:
        """Whether the form asks for a field."""
        return field.required if self.ceb else field.native == "required"


def faults_of_form(found: pl.DataFrame) -> dict[int, bytes]:
    """What is wrong with the form of each document that has faults of form.

    They are part of its content: the values that were read do not show that a key stood twice,
    and the mended document must not be taken for the one that was refused.
    """
    faults: dict[int, bytes] = {}
    if found.is_empty():
        return faults
    for row, *told in found.select("row", "code", "path", "value").iter_rows():
        faults[row] = (
            faults.get(row, b"") + LINE_END + UNIT.join(str(each).encode() for each in told)
        )
    return faults


def hashes_and_counts(
    sheets: Sequence[Sheet], faulty: Mapping[int, bytes], has_controls: bool
) -> tuple[dict[Kind, pl.Series], list[pl.DataFrame]]:
    """The content hash of every document, and which have no or too many goods items.

    What is hashed is the kind, the head's values, the values of each goods item, and the faults
    of form: one encoding for one document, whatever batch or form it came in.
    """
    hashes: dict[Kind, pl.Series] = {}
    found = []
    lines = {sheet.kind: _lines(sheet, has_controls) for sheet in sheets if sheet.part is Part.ITEM}
    for sheet in sheets:
        if sheet.part is Part.HEAD:
            mark = sheet.kind.encode() + UNIT
            heads = encoded(sheet.frame, field_names(sheet.kind, sheet.part), has_controls)
            rows = sheet.frame.get_column("row").to_list()
            own = lines.get(sheet.kind, {})
            digests = [
                hashlib.sha256(
                    mark + head + b"".join(own.get(row, ())) + faulty.get(row, b"")
                ).digest()
                for row, head in zip(rows, heads, strict=True)
            ]
            hashes[sheet.kind] = pl.Series("content_hash", digests, dtype=pl.Binary)
            if has_items(sheet.kind):
                found += _count_violations([(row, len(own.get(row, ()))) for row in rows])
    return hashes, found


def _lines(sheet: Sheet, has_controls: bool) -> dict[int, list[bytes]]:
    """The encoded goods items of each document."""
    lines: dict[int, list[bytes]] = {}
    rows = sheet.frame.get_column("row").to_list()
    for row, line in zip(
        rows, encoded(sheet.frame, field_names(sheet.kind, sheet.part), has_controls), strict=True
    ):
        lines.setdefault(row, []).append(LINE_END + line)
    return lines


def _count_violations(counts: Sequence[tuple[int, int]]) -> list[pl.DataFrame]:
    most = ITEMS_PER_DOCUMENT_MAX
    none = [(row, "ITEMS_MISSING", "items", None, None) for row, count in counts if not count]
    many = [
        (row, "ITEMS_TOO_MANY", "items", str(count), str(most))
        for row, count in counts
        if count > most
    ]
    return [pl.DataFrame(none + many, schema=VIOLATION_SCHEMA, orient="row")] if none + many else []
