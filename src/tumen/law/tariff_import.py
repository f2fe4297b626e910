"""Takes an official tariff that the user holds into a table of the same form as the committed ones.

    rows    = read_rows(text, "KR")                     every row becomes a line or a remark
    edition = Edition("관세율표 2026-02-11", first_day(rows.lines), "confirmed")
    save(folder, "KR", edition, rows.lines)             from now on this table is asked

CSV with commas or tabulators is read; a spreadsheet must be saved as one of them first. The titles
may stand in any order. The table of the Korea Customs Service is known by its own nine titles
(:data:`tumen.law.tariff.rows.KOREAN_TITLES`); each kind of rate (A, C, E1, FCN1, FRCCN1 …) is a
column, and a rate for one use only the column ``kind/use``. Every other file has
``code,column,rate,from,to``, of which the days may be missing; a rate stands as the economy's
tariff prints it or in the notation of :mod:`tumen.law.tariff.plain`.
"""

import csv
import io
import os
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Final

from tumen.kernel.errors import UsageError
from tumen.law.tariff.rows import (
    KOREAN_TITLES,
    PLAIN_OPTIONAL,
    PLAIN_TITLES,
    Remark,
    RowReader,
    RowRefused,
)
from tumen.law.tariff.table import UNIT, Edition, Line, written
from tumen.law.tariffs import CODE_DIGITS, COLUMNS, forget

ENCODINGS: Final = ("utf-8-sig", "cp949")
"""How the files are encoded: as all should be, or as Korean spreadsheets save them."""

KEPT_UNKNOWN: Final = "refused at the import: "


@dataclass(frozen=True, slots=True)
class Rows:
    """What came of the rows of a file.

    Attributes:
        rows: how many there were.
        lines: the lines of the table; also those whose rate is unknown.
        remarks: what is answered, by row. Rows without a remark were taken as they are.
    """

    rows: int
    lines: list[Line]
    remarks: list[Remark]

    @property
    def refused(self) -> int:
        """How many rows were not taken as they are."""
        return len({remark.row for remark in self.remarks})


def decoded(data: bytes) -> str:
    """The text of a file.

    Raises:
        UsageError: it is in no encoding that is known.
    """
    for encoding in ENCODINGS:
        with suppress(UnicodeDecodeError):
            return data.decode(encoding)
    raise UsageError("The file is neither UTF-8 nor CP949: save it as CSV in UTF-8.")


def read_rows(text: str, economy: str) -> Rows:
    """The lines and remarks of a file's rows.

    Args:
        text: the whole file, with its titles in the first row.
        economy: CN, RU, JP, KR or MN.

    Raises:
        UsageError: there is no such economy, a title is missing, or the file is no table.
    """
    if economy not in CODE_DIGITS:
        raise UsageError(f"There is no tariff of {economy!r}: {', '.join(CODE_DIGITS)}.")
    first, _, _ = text.partition("\n")
    delimiter = "\t" if "\t" in first else ","
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    titles = [title.strip() for title in next(rows, [])]
    reader = RowReader(economy, CODE_DIGITS[economy], "품목번호" in titles)
    needed = KOREAN_TITLES if reader.is_korean else PLAIN_TITLES
    missing = [title for title in needed if title not in titles]
    if missing:
        raise UsageError(
            f"The file has no column {', '.join(missing)}. It must have the columns "
            f"{', '.join(PLAIN_TITLES + PLAIN_OPTIONAL)} or {', '.join(KOREAN_TITLES)}."
        )
    try:
        return _read(reader, titles, rows)
    except csv.Error as error:
        raise UsageError(f"The file is no table: {error}.") from error


def _read(reader: RowReader, titles: Sequence[str], rows: Iterable[list[str]]) -> Rows:
    lines: dict[Line, int] = {}
    remarks: list[Remark] = []
    count = 0
    for number, cells in enumerate(rows, 2):
        if not any(cells):
            continue
        count += 1
        line: Line | None
        try:
            line = _line(reader, titles, cells)
        except RowRefused as refusal:
            remarks.append(Remark(number, refusal.code, refusal.value))
            line = _unknown(reader, titles, cells, refusal)
        else:
            if line.unread:
                remarks.append(Remark(number, "TARIFF_RATE_UNREAD", line.text))
        if line is not None and lines.setdefault(line, number) != number:
            remarks.append(Remark(number, "TARIFF_ROW_REPEATED", f"row {lines[line]}"))
    remarks += [*_contradictions(lines), *_not_asked_for(reader.economy, lines)]
    return Rows(count, list(lines), sorted(remarks, key=lambda remark: remark.row))


def _line(reader: RowReader, titles: Sequence[str], cells: list[str]) -> Line:
    if len(cells) != len(titles):
        raise RowRefused("TARIFF_ROW_INCOMPLETE", f"{len(cells)} of {len(titles)}")
    return reader.line(_named(titles, cells))


def _unknown(
    reader: RowReader, titles: Sequence[str], cells: list[str], refusal: RowRefused
) -> Line | None:
    """A line that makes the column unknown; None where the row does not tell which."""
    padded = [*cells, *[""] * len(titles)]
    try:
        code, column = reader.place(_named(titles, padded[: len(titles)]))
    except RowRefused:
        return None
    return Line(code, column, refusal.value, unread=KEPT_UNKNOWN + refusal.code)


def _named(titles: Sequence[str], cells: list[str]) -> dict[str, str]:
    return dict(zip(titles, (cell.strip() for cell in cells), strict=True))


def _contradictions(lines: dict[Line, int]) -> Iterator[Remark]:
    """Rows that set two rates for one code, column and day: both are kept, so it is unknown."""
    by_place = sorted(
        (line for line in lines if not line.unread),
        key=lambda line: (line.code, line.column, line.first or date.min),
    )
    for one, other in pairwise(by_place):
        is_same = (one.code, one.column) == (other.code, other.column)
        if is_same and (other.first or date.min) <= (one.last or date.max):
            yield Remark(lines[other], "TARIFF_RATES_CONTRADICT", f"row {lines[one]}")


def _not_asked_for(economy: str, lines: dict[Line, int]) -> Iterator[Remark]:
    """The first row of each column that no law of the economy asks for, such as a misspelt one."""
    known = COLUMNS.get(economy)
    if known is None:
        return
    first: dict[str, int] = {}
    for line, row in lines.items():
        first.setdefault(line.column, row)
    for column, row in first.items():
        if column not in known and column != UNIT:
            yield Remark(row, "TARIFF_COLUMN_UNUSED", column)


def first_day(lines: Iterable[Line]) -> date | None:
    """The earliest first day of the lines; None where no line has one."""
    return min((line.first for line in lines if line.first is not None), default=None)


def save(folder: Path, economy: str, edition: Edition, lines: Iterable[Line]) -> Path:
    """Write the table of an economy into a folder, whole or not at all; its file.

    Raises:
        OSError: the folder cannot be written to.
    """
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{economy.lower()}.csv.gz"
    draft = target.with_name(f"{target.name}.{secrets.token_hex(8)}")
    try:
        draft.write_bytes(written(edition, lines))
        os.replace(draft, target)
    finally:
        draft.unlink(missing_ok=True)
    forget()
    return target
