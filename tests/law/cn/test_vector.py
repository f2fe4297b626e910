"""The vectorised law of China says what the scalar law says, or leaves a shipment to it."""

from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tumen.law.assessing import Assessor
from tumen.law.cn.vector import TWIN
from tumen.law.cn.vector_rates import KEYS, rates
from tumen.law.goods import duty_rates, goods_classes
from tumen.law.parameters import history, parameters
from tumen.law.quoting import NO_BOOKS, Books
from tumen.law.rows import shipments_of
from tumen.law.tariff.table import Edition, Line
from tumen.law.tariff_import import save
from tumen.law.vector.assessed import assess
from tumen.law.vector.twin import bit, words

HANDBAG, SHIRT, CREAM, BOOK = "4202210090", "6109100010", "3304990029", "4901990000"
WINE, WHISKY, BEER, WATCH = "2204210000", "2208300000", "2203000000", "9102110000"
RING, CIGARETTES, PISTOL, FUR = "7113191100", "2402200000", "9302000000", "4301100000"
DAY = date(2026, 3, 2)

Row = dict[str, Any]


def both(rows: list[Row]) -> tuple[dict[str, Row], dict[str, Row]]:
    """Answers of the vectorised law, and of the scalar law to the same, by shipment."""
    frame = pl.DataFrame(rows, infer_schema_length=None)
    found = assess(frame, [TWIN], None).shipments
    scalar = Assessor(None, NO_BOOKS).assess(list(shipments_of(frame))).shipments
    by_vector = {row["shipment"]: row for row in found.iter_rows(named=True)}
    return by_vector, {row["shipment"]: row for row in scalar.iter_rows(named=True)}


def check(rows: list[Row]) -> dict[str, Row]:
    """What the vectorised law answers, once it is known to be the scalar law's."""
    answered, expected = both(rows)
    for name, answer in answered.items():
        assert answer == expected[name], rows
    return answered


def row(name: str = "s", **more: Any) -> Row:
    """A flat row: a handbag to China by courier."""
    told = {"shipment": name, "destination": "CN", "dispatch": "JP", "currency": "CNY"}
    item = {"hs": HANDBAG, "quantity": "1", "unit": "piece", "unit_price": "100"}
    return {"date": DAY, **told, **item, **more}


def one(*rows: Row) -> Row:
    """The answer to one shipment, which must be covered."""
    (answer,) = check(list(rows)).values()
    return answer


# --- any shipments -------------------------------------------------------------------------------

BOUNDARIES = sorted(
    {
        day
        for name in parameters()
        if name.startswith("cn.")
        for value in history(name)
        for day in (value.first, value.last)
        if day is not None
    }
)
DAYS = st.sampled_from([day + timedelta(days=n) for day in BOUNDARIES for n in (-1, 0, 1)])
RECENT = st.dates(date(2016, 1, 1), date(2028, 12, 31))
HELD = sorted(duty_rates())
PREFIXES = sorted(
    {
        prefix
        for tax in ("cn.vat", "cn.consumption_tax", "cn.postal", "cn.control")
        for each in goods_classes(tax)
        for prefix in each.prefixes
    }
)
OF_CLASSES = [
    next((code for code in HELD if code.startswith(prefix)), f"{prefix}00000000"[:8])
    for prefix in PREFIXES
]
SHORT = ["330499", "220600", "85234910", "420221", "25010011", "8712000000", "1206000000"]
NAMED = [HANDBAG, SHIRT, CREAM, BOOK, WINE, WHISKY, BEER, WATCH, RING, CIGARETTES]
CODES = st.sampled_from(NAMED) | st.sampled_from([*OF_CLASSES, *SHORT])
LIMITS_FEN = [1, 25_000, 80_000, 100_000, 200_000, 500_000, 1_000_000, 2_000_000, 2_600_000]
NEAR = st.sampled_from([limit + n for limit in LIMITS_FEN for n in (-1, 0, 1)])
HUNDREDTHS = NEAR | st.integers(0, 1_000_000)
FINE = st.integers(0, 10**8).map(lambda n: f"{n // 10**5}.{n % 10**5:05d}")
MONEY = HUNDREDTHS.map(lambda n: f"{n // 100}.{n % 100:02d}") | FINE
SMALL = st.sampled_from(["", "0", "0.01", "12.34", "3.005", "1.555", "100"])
ITEMS = st.fixed_dictionaries(
    {
        "hs": CODES,
        "quantity": st.sampled_from(["1", "1", "1", "2", "0.5", "10", "50", "0.00001"]),
        "unit": st.sampled_from(["", "piece", "piece", "pair", "kg", "l", "m", "g"]),
        "unit_price": MONEY,
        "net_weight_kg": st.sampled_from(["", "0.05", "0.1", "1", "0.00003", "50", "30000"]),
        "volume_l": st.sampled_from(["", "", "0.05", "0.7"]),
    }
)
HEADS = st.fixed_dictionaries(
    {
        "date": DAYS | RECENT,
        "dispatch": st.sampled_from(["JP", "KR", "HK", "TW", "RU"]),
        "currency": st.sampled_from(["CNY", "CNY", "CNY", "JPY", "USD", "KRW"]),
        "regime": st.sampled_from(["", "", "auto", "cbec", "postal", "general"]),
        "transport": st.sampled_from(["", "post", "courier", "cargo", "bonded"]),
        "purpose": st.sampled_from(["", "", "personal", "commercial"]),
        "buyer_kind": st.sampled_from(["", "", "person", "business"]),
        "platform": st.sampled_from(["", "a platform", "another"]),
        "freight": SMALL,
        "insurance": SMALL,
        "used_this_year": st.sampled_from(["", "0", "20000", "21000.005", "25999.99", "26000"]),
    }
)
SHIPMENTS = st.tuples(HEADS, st.lists(ITEMS, min_size=1, max_size=4))


