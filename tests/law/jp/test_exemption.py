"""The exemption up to 10,000 yen: its limit, its list, what is added up, and its announced end."""

from datetime import date
from fractions import Fraction

import pytest
from parcels import amounts
from tests.law.jp.parcels import (
    BISCUIT,
    DAY,
    DRESS,
    HANDBAG,
    LEATHER_SHOE,
    SWEATER,
    TOY,
    WINE,
    codes,
    goods,
    item_charge,
    missing,
    parcel,
    ruled,
)

from tumen.law.consignment import Related
from tumen.law.parameters import history
from tumen.law.proposal import proposal_of


@pytest.mark.parametrize("regime", ["general", "simplified"])
@pytest.mark.parametrize(
    ("price", "status"), [(9_999, "exempt"), (10_000, "exempt"), (10_001, "payable")]
)
def test_the_limit_itself_is_still_exempt(regime: str, price: int, status: str) -> None:
    found = ruled(parcel(goods(0, DRESS, price, duty=100)), regime)
    assert found.status == status
    assert (found.total == 0) == (status == "exempt")


def test_freight_and_insurance_count_toward_the_limit() -> None:
    assert ruled(parcel(goods(0, TOY, 9_000, duty=0), freight=1_000)).status == "exempt"
    assert (
        ruled(parcel(goods(0, TOY, 9_000, duty=0), freight=900, insurance=101)).status == "payable"
    )


@pytest.mark.parametrize(
    ("price", "status"), [(16_666, "exempt"), (16_667, "exempt"), (16_669, "payable")]
)
def test_personal_goods_are_held_against_the_limit_at_their_share(price: int, status: str) -> None:
    """16,667 x 0.6 = 10,000.2, in whole yen 10,000; 16,669 x 0.6 = 10,001.4."""
    told = parcel(goods(0, TOY, price, duty=0), purpose="personal", freight=5_000)
    assert ruled(told).status == status


@pytest.mark.parametrize("hs", [SWEATER, HANDBAG, LEATHER_SHOE, "640212010", "611521000"])
def test_listed_goods_are_taxed_whatever_they_are_worth(hs: str) -> None:
    """5,000 x 10 % = 500; 5,500 -> 5,000 x 7.8 % = 390 -> 300; 300 x 22/78 = 84 -> 0."""
    found = ruled(parcel(goods(0, hs, 5_000, duty=100)))
    assert found.status == "payable"
    assert amounts(found) == {
        "duty": 500,
        "consumption_tax_national": 300,
        "consumption_tax_local": 0,
    }
    assert "JP_EXEMPTION_EXCLUDED" in codes(found.warnings)


def test_snowboard_boots_are_not_ski_boots_and_six_digits_do_not_tell() -> None:
    assert ruled(parcel(goods(0, "640212090", 5_000, duty=80))).status == "exempt"
    six = ruled(parcel(goods(0, "640212", 5_000, duty=80)))
    assert six.status == "unknown"
    assert "JP_EXEMPTION_UNCERTAIN" in codes(six.warnings)


@pytest.mark.parametrize("regime", ["simplified", "general"])
@pytest.mark.parametrize("hs", ["210690299", "180690211", "190120235", "640212"])
@pytest.mark.parametrize("category", [None, "food", "uncertain"])
def test_goods_that_may_be_listed_are_not_exempt_on_a_doubt(
    regime: str, hs: str, category: str | None
) -> None:
    """Whether they are on the list is held at 50 %: unknown is never exempt."""
    found = ruled(parcel(goods(0, hs, 5_000, duty=100, category=category)), regime)
    assert (found.status, found.total) == ("unknown", None)
    assert set(missing(found).values()) == {"items[0].category"}
    assert found.customs_value == 5_000


@pytest.mark.parametrize(
    ("category", "status"),
    [("not_listed", "exempt"), ("sugar", "payable"), ("knitwear", "payable")],
)
def test_the_category_decides_where_the_code_leaves_a_doubt(category: str, status: str) -> None:
    found = ruled(parcel(goods(0, "210690299", 5_000, duty=100, category=category)))
    assert found.status == status
    assert "JP_EXEMPTION_UNCERTAIN" not in codes(found.warnings)
    boots = ruled(parcel(goods(0, "640212", 5_000, duty=100, category="snowboard_boots")))
    assert boots.status == "exempt"


def test_a_category_does_not_free_what_the_code_lists() -> None:
    assert ruled(parcel(goods(0, SWEATER, 5_000, duty=100, category="not_listed"))).total == 800


def test_a_doubt_on_one_item_leaves_the_others_exempt() -> None:
    told = parcel(goods(0, TOY, 2_000, duty=0), goods(1, "210690299", 2_000, duty=0))
    found = ruled(told)
    assert (item_charge(found, "duty", 0), item_charge(found, "duty", 1)) == (0, None)
    above = parcel(goods(0, "210690299", 10_001, duty=0))
    assert ruled(above).status == "payable"


