"""A table of a tariff keeps what it was given, and is the same bytes each time."""

import gzip
import tomllib
from datetime import date
from importlib import util
from pathlib import Path
from types import ModuleType

import pytest

from tumen.kernel.errors import SourceUnreadable
from tumen.law.parameters import DATA
from tumen.law.tariff.table import Edition, Line, lines_from, parse, written
from tumen.law.tariffs import table_of

ROOT = Path(__file__).parents[3]
SHARED = ROOT / "../shared/data"
EDITION = Edition("of a test", date(2026, 1, 1), "weak", "one, two")
LINES = [
    Line("0202", "general", "12,5", note='says "so"'),
    Line("0101", "unit", "PR"),
    Line("0101", "general", "5%", date(2026, 1, 1), date(2026, 6, 30), "1101-0229", "mark", ""),
    Line("010121", "general", "8%"),
]
BUILDERS = {"jp": "jp", "ru": "eaeu", "mn": "mn", "kr": "kr"}


def test_a_table_keeps_every_line_and_the_order_within_a_code() -> None:
    table = parse(written(EDITION, LINES))
    assert table.edition == EDITION
    assert lines_from(table.below("")) == [LINES[1], LINES[2], LINES[3], LINES[0]]


def test_a_code_is_found_without_the_codes_below_it() -> None:
    table = parse(written(EDITION, LINES))
    assert [line.code for line in lines_from(table.exactly("0101"))] == ["0101", "0101"]
    assert [line.code for line in lines_from(table.below("0101"))] == ["0101", "0101", "010121"]
    assert table.exactly("01") == table.exactly("0303") == table.below("0303") == []


def test_a_break_of_line_in_a_text_becomes_a_blank() -> None:
    table = parse(written(EDITION, [Line("0101", "general", "5%\n又は\u2028無税")]))
    (line,) = lines_from(table.below(""))
    assert line.text == "5% 又は 無税"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"code,column",
        gzip.compress(b""),
        gzip.compress(b"code,rate\n0101,5\n"),
        gzip.compress(b"code,column,text,from,to,season,unread,note\n,edition,x,,,,weak,\n"),
        gzip.compress(
            b"code,column,text,from,to,season,unread,note\n,edition,x,2026-01-01,,,so,\n"
        ),
        gzip.compress(b"code,column,text,from,to,season,unread,note\n,edition,x,soon,,,weak,\n"),
        written(EDITION, LINES)[:-9],
    ],
)
def test_what_is_no_table_is_refused(data: bytes) -> None:
    with pytest.raises(SourceUnreadable):
        parse(data)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2025, 12, 31), False),
        (date(2026, 1, 1), True),
        (date(2026, 6, 30), True),
        (date(2026, 7, 1), False),
    ],
)
def test_a_line_holds_from_its_first_day_to_its_last(day: date, expected: bool) -> None:
    assert LINES[2].covers(day) is expected


@pytest.mark.parametrize(
    ("season", "month", "day", "expected"),
    [
        ("0401-0930", 3, 31, False),
        ("0401-0930", 4, 1, True),
        ("0401-0930", 9, 30, True),
        ("0401-0930", 10, 1, False),
        ("1101-0229", 10, 31, False),
        ("1101-0229", 11, 1, True),
        ("1101-0229", 2, 29, True),
        ("1101-0229", 3, 1, False),
    ],
)
def test_a_season_includes_both_its_days(season: str, month: int, day: int, expected: bool) -> None:
    line = Line("0805", "general", "20%", season=season)
    assert line.is_in_season(date(2028, month, day)) is expected


@pytest.mark.parametrize("economy", BUILDERS)
def test_the_sources_name_the_edition_and_the_evidence_of_each_table(economy: str) -> None:
    sources = tomllib.loads((DATA / "tariff/sources.toml").read_text("utf-8"))
    entry, table = sources[f"{economy}.csv.gz"], table_of(economy.upper())
    assert table is not None
    assert table.edition.evidence == entry["evidence"]
    assert table.edition.name == entry["edition"]


@pytest.mark.parametrize("economy", BUILDERS)
def test_the_committed_table_is_built_again_from_its_source(economy: str) -> None:
    tool = loaded(f"build_tariff_{BUILDERS[economy]}")
    source = SHARED / tool.SOURCE
    if not source.exists():
        pytest.skip("the folder ../shared is absent: the tables are not built again")
    committed = (DATA / "tariff" / f"{economy}.csv.gz").read_bytes()
    assert written(tool.EDITION, tool.lines(source)) == committed


def loaded(name: str) -> ModuleType:
    """A tool as a module."""
    spec = util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
