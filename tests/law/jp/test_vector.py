"""The vectorised law of Japan answers as the scalar one, to the yen and the remark, or declines."""

import random
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, TypeAlias

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tumen.law import tariffs
from tumen.law.assessing import SHIPMENTS, Assessor
from tumen.law.columns import run
from tumen.law.jp.vector import TWIN
from tumen.law.proposal import proposal_of
from tumen.law.quoting import NO_BOOKS
from tumen.law.rows import shipments_of
from tumen.law.vector import assessed as vector
from tumen.law.vector.lines import read
from tumen.law.vector.periods import periods_of
from tumen.law.vector.remarks import with_rates

Row: TypeAlias = dict[str, Any]

DAYS: Final = [
    day + timedelta(days=difference)
    for day in (
        date(2016, 1, 1),  # the exemption
        date(2019, 10, 1),  # the taxes
        date(2022, 4, 19),  # goods of Russia
        date(2022, 4, 21),  # no WTO rates for them
        date(2025, 10, 12),  # the platform is named
        date(2026, 2, 20),  # the personal share may have ended
        date(2026, 6, 1),  # a season of oranges
        date(2026, 7, 9),  # the edition of the tariff
        date(2028, 4, 1),  # consumption tax of small consignments
    )
    for difference in (-1, 0)
]
LIMITS: Final = [
    value + difference
    for value in (1_000, 10_000, 16_667, 200_000, 333_333)
    for difference in (-1, 0, 1, 2)
]
CODES: Final = (
    *("950300000", "620442200", "847130000", "330499010", "711319010", "392690029", "691110000"),
    *("611020029", "420221210", "640320012", "640399015", "640212010", "640212090", "640212"),
    *("220421020", "220830031", "220600100", "240220000", "271012137", "210320000", "090121000"),
    *("210690299", "180690311", "190590321", "020130010", "300490010", "440321000", "710812000"),
    *("080510000", "100630010", "040210129", "390110010", "570110000", "010121290", "170199200"),
    *("6109100101", "610910", "620442", "999999999", "930200000", "130211000", "490199000"),
)
CATEGORIES: Final = (None, "sugar", "not_listed", "snowboard_boots", "medicines", "obscene")
CURRENCIES: Final = {"JPY": 1, "USD": 150, "CNY": 21, "KRW": 0.11, "EUR": 170}


@st.composite
def shipments(draw: st.DrawFn) -> list[Row]:
    """The rows of one shipment."""
    currency = draw(st.sampled_from([*CURRENCIES]))
    costs = st.sampled_from([None, "0", "0.01", "1234.5"])
    head = {
        "shipment": str(draw(st.integers(0, 10**9))),
        "destination": "JP",
        "dispatch": draw(st.sampled_from(["CN", "KR", "RU", "US"])),
        "date": draw(st.sampled_from(DAYS)).isoformat(),
        "currency": currency,
        "regime": draw(st.sampled_from(["auto", "auto", "general", "simplified"])),
        "transport": draw(st.sampled_from(["post", "courier", "cargo", "bonded"])),
        "purpose": draw(st.sampled_from(["personal", "commercial"])),
        "buyer_kind": draw(st.sampled_from(["person", "business"])),
        "buyer_id": draw(
            st.sampled_from([None, "5835678256246", " 4835678256246 ", "+835678256246", "x"])
        ),
        "platform": draw(st.sampled_from([None, "a platform"])),
        "freight": draw(costs),
        "insurance": draw(costs),
    }
    count = draw(st.integers(1, 4))
    return [head | _item(draw, currency, count) for _ in range(count)]


def _item(draw: st.DrawFn, currency: str, count: int) -> Row:
    yen = draw(st.sampled_from(LIMITS) | st.integers(0, 500_000))
    price = Decimal(yen) / count if currency == "JPY" else Decimal(yen / CURRENCIES[currency])
    return {
        "hs": draw(st.sampled_from(CODES)),
        "quantity": draw(st.sampled_from(["1", "1", "2", "0.5"])),
        "unit_price": f"{price:.{draw(st.sampled_from([0, 2, 5]))}f}",
        "unit": draw(st.sampled_from(["piece", "kg", "pair", "l", "m2"])),
        "net_weight_kg": draw(st.sampled_from([None, "0.3", "12.345"])),
        "volume_l": draw(st.sampled_from([None, "0.75"])),
        "origin": draw(st.sampled_from(["CN", "KR", "MN", "RU", "KP", "US", None])),
        "category": draw(st.sampled_from(CATEGORIES)),
    }


