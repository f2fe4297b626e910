"""Flat rows: ordinary shipments go to the vectorised law, the others to the scalar one.

Both give the same answer, so that nobody need know which one spoke; the properties in
``tests/law/test_rows.py`` and each ``tests/law/<cc>/test_vector.py`` prove it.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

import polars as pl

from tumen.law.assessing import Assessor, joined
from tumen.law.native.flat import Flat
from tumen.law.native.told import Told
from tumen.law.twins import TWINS
from tumen.law.vector import assessed as vector

SHIPMENTS_AT_ONCE: Final = 1_024
"""Shipments whose answers are held in full at one time; their columns are far smaller."""

ROWS_MIN: Final = 256
"""Fewer rows are done by the scalar law before the columns are planned."""


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
    return of_many(rows, assessor)


def of_many(rows: pl.DataFrame, assessor: Assessor) -> pl.DataFrame:
    """The same, a row for each shipment, by the vectorised law wherever it can."""
    books = assessor.books
    found = vector.assess(rows, TWINS, assessor.today, books.tariffs, books.rates)
    if not found.declined.any():
        return found.shipments.sort("row")
    others = _scalar(_declined(rows, found), assessor)
    return pl.concat([found.shipments, others]).sort("row") if len(found.shipments) else others


def shipments_of(rows: pl.DataFrame) -> Iterator[Told]:
    """The shipments of a frame of flat rows."""
    flat = Flat(rows.columns)
    for row, cells in enumerate(rows.iter_rows(), start=1):
        yield from flat.put(row, cells)
    yield from flat.close()


def _declined(rows: pl.DataFrame, found: vector.Answered) -> Iterator[Told]:
    """The shipments that the vectorised law leaves to the scalar one."""
    flat = Flat(rows.columns)
    places = found.declined.arg_true()
    before = None
    numbers = found.shipment.gather(places).to_list()
    for place, number, cells in zip(
        places.to_list(), numbers, rows[places].iter_rows(), strict=True
    ):
        if number != before:  # the one before it in the frame may be another one of this reference
            yield from flat.close()
        before = number
        yield from flat.put(place + 1, cells)
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