@settings(max_examples=40, deadline=None)
@given(st.lists(SHIPMENTS, min_size=1, max_size=25))
def test_the_vectorised_law_says_what_the_scalar_law_says(
    shipments: list[tuple[Row, list[Row]]],
) -> None:
    check(
        [
            {"shipment": f"s{number}", "destination": "CN", **head, **item}
            for number, (head, items) in enumerate(shipments)
            for item in items
        ]
    )


ORDINARY = [HANDBAG, SHIRT, CREAM, BOOK, WINE, WHISKY, BEER, RING, "9503002100", "8517121011"]


@pytest.mark.parametrize("seed", range(5))
def test_of_ordinary_shipments_hardly_one_is_declined(seed: int) -> None:
    random, rows = Random(seed), []
    for number in range(200):
        head = {
            "date": date(2019, 1, 1) + timedelta(days=random.randrange(2_800)),
            "dispatch": random.choice(["JP", "KR", "HK"]),
            "currency": random.choice(["CNY", "JPY", "USD"]),
            "transport": random.choice(["post", "courier", "cargo"]),
            "platform": random.choice(["", "a platform"]),
            "freight": random.choice(["", "12.5"]),
        }
        rows += [
            row(
                f"s{number}",
                **head,
                hs=random.choice(ORDINARY),
                unit_price=f"{random.randint(100, 200_000)}.{random.randrange(100):02d}",
                net_weight_kg=random.choice(["0.3", ""]),
            )
            for _ in range(random.randint(1, 4))
        ]
    assert len(check(rows)) >= 198


# --- at the limits -------------------------------------------------------------------------------


@pytest.mark.parametrize("hs", [HANDBAG, CREAM, WHISKY, WATCH])
@pytest.mark.parametrize("day", [date(2018, 12, 31), date(2019, 1, 1), date(2024, 11, 30), DAY])
def test_at_each_limit_and_a_fen_beside_it_both_say_the_same(hs: str, day: date) -> None:
    rows = []
    for limit in LIMITS_FEN:
        for number, more in enumerate(({"platform": "p"}, {}, {"transport": "cargo"})):
            for fen in (limit - 1, limit, limit + 1):
                told = {"date": day, "hs": hs, "unit_price": f"{fen // 100}.{fen % 100:02d}"}
                told |= {"dispatch": "HK", "net_weight_kg": "0.01", "platform": "", **more}
                rows.append(row(f"{number}-{fen}", **({"transport": ""} | told)))
    answers = check(rows)
    assert len(answers) >= len(rows) - 12
    assert {each["regime"] for each in answers.values()} == {"cbec", "postal", "general"}


