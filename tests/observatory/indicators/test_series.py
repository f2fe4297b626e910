"""A notebook gets frames with their sources, and charts whose labels can be read."""

from pathlib import Path
from typing import Any

import pytest
from collecting import collected

from tumen import observatory as obs
from tumen.observatory.indicators.chart import apart
from tumen.observatory.indicators.errors import IndicatorError


def values_of(spec: dict[str, Any], layer: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = spec["datasets"][spec["layer"][layer]["data"]["name"]]
    return found


def test_an_indicator_is_one_call_with_its_citation() -> None:
    series = obs.indicator("fixed_broadband", ["KOR"], years="2023")
    assert series.frame["value"].round(1).to_list() == [46.6]
    assert "World Bank, World Development Indicators" in repr(series)


def test_indicators_of_ones_own_stand_beside_those_that_come_along(tmp_path: Path) -> None:
    folder = collected(tmp_path, {"survey": "reach,CN,2022,80.5,A,\n"})
    assert obs.indicator("reach", folder=folder).frame["value"].to_list() == [80.5]
    assert obs.indicator("egdi", ["CN"], years="2022", folder=folder).frame.height == 1


def test_a_chart_has_a_point_for_each_observation_and_a_label_for_each_line() -> None:
    spec = obs.indicator("fixed_broadband", years="2020..2022").plot().to_dict()
    assert len(values_of(spec, 0)) == 15
    assert sorted(each["name"] for each in values_of(spec, 1)) == [
        "China", "Japan", "Mongolia", "Russia", "South Korea",
    ]  # fmt: skip
    assert spec["title"]["subtitle"]


def test_a_chart_of_one_call_is_the_chart_of_another() -> None:
    one, other = (obs.indicator("egdi").plot().to_json() for _ in range(2))
    assert one == other


def test_a_rank_is_drawn_with_the_first_at_the_top() -> None:
    spec = obs.indicator("egdi_rank").plot().to_dict()
    assert spec["layer"][0]["encoding"]["y"]["scale"]["reverse"] is True


def test_labels_of_lines_that_end_together_stand_apart() -> None:
    low, middle, high, far = apart([10.0, 10.1, 10.2, 40.0], 3.0)
    assert (round(middle - low, 6), round(high - middle, 6), far) == (3.0, 3.0, 40.0)


def test_more_lines_than_colours_are_refused() -> None:
    with pytest.raises(IndicatorError) as error:
        obs.indicator("egdi", []).plot()
    assert error.value.code == "TOO_MANY_SERIES"


@pytest.mark.parametrize(
    ("call", "code"),
    [
        ({"code": "broad"}, "INDICATOR_UNKNOWN"),
        ({"code": "egdi", "economies": ["ZZ"]}, "ECONOMY_UNKNOWN"),
        ({"code": "egdi", "years": "2022..2010"}, "PERIOD_WRONG"),
        ({"code": "egdi", "years": "last"}, "PERIOD_WRONG"),
        ({"code": "egdi", "years": "1850"}, "NOTHING_HELD"),
        ({"code": "egdi", "source": "nobody"}, "SOURCE_UNKNOWN"),
    ],
)
def test_what_is_not_held_is_told_by_a_code(call: dict[str, Any], code: str) -> None:
    with pytest.raises(IndicatorError) as error:
        obs.indicator(**call)
    assert error.value.code == code
