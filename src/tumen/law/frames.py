"""The law over a frame of flat rows, of Polars, pandas, PyArrow, DuckDB or PySpark; the same back.

>>> import polars as pl
>>> from tumen import law
>>> shipments = pl.DataFrame({
...     "destination": "JP", "dispatch": "CN", "date": "2026-08-01", "currency": "JPY",
...     "hs": "610910010", "quantity": 1, "unit_price": [9_000, 30_000],
... })
>>> law.assess(shipments).select("regime", "status").rows()
[('general', 'payable'), ('general', 'payable')]
"""

from datetime import date
from typing import Any, TypeAlias, TypeVar, cast

import narwhals as nw
import polars as pl

from tumen.law.assessing import Assessor
from tumen.law.quoting import NO_BOOKS, Books
from tumen.law.rows import of_rows

Frame = TypeVar("Frame")
Given: TypeAlias = "nw.DataFrame[Any] | nw.LazyFrame[Any]"


def assess(
    frame: Frame,
    *,
    today: date | None = None,
    books: Books | None = None,
    items: bool = False,
) -> Frame:
    """What the law says of each shipment of a frame of flat rows (docs/assess.md).

    Args:
        frame: a row for each goods item, of Polars (also lazy), pandas, PyArrow, DuckDB or
            PySpark 4. Its rows are collected; rows of one shipment must follow one another, which
            PySpark promises of a frame that was ordered alone.
        today: the legal date of shipments that name none.
        books: imported tariffs and rates; none where left out.
        items: give a row for each item instead of one for each shipment.

    Returns:
        A frame of the same kind, in the order of the rows; of DuckDB a relation of its default
        connection, of PySpark a frame of the same session.

    Raises:
        TypeError: the frame is of another kind.
    """
    given: Given = nw.from_native(cast("Any", frame))
    rows = given.collect("polars") if isinstance(given, nw.LazyFrame) else given
    assessor = Assessor(today, books or NO_BOOKS, items)
    found = of_rows(rows.to_polars(), assessor)
    return cast("Frame", _like(given, found))


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
    if kind.is_pyspark():
        session: Any = given.to_native().sparkSession
        return session.createDataFrame(found.to_arrow())
    raise TypeError(f"law.assess takes Polars, pandas, PyArrow, DuckDB and PySpark, not {kind}")
