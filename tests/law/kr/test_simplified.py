"""Simplified rates of Korea: the two annexes, what has none, luxury goods."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parcels import amounts, codes
from tests.law.kr.shipments import (
    BAG,
    PHONE,
    RING,
    SHIRT,
    WATCH,
    WINE,
    consignment,
    goods,
    measures,
    tariff,
)

from tumen.law.consignment import Preference
from tumen.law.duty import Specific
from tumen.law.kr.simplified_reference import assess, refusals

OLD, NEW = date(2023, 2, 27), date(2023, 2, 28)


def duty(hs: str, price: int, day: date, **more: object) -> int | None:
    found = assess(consignment(goods(hs, price, **more), day=day))
    return amounts(found)["simplified_duty"]


@pytest.mark.parametrize(
    ("hs", "old", "new"),
    [
        ("9503", 200_000, 150_000),
        (SHIRT, 250_000, 180_000),
        ("6403", 250_000, 180_000),
        ("4203", 250_000, 180_000),
        ("4303", 300_000, 190_000),
        ("050790", 320_000, 210_000),
        ("950430", 550_000, 470_000),
        (BAG, 200_000, 150_000),
    ],
)
def test_a_million_won_is_taxed_by_the_annex_of_its_day(hs: str, old: int, new: int) -> None:
    assert (duty(hs, 1_000_000, OLD), duty(hs, 1_000_000, NEW)) == (old, new)


def test_a_bag_of_three_million_won_is_case_kr_11() -> None:
    """KR-11: 370,400 + 50 % of (3,000,000 - 1,852,000) = 944,400; by the later annex
    288,450 + 45 % of (3,000,000 - 1,923,000) = 773,100."""
    assert duty(BAG, 3_000_000, date(2016, 1, 1)) == 944_400
    assert duty(BAG, 3_000_000, OLD) == 944_400
    assert duty(BAG, 3_000_000, NEW) == 773_100


@pytest.mark.parametrize(
    ("hs", "day", "price", "expected"),
    [
        (WATCH, OLD, 1_851_999, 370_390),  # 20 % is 370,399.8
        (WATCH, OLD, 1_852_000, 370_400),
        (WATCH, OLD, 1_852_020, 370_410),  # 370,400 + 50 % of 20
        (WATCH, NEW, 1_923_000, 288_450),
        (WATCH, NEW, 1_923_100, 288_490),  # 288,450 + 45
        (RING, OLD, 4_630_000, 926_000),
        (RING, OLD, 5_000_000, 1_111_000),  # 926,000 + 185,000
        (RING, NEW, 4_808_000, 721_200),
        (RING, NEW, 5_000_000, 807_600),  # 721,200 + 86,400
    ],
)
def test_the_formula_of_luxury_goods_begins_where_the_plain_rate_ends(
    hs: str, day: date, price: int, expected: int
) -> None:
    assert duty(hs, price, day) == expected


def test_luxury_goods_are_taxed_piece_by_piece() -> None:
    """Two bags of 3,000,000 each bear twice 773,100; two of 1,500,000 bear 15 %."""
    two = measures(pieces=2)
    assert duty(BAG, 6_000_000, NEW, measures=two) == 1_546_200
    assert duty(BAG, 3_000_000, NEW, measures=two) == 450_000
    untold = measures(pieces=None)
    assert duty(BAG, 3_000_000, NEW, measures=untold) is None
    assert duty(BAG, 1_000_000, NEW, measures=untold) == 150_000


def test_textiles_below_ten_per_cent_of_basic_duty_are_other_goods() -> None:
    assert duty("5007", 1_000_000, NEW, tariff=tariff(base="8")) == 150_000
    assert duty("5007", 1_000_000, NEW, tariff=tariff(base="10")) == 180_000


def test_the_annex_is_not_held_before_2016() -> None:
    shipment = consignment(goods("9503", 1_000_000), day=date(2015, 12, 31))
    assert codes(refusals(shipment)) == ["LAW_NOT_IN_FORCE"]
    assert assess(shipment).status == "unknown"


@pytest.mark.parametrize(
    ("item", "more", "code"),
    [
        (goods("9503", 195_000), {}, "KR_SIMPLIFIED_EXEMPT"),
        (goods(WINE, 1_000_000), {}, "KR_SIMPLIFIED_GOODS"),
        (goods("2402", 1_000_000), {}, "KR_SIMPLIFIED_GOODS"),
        (goods("4303", 5_000_001), {}, "KR_SIMPLIFIED_GOODS"),
        (goods("9403", 5_000_001), {}, "KR_SIMPLIFIED_GOODS"),
        # 4,310,345 with 16 % duty is 5,000,000.2: it bears individual consumption tax.
        (goods("4303", 4_310_345, tariff=tariff(base="16")), {}, "KR_SIMPLIFIED_GOODS"),
        (goods(PHONE, 1_000_000, tariff=tariff(base="8", applied="0")), {}, "KR_SIMPLIFIED_FREE"),
        (goods("9503", 1_000_000, rates={"duty": Fraction(0)}), {}, "KR_SIMPLIFIED_FREE"),
        (
            goods("9503", 1_000_000, tariff=tariff(A=Specific(Fraction(5), "KRW", "kg"))),
            {},
            "KR_SIMPLIFIED_SPECIFIC",
        ),
        (goods("9503", 1_000_000), {"transport": "cargo"}, "TRANSPORT_NOT_OF_REGIME"),
        (goods("9503", 1_000_000), {"transport": "bonded"}, "TRANSPORT_NOT_OF_REGIME"),
        (goods("9503", 1_000_000), {"purpose": "commercial"}, "PURPOSE_NOT_PERSONAL"),
        (goods("9503", 1_000_000), {"preference": Preference("RCEP")}, "KR_SIMPLIFIED_PREFERENCE"),
        (goods("", 1_000_000, category="software"), {}, "SERVICE_IS_NO_GOODS"),
    ],
)
def test_what_has_no_simplified_rate_is_refused_with_its_reason(
    item: object, more: dict[str, object], code: str
) -> None:
    shipment = consignment(item, **more)  # type: ignore[arg-type]
    assert codes(refusals(shipment)) == [code]
    assert assess(shipment).status == "not_admissible"


def test_mail_and_courier_goods_have_simplified_rates() -> None:
    for transport in ("post", "courier"):
        assert refusals(consignment(goods("9503", 1_000_000), transport=transport)) == ()


def test_an_answer_without_a_tariff_says_that_the_goods_might_be_free() -> None:
    found = assess(consignment(goods("9503", 1_000_000)))
    assert "KR_DUTY_RATE_NOT_HELD" in codes(found.warnings)
    held = assess(consignment(goods("9503", 1_000_000, tariff=tariff(base="8"))))
    assert "KR_DUTY_RATE_NOT_HELD" not in codes(held.warnings)


@given(
    price=st.integers(1_000_000, 20_000_000),
    more=st.integers(0, 1_000_000),
    hs=st.sampled_from([BAG, WATCH, RING, SHIRT, "9503"]),
    day=st.sampled_from([date(2016, 1, 1), OLD, NEW, date(2026, 8, 1)]),
)
def test_a_dearer_thing_never_bears_less(price: int, more: int, hs: str, day: date) -> None:
    lower, higher = duty(hs, price, day), duty(hs, price + more, day)
    assert lower is not None
    assert higher is not None
    assert lower <= higher
    assert lower % 10 == 0
