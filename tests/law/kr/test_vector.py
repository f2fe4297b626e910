"""Korea's vectorised law: what it answers is what the scalar law answers, or it declines."""

import random
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tumen.law.assessing import Assessor
from tumen.law.kr.vector import TWIN
from tumen.law.kr.vector_rates import KEYS, rates
from tumen.law.parameters import parameters
from tumen.law.quoting import NO_BOOKS, Books
from tumen.law.rows import shipments_of
from tumen.law.tariff.table import Edition, Line
from tumen.law.tariff_import import save
from tumen.law.vector.assessed import assess

Row = dict[str, Any]
PCCC = "P123456789012"
ONE_DAY = timedelta(days=1)
TODAY = date(2026, 8, 3)
SHIRT, BAG, WATCH, RING, PERFUME = "6109100000", "4202210000", "9102110000", "711319", "3303001000"
PILLS, HONEY, WINE, WHISKY, SAKE = "2106909010", "040900", "2204210000", "2208300000", "220600"
TOY, PHONE, BOOK, CREAM, FUR, CHAIR = "950300", "851713", "490199", "330499", "4303100000", "9401"
ORDINARY = (
    *(SHIRT, "640399", BAG, WATCH, RING, PERFUME, PILLS, WINE, WHISKY, SAKE, TOY, PHONE, BOOK),
    *(CREAM, FUR, "847130", "732393", "940360", "180632", "854370", "392690", "300490", "940511"),
)
"""Codes of ordinary trade: of every class, held and not held by the indicative tariff."""

ODD = (HONEY, "151550", "120740", "240412", "2203000000", "220510", "080810", "060210", "710239")
ODD += ("570110", "950430", "940161", "050790", "430400", "870323", "240220", "930320", "130211")
"""Codes that are rare: taxed by rates that are not held, under control, prohibited."""


def rows_of(items: Iterable[Row] = ({},), **head: Any) -> list[Row]:
    """The flat rows of one shipment."""
    told = {
        "shipment": "1",
        "destination": "KR",
        "dispatch": "CN",
        "date": TODAY.isoformat(),
        "currency": "KRW",
        "regime": "auto",
        "transport": "courier",
        "purpose": "personal",
        "buyer_kind": "person",
        "buyer_id": PCCC,
        "freight": "0",
    } | head
    item = {"hs": SHIRT, "quantity": "1", "unit": "piece", "unit_price": "100000"}
    empty = {"category": "", "net_weight_kg": "", "volume_l": ""}
    return [told | empty | item | each for each in items]


def compared(rows: list[Row], books: Books = NO_BOOKS) -> float:
    """The share of shipments that the twin answers; every answer is the scalar law's."""
    frame = pl.DataFrame(rows)
    expected = Assessor(None, books).assess(list(shipments_of(frame))).shipments
    found = assess(frame, [TWIN], None, books.tariffs).shipments
    if found.is_empty():
        return 0.0
    answered = expected.filter(pl.col("row").is_in(found["row"].implode()))
    one, other = (_plain(each) for each in (answered, found))
    for ours, theirs in zip(one, other, strict=True):
        assert ours == theirs
    return len(found) / len(expected)


def _plain(frame: pl.DataFrame) -> list[Row]:
    """Rows in order; warnings in alphabetical order."""
    rows = frame.sort("row").drop("source").to_dicts()
    return [each | {"warnings": sorted((each["warnings"] or "").split())} for each in rows]


def answer(rows: list[Row]) -> Row:
    """What the twin says of one shipment; it must not decline."""
    assert compared(rows) == 1
    (found,) = assess(pl.DataFrame(rows), [TWIN], None).shipments.to_dicts()
    return found


# --- ordinary shipments --------------------------------------------------------------------------


def plain_mix(count: int, seed: int) -> Iterator[Row]:
    """Made-up shipments as trade has them: one to four items, all transports and purposes."""
    draw = random.Random(seed)  # made-up shipments
    prices = {"USD": 1, "KRW": 1_300, "CNY": 7, "JPY": 150, "EUR": 1}
    for number in range(count):
        currency = draw.choice([*prices])
        is_person = draw.random() < 0.8
        head = {
            "shipment": str(number),
            "date": (date(2022, 1, 1) + draw.randrange(1_600) * ONE_DAY).isoformat(),
            "currency": currency,
            "dispatch": draw.choice(["CN", "CN", "US", "JP"]),
            "transport": draw.choice(["courier", "courier", "post", "cargo"]),
            "purpose": "personal" if is_person else "commercial",
            "buyer_kind": "person" if is_person else "business",
            "buyer_id": draw.choice([PCCC, PCCC, ""]) if is_person else "124-81-00998",
            "freight": draw.choice(["0", "3.5", "20"]),
        }
        items = [
            {
                "hs": draw.choice(ORDINARY),
                "quantity": str(draw.choice([1, 1, 2, 3])),
                "unit_price": str(draw.choice([5, 20, 49, 75, 150, 300, 1500]) * prices[currency]),
                "net_weight_kg": draw.choice(["0.5", ""]),
                "volume_l": draw.choice(["0.05", "0.75", ""]),
                "category": draw.choice(["", "", "food", "cosmetics", "toy"]),
            }
            for _ in range(draw.choice([1, 1, 2, 4]))
        ]
        yield from rows_of(items, **head)


