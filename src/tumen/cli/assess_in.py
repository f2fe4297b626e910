"""Reads files of shipments: NDJSON, CSV and Parquet, in bounded memory, no row left out.

A source that breaks off gives what was read before, and one row that says how it broke.
"""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

import polars as pl

from tumen.cli.assess_blocks import Batches, Block, Records
from tumen.cli.assess_lines import Lines
from tumen.documents.formats.gathering import Fault
from tumen.documents.formats.records import Table, records_of, tables_of
from tumen.documents.formats.sources import Broken, Source, Stream, lines_of, opened
from tumen.kernel.errors import SourceUnreadable
from tumen.law.native.flat import Flat
from tumen.law.native.told import Told, notice, of_line
from tumen.law.ruling import Notice

TABLE_ROWS: Final = 8_192
"""Rows of a Parquet file that are taken at a time."""

BATCH_ROWS: Final = 262_144
"""Rows of a Parquet file that go over columns together. A block costs some hundred milliseconds
however few its rows are. The cells of a text are held one by one: its blocks are smaller."""

PARQUET: Final = ".parquet"
SUFFIXES: Final = (".csv", ".ndjson", ".jsonl", ".csv.gz", ".ndjson.gz", ".jsonl.gz", PARQUET)


@dataclass(slots=True)
class Intake:
    """The shipments of some files, and how far the reading is.

    Attributes:
        sources: what to read, in order.
        taken: bytes of the files taken so far.
    """

    sources: Sequence[Source]
    taken: int = 0

    @property
    def size(self) -> int:
        """Bytes of all files.

        Raises:
            SourceUnreadable: a file is not there.
        """
        return sum(map(_size, self.sources))

    def shipments(self) -> Iterator[Told]:
        """Every shipment of every file; see :meth:`blocks` for the errors."""
        return (told for told in self._read(in_blocks=False) if isinstance(told, Told))

    def blocks(self) -> Iterator[Told | Block]:
        """The same, the rows of tables in blocks of whole shipments.

        Raises:
            SourceUnreadable: a file cannot be opened, or the disk failed.
        """
        return self._read(in_blocks=True)

    def _read(self, *, in_blocks: bool) -> Iterator[Told | Block]:
        before = 0
        for source in self.sources:
            rows = 0
            for told, taken in _shipments(source, in_blocks=in_blocks):
                rows += 1
                self.taken = before + taken
                yield told
            if not rows:
                yield _refused(source, 1, notice("SOURCE_EMPTY"))
            before += _size(source)
            self.taken = before


Reading = Generator[tuple[Told | Block, int], None, None]


def _size(source: Source) -> int:
    try:
        return source.path.stat().st_size
    except OSError as error:
        raise SourceUnreadable(f"{source.name} cannot be read: {error.strerror}.") from error


def _refused(source: Source, row: int, fault: Notice) -> Told:
    return Told(row, None, None, (fault,), source.name)


def _shipments(source: Source, *, in_blocks: bool) -> Reading:
    """The shipments of a file, each with the bytes of the file that were taken by then."""
    if source.format == "csv":
        return _of_csv_in_blocks(source) if in_blocks else _of_csv(source)
    if source.format == "ndjson":
        return _in_lines(source) if in_blocks else _of_ndjson(source)
    if source.path.suffix.lower() == PARQUET:
        return _in_batches(source) if in_blocks else _of_parquet(source)
    return _of_unknown(source)


def _of_unknown(source: Source) -> Reading:
    yield _refused(source, 1, notice("SOURCE_FORMAT_UNKNOWN", expected=", ".join(SUFFIXES))), 0


def _of_ndjson(source: Source) -> Reading:
    with opened(source) as stream:
        row = 0
        try:
            for row, line in enumerate(lines_of(stream), start=1):
                if line.strip():
                    yield of_line(line, row, source.name), stream.taken
        except Broken as broken:
            yield _refused(source, row + 1, _notice_of(broken)), stream.taken


