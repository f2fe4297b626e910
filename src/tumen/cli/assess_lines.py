"""Gathers the shipments of NDJSON lines into blocks, which the law answers on columns.

A shipment whose rows would not tell it as it stands goes with the block as it was told.
"""

from collections.abc import Iterator
from typing import Final

import polars as pl

from tumen.cli.assess_blocks import BLOCK_ROWS, Block
from tumen.law.native.flattening import Row, flat_rows
from tumen.law.native.told import REFERENCE, Told

APART_MAX: Final = 1_024
"""Shipments without rows that one block takes along: each is held whole."""


class Lines:
    """Takes the shipments of one file, in their order.

    Args:
        source: the file's name.
    """

    def __init__(self, source: str) -> None:
        self._source = source
        self._begin()

    def _begin(self) -> None:
        self._columns: dict[str, list[str | None]] = {REFERENCE: []}
        self._places: list[int] = []
        self._apart: list[Told] = []
        self._last: str | None = None

    def put(self, told: Told) -> Iterator[Block | Told]:
        """Take a shipment; gives the block that it fills."""
        rows = None if told.faults else flat_rows(told.native)
        if rows is None or not self._is_told_apart(told, rows):
            self._apart.append(told)
        else:
            for row in rows:
                self._add(told, row)
            self._last = told.reference
        if len(self._places) >= BLOCK_ROWS or len(self._apart) >= APART_MAX:
            yield from self.close()

    def close(self) -> Iterator[Block | Told]:
        """Give what was gathered; without a row among it, one by one."""
        if not self._places:
            yield from self._apart
        else:
            for column in self._columns.values():
                column.extend([None] * (len(self._places) - len(column)))
            rows = pl.DataFrame(self._columns, dict.fromkeys(self._columns, pl.String))
            places = pl.Series(self._places, dtype=pl.Int64)
            yield Block(rows, places, self._source, tuple(self._apart))
        self._begin()

    def _is_told_apart(self, told: Told, rows: list[Row]) -> bool:
        """Whether the rows cannot be taken for those of the shipment before, nor for several."""
        if told.reference:
            return told.reference != self._last
        return told.reference is None and len(rows) == 1

    def _add(self, told: Told, row: Row) -> None:
        height = len(self._places)
        self._columns[REFERENCE].append(told.reference)
        for name, value in row.items():
            column = self._columns.setdefault(name, [])
            column.extend([None] * (height - len(column)))
            column.append(value)
        self._places.append(told.row)