def test_of_a_plain_mix_nearly_all_is_answered_and_equal() -> None:
    assert compared([*plain_mix(1_200, 7)]) >= 0.995


# --- every corner --------------------------------------------------------------------------------

CHANGES = sorted(
    {
        day
        for name, parameter in parameters().items()
        if name.startswith("kr.")
        for value in parameter.values
        for day in (value.first, value.first - ONE_DAY)
        if day.year >= 2015
    }
)
EDGES = [
    *(149_99, 150_00, 150_01, 199_99, 200_00, 200_01),  # small goods, list clearance
    *(1, 990, 6_000, 7_700, 20_000),  # around the smallest amount that is collected
    *(142_000, 148_000, 148_400, 155_000, 385_000, 386_000),  # luxury goods
]
"""Prices in cents of a dollar."""

ITEMS = st.fixed_dictionaries(
    {
        "hs": st.sampled_from([*ORDINARY, *ODD]),
        "quantity": st.sampled_from(["1", "1", "2", "3", "7", "1.5"]),
        "unit": st.sampled_from(["piece", "piece", "piece", "kg", "l", "pair"]),
        "unit_price": st.one_of(
            st.sampled_from(EDGES).map(lambda cents: str(Decimal(cents) / 100)),
            st.integers(0, 5_000).map(str),
        ),
        "net_weight_kg": st.sampled_from(["", "0.5", "5", "5.001"]),
        "volume_l": st.sampled_from(["", "0.02", "0.03", "0.06", "0.061", "1", "1.001"]),
        "category": st.sampled_from(
            ["", "", "", "cosmetics", "food", "wine", "perfume", "honey", "cites", "narcotics"]
        ),
    }
)
HEADS = st.fixed_dictionaries(
    {
        "dispatch": st.sampled_from(["CN", "US", "JP", "KR"]),
        "date": st.sampled_from([*CHANGES, TODAY, TODAY]).map(date.isoformat),
        "currency": st.sampled_from(["USD", "USD", "EUR", "KRW", "JPY"]),
        "regime": st.sampled_from(["auto", "auto", "list", "simplified", "general"]),
        "transport": st.sampled_from(["courier", "courier", "post", "cargo", "bonded"]),
        "purpose": st.sampled_from(["personal", "personal", "commercial"]),
        "buyer_kind": st.sampled_from(["person", "person", "business"]),
        "buyer_id": st.sampled_from(
            [PCCC, PCCC, "", "P+23456789012", "124-81-00998", "1248100999"]
        ),
        "freight": st.sampled_from(["0", "3.5", "2000"]),
    }
)
SHIPMENT = st.tuples(st.lists(ITEMS, min_size=1, max_size=4), HEADS)


@settings(max_examples=25, deadline=None)
@given(st.lists(SHIPMENT, min_size=8, max_size=24))
def test_what_is_answered_is_what_the_scalar_law_answers(
    drawn: list[tuple[list[Row], Row]],
) -> None:
    compared(
        [
            row
            for number, (items, head) in enumerate(drawn)
            for row in rows_of(items, **head | {"shipment": str(number)})
        ]
    )


OFFICIAL = {
    SHIRT: ("A,13%", "C,16%"),
    BAG: ("A,8%", "B,5%", "C,8%"),
    WATCH: ("A,8%", "C,0%"),
    RING: ("C,13%",),
    FUR: ("A,max(16%, 1.5 USD/kg)", "C,16%"),
    "940360": ("A,8%", "C,as the committee says"),
    HONEY: ("A,20%", "C,max(243%, 1864 KRW/kg)"),
    WINE: ("A,30%", "C,15%"),
    "2203000000": ("A,30%",),
    "080810": ("A,45%",),
    BOOK: ("A,0%",),
    TOY: ("A,0.00001%",),
}
"""Columns as an official tariff has them: provisional, conceded, free, by weight, unreadable."""


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Books:
    folder = tmp_path_factory.mktemp("books")
    lines = [
        Line(code, *rate.split(",", 1)) for code in sorted(OFFICIAL) for rate in OFFICIAL[code]
    ]
    save(folder, "KR", Edition("관세율표", date(2022, 1, 1), "confirmed"), lines)
    return Books(tariffs=folder)


@settings(max_examples=10, deadline=None)
@given(drawn=st.lists(SHIPMENT, min_size=8, max_size=24), codes=st.randoms(use_true_random=False))
def test_an_official_tariff_gives_the_same_to_both(
    books: Books, drawn: list[tuple[list[Row], Row]], codes: random.Random
) -> None:
    rows = [
        row | {"hs": codes.choice([*OFFICIAL])}
        for number, (items, head) in enumerate(drawn)
        for row in rows_of(items, **head | {"shipment": str(number)})
    ]
    compared(rows, books)