def _in_lines(source: Source) -> Reading:
    """The same in blocks."""
    lines, taken = Lines(source.name), 0
    for told, taken in _of_ndjson(source):
        if isinstance(told, Told):
            for found in lines.put(told):
                yield found, taken
    for found in lines.close():
        yield found, taken


def _of_csv(source: Source) -> Reading:
    with opened(source) as stream:
        place, flat = 0, Flat((), source.name)
        try:
            records = records_of(stream)
            for _, cells, fault in islice(records, 1):
                flat = Flat(_names(cells), source.name, _faults(fault))
            for place, cells, fault in records:
                for told in _row(flat, place, cells, fault):
                    yield told, stream.taken
        except Broken as broken:
            yield from _ended(flat, stream, _refused(source, place + 1, _notice_of(broken)))
            return
        yield from _ended(flat, stream)


def _of_csv_in_blocks(source: Source) -> Reading:
    """The same in blocks."""
    with opened(source) as stream:
        place, rows = 0, Records((), source.name)
        try:
            records = tables_of(stream)
            for header in islice(records, 1):
                if not isinstance(header, Table):
                    rows = Records(_names(header[1]), source.name, _faults(header[2]))
            for found in records:
                if isinstance(found, Table):
                    place = found.place + len(found.rows) - 1
                    given = rows.put_table(*found)
                else:
                    place = found[0]
                    given = _row(rows, *found)
                for told in given:
                    yield told, stream.taken
        except Broken as broken:
            yield from _ended(rows, stream, _refused(source, place + 1, _notice_of(broken)))
            return
        yield from _ended(rows, stream)


def _names(header: Sequence[str]) -> list[str]:
    return [cell.strip() for cell in header]


def _faults(fault: Fault | None) -> list[Notice]:
    return [] if fault is None else [_notice_of(fault)]


def _row(
    flat: Flat | Records, place: int, cells: list[str], fault: Fault | None
) -> Iterator[Told | Block]:
    if fault is None:
        return flat.put(place, cells)
    return flat.put_broken(place, _notice_of(fault), cells)


def _ended(flat: Flat | Records, stream: Stream, *last: Told) -> Reading:
    """What was still open at the end, and what is told of the end itself."""
    for told in (*flat.close(), *last):
        yield told, stream.taken


def _of_parquet(source: Source) -> Reading:
    size, row = _size(source), 0
    if not size:
        return
    try:
        table = pl.scan_parquet(source.path, glob=False, hive_partitioning=False)
        names = table.collect_schema().names()
        rows = max(1, table.select(pl.len()).collect().item())
        flat = Flat(names, source.name)
        for batch in table.collect_batches(chunk_size=TABLE_ROWS, maintain_order=True):
            for cells in batch.iter_rows():
                row += 1
                for told in flat.put(row, cells):
                    yield told, row * size // rows
    except (pl.exceptions.PolarsError, OSError) as error:
        yield _refused(source, row + 1, notice("PARQUET_UNREADABLE", value=str(error)[:200])), size
        return
    for told in flat.close():
        yield told, size


def _in_batches(source: Source) -> Reading:
    """The same in blocks."""
    size, row = _size(source), 0
    if not size:
        return
    batches = Batches(source.name)
    try:
        table = pl.scan_parquet(source.path, glob=False, hive_partitioning=False)
        rows = max(1, table.select(pl.len()).collect().item())
        for batch in table.collect_batches(chunk_size=BATCH_ROWS, maintain_order=True):
            row += len(batch)
            for block in batches.put(batch):
                yield block, row * size // rows
    except (pl.exceptions.PolarsError, OSError) as error:
        yield _refused(source, row + 1, notice("PARQUET_UNREADABLE", value=str(error)[:200])), size
        return
    for block in batches.close():
        yield block, size


def _notice_of(fault: Fault | Broken) -> Notice:
    path = fault.path if isinstance(fault, Fault) else ""
    return notice(fault.code, path, expected=fault.expected or "")
