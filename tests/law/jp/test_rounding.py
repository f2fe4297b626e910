"""The order and the rounding of Japan's taxes: the classic trap, with its published cases."""

import json
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parcels import amounts
from tests.law.jp.parcels import BISCUIT, DRESS, LAPTOP, goods, item_charge, parcel, ruled

SHARED_CASES = Path(__file__).parents[3] / "../shared/cases/law_cases.json"
LINE_A = goods(0, DRESS, 534_795, duty=140)
LINE_B = goods(1, BISCUIT, 126_258, duty=140)


def taxes(duty: int, national: int, local: int) -> dict[str, int]:
    return {
        "duty": duty,
        "consumption_tax_national": national,
        "consumption_tax_local": local,
    }


def test_the_official_example_with_two_items_comes_out_to_the_yen() -> None:
    """JP-01, Customs Answer 1111: lines A (standard rate) and B (reduced rate)."""
    found = ruled(parcel(LINE_A, LINE_B, day=date(2019, 10, 1)))
    assert amounts(found) == taxes(92_400, 56_400, 15_900)
    assert found.total == 164_700
    lines = [[item_charge(found, code, place) for code in taxes(0, 0, 0)] for place in (0, 1)]
    assert lines == [[74_760, 47_502, 13_397], [17_640, 8_923, 2_510]]


def test_the_sum_of_rounded_items_is_the_classic_error() -> None:
    """74,700 + 17,600 = 92,300 is not what is payable: 74,760 + 17,640 = 92,400 is."""
    found = ruled(parcel(LINE_A, LINE_B))
    duties = [item_charge(found, "duty", place) or 0 for place in (0, 1)]
    assert sum(each // 100 * 100 for each in duties) == 92_300
    assert amounts(found)["duty"] == 92_400


def test_one_item_of_the_official_example_comes_out_to_the_yen() -> None:
    """JP-02: line A alone."""
    found = ruled(parcel(LINE_A, day=date(2019, 10, 1)))
    assert amounts(found) == taxes(74_700, 47_500, 13_300)
    assert found.total == 135_500


def test_personal_use_before_2019_is_not_the_printed_960_yen() -> None:
    """JP-04: 20,000 x 0.6 = 12,000; x 6.3 % = 756 -> 700; 700 x 17/63 = 188 -> 100."""
    told = parcel(goods(0, LAPTOP, 20_000, duty=0), day=date(2018, 6, 1), purpose="personal")
    found = ruled(told)
    assert found.customs_value == 12_000
    assert amounts(found) == taxes(0, 700, 100)
    assert found.total == 800 != 960


def test_commercial_import_before_2019_is_not_the_printed_1320_yen() -> None:
    """JP-05: 15,000 x 10 % = 1,500; 16,500 -> 16,000 x 6.3 % = 1,008; 1,000 x 17/63 = 269."""
    found = ruled(parcel(goods(0, DRESS, 15_000, duty=100), day=date(2018, 6, 1)))
    assert amounts(found) == taxes(1_500, 1_000, 200)
    assert (found.total or 0) - 1_500 == 1_200 != 1_320


def test_our_cases_are_those_of_the_shared_file() -> None:
    if not SHARED_CASES.exists():
        pytest.skip("the folder ../shared is absent: the case file is not compared")
    shared = {each["id"]: each for each in json.loads(SHARED_CASES.read_text("utf-8"))}
    assert shared["JP-02"]["expected"]["payable"]["total"] == 135_500
    assert shared["JP-04"]["expected"]["ct_with_statutory_rounding"]["total"] == 800
    assert shared["JP-05"]["expected"]["ct_with_statutory_rounding"]["total"] == 1_200
    held = {"JP-01", "JP-02", "JP-04", "JP-05"}
    not_held = {"JP-06"}  # a passenger's case without its inputs
    assert {each for each in shared if each.startswith("JP")} <= held | not_held


@pytest.mark.parametrize(("value", "base"), [(10_999, 10_000), (11_000, 11_000), (11_001, 11_000)])
def test_a_base_is_in_whole_thousands_rounded_down(value: int, base: int) -> None:
    found = ruled(parcel(goods(0, DRESS, value, duty=100)))
    (duty,) = [each for each in found.charges if each.code == "duty" and each.item == 0]
    assert (duty.base, duty.amount) == (base, base // 10)


@pytest.mark.parametrize(("duty", "payable_duty"), [(9, 0), (10, 100), (19, 100), (20, 200)])
def test_a_payable_sum_below_a_hundred_is_nothing(duty: int, payable_duty: int) -> None:
    """10,500 -> 10,000 x 0.9 % = 90 -> 0; x 1 % = 100; x 1.9 % = 190 -> 100; x 2 % = 200."""
    found = ruled(parcel(goods(0, DRESS, 10_500, duty=duty)))
    assert amounts(found)["duty"] == payable_duty


@pytest.mark.parametrize(
    ("day", "national", "local"),
    [
        # 100,000 x 6.3 % = 6,300, x 17/63 = 1,700; x 7.8 % = 7,800, x 22/78 = 2,200
        (date(2019, 9, 30), 6_300, 1_700),
        (date(2019, 10, 1), 7_800, 2_200),
    ],
)
def test_the_rates_change_on_their_day(day: date, national: int, local: int) -> None:
    found = ruled(parcel(goods(0, DRESS, 100_000, duty=0), day=day))
    assert amounts(found) == taxes(0, national, local)


@pytest.mark.parametrize(
    ("day", "national"), [(date(2019, 9, 30), 6_300), (date(2019, 10, 1), 6_200)]
)
def test_food_has_the_reduced_rate_from_its_first_day(day: date, national: int) -> None:
    """100,000 x 6.24 % = 6,240 -> 6,200."""
    found = ruled(parcel(goods(0, BISCUIT, 100_000, duty=0), day=day))
    assert amounts(found)["consumption_tax_national"] == national


@given(
    st.lists(
        st.tuples(st.integers(10_001, 10_000_000), st.integers(0, 400)), min_size=1, max_size=6
    )
)
def test_what_is_payable_is_between_the_rounded_and_the_exact_sum(
    lines: list[tuple[int, int]],
) -> None:
    told = parcel(
        *(goods(place, DRESS, price, duty=duty) for place, (price, duty) in enumerate(lines))
    )
    found = ruled(told)
    exact = sum(Fraction(price * duty, 1000) for price, duty in lines)
    due = amounts(found)["duty"]
    assert due is not None
    assert due % 100 == 0
    assert due <= exact
    duties = [item_charge(found, "duty", place) or 0 for place in range(len(lines))]
    assert sum(each // 100 * 100 for each in duties) <= due <= sum(duties)
