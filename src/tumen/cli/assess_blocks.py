"""Cuts the rows of a table into blocks of whole shipments, which the law answers on columns.

A row that cannot be read stands between two shipments, or within one: that shipment is read by
itself (:class:`tumen.law.native.flat.Flat`), and the blocks go on behind it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from tumen.kernel.limits import ITEMS_PER_DOCUMENT_MAX
from tumen.law.native.flat import Flat
from tumen.law.native.told import REFERENCE, Told
from tumen.law.ruling import Notice

BLOCK_ROWS: Final = 65_536
"""Rows of a block, about; a block ends where a shipment does."""

TABLES_ROWS: Final = 262_144
"""The same of rows that came in tables: they are lighter than cells one by one."""

_PIECE_ROWS: Final = ITEMS_PER_DOCUMENT_MAX + 1
"""A shipment of too many rows is refused in pieces of so many."""


@dataclass(frozen=True, slots=True)
class Block:
    """Rows of whole shipments.

    Attributes:
        rows: flat rows (docs/assess.md).
        places: where each of them stands: the line of a text, the row of a table; from 1.
        source: the file's name.
        apart: shipments that stand among them and have no rows; each is answered by itself.
    """

    rows: pl.DataFrame
    places: pl.Series
    source: str
    apart: tuple[Told, ...] = ()


def whole(rows: pl.DataFrame) -> int:
    """How many rows there are before the last shipment, which may go on.

    A last shipment that is longer than a block is cut where its refusal in pieces would be.
    """
    if REFERENCE not in rows.columns or not len(rows):
        return len(rows)
    told = rows[REFERENCE].cast(pl.String)
    last = told[-1]
    if not last:
        return len(rows)
    others = (told != last).fill_null(value=True).arg_true()
    start = int(others[-1]) + 1 if len(others) else 0
    if len(rows) - start < BLOCK_ROWS:
        return start
    return start + (len(rows) - start) // _PIECE_ROWS * _PIECE_ROWS


class Records:
    """Gathers the records of a text into blocks.

    Args:
        names: the columns.
        source: the file's name.
        faults: what is wrong with the header; every row is then refused.
    """

    def __init__(self, names: Sequence[str], source: str, faults: Sequence[Notice] = ()) -> None:
        self._names = names
        self._source = source
        self._flat = Flat(names, source, faults)
        self._at = names.index(REFERENCE) if REFERENCE in names else None
        self._is_refused = bool(faults) or len({*names}) < len(names)
        self._cells: list[list[str]] = []
        self._places: list[int] = []
        self._tables: list[tuple[pl.DataFrame, pl.Series]] = []
        """Rows before the cells, with their places."""
        self._last: str | None = None
        """The reference of the shipment that is read by itself."""
        self._is_apart = self._is_refused
        self._enough_of_tables = TABLES_ROWS

    def put(self, place: int, cells: list[str]) -> Iterator[Block | Told]:
        """Take a record; gives what it completes."""
        if self._is_apart and self._begins(cells):
            yield from self._flat.close()
            self._is_apart, self._last = False, None
        if self._is_apart:
            self._last = self._reference(cells)
            yield from self._flat.put(place, cells)
            return
        self._cells.append(cells)
        self._places.append(place)
        if len(self._cells) >= BLOCK_ROWS:
            yield from self._cut()

    def put_table(self, first: int, rows: pl.DataFrame) -> Iterator[Block | Told]:
        """Take records that stand behind one another, from the line ``first`` on."""
        apart = self._apart(rows)
        for place, cells in enumerate(rows.head(apart).iter_rows(), start=first):
            yield from self.put(place, list(cells))
        if apart == len(rows):
            return
        yield from self._flat.close()
        self._is_apart, self._last = False, None
        table = rows.slice(apart)
        table.columns = [*self._names]
        places = pl.int_range(first + apart, first + len(rows), eager=True)
        self._tables = [*self._gathered(), (table, places)]
        self._cells, self._places = [], []
        if sum(len(each) for each, _ in self._tables) >= self._enough_of_tables:
            yield from self._cut()

    def _apart(self, rows: pl.DataFrame) -> int:
        """How many of the first rows belong to the shipment that is read by itself."""
        if not self._is_apart:
            return 0
        begun = (place for place, cells in enumerate(rows.iter_rows()) if self._begins(cells))
        return next(begun, len(rows))

    def put_broken(self, place: int, fault: Notice, cells: Sequence[str]) -> Iterator[Block | Told]:
        """Take a record that cannot be read; the shipment before it is read by itself."""
        if not self._is_apart:
            yield from self._cut()
            for rows, places in self._taken():
                for open_place, open_cells in zip(places, rows.iter_rows(), strict=True):
                    self._last = self._reference(open_cells)
                    yield from self._flat.put(open_place, open_cells)
            self._is_apart = True
        yield from self._flat.put_broken(place, fault, cells)

    def close(self) -> Iterator[Block | Told]:
        """Give what is left."""
        for rows, places in self._taken():
            yield Block(rows, places, self._source)
        yield from self._flat.close()

    def _begins(self, cells: Sequence[str]) -> bool:
        """Whether a record begins another shipment than the one that is read by itself."""
        reference = self._reference(cells)
        return not self._is_refused and (not reference or reference != self._last)

    def _reference(self, cells: Sequence[str]) -> str | None:
        return None if self._at is None else cells[self._at]

    def _gathered(self) -> list[tuple[pl.DataFrame, pl.Series]]:
        """All rows that were taken and not given, in tables."""
        if not self._cells:
            return self._tables
        kinds = dict.fromkeys(self._names, pl.String)
        rows = pl.DataFrame(self._cells, kinds, orient="row")
        return [*self._tables, (rows, pl.Series(self._places, dtype=pl.Int64))]

    def _taken(self) -> list[tuple[pl.DataFrame, pl.Series]]:
        """The same in one table, and no longer held here; none where there is no row."""
        gathered = self._gathered()
        self._tables, self._cells, self._places = [], [], []
        if not gathered[1:]:
            return gathered
        return [(pl.concat(rows for rows, _ in gathered), pl.concat(at for _, at in gathered))]

    def _cut(self) -> Iterator[Block]:
        """Give all shipments but the last, which may go on."""
        for rows, places in self._taken():
            count = whole(rows)
            if count < len(rows):
                self._tables = [(rows.slice(count), places.slice(count))]
            self._enough_of_tables = len(rows) - count + TABLES_ROWS
            if count:
                yield Block(rows.head(count), places.head(count), self._source)


class Batches:
    """Gathers the batches of a table into blocks.

    Args:
        source: the file's name.
    """

    def __init__(self, source: str) -> None:
        self._source = source
        self._open: pl.DataFrame | None = None
        self._taken = 0

    def put(self, batch: pl.DataFrame) -> Iterator[Block]:
        """Take a batch; gives the shipments that it completes."""
        rows = batch if self._open is None else pl.concat([self._open, batch])
        yield from self._flush(rows, whole(rows))

    def close(self) -> Iterator[Block]:
        """Give the last shipment."""
        if self._open is not None:
            yield from self._flush(self._open, len(self._open))

    def _flush(self, rows: pl.DataFrame, count: int) -> Iterator[Block]:
        if count:
            first = self._taken + 1
            self._taken += count
            places = pl.int_range(first, first + count, eager=True)
            yield Block(rows.head(count), places, self._source)
        self._open = rows.slice(count)
