"""Gaps are taken to the leader and to the world, and say whether they close."""

from pathlib import Path

import pytest
from collecting import collected

from tumen.observatory.indicators.collection import Collection, read_collection, shipped
from tumen.observatory.indicators.comparison import Comparison, compare
from tumen.observatory.indicators.errors import IndicatorError

ROWS = (
    "reach,CN,2012,40,A,\nreach,CN,2022,80,A,\nreach,JP,2012,80,A,\nreach,JP,2021,90,A,\n"
    "reach,KR,2012,75,A,\nreach,KR,2022,100,A,\nreach,MN,2022,,M,\nreach,WLD,2022,50,A,\n"
    "days,CN,2022,4,A,\ndays,JP,2022,2,A,\n"
)


@pytest.fixture
def held(tmp_path: Path) -> Collection:
    return read_collection(collected(tmp_path, {"survey": ROWS}))


def places(found: Comparison) -> dict[str, tuple[int, float]]:
    return {place.economy: (place.rank, place.to_leader) for place in found.places}


def test_the_leader_is_who_has_the_largest_value(held: Collection) -> None:
    found = compare(held, "reach", ["CN", "JP", "KR", "MN"])
    assert (found.leader, found.year, found.world) == ("KR", 2022, 50)
    assert places(found) == {"KR": (1, 0), "JP": (2, -10), "CN": (3, -20)}
    assert found.absent == ("MN",)


def test_the_leader_is_who_has_the_smallest_where_less_is_better(held: Collection) -> None:
    found = compare(held, "days", ["CN", "JP"])
    assert places(found) == {"JP": (1, 0), "CN": (2, 2)}


def test_the_share_of_the_world_and_of_the_leader_are_told(held: Collection) -> None:
    (china,) = [each for each in compare(held, "reach").places if each.economy == "CN"]
    assert (china.of_leader, china.to_world, china.of_world) == (0.8, 30, 1.6)


def test_a_gap_closes_where_the_share_of_the_leader_of_its_day_grew(held: Collection) -> None:
    found = {each.economy: each for each in compare(held, "reach", since=2012).places}
    assert found["CN"].of_leader_before == 0.5
    assert found["CN"].is_closing
    assert found["JP"].of_leader_before == 1
    assert found["JP"].is_closing is False


def test_an_older_value_is_taken_only_within_the_age_and_says_its_year(held: Collection) -> None:
    found = {each.economy: each for each in compare(held, "reach", year=2022).places}
    assert found["JP"].period == "2021"
    assert "JP" in compare(held, "reach", year=2022, age=0).absent


def test_equal_values_share_a_rank(tmp_path: Path) -> None:
    rows = "reach,CN,2022,5,A,\nreach,JP,2022,5,A,\nreach,KR,2022,4,A,\n"
    found = compare(read_collection(collected(tmp_path, {"s": rows})), "reach")
    assert {each.economy: each.rank for each in found.places} == {"CN": 1, "JP": 1, "KR": 3}


def test_a_rank_has_no_ratio_and_no_world() -> None:
    found = compare(shipped(), "egdi_rank", year=2022, since=2010)
    assert (found.leader, found.world) == ("KR", None)
    assert {each.of_leader for each in found.places} == {None}
    assert {each.is_closing for each in found.places} == {None}


def test_a_world_that_nobody_publishes_is_the_median_of_all_its_economies() -> None:
    found = compare(shipped(), "egdi", year=2022)
    assert found.world_is == "the median of 193 economies"
    assert found.world == pytest.approx(0.6235)


def test_all_economies_are_compared_where_none_is_named_and_no_aggregate() -> None:
    found = compare(shipped(), "egdi", [], year=2022)
    assert len(found.places) == 193
    assert found.leader == "DK"
    assert "WLD" not in {each.economy for each in compare(shipped(), "fixed_broadband", []).places}


def test_a_year_in_which_nothing_is_held_is_told(held: Collection) -> None:
    with pytest.raises(IndicatorError) as error:
        compare(held, "reach", year=1999)
    assert error.value.code == "NOTHING_HELD"
