"""The simplified tariff: its limit, its table, and what it is not for."""

from datetime import date
from fractions import Fraction

import pytest
from parcels import amounts
from tests.law.jp.parcels import (
    DRESS,
    HANDBAG,
    LAPTOP,
    LEATHER_SHOE,
    REGIME,
    SHOE_TARIFF,
    SWEATER,
    TOY,
    WINE,
    ad_valorem,
    codes,
    columns,
    goods,
    item_charge,
    missing,
    parcel,
    ruled,
)

from tumen.law.consignment import Consignment

DUTIABLE = columns(ad_valorem("general", 120), ad_valorem("wto", 91))
FREE = columns(ad_valorem("general", 30), ad_valorem("wto", 0, "無税"))


def refused(consignment: Consignment) -> set[str]:
    return codes(REGIME["simplified"].refusals(consignment))


@pytest.mark.parametrize(("price", "over"), [(199_999, False), (200_000, False), (200_001, True)])
def test_the_limit_itself_is_still_simplified(price: int, over: bool) -> None:
    told = parcel(goods(0, DRESS, price, tariff=DUTIABLE))
    assert refused(told) == ({"VALUE_OVER_LIMIT"} if over else set())
    assert (ruled(told, "simplified").status == "unknown") == over


@pytest.mark.parametrize(
    ("day", "price", "over"),
    [
        (date(2014, 4, 1), 100_001, False),
        (date(2015, 12, 31), 200_001, True),
    ],
)
def test_the_limit_of_earlier_days_is_held(day: date, price: int, over: bool) -> None:
    told = parcel(goods(0, DRESS, price, tariff=DUTIABLE), day=day)
    assert ("VALUE_OVER_LIMIT" in refused(told)) == over


@pytest.mark.parametrize(
    ("hs", "duty"),
    [
        # 100,000 yen each; wine, spirits and sake by the litre (2 l)
        (DRESS, 10_000),
        ("210320000", 20_000),
        ("430310011", 20_000),
        ("090121000", 15_000),
        ("392690029", 3_000),
        ("700000000", 3_000),
        ("691110000", 0),
        ("711319010", 5_000),
        (WINE, 140),
        ("220830031", 40),
        ("220600210", 60),
    ],
)
def test_each_class_has_its_rate(hs: str, duty: int) -> None:
    found = ruled(parcel(goods(0, hs, 100_000, litre=2, tariff=DUTIABLE)), "simplified")
    assert item_charge(found, "duty") == duty


@pytest.mark.parametrize("hs", [HANDBAG, SWEATER, "100630000", "640411000"])
def test_goods_outside_the_table_have_their_general_rate(hs: str) -> None:
    """100,000 x 9.1 %; nothing but such goods is refused the regime."""
    told = parcel(goods(0, hs, 100_000, tariff=DUTIABLE))
    assert refused(told) == {"JP_SIMPLIFIED_NOT_FOR_GOODS"}
    mixed = parcel(goods(0, hs, 100_000, tariff=DUTIABLE), goods(1, DRESS, 50_000, tariff=DUTIABLE))
    assert refused(mixed) == set()
    found = ruled(mixed, "simplified")
    assert (item_charge(found, "duty", 0), item_charge(found, "duty", 1)) == (9_100, 5_000)
    assert "JP_SIMPLIFIED_NOT_FOR_ITEM" in codes(found.warnings)


def test_goods_that_the_general_tariff_frees_stay_free() -> None:
    """Customs Answer 1001: not for duty-free articles. A laptop would otherwise pay 5 %."""
    assert (
        item_charge(ruled(parcel(goods(0, LAPTOP, 100_000, tariff=FREE)), "simplified"), "duty")
        == 0
    )
    russian = goods(0, LAPTOP, 100_000, tariff=FREE, origin="RU")
    assert item_charge(ruled(parcel(russian), "simplified"), "duty") == 5_000


def test_whether_goods_are_free_is_unknown_without_their_tariff() -> None:
    found = ruled(parcel(goods(0, LAPTOP, 100_000)), "simplified")
    assert found.status == "unknown"
    assert missing(found)["duty"] == f"tariff.JP.{LAPTOP}"
    free_either_way = ruled(parcel(goods(0, "691110000", 100_000)), "simplified")
    assert free_either_way.status == "payable"


def test_liquor_without_its_volume_is_unknown_and_not_zero() -> None:
    found = ruled(parcel(goods(0, WINE, 100_000, tariff=DUTIABLE)), "simplified")
    assert missing(found)["duty"] == "items[0].volume_l"


def test_the_rate_is_inside_the_base_of_consumption_tax() -> None:
    """30,000 x 3 % = 900; 30,900 -> 30,000 x 7.8 % = 2,340 -> 2,300; x 22/78 = 648 -> 600."""
    found = ruled(parcel(goods(0, TOY, 30_000, tariff=DUTIABLE)), "simplified")
    assert list(amounts(found).values()) == [900, 2_300, 600]


def test_the_example_of_the_page_has_its_numbers() -> None:
    """docs/law-jp.md: a dress of 30,000 and a toy of 20,000 yen for personal use."""
    zero = columns(ad_valorem("general", 0, "無税"), ad_valorem("wto", 0, "(無税)"))
    told = parcel(
        goods(0, DRESS, 30_000, tariff=DUTIABLE),
        goods(1, TOY, 20_000, tariff=zero),
        freight=3_000,
        purpose="personal",
    )
    assert list(amounts(ruled(told, "simplified")).values()) == [1_800, 2_400, 600]
    assert list(amounts(ruled(told, "general")).values()) == [1_600, 2_400, 600]


def test_an_override_wins_over_the_table_too() -> None:
    item = goods(0, DRESS, 100_000, tariff=DUTIABLE, rates={"duty": Fraction(1, 50)})
    assert item_charge(ruled(parcel(item), "simplified"), "duty") == 2_000


def test_leather_shoes_may_be_beside_simplified_goods() -> None:
    shoe = goods(0, LEATHER_SHOE, 10_000, unit="pair", tariff=SHOE_TARIFF)
    found = ruled(parcel(shoe, goods(1, TOY, 10_000, tariff=DUTIABLE)), "simplified")
    assert (item_charge(found, "duty", 0), item_charge(found, "duty", 1)) == (4_300, 300)


def test_a_bad_code_or_an_early_day_leaves_the_regime_untold() -> None:
    assert refused(parcel(goods(0, "62", 50_000))) == {"REGIME_NOT_TOLD"}
    assert refused(parcel(day=date(2013, 3, 31))) == {"LAW_NOT_IN_FORCE"}