@pytest.mark.parametrize("won", [-1, 0, 1])
@pytest.mark.parametrize(
    ("hs", "price"),
    [
        (PHONE, 100_000),  # value added tax alone: 10,000 won is collected
        (BAG, 1_923_000),  # simplified rate of luxury goods
        (BAG, 1_851_852),  # with 8 % of duty about 2,000,000 won
        (RING, 4_808_000),
        (RING, 4_629_630),
        (FUR, 4_310_345),  # with the basic duty of 16 % about 5,000,000 won
        ("940360", 4_629_630),
    ],
)
@pytest.mark.parametrize("purpose", ["personal", "commercial"])
def test_at_each_limit_both_say_the_same(hs: str, price: int, won: int, purpose: str) -> None:
    told = {"hs": hs, "unit_price": str(price + won)}
    assert compared(rows_of([told], purpose=purpose)) == 1
    compared(rows_of([told | {"quantity": "2"}], purpose=purpose))  # may be too dear to be ordinary


@pytest.mark.parametrize(
    ("cents", "dispatch", "regime"),
    [
        (14_999, "CN", "list"),
        (15_000, "CN", "list"),
        (15_001, "CN", "simplified"),
        (20_000, "US", "list"),
        (20_001, "US", "simplified"),
    ],
)
def test_the_limit_of_list_clearance_is_exact(cents: int, dispatch: str, regime: str) -> None:
    price = str(Decimal(cents) / 100)
    found = answer(rows_of([{"unit_price": price}], currency="USD", dispatch=dispatch))
    assert found["regime"] == regime


def test_one_item_takes_the_whole_shipment_along() -> None:
    shirt, wine = {"unit_price": "300000"}, {"hs": WINE, "unit_price": "300000"}
    assert answer(rows_of([shirt, shirt]))["regime"] == "simplified"
    found = answer(rows_of([shirt, wine]))
    assert found["regime"] == "general"
    assert found["simplified_duty"] is None
    # 300,000 x 13 % and x 15 %; (300,000 + 45,000) x 30 %, and 10 % of that
    assert (found["duty"], found["liquor_tax"], found["education_tax"]) == (84_000, 103_500, 10_350)


def test_the_importer_takes_the_cheaper_way() -> None:
    """A bag of case law-kr.md: 943,480 by the general import, 795,600 by the simplified rates."""
    bag = {"hs": BAG, "unit_price": "3000000"}
    assert answer(rows_of([bag], freight="50000"))["simplified_duty"] == 795_600
    general = answer(rows_of([bag], freight="50000", regime="general"))
    assert general["total"] == 943_480


def test_what_is_unknown_is_named_as_the_scalar_law_names_it() -> None:
    found = answer(rows_of([{"hs": "854370"}], purpose="commercial"))
    assert (found["status"], found["missing"]) == ("unknown", "tariff.KR.854370")
    assert found["unknown_charges"] == "duty vat"
    bottles = [{"unit_price": "1000"}, {"hs": PERFUME, "unit_price": "1000"}]
    found = answer(rows_of(bottles))
    assert (found["status"], found["missing"]) == ("unknown", "items[1].volume_l")
    several = [{"hs": "392690"}, {"hs": "570110"}, {"hs": "950430"}]
    found = answer(rows_of(several, purpose="commercial"))
    assert found["missing"] == "tariff.KR.392690; tariff.KR.570110; tariff.KR.950430"


def test_quantities_of_one_class_count_together() -> None:
    small = {"hs": PERFUME, "unit_price": "1000", "volume_l": "0.03"}
    assert answer(rows_of([small, small]))["regime"] == "list"
    assert answer(rows_of([small, small | {"volume_l": "0.031"}]))["regime"] == "simplified"


@pytest.mark.parametrize(
    "item",
    [
        {"unit_price": "0"},
        {"hs": "930320"},
        {"category": "counterfeit"},
        {"hs": "240220"},  # tobacco
        {"hs": BAG, "unit": "kg", "unit_price": "3000000"},
    ],
)
def test_what_is_odd_is_left_to_the_scalar_law(item: Row) -> None:
    assert compared(rows_of([item], purpose="commercial")) == 0


def test_the_largest_shipment_leaves_no_column() -> None:
    """Nearly nine million euros, the most that an ordinary line may cost, by the highest rates."""
    dear = {"hs": WHISKY, "unit_price": "8999999"}
    assert compared(rows_of([dear], currency="EUR", purpose="commercial")) == 1
    assert compared(rows_of([dear | {"hs": RING}], currency="EUR")) == 1


def test_a_key_before_the_law_is_not_held() -> None:
    days = [date(2015, 11, 30), TODAY]
    keys = pl.DataFrame({"hs": BAG, "category": None, "unit": "piece", "period": days})
    found = rates(keys.cast({"category": pl.String}), None)
    assert found["law_is_held"].to_list() == [False, True]
    assert found.columns[: len(KEYS)] == [*KEYS]
    assert found["law_simple_threshold"].to_list() == [None, 1_923_000]
