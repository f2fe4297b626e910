"""The vectorised law of Russia says what the scalar one says, or leaves the answer to it."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Any, Final

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tumen.law.assessing import Assessor, joined
from tumen.law.columns import run
from tumen.law.quoting import NO_BOOKS
from tumen.law.rows import shipments_of
from tumen.law.ru.vector import TWIN
from tumen.law.ru.vector_admission import STAGES
from tumen.law.vector.assessed import assess
from tumen.law.vector.lines import read
from tumen.law.vector.periods import periods_of
from tumen.law.vector.remarks import with_rates

Row = dict[str, Any]

BAGS, SHIRTS, SHOES, SOAP, SUGAR = (
    *("4202210000", "6109100000", "6401100000"),
    *("3401110001", "1701121001"),
)
"""By value; the higher of value and weight; by the pair; the sum; dollars for each kilogram."""

CODES: Final = (
    *(BAGS, SHIRTS, SHOES, SOAP, SUGAR),
    *("610910", "420221", "0106410001"),  # lines that differ, lines that agree, a footnote
    *("8517130000", "8471300000", "9503004100", "3304990000", "5701101000", "2009111100"),
    *("2208303000", "2402100000", "2202100000"),  # excise
    *("9303100000", "2939110000", "8711600000", "4907003000"),  # control
    *("8702101995", "8703221091", "0808108001"),  # by engine, and the lower of two
)
CHANGES: Final = (
    *(date(2010, 7, 1), date(2016, 1, 1), date(2017, 12, 7), date(2018, 1, 1)),
    *(date(2019, 1, 1), date(2020, 1, 1), date(2020, 9, 1), date(2021, 10, 12)),
    *(date(2022, 3, 28), date(2022, 5, 1), date(2023, 6, 16), date(2023, 7, 1)),
    *(date(2024, 4, 1), date(2025, 1, 1), date(2026, 1, 1), date(2026, 3, 8), date(2026, 7, 1)),
)
DAYS: Final = tuple(day - timedelta(days=before) for day in CHANGES for before in (0, 1))
NUMBERS: Final = (None, "500100732259", "500100732258", "7707083893", "7707083894", "4510 123456")
PRICES: Final = (
    *("0", "0.01", "9.99", "100", "199.99", "200", "200.01", "500", "500.01", "1000", "1000.01"),
    *("200000", "200000.01", "450000", "5500000", "5500000.01", "0.00001"),
)


def shipment(**told: object) -> Row:
    return {
        "destination": "RU",
        "dispatch": "CN",
        "date": date(2026, 3, 9),
        "currency": "RUB",
        "hs": BAGS,
        "quantity": "1",
        "unit_price": "1000",
        "net_weight_kg": "1",
    } | told


HEADS = st.fixed_dictionaries(
    {
        "dispatch": st.sampled_from(["CN", "CN", "JP", "KR", "MN", "US", "BY", "KG"]),
        "date": st.sampled_from(DAYS),
        "currency": st.sampled_from(["EUR", "EUR", "RUB", "CNY", "USD", "KRW"]),
        "regime": st.sampled_from(["auto"] * 4 + ["ecommerce", "personal", "general"]),
        "transport": st.sampled_from(["post", "courier", "courier", "cargo"]),
        "purpose": st.sampled_from(["personal"] * 3 + ["commercial"]),
        "buyer_kind": st.sampled_from(["person"] * 4 + ["business"]),
        "buyer_id": st.sampled_from(NUMBERS),
        "platform": st.sampled_from([None, "a platform"]),
        "freight": st.sampled_from([None, "0", "12.5"]),
        "insurance": st.sampled_from([None, "1.23"]),
    }
)
ITEMS = st.fixed_dictionaries(
    {
        "hs": st.sampled_from(CODES),
        "quantity": st.sampled_from(["1", "1", "2", "0.5", "120"]),
        "unit": st.sampled_from([None, "piece", "kg", "pair", "l", "m2", "cm3"]),
        "unit_price": st.sampled_from(PRICES),
        "net_weight_kg": st.sampled_from([None, "0.3", "1", "7.77", "31", "31.00001", "40"]),
        "volume_l": st.sampled_from([None, "0.7"]),
        "origin": st.sampled_from([None, "CN", "KR", "MN", "JP"]),
        "category": st.sampled_from([None, "electronics", "other", "bag"]),
    }
)
SHIPMENTS = st.tuples(HEADS, st.lists(ITEMS, min_size=1, max_size=4))


def frame_of(shipments: Sequence[tuple[Row, Sequence[Row]]]) -> pl.DataFrame:
    rows = [
        shipment(shipment=f"S{number}", **head, **item)
        for number, (head, items) in enumerate(shipments)
        for item in items
    ]
    return pl.DataFrame(rows, infer_schema_length=None)


def scalar(rows: pl.DataFrame) -> pl.DataFrame:
    return joined([Assessor(None, NO_BOOKS).assess([*shipments_of(rows)])]).shipments


def vectorised(rows: pl.DataFrame) -> pl.DataFrame:
    return assess(rows, (TWIN,), None).shipments


def sides(rows: pl.DataFrame) -> tuple[list[Row], list[Row]]:
    """What both say of the shipments that the vectorised law answers."""
    found = vectorised(rows)
    if found.is_empty():
        return [], []
    told = scalar(rows).filter(pl.col("row").is_in(found["row"].implode()))
    return _plain(found), _plain(told)


def _plain(answers: pl.DataFrame) -> list[Row]:
    """The order of the warnings is the framework's."""
    rows = answers.sort("row").rows(named=True)
    return [row | {"warnings": sorted((row["warnings"] or "").split())} for row in rows]


