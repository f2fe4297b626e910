"""Observations are held with their source, vintages side by side; a wrong row has a place."""

from pathlib import Path

import polars as pl
import pytest
from collecting import HEAD, collected, source

from tumen.observatory.indicators.collection import narrowed, read_collection, shipped
from tumen.observatory.indicators.errors import IndicatorError
from tumen.observatory.indicators.model import OBSERVATION, REGION

ROW = "reach,CN,2022,80.5,A,\n"


def refused(folder: Path) -> IndicatorError:
    with pytest.raises(IndicatorError) as error:
        read_collection(folder)
    return error.value


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("roach,CN,2022,80.5,A,\n", "INDICATOR_UNKNOWN"),
        ("reach,ZZ,2022,80.5,A,\n", "ECONOMY_UNKNOWN"),
        ("reach,,2022,80.5,A,\n", "ECONOMY_UNKNOWN"),
        ("reach,CN,22,80.5,A,\n", "PERIOD_WRONG"),
        ("reach,CN,2022-13,80.5,A,\n", "PERIOD_WRONG"),
        ('reach,CN,2023,"80,5",A,\n', "NUMBER_WRONG"),
        ("reach,CN,2023,1e999,A,\n", "NUMBER_WRONG"),
        ("reach,CN,2023,nan,A,\n", "NUMBER_WRONG"),
        ("reach,CN,2023,,A,\n", "STATUS_WRONG"),
        ("reach,CN,2023,80.5,M,\n", "STATUS_WRONG"),
        ("reach,CN,2023,80.5,Z,\n", "STATUS_WRONG"),
        ("reach,CN,2022,81,A,\n", "OBSERVATION_TWICE"),
        ("reach,CN,2023\n", "ROW_WRONG"),
    ],
)
def test_a_wrong_row_is_told_with_its_file_and_line(tmp_path: Path, row: str, code: str) -> None:
    error = refused(collected(tmp_path, {"survey": ROW + row}))
    assert error.code == code
    assert str(error).startswith("survey.csv:3: ")
    assert error.next_step


def test_a_missing_value_is_held_as_missing_and_not_as_zero(tmp_path: Path) -> None:
    held = read_collection(collected(tmp_path, {"survey": "reach,CN,2022,,M,not asked\n"}))
    row = held.best("reach").row(0, named=True)
    assert (row["value"], row["status"], row["note"]) == (None, "M", "not asked")


@pytest.mark.parametrize(
    "key", ["source", "publisher", "edition", "licence", "citation", "retrieved", "rank", "file"]
)
def test_an_indicator_without_its_whole_source_cannot_be_loaded(tmp_path: Path, key: str) -> None:
    told = source("other") + source("survey", **{key: ""})
    error = refused(collected(tmp_path, {"survey": ROW, "other": ""}, told))
    assert error.code == "SOURCE_INCOMPLETE"
    assert str(error).startswith("sources.toml:10: ")
    assert key in str(error)


def test_a_table_that_no_source_names_is_not_read(tmp_path: Path) -> None:
    folder = collected(tmp_path, {"survey": ROW})
    (folder / "stray.csv").write_text(HEAD + "reach,JP,2022,1,A,\n", encoding="utf-8")
    assert set(read_collection(folder).observations["economy"]) == {"CN"}


def test_columns_that_are_absent_are_named(tmp_path: Path) -> None:
    folder = collected(tmp_path, {"survey": ROW})
    (folder / "survey.csv").write_text("indicator,economy,year,value\n", encoding="utf-8")
    error = refused(folder)
    assert error.code == "COLUMNS_WRONG"
    assert "period, status, note" in str(error)


def test_vintages_stand_side_by_side_and_the_best_is_a_later_primary_one(tmp_path: Path) -> None:
    told = (
        source("old", edition='"2022"')
        + source("new", edition='"2024-07"')
        + source("paper", edition='"2025"', rank='"secondary"')
    )
    tables = {
        "old": "reach,CN,2020,70,A,\nreach,CN,2019,60,A,\n",
        "new": "reach,CN,2020,71,A,\n",
        "paper": "reach,CN,2020,99,A,\nreach,CN,2018,50,E,\n",
    }
    held = read_collection(collected(tmp_path, tables, told))
    assert held.vintages("reach").height == 5
    best = held.best("reach").select("period", "value", "source", "status").rows()
    assert best == [
        ("2018", 50.0, "paper", "E"),
        ("2019", 60.0, "old", "A"),
        ("2020", 71.0, "new", "A"),
    ]
    assert held.best("reach", "old")["value"].to_list() == [60.0, 70.0]


def test_two_vintages_of_one_edition_are_never_chosen_between(tmp_path: Path) -> None:
    held = read_collection(collected(tmp_path, {"one": ROW, "two": ROW}))
    with pytest.raises(IndicatorError) as error:
        held.best("reach")
    assert error.value.code == "VINTAGES_OVERLAP"
    assert "one and two" in str(error.value)
    assert held.best("reach", "two").height == 1


def test_a_source_of_two_folders_is_refused(tmp_path: Path) -> None:
    one = collected(tmp_path / "one", {"survey": ROW})
    two = collected(tmp_path / "two", {"survey": ROW})
    with pytest.raises(IndicatorError) as error:
        read_collection(one, two)
    assert error.value.code == "VINTAGE_EXISTS"


def test_every_observation_that_comes_along_has_every_column() -> None:
    held = shipped()
    for code in held.indicators:
        rows = held.vintages(code).select(OBSERVATION)
        assert rows.drop("value", "note").null_count().sum_horizontal().item() == 0


def test_the_five_economies_have_what_the_source_says() -> None:
    rows = narrowed(shipped().best("fixed_broadband"), REGION, (2022, 2022))
    values = dict(zip(rows["economy"], rows["value"].round(1), strict=True))
    assert values == {"CN": 41.4, "JP": 36.8, "KR": 45.5, "MN": 12.9, "RU": 24.6}


def test_a_cell_of_the_study_is_held_under_the_year_that_it_belongs_to() -> None:
    rows = shipped().vintages("internet_users").filter(
        pl.col("source") == "song-2023", pl.col("economy") == "JP"
    )  # fmt: skip
    told = rows.filter(pl.col("period") == "2020").row(0, named=True)
    assert told["value"] == 90.2
    assert told["note"].endswith("printed under 2021")
    assert "2021" not in set(rows["period"])