def frame(rows: Iterable[Row]) -> pl.DataFrame:
    return pl.DataFrame([*rows], infer_schema_length=None)


def both(rows: pl.DataFrame, folder: Path | None = None) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What the vectorised law says, and what the scalar law says of the same shipments."""
    found = vector.assess(rows, (TWIN,), None, folder).shipments
    told = Assessor(None, NO_BOOKS).assess([*shipments_of(rows)]).shipments
    if found.is_empty():
        return pl.DataFrame(schema=SHIPMENTS), told
    return found.sort("row"), told


def assert_equal(rows: pl.DataFrame) -> float:
    """Every answer of the vectorised law is the scalar one; gives the share that it answers."""
    found, told = both(rows)
    expected = told.filter(pl.col("row").is_in(found["row"].implode()))
    assert found.select(expected.columns).rows(named=True) == expected.rows(named=True)
    return len(found) / len(told)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(st.lists(shipments(), min_size=1, max_size=12))
def test_what_the_columns_answer_is_what_the_statute_says(drawn: list[list[Row]]) -> None:
    assert_equal(frame(row for rows in drawn for row in rows))


TRADE: Final = tuple(code for code in CODES if code not in {"999999999", "930200000", "130211000"})


def mix(count: int, seed: int, codes: tuple[str, ...] = TRADE) -> pl.DataFrame:
    """Ordinary parcels of a year, one in five with several items."""
    lot = random.Random(seed)
    rows = []
    for number in range(count):
        currency = lot.choice([*CURRENCIES])
        head = {
            "shipment": f"{number}",
            "destination": "JP",
            "dispatch": lot.choice(["CN", "KR", "MN"]),
            "date": date(2026, 1, 1) + timedelta(days=lot.randrange(300)),
            "currency": currency,
            "transport": lot.choice(["post", "courier"]),
            "purpose": lot.choice(["personal", "commercial"]),
            "freight": lot.choice([None, "5"]),
        }
        for _ in range(1 if lot.random() < 0.8 else lot.randrange(2, 5)):
            yen = lot.choice([lot.choice(LIMITS), lot.randrange(100, 250_000)])
            item = {
                "hs": lot.choice(codes),
                "quantity": lot.choice(["1", "2"]),
                "unit_price": f"{max(yen / CURRENCIES[currency], 1):.2f}",
                "unit": lot.choice(["piece", "pair"]),
                "net_weight_kg": lot.choice(["0.3", "1.5"]),
                "volume_l": "0.75",
                "origin": lot.choice(["CN", "KR", "MN", "US", None]),
            }
            rows.append(head | item)
    return frame(rows)


def test_of_ordinary_parcels_at_least_99_in_100_are_answered_by_the_columns() -> None:
    assert assert_equal(mix(1_500, 1)) >= 0.99


def test_nearly_every_line_of_the_tariff_has_a_form() -> None:
    """But dairy goods with two rates of which one cannot be read, and what may not be imported."""
    table = tariffs.table_of("JP")
    assert table is not None
    codes = tuple(sorted({line.partition(",")[0] for line in table.lines}))
    assert assert_equal(mix(1_200, 2, codes)) >= 0.98


def alone(**more: Any) -> pl.DataFrame:
    head = {"shipment": "1", "destination": "JP", "dispatch": "CN", "date": "2026-08-01"}
    item = {"hs": "950300000", "quantity": "1", "unit_price": "20000", "origin": "CN"}
    return frame([head | {"currency": "JPY"} | item | more])


@pytest.mark.parametrize(
    "more",
    [
        {"unit_price": "0"},
        {"origin": "KP"},
        {"hs": "930200000"},
        {"category": "obscene"},
        {"date": "2015-12-31"},
        {"hs": "611020029", "regime": "simplified"},
        {"unit_price": "400000", "regime": "simplified"},
        {"date": "2028-04-01", "unit_price": "5000"},
        {"unit_price": "5000", "rates.duty": "0.1"},
        {"buyer_kind": "business", "buyer_id": "４８３５６７８２５６２４６"},
    ],
)
def test_what_is_out_of_the_ordinary_is_left_to_the_scalar_law(more: Row) -> None:
    assert vector.assess(alone(**more), (TWIN,), None).declined.to_list() == [True]


@pytest.mark.parametrize(
    ("more", "status", "missing"),
    [
        ({"hs": "210690299", "unit_price": "5000"}, "unknown", "items[0].category"),
        ({"hs": "210690299", "unit_price": "5000", "category": "sugar"}, "payable", None),
        ({"hs": "220421020"}, "unknown", "items[0].volume_l; jp.liquor_tax.rate"),
        ({"hs": "611020029", "origin": None}, "unknown", "items[0].origin"),
        ({"hs": "640320012", "unit": "piece"}, "unknown", "items[0].quantity in pair"),
        ({"hs": "610910"}, "unknown", "tariff.JP.610910.wto"),
        ({"unit_price": "16667"}, "exempt", None),
    ],
)
def test_the_columns_tell_what_is_unknown_and_what_is_missing(
    more: Row, status: str, missing: str | None
) -> None:
    found, told = both(alone(**more))
    assert found.select(told.columns).rows() == told.rows()
    assert found.select("status", "missing").row(0) == (status, missing)


@pytest.mark.parametrize(
    "text",
    [
        'jp.deminimis.consumption_tax_limit"\n[[parameter.value]]\nfrom = 2026-01-01\nvalue = 0',
        'jp.deminimis.duty_limit"\n[[parameter.value]]\nfrom = 2026-01-01\nvalue = 5_000',
        'jp.personal_use.share"\n[[parameter.value]]\nfrom = 2026-01-01\nvalue = 333_333',
        'jp.rounding.base_unit"\n[[parameter.value]]\nfrom = 2026-01-01\nvalue = 2_000',
        'jp.rounding.tax"\n[[parameter.value]]\nfrom = 2026-01-01\nvalue = "up"',
        'jp.simplified.apparel.rate"\n[[parameter.value]]\nfrom = 2026-01-01\nvalue = 50_000',
    ],
)
def test_a_proposal_is_computed_alike(text: str) -> None:
    with proposal_of(f'[[parameter]]\nname = "{text}\n').overlay.tried():
        assert_equal(mix(150, 3))


def valued(rows: pl.DataFrame) -> pl.DataFrame:
    """The lines of shipments that the columns answer, as the stages get them."""
    lines = read(rows, None).with_row_index("row", offset=1)
    lines = lines.filter(~vector.assess(rows, (TWIN,), None).declined)
    lines = lines.with_columns(period=periods_of(lines["day"], TWIN.economy))
    lines = with_rates(lines, TWIN.economy, (), ())
    found = TWIN.rates(lines.select(TWIN.keys).unique(), None)
    joined = lines.join(found, on=[*TWIN.keys], nulls_equal=True, maintain_order="left")
    return TWIN.values(joined)


@pytest.mark.parametrize("engine", ["pyarrow", "duckdb"])
def test_other_engines_compute_the_same(engine: str) -> None:
    """Where rows have no order the sums and the first missing name are taken by shipment."""
    lines = valued(mix(300, 5))
    found: Any = lines.to_arrow()
    if engine == "duckdb":
        duckdb = pytest.importorskip("duckdb", reason="duckdb is an extra: engines")
        found = duckdb.from_arrow(found)
    ours = run(lines, TWIN.stages, ()).filter(pl.col("item") == 0)
    native: Any = run(found, TWIN.stages, ())
    table = native if engine == "pyarrow" else native.to_arrow_table()
    theirs = pl.DataFrame(table).filter(pl.col("item") == 0).sort("shipment")
    told = [*TWIN.charges, "customs_value", "regime", "status", "unknown", "missing"]
    assert (
        theirs.select(told).cast(dict(ours.select(told).schema)).rows() == ours.select(told).rows()
    )
    masks = theirs["line_notices"].cast(pl.Int64).to_list()
    assert masks == ours["line_notices"].to_list()
