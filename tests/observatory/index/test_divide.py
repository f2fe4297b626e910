"""The index is what its steps by hand give; its parts sum up, and every draw can be repeated."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy
import pytest
from collecting import collected

from tumen import observatory as obs
from tumen.observatory.index.divide import Divide, divide, explained, ranks_of, spread_by_pillar
from tumen.observatory.index.framework import Framework, read_framework
from tumen.observatory.index.matrix import imputed, matrix_of
from tumen.observatory.index.normalisation import normalised
from tumen.observatory.index.resampling import aggregated
from tumen.observatory.indicators.collection import Collection, read_collection, shipped
from tumen.observatory.indicators.errors import IndicatorError

FRAMEWORK: Final = """
title = "Trial"
year = 2022
age = 2
economies = ["CN", "JP", "KR"]
reference = ["CN", "JP", "KR", "MN", "RU"]
[choices]
imputation = "carry"
normalisation = "min_max"
aggregation = "arithmetic"
[trials]
imputation = ["carry", "median", "neighbour"]
normalisation = ["min_max", "rank"]
aggregation = ["arithmetic", "geometric"]
weight_low = 0.5
weight_high = 1.5
leave_one_out = true
[[pillars]]
name = "use"
indicators = [{ code = "reach" }]
[[pillars]]
name = "trade"
indicators = [{ code = "days" }]
"""
VALUES: Final = {"CN": (50, 4), "JP": (75, 2), "KR": (100, 8), "MN": (0, 10), "RU": (25, 6)}


def rows(values: Mapping[str, tuple[float, float]], period: str = "2022") -> str:
    return "".join(
        f"reach,{economy},{period},{reach},A,\ndays,{economy},{period},{days},A,\n"
        for economy, (reach, days) in values.items()
    )


@pytest.fixture
def framework(tmp_path: Path) -> Framework:
    file = tmp_path / "trial.toml"
    file.write_text(FRAMEWORK, encoding="utf-8")
    return read_framework(file)


@pytest.fixture
def held(tmp_path: Path) -> Collection:
    return read_collection(collected(tmp_path / "held", {"survey": rows(VALUES)}))


@pytest.fixture(scope="module")
def region() -> Divide:
    return divide(shipped(), read_framework())


def test_scores_gaps_and_spread_are_what_is_computed_by_hand(
    held: Collection, framework: Framework
) -> None:
    found = divide(held, framework, resamples=100)
    # reach: CN 50 of 0..100; days, fewer are better: CN 4 of 2..10. Both on 1..100, then the mean.
    by_hand = {"CN": (50.5, 75.25), "JP": (75.25, 100.0), "KR": (100.0, 25.75)}
    assert {each.economy: each.pillars for each in found.standings} == by_hand
    assert [(each.economy, each.score, each.rank) for each in found.standings] == [
        ("JP", 87.625, 1),
        ("CN", 62.875, 2),
        ("KR", 62.875, 2),
    ]
    (china,) = [each for each in found.standings if each.economy == "CN"]
    assert china.gap_of_pillars == (12.375, 12.375)


def test_the_gap_is_the_sum_of_what_each_pillar_adds(region: Divide) -> None:
    lead = region.standings[0]
    for each in region.standings:
        assert sum(each.gap_of_pillars) == pytest.approx(lead.score - each.score)
        assert each.gap == pytest.approx(lead.score - each.score)


def test_a_geometric_gap_is_also_the_sum_of_its_parts(
    held: Collection, framework: Framework
) -> None:
    told = replace(framework, choices={**framework.choices, "aggregation": "geometric"})
    found = divide(held, told, resamples=100)
    lead = found.standings[0]
    for each in found.standings:
        assert sum(each.gap_of_pillars) == pytest.approx(lead.score - each.score)
    assert lead.score == pytest.approx((75.25 * 100) ** 0.5)


def test_the_shares_of_the_pillars_in_the_spread_are_one(region: Divide) -> None:
    assert sum(region.spread_of_pillars) == pytest.approx(1)
    # A pillar in which all are equal adds nothing; with the other pillar alone it adds all.
    parts = spread_by_pillar(
        numpy.array([[10.0, 5.0], [20.0, 5.0], [60.0, 5.0]]), numpy.ones(2) / 2
    )
    assert parts == [1.0, 0.0]


def test_a_rank_has_an_interval_and_shares_that_are_one(region: Divide) -> None:
    for each in region.standings:
        assert each.rank_low <= each.rank <= each.rank_high
        assert sum(each.rank_shares) == pytest.approx(1)
        assert sum(each.rank_shares[each.rank_low - 1 : each.rank_high]) >= 0.9


def test_one_ahead_of_another_is_the_other_behind(region: Divide) -> None:
    for (one, other), share in region.ahead.items():
        assert share + region.ahead[other, one] == pytest.approx(1)


def test_the_same_seed_gives_the_same_index_and_another_another(region: Divide) -> None:
    again = obs.divide()
    assert again.standings == region.standings
    assert again.owed == region.owed
    assert obs.divide(seed=1).standings != region.standings


def test_without_choices_to_draw_no_rank_moves(held: Collection, framework: Framework) -> None:
    trials = {name: (choice,) for name, choice in framework.choices.items()}
    fixed = replace(framework, trials=trials, weight_low=1.0, weight_high=1.0, leave_one_out=False)
    found = divide(held, fixed, resamples=100)
    assert found.rank_shift == 0
    assert set(found.owed.values()) == {0.0}
    for each in found.standings:
        assert each.score_low == pytest.approx(each.score)
        assert each.score_high == pytest.approx(each.score)


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("min_max", [[1.0, 100.0], [50.5, 50.5], [100.0, 1.0]]),
        ("rank", [[100 / 3, 100.0], [200 / 3, 200 / 3], [100.0, 100 / 3]]),
        ("distance", [[50.0, 100.0], [75.0, 200 / 3], [100.0, 50.0]]),
        ("z_score", [[31.628, 68.371], [50.0, 50.0], [68.371, 31.628]]),
    ],
)
def test_every_normalisation_puts_the_best_at_the_top(
    how: str, expected: list[list[float]]
) -> None:
    values = numpy.array([[2.0, 4.0], [3.0, 6.0], [4.0, 8.0]])
    found = normalised(values, numpy.array([1.0, -1.0]), how)
    assert numpy.allclose(found, expected, atol=1e-3)


@pytest.mark.parametrize("how", ["min_max", "rank", "distance", "z_score"])
def test_a_column_of_equal_values_stays_above_nothing(how: str) -> None:
    found = normalised(numpy.full((6, 1), 7.0), numpy.array([1.0]), how)
    assert len(set(found[:, 0])) == 1
    assert found.min() >= 1


def test_a_value_of_another_year_is_kept_or_made_up_as_is_chosen(
    tmp_path: Path, framework: Framework
) -> None:
    late = {economy: VALUES[economy] for economy in ("CN", "JP", "MN", "RU")}
    text = rows(late) + "reach,KR,2021,90,A,\ndays,KR,2022,8,A,\nreach,KR,2015,1,A,\n"
    held = read_collection(collected(tmp_path / "other", {"survey": text}))
    matrix = matrix_of(held, framework)
    row = framework.reference.index("KR")
    assert matrix.carried[row].tolist() == [True, False]
    assert matrix.periods[0][row] == "2021"
    assert imputed(matrix, "carry")[row, 0] == 90
    assert imputed(matrix, "median")[row, 0] == 37.5
    # By its days Korea, 8, is as near to Russia, 6, as to Mongolia, 10: the first stands.
    assert imputed(matrix, "neighbour")[row, 0] in (0, 25)


def test_what_most_have_no_value_of_is_refused(tmp_path: Path, framework: Framework) -> None:
    held = read_collection(collected(tmp_path / "few", {"survey": rows({"CN": (1, 1)})}))
    with pytest.raises(IndicatorError) as error:
        divide(held, framework, resamples=100)
    assert error.value.code == "MATRIX_INCOMPLETE"
    assert "reach is held of 1 of 5" in str(error.value)


def test_equal_scores_share_a_rank() -> None:
    assert ranks_of(numpy.array([[3.0, 5.0, 5.0]])).tolist() == [[3, 1, 1]]


def test_a_geometric_mean_forgives_a_weak_pillar_less() -> None:
    pillars, weights = numpy.array([[1.0, 100.0], [50.5, 50.5]]), numpy.array([0.5, 0.5])
    assert aggregated(pillars, weights, "arithmetic").tolist() == [50.5, 50.5]
    assert numpy.allclose(aggregated(pillars, weights, "geometric"), [10, 50.5])


def test_a_choice_that_decides_all_explains_all_and_one_that_does_not_nothing() -> None:
    choice, outcome = numpy.array([0, 0, 1, 1]), numpy.array([1.0, 1.0, 3.0, 3.0])
    assert explained(choice, outcome) == 1
    assert explained(numpy.array([0, 1, 0, 1]), outcome) == 0


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ('"min_max"\n', '"best"\n', 9),
        ("weight_low = 0.5", "weight_low = 0", 15),
        ("year = 2022", "year = true", 3),
        ('"days" }', '"reach" }', 20),
        ('"MN", "RU"]', '"ZZ", "RU"]', 6),
        ('reference = ["CN", ', 'reference = ["US", ', 6),
        ("[[pillars]]\n", "[[pillars\n", 18),
    ],
)
def test_a_wrong_framework_is_told_with_its_line(
    tmp_path: Path, old: str, new: str, line: int
) -> None:
    file = tmp_path / "trial.toml"
    file.write_text(FRAMEWORK.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(IndicatorError) as error:
        read_framework(file)
    assert error.value.code == "FRAMEWORK_WRONG"
    assert str(error.value).startswith(f"trial.toml:{line}: ")


def test_the_chart_of_the_index_names_every_economy_with_its_ranks(region: Divide) -> None:
    spec = region.plot().to_dict()
    (rows,) = spec["datasets"].values()
    assert rows[0]["label"] == "South Korea, rank 1"
    assert len(rows) == 5
