"""The law over frames: the same kind back, the same columns, the same answers."""

from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
import shipments

from tumen import law
from tumen.law import frames
from tumen.law.assessing import ITEMS, SHIPMENTS

NATIVE = [*shipments.shipments(30)]
FRAME = pl.DataFrame(shipments.flat(NATIVE))


def test_the_public_name_is_the_same_function() -> None:
    assert law.assess is frames.assess


def test_a_polars_frame_gives_one_with_the_answers_of_the_quotes() -> None:
    found = law.assess(FRAME)
    assert dict(found.schema) == dict(SHIPMENTS)
    answers = [law.quote(native) for native in NATIVE]
    assert found["status"].to_list() == [answer.status for answer in answers]
    totals = [None if each.total is None else Decimal(each.total) for each in answers]
    assert found["total"].to_list() == totals
    assert found["shipment"].to_list() == [f"S{number}" for number in range(30)]


def test_items_have_a_row_each_where_they_are_asked_for() -> None:
    found = law.assess(FRAME, items=True)
    assert dict(found.schema) == dict(ITEMS)
    assert found.height == FRAME.height


def test_a_lazy_frame_gives_a_lazy_frame() -> None:
    found = law.assess(FRAME.lazy())
    assert isinstance(found, pl.LazyFrame)
    assert found.collect().equals(law.assess(FRAME))


def test_an_arrow_table_gives_an_arrow_table() -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is an extra: engines")
    found = law.assess(FRAME.to_arrow())
    assert isinstance(found, pyarrow.Table)
    assert pl.DataFrame(found).equals(law.assess(FRAME))


def test_a_duckdb_relation_gives_a_relation_that_sums_exactly() -> None:
    duckdb = pytest.importorskip("duckdb", reason="duckdb is an extra: engines")
    found: Any = law.assess(duckdb.from_arrow(FRAME.to_arrow()))
    assert isinstance(found, duckdb.DuckDBPyRelation)
    (sums,) = found.aggregate("sum(total)").fetchall()
    assert sums == (law.assess(FRAME)["total"].sum(),)


def test_a_pandas_frame_gives_a_pandas_frame() -> None:
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    found = law.assess(pandas.DataFrame(FRAME.to_dicts()))
    assert isinstance(found, pandas.DataFrame)
    assert found["status"].to_list() == law.assess(FRAME)["status"].to_list()


def test_typed_columns_say_the_same_as_texts() -> None:
    told = pl.DataFrame(
        {
            "destination": ["JP", "JP"],
            "dispatch": ["CN", "CN"],
            "date": [date(2026, 8, 1)] * 2,
            "currency": ["JPY", "JPY"],
            "hs": [610910010, 640320012],
            "quantity": [1, 2],
            "unit_price": [Decimal(9000), Decimal("20000.5")],
            "net_weight_kg": [0.5, float("nan")],
        },
        schema_overrides={"unit_price": pl.Decimal(20, 2)},
    )
    texts = told.with_columns(pl.all().cast(pl.String).replace({"NaN": None}))
    assert law.assess(told).equals(law.assess(texts))


def test_the_legal_date_can_be_given_where_the_rows_name_none() -> None:
    dateless = FRAME.drop("date")
    assert set(law.assess(dateless)["status"]) == {"unknown"}
    found = law.assess(dateless, today=date(2026, 8, 1))
    assert set(found["date"].drop_nulls()) == {date(2026, 8, 1)}
    assert "payable" in set(found["status"])


def test_a_frame_without_rows_gives_one_without_rows() -> None:
    assert law.assess(FRAME.head(0)).shape == (0, len(SHIPMENTS))


def test_what_is_no_frame_is_a_type_error() -> None:
    with pytest.raises(TypeError):
        law.assess([{"destination": "JP"}])