@pytest.mark.parametrize(
    ("of_duty", "of_tax", "price", "expected"),
    [
        # 8,000 x 10 % = 800; 8,000 x 7.8 % = 624 -> 600; 600 x 22/78 = 169 -> 100
        (10_000, 5_000, 8_000, [0, 600, 100]),
        (5_000, 10_000, 8_000, [800, 600, 100]),
        (10_000, 8_000, 8_000, [0, 0, 0]),
        (10_000, 0, 8_000, [0, 600, 100]),
    ],
)
def test_each_tax_is_held_against_its_own_limit(
    of_duty: int, of_tax: int, price: int, expected: list[int]
) -> None:
    """As a reform would set them; what is not exempt of duty is not exempt of the tax either."""
    limits = {"duty_limit": of_duty, "consumption_tax_limit": of_tax}
    told = "".join(
        f'[[parameter]]\nname = "jp.deminimis.{name}"\n[[parameter.value]]\n'
        f"from = 2026-01-01\nvalue = {limit}\n"
        for name, limit in limits.items()
    )
    with proposal_of(told).overlay.tried():
        found = ruled(parcel(goods(0, TOY, price, duty=100)))
    assert list(amounts(found).values()) == expected


def test_beside_listed_goods_the_others_stay_exempt() -> None:
    found = ruled(parcel(goods(0, SWEATER, 5_000, duty=100), goods(1, TOY, 5_000, duty=100)))
    assert (item_charge(found, "duty", 0), item_charge(found, "duty", 1)) == (500, 0)
    assert found.status == "payable"


def test_whether_listed_goods_are_a_gift_is_asked_of_a_person_only() -> None:
    item = goods(0, SWEATER, 5_000, duty=100)
    assert "JP_GIFT_NOT_TOLD" in codes(ruled(parcel(item, purpose="personal")).warnings)
    assert "JP_GIFT_NOT_TOLD" not in codes(ruled(parcel(item)).warnings)
    business = parcel(item, purpose="personal", buyer_kind="business")
    assert "JP_GIFT_NOT_TOLD" not in codes(ruled(business).warnings)


@pytest.mark.parametrize(
    ("related", "status"),
    [
        ((Related(Fraction(4_000)),), "exempt"),
        ((Related(Fraction(4_001)),), "payable"),
        ((Related(Fraction(2_000)), Related(Fraction(2_001))), "payable"),
        ((Related(Fraction(4_001), seller="other"),), "exempt"),
        ((Related(Fraction(4_001), seller="S", ordered_at=DAY),), "payable"),
        ((Related(Fraction(4_001), ordered_at=date(2026, 1, 14)),), "exempt"),
        ((Related(Fraction(4_001), ordered_at=date(2026, 1, 14), arrived_at=DAY),), "payable"),
    ],
)
def test_what_one_sender_sends_at_one_time_is_added_up(
    related: tuple[Related, ...], status: str
) -> None:
    told = parcel(
        goods(0, TOY, 6_000, duty=0), related=related, seller="S", ordered_at=DAY, arrived_at=DAY
    )
    assert ruled(told).status == status


def test_liquor_is_exempt_of_duty_but_its_excise_is_unknown_and_not_zero() -> None:
    found = ruled(parcel(goods(0, WINE, 3_000, duty=0, litre=Fraction(3, 4))))
    assert found.status == "unknown"
    assert missing(found) == {"liquor_tax": "jp.liquor_tax.rate"}
    assert amounts(found)["duty"] == amounts(found)["consumption_tax_national"] == 0


@pytest.mark.parametrize(
    ("day", "status"), [(date(2028, 3, 31), "exempt"), (date(2028, 4, 1), "unknown")]
)
def test_the_announced_end_is_never_computed(day: date, status: str) -> None:
    found = ruled(parcel(goods(0, TOY, 5_000, duty=0), day=day))
    assert found.status == status
    assert amounts(found)["duty"] == 0
    if status == "unknown":
        assert amounts(found)["consumption_tax_national"] is None
        assert found.total is None
        assert "JP_EXEMPTION_ENDS" in codes(found.warnings)


def test_the_announced_end_is_shown_as_expected() -> None:
    assert history("jp.deminimis.consumption_tax_limit")[-1].evidence == "expected"


def test_above_the_limit_the_announced_end_changes_nothing() -> None:
    found = ruled(parcel(goods(0, BISCUIT, 50_000, duty=0), day=date(2028, 4, 1)))
    assert found.status == "payable"


def test_before_the_first_day_nothing_is_answered() -> None:
    found = ruled(parcel(goods(0, TOY, 5_000, duty=0), day=date(2015, 12, 31)))
    assert found.status == "unknown"
    assert set(missing(found).values()) == {"jp.deminimis.duty_limit"}
    assert ruled(parcel(goods(0, TOY, 5_000, duty=0), day=date(2016, 1, 1))).status == "exempt"
