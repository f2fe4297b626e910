"""Flat rows: ordinary shipments go to the vectorised law, the others to the scalar one.

Both give the same answer, so that nobody need know which one spoke; the properties in
``tests/law/test_rows.py`` and each ``tests/law/<cc>/test_vector.py`` prove it.
"""

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import islice
from typing import Final

import polars as pl

from tumen.law.assessing import Assessor, joined
from tumen.law.native.flat import Flat
from tumen.law.native.told import REFERENCE, Told
from tumen.law.slices import beside
from tumen.law.twins import TWINS
from tumen.law.vector import assessed as vector

SHIPMENTS_AT_ONCE: Final = 1_024
"""Shipments whose answers are held in full at one time; their columns are far smaller."""

ROWS_MIN: Final = 256
"""Fewer rows are done by the scalar law before the columns are planned."""

SLICE_ROWS: Final = 131_072
"""Rows of a slice of a longer frame, about: it ends where a shipment does."""


def of_rows(rows: pl.DataFrame, assessor: Assessor) -> pl.DataFrame:
    """What the law says of flat rows (docs/assess.md), in their order.

    Args:
        rows: a row for each goods item.
        assessor: what the shipments have in common; where it tells items, the scalar law does.
    """
    if assessor.with_items:
        return _scalar(shipments_of(rows), assessor, is_of_items=True)
    if len(rows) < ROWS_MIN:
        return _scalar(shipments_of(rows), assessor)
    slices = list(_slices(rows))
    found = (
        beside(partial(_of_slice, assessor), slices) if slices[1:] else [of_many(rows, assessor)]
    )
    return pl.concat(found)


def of_many(rows: pl.DataFrame, assessor: Assessor, before: int = 0) -> pl.DataFrame:
    """The same, a row for each shipment, by the vectorised law wherever it can.

    Args:
        rows: a row for each goods item.
        assessor: what the shipments have in common.
        before: rows of the frame that stand before these.
    """
    books = assessor.books
    found = vector.assess(rows, TWINS, assessor.today, books.tariffs, books.rates, before)
    shipments = found.shipments
    if not found.declined.any():
        return shipments.sort("row")
    others = _scalar(_declined(rows, found, before), assessor)
    return pl.concat([shipments, others]).sort("row") if len(shipments) else others


def _of_slice(assessor: Assessor, cut: tuple[int, pl.DataFrame]) -> pl.DataFrame:
    before, rows = cut
    return of_many(rows, assessor, before)


def _slices(rows: pl.DataFrame) -> Iterator[tuple[int, pl.DataFrame]]:
    """Rows of whole shipments with the number of those before them; memory is for a few slices."""
    begun = 0
    while begun < len(rows):
        end = _next_shipment(rows, begun + SLICE_ROWS)
        yield begun, rows.slice(begun, end - begun)
        begun = end


def _next_shipment(rows: pl.DataFrame, at: int) -> int:
    """The first row from there on at which a shipment begins."""
    if at >= len(rows) or REFERENCE not in rows.columns:
        return min(at, len(rows))
    told = rows[REFERENCE].slice(at - 1).cast(pl.String)
    if not told[0]:
        return at
    others = (told != told[0]).fill_null(value=True).arg_true()
    return at - 1 + others[0] if len(others) else len(rows)


def shipments_of(rows: pl.DataFrame) -> Iterator[Told]:
    """The shipments of a frame of flat rows."""
    flat = Flat(rows.columns)
    for row, cells in enumerate(rows.iter_rows(), start=1):
        yield from flat.put(row, cells)
    yield from flat.close()


def _declined(rows: pl.DataFrame, found: vector.Answered, before: int) -> Iterator[Told]:
    """The shipments that the vectorised law leaves to the scalar one."""
    flat = Flat(rows.columns)
    places = found.declined.arg_true()
    last = None
    numbers = found.shipment.gather(places).to_list()
    for place, number, cells in zip(
        places.to_list(), numbers, rows[places].iter_rows(), strict=True
    ):
        if number != last:  # the one before it in the frame may be another one of this reference
            yield from flat.close()
        last = number
        yield from flat.put(before + place + 1, cells)
    yield from flat.close()


def _scalar(
    shipments: Iterable[Told], assessor: Assessor, *, is_of_items: bool = False
) -> pl.DataFrame:
    assessed = joined(assessor.assess(each) for each in _batches(shipments, SHIPMENTS_AT_ONCE))
    found = assessed.items if is_of_items else assessed.shipments
    assert found is not None  # noqa: S101 - joined gives both
    return found


def _batches(shipments: Iterable[Told], size: int) -> Iterator[list[Told]]:
    waiting = iter(shipments)
    while batch := list(islice(waiting, size)):
        yield batch
