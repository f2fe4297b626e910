"""A file of others becomes an indicator with its source; what is held is never overwritten."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from collecting import collected

from tumen.observatory.indicators.collection import Collection, read_collection
from tumen.observatory.indicators.errors import IndicatorError
from tumen.observatory.indicators.forms import chosen, read_published
from tumen.observatory.indicators.importing import Taken, take
from tumen.observatory.indicators.model import Indicator, Source
from tumen.observatory.sdmx.flows import indicator_flow
from tumen.observatory.sdmx.writing import STANDARDS, Standard, csv_message

WORLD_BANK = """"Data Source","World Development Indicators",

"Last Updated Date","2026-09-01",

"Country Name","Country Code","Indicator Name","Indicator Code","2021","2022","2023",
"China","CHN","Reach","IT.R","70.5","","72.25",
"Arab World","ARB","Reach","IT.R","1","2","3",
"World","WLD","Reach","IT.R","50","51","",
"""
DATABANK = """Series Name,Series Code,Country Name,Country Code,2021 [YR2021],2022 [YR2022]
Reach,IT.R,China,CHN,70.5,..
Reach,IT.R,Japan,JPN,80,81
Data from database: World Development Indicators,,,,,
"""
ITU = """seriesID,seriesCode,seriesName,seriesUnits,entityID,entityIso,dataValue,dataYear,dataNote
1,i99H,Individuals using the Internet,%,15,CHN,73.1,2021,ITU estimate
1,i99H,Individuals using the Internet,%,15,JPN,82.9,2021,
2,i4213,Fixed broadband,per 100,15,CHN,37.6,2021,
"""
SDMX = """DATAFLOW,FREQ: Frequency,REF_AREA: Area,SEX,TIME_PERIOD,OBS_VALUE,UNIT_MULT,OBS_STATUS
A:F(1.0),A: Annual,CN: China,F,2021,70.5,0,A: Normal
A:F(1.0),A: Annual,CN: China,M,2021,71.5,0,E: Estimated
A:F(1.0),A: Annual,MN: Mongolia,F,2021,,0,M: Missing
A:F(1.0),A: Annual,JPN: Japan,F,2021,1.25,3,P
"""
REACH = Indicator("reach", "Reach", "percent", "use", "higher", 1, "", "Share within reach")
SURVEY = Source(
    "wb-2026", 'The "Survey"', "A bank", "2026", "CC BY 4.0", "A bank, Survey", date(2026, 9, 1),
    "primary", "observations/wb-2026.csv",
)  # fmt: skip


@pytest.fixture
def held(tmp_path: Path) -> Collection:
    return read_collection(collected(tmp_path / "held", {"survey": "reach,CN,2021,70,A,\n"}))


def published(folder: Path, text: str) -> Path:
    file = folder / "published.csv"
    file.write_text(text, encoding="utf-8-sig")
    return file


def taken(
    folder: Path, held: Collection, text: str, where: dict[str, str] | None = None,
    told: tuple[Indicator, Source] = (REACH, SURVEY),
) -> Taken:  # fmt: skip
    file = published(folder, text)
    return take(folder / "own", held, read_published(file), where or {}, told)


def values(folder: Path, source: str = "wb-2026") -> list[tuple[Any, ...]]:
    found = read_collection(folder / "held", folder / "own").best("reach", source)
    return found.select("economy", "period", "value", "status", "note").rows()


def test_years_beside_each_other_become_observations(tmp_path: Path, held: Collection) -> None:
    done = taken(tmp_path, held, WORLD_BANK)
    assert values(tmp_path) == [
        ("CN", "2021", 70.5, "A", ""),
        ("CN", "2023", 72.25, "A", ""),
        ("WLD", "2021", 50.0, "A", ""),
        ("WLD", "2022", 51.0, "A", ""),
    ]
    assert (done.rows, done.economies, done.left_out) == (4, 2, {"ARB": 3})


def test_a_table_of_the_databank_is_read_with_its_two_points_for_nothing(
    tmp_path: Path, held: Collection
) -> None:
    taken(tmp_path, held, DATABANK)
    assert [row[:3] for row in values(tmp_path)] == [
        ("CN", "2021", 70.5),
        ("JP", "2021", 80.0),
        ("JP", "2022", 81.0),
    ]


def test_one_series_of_several_is_chosen_and_keeps_its_note(
    tmp_path: Path, held: Collection
) -> None:
    taken(tmp_path, held, ITU, {"seriesCode": "i99H"})
    assert values(tmp_path) == [
        ("CN", "2021", 73.1, "A", "ITU estimate"),
        ("JP", "2021", 82.9, "A", ""),
    ]


def test_labels_statuses_and_powers_of_ten_of_an_sdmx_table_are_understood(
    tmp_path: Path, held: Collection
) -> None:
    taken(tmp_path, held, SDMX, {"SEX": "F"})
    assert values(tmp_path) == [
        ("CN", "2021", 70.5, "A", ""),
        ("JP", "2021", 1250.0, "P", ""),
        ("MN", "2021", None, "M", ""),
    ]


@pytest.mark.parametrize("standard", STANDARDS)
def test_what_was_exported_is_imported_as_it_was(
    tmp_path: Path, held: Collection, standard: Standard
) -> None:
    text = "reach,CN,2020,,M,no survey\nreach,JP,2021,0.1,E,\nreach,JP,2022,80,A,a: b\n"
    other = read_collection(collected(tmp_path / "other", {"given": text}))
    flow = indicator_flow(other, other.vintages("reach").drop("is_primary"))
    taken(tmp_path, held, csv_message([flow], standard))
    assert values(tmp_path) == [
        ("CN", "2020", None, "M", "no survey"),
        ("JP", "2021", 0.1, "E", ""),
        ("JP", "2022", 80.0, "A", "a: b"),
    ]


def test_an_import_stands_beside_what_was_held_and_says_whence(
    tmp_path: Path, held: Collection
) -> None:
    taken(tmp_path, held, WORLD_BANK)
    found = read_collection(tmp_path / "held", tmp_path / "own")
    assert set(found.vintages("reach")["source"]) == {"survey", "wb-2026"}
    assert found.sources["wb-2026"] == SURVEY


def test_a_new_indicator_is_added_and_a_second_one_joins_its_source(
    tmp_path: Path, held: Collection
) -> None:
    for code in ("calls", "letters"):
        told = replace(REACH, code=code, definition='Of "all", one'), SURVEY
        found = read_collection(*(each for each in (tmp_path / "held", tmp_path / "own")
                                  if each.exists()))  # fmt: skip
        taken(tmp_path, found, WORLD_BANK, told=told)
    found = read_collection(tmp_path / "held", tmp_path / "own")
    assert found.indicator("letters").definition == 'Of "all", one'
    assert found.best("calls").height == found.best("letters").height == 4


@pytest.mark.parametrize(
    ("text", "where", "code", "says"),
    [
        ("a,b\n1,2\n", {}, "FORM_UNKNOWN", "published.csv:1: "),
        (SDMX, {}, "SERIES_AMBIGUOUS", "SEX: F, M"),
        (ITU, {}, "SERIES_AMBIGUOUS", "seriesCode: i4213, i99H"),
        (SDMX, {"SEX": "X"}, "NOTHING_HELD", "SEX=X"),
        (SDMX, {"GENDER": "F"}, "COLUMNS_WRONG", "no column GENDER"),
        (SDMX.replace("REF_AREA", "PLACE"), {}, "COLUMNS_WRONG", "published.csv:1: "),
        (SDMX.replace("1.25,3", "1.25,three"), {}, "NUMBER_WRONG", "published.csv:5: "),
        (SDMX.replace("70.5", "7O.5"), {"SEX": "F"}, "NUMBER_WRONG", "published.csv:2: "),
        (SDMX.replace(",P\n", ",Z\n"), {"SEX": "F"}, "STATUS_WRONG", "published.csv:5: "),
        (ITU.replace("2021,ITU", "21,ITU"), {"seriesCode": "i99H"}, "PERIOD_WRONG",
         "published.csv:2: "),
        (WORLD_BANK.replace("Indicator Code", "Code"), {}, "COLUMNS_WRONG", "published.csv:5: "),
        (ITU.replace("JPN,82.9", "CHN,82.9"), {"seriesCode": "i99H"}, "OBSERVATION_TWICE",
         "published.csv:3: "),
        (ITU.replace("15,JPN", "9,JPN").replace("Internet,%,9", "Internet,people,9"),
         {"seriesCode": "i99H"}, "UNIT_MISMATCH", "%, people"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_told_and_leaves_nothing(
    tmp_path: Path, held: Collection, text: str, where: dict[str, str], code: str, says: str
) -> None:
    with pytest.raises(IndicatorError) as error:
        taken(tmp_path, held, text, where)
    assert error.value.code == code
    assert says in str(error.value)
    assert not (tmp_path / "own").exists()


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ((replace(REACH, unit="points"), SURVEY), "UNIT_MISMATCH"),
        ((replace(REACH, code="Reach it"), SURVEY), "INDICATOR_INCOMPLETE"),
        ((REACH, replace(SURVEY, id="survey")), "VINTAGE_EXISTS"),
        ((REACH, replace(SURVEY, id="../survey")), "SOURCE_INCOMPLETE"),
        ((REACH, replace(SURVEY, edition="july")), "SOURCE_INCOMPLETE"),
        ((REACH, replace(SURVEY, licence="")), "SOURCE_INCOMPLETE"),
        ((replace(REACH, code="calls", unit=""), SURVEY), "INDICATOR_INCOMPLETE"),
        ((replace(REACH, code="calls", topic="all"), SURVEY), "INDICATOR_INCOMPLETE"),
    ],
)
def test_an_import_that_contradicts_what_is_held_is_refused(
    tmp_path: Path, held: Collection, told: tuple[Indicator, Source], code: str
) -> None:
    with pytest.raises(IndicatorError) as error:
        taken(tmp_path, held, WORLD_BANK, told=told)
    assert error.value.code == code
    assert not (tmp_path / "own").exists()


def test_a_vintage_is_never_overwritten(tmp_path: Path, held: Collection) -> None:
    taken(tmp_path, held, WORLD_BANK)
    found = read_collection(tmp_path / "held", tmp_path / "own")
    before = (tmp_path / "own" / SURVEY.file).read_bytes()
    with pytest.raises(IndicatorError) as error:
        taken(tmp_path, found, WORLD_BANK.replace("70.5", "99"))
    assert error.value.code == "VINTAGE_EXISTS"
    assert (tmp_path / "own" / SURVEY.file).read_bytes() == before


def test_a_choice_that_leaves_one_series_is_enough(tmp_path: Path) -> None:
    rows = chosen(read_published(published(tmp_path, SDMX)), {"SEX": "M"})
    assert rows.select("economy", "status").rows() == [("CN", "E")]