@settings(max_examples=40, deadline=None)
@given(st.lists(SHIPMENTS, min_size=1, max_size=25))
def test_both_twins_say_the_same_of_any_shipment(shipments: list[tuple[Row, list[Row]]]) -> None:
    found, told = sides(frame_of(shipments))
    assert found == told


def test_goods_that_japan_looks_at_are_answered_with_its_warning() -> None:
    rows = pl.DataFrame(
        [
            shipment(shipment=f"S{place}", dispatch="JP", hs=hs, date=day)
            for place, (hs, day) in enumerate(
                (hs, day)
                for hs in ("8517130000", "7323930000", SHIRTS, BAGS)
                for day in (date(2022, 3, 1), date(2023, 8, 8), date(2023, 8, 9), date(2026, 3, 9))
            )
        ]
    )
    found, told = sides(rows)
    assert found == told
    warned = [row for row in found if "JP_EXPORT_RU_CHECK" in row["warnings"]]
    assert warned
    assert len(warned) < len(found)


def plain_mix(number: int) -> pl.DataFrame:
    """Shipments as they come: of all regimes, weighed, by whole codes; half of them alone."""
    random = Random(20_260_709)
    rows = []
    for place in range(number):
        head = {
            "date": date(2024, 4, 1) + timedelta(days=random.randrange(900)),
            "currency": random.choice(["CNY", "USD", "EUR"]),
            "purpose": random.choice(["personal", "personal", "commercial"]),
            "transport": random.choice(["post", "courier"]),
            "platform": random.choice([None, "a platform"]),
            "shipment": f"S{place}",
        }
        rows += [
            shipment(
                **head,
                hs=random.choice([BAGS, SHIRTS, SHOES, SOAP, "8517130000", "0106410001"]),
                unit=random.choice(["piece", "pair"]),
                unit_price=f"{random.randrange(1, 50_000) / 100:.2f}",
                net_weight_kg=f"{random.randrange(1, 3_000) / 1000:.3f}",
            )
            for _ in range(random.choice([1, 1, 2, 4]))
        ]
    return pl.DataFrame(rows, infer_schema_length=None)


def test_of_an_ordinary_mix_next_to_nothing_is_left_to_the_scalar_law() -> None:
    rows = plain_mix(1_000)
    found, told = sides(rows)
    assert found == told
    assert len(found) >= 990
    assert {row["regime"] for row in found} == {"ecommerce", "personal", "general"}
    assert {row["status"] for row in found} == {"payable", "exempt", "unknown"}


@pytest.mark.parametrize(
    ("told", "column", "amount"),
    [
        ({"unit_price": "200", "currency": "EUR"}, "single_payment", "0.00"),
        # RU-06d: 21,344 roubles up to 5,500,000; 49,240 above, by the table of 2026
        ({"unit_price": "5500000", "purpose": "commercial"}, "customs_fee", "21344.00"),
        ({"unit_price": "5500000.01", "purpose": "commercial"}, "customs_fee", "49240.00"),
        ({"unit_price": "200000", "purpose": "commercial"}, "customs_fee", "1231.00"),
        ({"unit_price": "200000.01", "purpose": "commercial"}, "customs_fee", "2462.00"),
    ],
)
def test_the_limits_are_inclusive(told: Row, column: str, amount: str) -> None:
    found, same = sides(pl.DataFrame([shipment(**told)]))
    assert found == same
    assert str(found[0][column]) == amount


@pytest.mark.parametrize(
    ("told", "missing", "unknown"),
    [
        ({"hs": "0106410001"}, "tariff.RU.0106410001.base", "duty vat"),
        ({"hs": SHIRTS, "net_weight_kg": None}, "items[0].net_weight_kg", "duty vat"),
        ({"hs": SHOES}, "items[0].quantity in pair", "duty vat"),
        ({"hs": "8517130000"}, "ru.fee.electronics.8517130000", "customs_fee"),
        ({"hs": "2202100000", "volume_l": "1"}, "ru.excise.sweet_drinks", "excise vat"),
    ],
)
def test_what_general_import_misses_is_told_by_columns_too(
    told: Row, missing: str, unknown: str
) -> None:
    found, same = sides(pl.DataFrame([shipment(purpose="commercial", **told)]))
    assert found == same
    assert (found[0]["missing"], found[0]["unknown_charges"]) == (missing, unknown)
    assert (found[0]["status"], found[0]["total"]) == ("unknown", None)


@pytest.mark.parametrize(
    "told",
    [
        {"unit_price": "0"},
        {"hs": "8703221091", "purpose": "commercial", "unit": "cm3"},  # the lower of two
        {"date": date(2015, 12, 31), "purpose": "commercial"},  # before the law of values
        {"regime": "personal", "transport": "cargo"},  # not admissible
    ],
)
def test_what_is_not_ordinary_is_left_to_the_scalar_law(told: Row) -> None:
    assert vectorised(pl.DataFrame([shipment(**told)])).is_empty()


def test_the_stages_say_the_same_on_every_engine() -> None:
    lines = read(plain_mix(200), None).drop("law_is_ordinary")
    lines = lines.with_columns(period=periods_of(lines["day"], "RU"))
    lines = with_rates(lines, "RU", (), TWIN.currencies)
    keys = [*TWIN.keys]
    found = TWIN.rates(lines.select(keys).unique(), None)
    valued = TWIN.values(lines.join(found, on=keys, how="left", maintain_order="left"))
    stages = (*STAGES, *TWIN.stages)
    by_polars = run(valued, stages, ())
    by_narwhals = run(valued.lazy(), stages, ()).collect()
    assert_frame_equal(by_narwhals, by_polars)
