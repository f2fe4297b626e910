"""The law over a frame of flat rows: Polars, pandas, PyArrow or DuckDB, the same kind back.

>>> import polars as pl
>>> from tumen import law
>>> shipments = pl.DataFrame({
...     "destination": "JP", "dispatch": "CN", "date": "2026-08-01", "currency": "JPY",
...     "hs": "610910010", "quantity": 1, "unit_price": [9_000, 30_000],
... })
>>> law.assess(shipments).select("regime", "status").rows()
[('general', 'payable'), ('general', 'payable')]
"""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from typing import Any, Final, TypeAlias, TypeVar, cast

import narwhals as nw
import polars as pl

from tumen.law.assessing import Assessor, joined
from tumen.law.native.flat import Flat
from tumen.law.native.told import Told
from tumen.law.quoting import NO_BOOKS, Books

Frame = TypeVar("Frame")
Given: TypeAlias = "nw.DataFrame[Any] | nw.LazyFrame[Any]"

SHIPMENTS_AT_ONCE: Final = 1_024
"""Shipments whose answers are held in full at one time; their columns are far smaller."""


def assess(
    frame: Frame,
    *,
    today: date | None = None,
    books: Books | None = None,
    items: bool = False,
) -> Frame:
    """What the law says of each shipment of a frame of flat rows (docs/assess.md).

    Args:
        frame: a row for each goods item, of Polars (also lazy), pandas, PyArrow or DuckDB.
        today: the legal date of shipments that name none.
        books: imported tariffs and rates; none where left out.
        items: give a row for each item instead of one for each shipment.

    Returns:
        A frame of the same kind, in the order of the rows; of DuckDB a relation of its default
        connection.

    Raises:
        TypeError: the frame is of another kind.
    """
    given: Given = nw.from_native(cast("Any", frame))
    rows = given.collect("polars") if isinstance(given, nw.LazyFrame) else given
    told = shipments_of(rows.to_polars())
    assessor = Assessor(today, books or NO_BOOKS, items)
    assessed = joined(assessor.assess(each) for each in _batches(told, SHIPMENTS_AT_ONCE))
    found = assessed.items if items else assessed.shipments
    assert found is not None  # noqa: S101 - joined gives both
    return cast("Frame", _like(given, found))


def shipments_of(rows: pl.DataFrame) -> Iterator[Told]:
    """The shipments of a frame of flat rows."""
    flat = Flat(rows.columns)
    for row, cells in enumerate(rows.iter_rows(), start=1):
        yield from flat.put(row, cells)
    yield from flat.close()


def _batches(shipments: Iterable[Told], size: int) -> Iterator[list[Told]]:
    waiting = iter(shipments)
    while batch := list(islice(waiting, size)):
        yield batch


def _like(given: Given, found: pl.DataFrame) -> object:
    """A frame of the kind that was given."""
    kind = given.implementation
    if kind.is_polars():
        return found.lazy() if isinstance(given, nw.LazyFrame) else found
    if kind.is_pandas():
        return found.to_pandas()
    if kind.is_pyarrow():
        return found.to_arrow()
    if kind.is_duckdb():
        return kind.to_native_namespace().from_arrow(found.to_arrow())
    raise TypeError(f"law.assess takes Polars, pandas, PyArrow and DuckDB, not {kind}")