def test_retail_import_goes_before_articles_and_these_before_general_trade() -> None:
    assert one(row(platform="a platform"))["regime"] == "cbec"
    assert one(row())["regime"] == "postal"
    assert one(row(transport="cargo"))["regime"] == "general"
    assert one(row(unit_price="1000", quantity="3"))["regime"] == "general"  # 3,000 > 2,000
    assert one(row(unit_price="3000"))["regime"] == "postal"  # one piece cannot be divided
    assert one(row(unit_price="3000", quantity="2", platform="p"))["regime"] == "general"
    assert one(row(platform="p", used_this_year="25900.01"))["regime"] == "general"
    assert one(row(platform="p", regime="general"))["regime"] == "general"


def test_a_day_that_no_shipment_has_is_left_to_the_scalar_law_to_refuse() -> None:
    assert check([row(date=date(9999, 1, 1))]) == {}


def test_each_regime_charges_what_the_page_shows() -> None:
    """The examples of docs/law-cn.md."""
    june = date(2024, 6, 3)
    cream = row(hs=CREAM, unit_price="850", net_weight_kg="0.001", date=june, platform="p")
    assert [str(one(cream)[code]) for code in ("duty", "consumption_tax", "vat")] == [
        "0.00",
        "105.00",
        "91.00",
    ]
    assert (one(row(unit_price="250"))["status"], str(one(row(unit_price="250.05"))["total"])) == (
        "exempt",
        "50.01",
    )
    sent = one(row(hs=CREAM, unit_price="500", net_weight_kg="0.05"))
    assert (str(sent["postal_tax"]), sent["duty"], sent["vat"]) == ("250.00", None, None)


def test_a_small_duty_is_exempt_on_the_whole_shipment_alone() -> None:
    """Handbags have 6 %, indicative: 800 CNY bear 48.00, two of them 96.00."""
    told = {"transport": "cargo", "unit_price": "800", "quantity": "1"}
    assert duty_rates()[HANDBAG] == 60_000
    assert str(one(row(**told))["duty"]) == "0.00"
    assert str(one(row(**told), row(**told))["duty"]) == "96.00"


def test_a_class_that_is_not_taxed_is_not_levied_and_one_below_its_trigger_is_nought() -> None:
    told = {"transport": "cargo", "unit_price": "1000"}
    assert one(row(**told))["consumption_tax"] is None
    assert str(one(row(**told, hs=CREAM, net_weight_kg="5"))["consumption_tax"]) == "0.00"
    assert str(one(row(**(told | {"platform": "p"})))["consumption_tax"]) == "0.00"


@pytest.mark.parametrize(
    ("more", "unknown", "missing"),
    [
        ({"hs": RING}, "consumption_tax vat", "cn.consumption_tax.jewellery.rate"),
        ({"hs": CREAM}, "consumption_tax vat", "items[1].volume_l or net_weight_kg"),
        ({"hs": CREAM, "platform": "p"}, "consumption_tax vat", "items[1].volume_l or net"),
    ],
)
def test_what_is_unknown_is_named_as_the_scalar_law_names_it(
    more: Row, unknown: str, missing: str
) -> None:
    told = {"transport": "cargo", "unit_price": "1000", "platform": ""} | more
    answer = one(row(**(told | {"hs": HANDBAG})), row(**told))
    assert (answer["status"], answer["total"]) == ("unknown", None)
    assert answer["unknown_charges"] == unknown
    assert answer["missing"].startswith(missing)


def test_a_code_that_the_tariff_does_not_hold_has_no_duty_and_no_vat() -> None:
    answer = one(row(hs="8712000000", transport="cargo", unit_price="1000"))
    assert answer["unknown_charges"] == "duty vat"
    assert answer["missing"] == "tariff.CN.8712000000.effective"
    full = one(row(hs="8712000000", platform="p", unit_price="6000"))
    assert (full["unknown_charges"], full["missing"]) == (
        "duty consumption_tax vat",
        "cn.tariff.8712000000",
    )


