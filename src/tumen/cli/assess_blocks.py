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
        self._last: str | None = None
        """The reference of the shipment that is read by itself."""
        self._is_apart = self._is_refused
        self._enough = BLOCK_ROWS

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
        if len(self._cells) >= self._enough:
            yield from self._cut()

    def put_broken(self, place: int, fault: Notice, cells: Sequence[str]) -> Iterator[Block | Told]:
        """Take a record that cannot be read; the shipment before it is read by itself."""
        if not self._is_apart:
            yield from self._cut()
            for open_place, open_cells in zip(self._places, self._cells, strict=True):
                self._last = self._reference(open_cells)
                yield from self._flat.put(open_place, open_cells)
            self._cells, self._places = [], []
            self._is_apart = True
        yield from self._flat.put_broken(place, fault, cells)

    def close(self) -> Iterator[Block | Told]:
        """Give what is left."""
        yield from self._flush(self._frame(), len(self._cells))
        yield from self._flat.close()

    def _begins(self, cells: list[str]) -> bool:
        """Whether a record begins another shipment than the one that is read by itself."""
        reference = self._reference(cells)
        return not self._is_refused and (not reference or reference != self._last)

    def _reference(self, cells: Sequence[str]) -> str | None:
        return None if self._at is None else cells[self._at]

    def _frame(self) -> pl.DataFrame:
        return pl.DataFrame(self._cells, dict.fromkeys(self._names, pl.String), orient="row")

    def _cut(self) -> Iterator[Block]:
        """Give all shipments but the last, which may go on."""
        frame = self._frame()
        yield from self._flush(frame, whole(frame))
        self._enough = len(self._cells) + BLOCK_ROWS

    def _flush(self, frame: pl.DataFrame, count: int) -> Iterator[Block]:
        if count:
            places = pl.Series(self._places[:count], dtype=pl.Int64)
            yield Block(frame.head(count), places, self._source)
        self._cells, self._places = self._cells[count:], self._places[count:]


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
