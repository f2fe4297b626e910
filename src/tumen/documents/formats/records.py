"""The records of a CSV text, one by one, or many plain lines at once as a table.

A quote that is never closed would swallow the lines after it; those are read again.
"""

import csv
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final, NamedTuple, TypeAlias

import polars as pl

from tumen.documents.formats.gathering import Fault
from tumen.documents.formats.sources import Broken, Stream, lines_of
from tumen.kernel.limits import CSV_RECORD_LINES_MAX, DOCUMENT_BYTES_MAX

LINES_AT_ONCE: Final = 8_192
"""Lines that are looked at together."""

BYTES_AT_ONCE: Final = 64 << 20
"""They are fewer where they are long."""

CELL_BYTES_MAX: Final = 131_072
"""A longer cell is a fault to the reader of records; no plain line is longer."""

CELLS_MIN: Final = 2
"""Of a plain line: an empty one is no record of one empty cell."""

_BOM: Final = "\ufeff"

Record: TypeAlias = tuple[int, list[str], Fault | None]
"""The line where a record starts, its cells, and what is wrong with it."""


class Table(NamedTuple):
    """Plain lines: each is a record, and has the cells that the header says.

    Attributes:
        place: the first of them.
        rows: their cells, as texts.
    """

    place: int
    rows: pl.DataFrame


class Records:
    """The records of a stream: cells, the line where they start, and what is wrong with them.

    A quote that is never closed would swallow the lines after it; those are read again. How many
    it may swallow is bounded, so that a file of such lines is not read once for each of them.
    """

    def __init__(self, stream: Stream) -> None:
        self._lines = lines_of(stream)
        self._again: deque[bytes] = deque()
        self._broken: Broken | None = None
        self._taken: list[bytes] = []
        self._fault: Fault | None = None
        self.place = 0
        self.width: int | None = None

    @property
    def content(self) -> bytes:
        """The bytes of the last record."""
        return b"\n".join(self._taken)

    def __iter__(self) -> Iterator[tuple[int, list[str], Fault | None]]:
        while True:
            self._taken, self._fault = [], None
            first = self.place + 1
            cells = self._next()
            if not self._taken:
                return
            if cells or self._fault:
                yield first, cells, self._fault

    def _next(self) -> list[str]:
        try:
            cells = next(csv.reader(self._texts(), strict=True), [])
        except csv.Error as error:
            self._fault = Fault("CSV_QUOTES", expected=str(error))
            cells = []
        ragged = self.width is not None and cells and len(cells) != self.width
        if ragged and self._fault is None:
            self._fault = Fault("CSV_RAGGED", value=str(len(cells)), expected=str(self.width))
        if self._fault is not None:
            self._again.extendleft(reversed(self._taken[1:]))
            del self._taken[1:]
        self.place += len(self._taken)
        return cells

    def _texts(self) -> Iterator[str]:
        while len(self._taken) < CSV_RECORD_LINES_MAX and (line := self._line()) is not None:
            self._taken.append(line)
            if len(line) > DOCUMENT_BYTES_MAX:
                self._fault = Fault("DOCUMENT_TOO_LARGE", expected=str(DOCUMENT_BYTES_MAX))
                yield "\n"
                continue
            try:
                yield line.decode() + "\n"
            except UnicodeDecodeError:
                self._fault = Fault("TEXT_NOT_UTF8", expected="UTF-8")
                yield line.decode(errors="replace") + "\n"

    def _line(self) -> bytes | None:
        if self._again:
            return self._again.popleft()
        if self._broken is not None:
            raise self._broken
        return next(self._lines, None)

    def table(self) -> Table | None:
        """The next lines as a table; None where not every one of them is a record of its own.

        What is not taken is given by the next call, or as records; see :meth:`__iter__`.
        """
        lines = self._ahead()
        rows = None if self.width is None else plain(lines, self.width)
        if rows is None:
            self._again.extendleft(reversed(lines))
            return None
        first = self.place + 1
        self.place += len(lines)
        return Table(first, rows)

    def _ahead(self) -> list[bytes]:
        """Some lines; where the source breaks off, those before it."""
        lines: list[bytes] = []
        left = BYTES_AT_ONCE
        try:
            while len(lines) < LINES_AT_ONCE and left > 0 and (line := self._line()) is not None:
                lines.append(line)
                left -= len(line)
        except Broken as broken:
            self._broken = broken
        return lines


def records_of(stream: Stream) -> Iterator[tuple[int, list[str], Fault | None]]:
    """The records of a stream, the header first, which says how many cells the others have.

    Yields:
        The line where a record starts, its cells, and what is wrong with it.
    """
    records = Records(stream)
    for place, cells, fault in records:
        if records.width is None:
            records.width = len(cells)
        yield place, cells, fault


def tables_of(stream: Stream) -> Iterator[Record | Table]:
    """The same, the header first, and lines behind it in tables where they are plain."""
    records = Records(stream)
    one_by_one = iter(records)
    for header in islice(one_by_one, 1):
        records.width = len(header[1])
        yield header
    while True:
        table = records.table()
        if table is not None:
            yield table
            continue
        until = records.place + LINES_AT_ONCE
        for record in one_by_one:
            yield record
            if records.place >= until:
                break
        else:
            return


def plain(lines: Sequence[bytes], width: int) -> pl.DataFrame | None:
    """The cells of lines, as texts; None where they are not all records of so many cells.

    Whatever is read here, :class:`Records` reads the same; what might not be is left to it.
    """
    if not lines or width < CELLS_MIN or max(map(len, lines)) > CELL_BYTES_MAX:
        return None
    bare = [place for place, line in enumerate(lines) if b'"' not in line]
    quoted = [place for place, line in enumerate(lines) if b'"' in line]
    found: list[pl.DataFrame] = []
    for read, places in ((_bare, bare), (_quoted, quoted)):
        table = read([lines[place] for place in places], width) if places else None
        if table is None and places:
            return None
        found += [] if table is None else [table]
    if not found[1:]:
        return found[0]
    return pl.concat(found)[pl.Series([*bare, *quoted]).arg_sort()]


def _text(lines: Sequence[bytes]) -> str | None:
    """Lines as one text; None where one holds another end of a line, or is no UTF-8."""
    text = b"\n".join(lines).replace(b"\r\n", b"\n").removesuffix(b"\r")
    if b"\r" in text or b"\0" in text:
        return None
    try:
        return text.decode()
    except UnicodeDecodeError:
        return None


def _bare(lines: Sequence[bytes], width: int) -> pl.DataFrame | None:
    """Lines without quotes."""
    text, commas = _text(lines), width - 1
    if text is None or text.startswith(_BOM) or any(line.count(b",") != commas for line in lines):
        return None
    return pl.read_csv(
        text.encode(),
        has_header=False,
        quote_char=None,
        schema=dict.fromkeys(_names(width), pl.String),
        empty_string_is_null=False,
    )


def _quoted(lines: Sequence[bytes], width: int) -> pl.DataFrame | None:
    """Lines with quotes, none of which goes on behind its line."""
    text = _text(lines)
    try:
        rows = [] if text is None else list(csv.reader(text.split("\n"), strict=True))
    except csv.Error:
        return None
    if len(rows) != len(lines) or any(len(row) != width for row in rows):
        return None
    return pl.DataFrame(rows, dict.fromkeys(_names(width), pl.String), orient="row")


def _names(width: int) -> list[str]:
    return [f"column_{place}" for place in range(1, width + 1)]