@pytest.mark.parametrize(
    "more",
    [
        {"hs": PISTOL},
        {"unit_price": "0"},
        {"unit_price": "0.004"},
        {"hs": "220600"},
        {"date": date(2015, 12, 31)},
        {"hs": WATCH, "unit": "kg"},
        {"hs": BEER, "unit": "kg", "quantity": "10000.00001"},
        {"regime": "postal", "transport": "cargo"},
        {"regime": "cbec"},
    ],
)
def test_what_is_not_admissible_or_odd_is_left_to_the_scalar_law(more: Row) -> None:
    told = {"transport": "cargo", "regime": ""} | more
    assert check([row(**told)]) == {}


def test_an_imported_tariff_is_used_where_it_is_a_share_and_else_left_to_the_scalar_law(
    tmp_path: Path,
) -> None:
    lines = [
        Line(HANDBAG, "effective", "20%"),
        Line(SHIRT, "effective", "60 CNY/piece"),
    ]
    save(tmp_path, "CN", Edition("a tariff of 2026", date(2026, 1, 1), "confirmed"), lines)
    told = {"transport": "cargo", "unit_price": "1000"}
    frame = pl.DataFrame([row("a", **told), row("b", hs=SHIRT, **told)])
    found = assess(frame, [TWIN], None, tmp_path).shipments
    scalar = Assessor(None, Books(tmp_path)).assess(list(shipments_of(frame))).shipments
    assert found.rows() == scalar.rows()[:1]
    assert [str(each) for each in scalar["duty"]] == ["200.00", "60.00"]
    assert "TARIFF_INDICATIVE" not in found["warnings"][0]


# --- the rates of a key --------------------------------------------------------------------------


def rates_of(hs: str, unit: str = "piece", day: date = DAY) -> Row:
    schema = {"hs": pl.String, "unit": pl.String, "period": pl.Date}
    found = rates(pl.DataFrame([(hs, unit, day)], schema=schema, orient="row"), None)
    assert found.columns[: len(KEYS)] == list(KEYS)
    return found.row(0, named=True)


def test_the_quantity_of_a_tax_is_the_declared_one_else_litres_else_kilograms() -> None:
    assert rates_of(HANDBAG)["law_pick"] == -1
    assert rates_of(WATCH)["law_pick"] == 0
    assert rates_of(WHISKY, "l")["law_pick"] == 0
    by_piece = rates_of(WHISKY)
    # 1 CNY/kg and 0.912 CNY/l (law.md 1.1): 100 fen for a kilogram, 912 for ten litres
    per_kilogram = by_piece["law_unit_low"] / by_piece["law_per_e5"] * 10**5
    per_litre = by_piece["law_unit_low_l"] / by_piece["law_per_e5_l"] * 10**5
    assert (by_piece["law_pick"], per_kilogram, round(per_litre, 6)) == (1, 100, 91.2)


def test_the_class_of_an_article_turns_on_its_value_where_it_is_a_luxury() -> None:
    cream, book = rates_of(CREAM), rates_of(BOOK)
    assert (cream["law_postal_low"], cream["law_postal_high"]) == (200_000, 500_000)
    assert (book["law_postal_low"], book["law_postal_high"]) == (130_000, 130_000)
    assert (cream["law_postal_turns"], book["law_postal_turns"]) == (True, False)


def test_the_warnings_of_a_key_are_bits() -> None:
    table = rates_of(FUR, day=date(2024, 11, 30))["law_told_postal"]
    assert words(table, "CN") == ("GOODS_CONTROLLED LAW_UNVERIFIED POSTAL_TABLE_PRICE_NOT_HELD")
    assert rates_of(BOOK)["law_told_general"] == bit("LAW_UNVERIFIED")
    assert not rates_of(PISTOL)["law_covers_general"]


def test_a_day_before_a_regime_is_not_covered_by_it() -> None:
    before, first = rates_of(BOOK, day=date(2016, 4, 7)), rates_of(BOOK, day=date(2016, 4, 8))
    assert (before["law_covers_general"], first["law_covers_general"]) == (False, True)
    assert (before["law_covers_cbec"], first["law_covers_cbec"]) == (False, True)
    assert before["law_covers_postal"]
    assert not rates_of(BOOK, day=date(2015, 12, 31))["law_covers_postal"]
