"""Flat rows by columns: whatever a cell holds, the answer is that of the scalar law."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tumen.law import rows as rows_module
from tumen.law.assessing import Assessor, joined
from tumen.law.overlay import Overlay
from tumen.law.parameters import parameters
from tumen.law.quoting import NO_BOOKS, Books
from tumen.law.rows import of_many, of_rows, shipments_of
from tumen.law.tariff.table import Edition, Line
from tumen.law.tariff_import import save
from tumen.law.twins import TWINS
from tumen.law.vector import assessed as vector

ASSESSOR = Assessor(date(2026, 8, 1), NO_BOOKS)
PLAIN = {
    "shipment": "S-1",
    "destination": "MN",
    "dispatch": "CN",
    "date": "2025-06-10",
    "currency": "CNY",
    "hs": "61091000",
    "description": "shirt",
    "quantity": "2",
    "unit": "piece",
    "unit_price": "60.00",
    "origin": "CN",
}


def scalar(rows: pl.DataFrame) -> pl.DataFrame:
    return joined([ASSESSOR.assess(list(shipments_of(rows)))]).shipments


def declined(rows: pl.DataFrame) -> list[bool]:
    return vector.assess(rows, TWINS, ASSESSOR.today).declined.to_list()


def test_ordinary_rows_are_answered_by_columns_as_by_the_scalar_law() -> None:
    rows = pl.DataFrame([PLAIN | {"shipment": f"S-{n}"} for n in range(3)])
    assert declined(rows) == [False] * 3
    assert of_many(rows, ASSESSOR).equals(scalar(rows))


def test_a_code_of_an_earlier_edition_is_told_by_columns_as_by_the_scalar_law() -> None:
    parcel = PLAIN | {"destination": "RU", "date": "2026-07-10", "platform": "A shop"}
    codes = ("8517120000", "8517130000")
    rows = pl.DataFrame([parcel | {"hs": hs, "shipment": hs, "net_weight_kg": "1"} for hs in codes])
    assert declined(rows) == [False] * 2
    found = of_many(rows, ASSESSOR)
    assert found.equals(scalar(rows))
    told = [str(each).split() for each in found["warnings"].to_list()]
    assert ["HS_OF_EARLIER_EDITION" in each for each in told] == [True, False]


ODD: dict[str, list[Any]] = {
    "shipment": [None, "", " ", "S-1", "S-2"],
    "destination": ["JP", "mn", " MN", "XX", "", None],
    "dispatch": ["cn", "QQ", "", None, "KR"],
    "date": ["2025-06-31", "2025-6-1", "2025-06-10T08:00", "", None, "1999-01-01", "2026-02-03"],
    "currency": ["usd", "QQQ", "MNT", "", None, "GBP"],
    "regime": ["auto", "postal", "general", "cbec", "digital_service", "x", "", None],
    "transport": ["post", "POST", "ship", "", None],
    "purpose": ["personal", "commercial", "gift", None],
    "buyer_kind": ["person", "business", "robot", None],
    "buyer_id": ["УБ12345678", " УБ12345678", "уб12345678", "x\x07", "", None, "7654321"],
    "freight": ["0", "12.5", "-1", "1e2", "", None, "0.00001", "0.000001"],
    "insurance": ["nan", "NaN", "3", None],
    "hs": [
        "6109.10.00",
        "610910",
        "61091000",
        "9999999999",
        "85171200",
        "6109",
        "",
        "220830",
        "847130",
        None,
    ],
    "description": [" shirt", "shirt\n", "", None, "Shirt", "x" * 1001],
    "quantity": [
        "1",
        "0",
        "-2",
        "3.5",
        "1e1",
        ".5",
        "5.",
        "+5",
        "5 ",
        "0002",
        "",
        None,
        "2.000001",
    ],
    "unit": ["kg", "g", "pcs", "pair", "Piece", "bottle", "", None],
    "unit_price": ["0", "0.00001", "99999999", "1000000000000", "12.345", "1_000", None],
    "net_weight_kg": ["0.3", "0", "", None, "abc", "40"],
    "volume_l": ["0.75", "-0", None],
    "origin": ["BY", "cn", "??", "", None, "JP"],
    "rate_duty": ["0.05", "", None],
    "colour": ["red", "", None],
    "related": ["[]", None],
    "preference_agreement": ["APTA", "", None],
}


@st.composite
def frames(draw: st.DrawFn) -> pl.DataFrame:
    """Rows that are plain but for some cells of some columns."""
    names = draw(st.lists(st.sampled_from([*ODD]), max_size=4, unique=True))
    rows = []
    for place in range(draw(st.integers(1, 6))):
        row = dict.fromkeys(names) | PLAIN | {"shipment": f"S-{place // 2}"}
        for name in names:
            if draw(st.booleans()):
                row[name] = draw(st.sampled_from(ODD[name]))
        rows.append(row)
    schema = dict.fromkeys(rows[0], pl.String)
    return pl.DataFrame(rows, schema=schema)


@settings(max_examples=80, deadline=None)
@given(frames())
def test_any_cell_gives_the_answer_of_the_scalar_law(rows: pl.DataFrame) -> None:
    assert of_many(rows, ASSESSOR).rows() == scalar(rows).rows()


@pytest.mark.parametrize("name", [*ODD])
def test_each_odd_cell_gives_the_answer_of_the_scalar_law(name: str) -> None:
    rows = pl.DataFrame(
        [{name: None} | PLAIN | {name: value} for value in ODD[name]],
        schema=dict.fromkeys({name: None} | PLAIN, pl.String),
    )
    assert of_many(rows, ASSESSOR).rows() == scalar(rows).rows()


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("quantity", pl.Series([1, 2, 3])),
        ("quantity", pl.Series([1.5, float("nan"), 2.0])),
        ("quantity", pl.Series([Decimal("1.50"), Decimal("0.00"), None])),
        ("unit_price", pl.Series([12.25, 0.1, 1e15])),
        (
            "unit_price",
            pl.Series([Decimal("10.123456"), Decimal("-1.000000"), Decimal("7.100000")]),
        ),
        ("hs", pl.Series([61091000, 640299, 123])),
        ("date", pl.Series([date(2025, 6, 10), None, date(2031, 1, 1)])),
        ("shipment", pl.Series([7, 7, 8])),
        ("shipment", pl.Series(["A", "B", "A"])),
        ("origin", pl.Series(["CN", "JP", "CN"], dtype=pl.Categorical)),
        ("buyer_id", pl.Series([1234567, None, 5])),
        ("destination", pl.Series([1, 2, 3])),
        ("purpose", pl.Series([True, False, None])),
        ("description", pl.Series([None, None, None])),
    ],
)
def test_columns_of_other_kinds_give_the_answer_of_the_scalar_law(
    name: str, column: pl.Series
) -> None:
    rows = pl.DataFrame([PLAIN] * 3).with_columns(column.alias(name))
    assert of_many(rows, ASSESSOR).rows() == scalar(rows).rows()


def test_a_shipment_of_a_hundred_items_is_refused_in_its_place() -> None:
    many = [PLAIN | {"shipment": "long"}] * 120
    rows = pl.DataFrame([PLAIN, *many, PLAIN | {"shipment": "after"}])
    found = of_many(rows, ASSESSOR)
    assert found.rows() == scalar(rows).rows()
    assert "ITEMS_TOO_MANY" in found["violations"][1]


def test_declined_shipments_of_one_reference_stay_apart() -> None:
    odd = PLAIN | {"shipment": "twice", "rate_duty": "0.05"}
    plain = PLAIN | {"rate_duty": None}
    rows = pl.DataFrame([odd, plain, odd], schema=dict.fromkeys(odd, pl.String))
    found = of_many(rows, ASSESSOR)
    assert found["row"].to_list() == [1, 2, 3]
    assert found.rows() == scalar(rows).rows()


def test_few_rows_are_left_to_the_scalar_law() -> None:
    rows = pl.DataFrame([PLAIN])
    assert of_rows(rows, ASSESSOR).equals(scalar(rows))


def test_a_tariff_that_is_imported_again_is_answered_by_its_new_rates(tmp_path: Path) -> None:
    rows = pl.DataFrame([PLAIN])
    assessor = Assessor(ASSESSOR.today, Books(tmp_path))
    edition = Edition("a tariff made for this test", date(2025, 1, 1), "confirmed")
    duties = []
    for text in ("5%", "20%"):
        save(tmp_path, "MN", edition, [Line("61091000", "base", text)])
        found = of_many(rows, assessor)
        assert not vector.assess(rows, TWINS, assessor.today, tmp_path).declined.any()
        assert found.rows() == joined([assessor.assess([*shipments_of(rows)])]).shipments.rows()
        duties.append(found["duty"].item())
    assert 0 < duties[0] < duties[1]


def sliced(patch: pytest.MonkeyPatch, rows: int) -> None:
    patch.setattr(rows_module, "ROWS_MIN", 0)
    patch.setattr(rows_module, "SLICE_ROWS", rows)


@pytest.mark.parametrize("rows_of_a_slice", [1, 2, 3])
def test_a_long_frame_is_answered_in_slices_of_whole_shipments(
    rows_of_a_slice: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ["A", "A", "A", "B", "", "", "B", "C", "C", None, "D", "D"]
    rows = pl.DataFrame([PLAIN | {"shipment": name} for name in names])
    sliced(monkeypatch, rows_of_a_slice)
    assert of_rows(rows, ASSESSOR).equals(scalar(rows))


def test_every_slice_is_answered_by_the_law_that_is_being_tried(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = pl.DataFrame([PLAIN | {"shipment": f"S-{n}"} for n in range(4)])
    before = of_many(rows, ASSESSOR)
    sliced(monkeypatch, 1)
    name = "mn.vat.rate"
    held = parameters()[name]
    values = [msgspec.structs.replace(each, value=200_000) for each in held.values]
    other = {**parameters(), name: msgspec.structs.replace(held, values=values)}
    with Overlay(other, "tried").tried():
        during = of_rows(rows, ASSESSOR)
    assert during["vat"].to_list() == [2 * vat for vat in before["vat"]]
    assert of_rows(rows, ASSESSOR).equals(before)
