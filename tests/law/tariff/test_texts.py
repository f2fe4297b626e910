"""Every text that the committed tariffs print is read, or stands here as not read."""

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from tumen.law.duty import AdValorem
from tumen.law.duty_text import read
from tumen.law.tariff.japanese import is_bracketed
from tumen.law.tariff.table import UNIT, Line, lines_from
from tumen.law.tariffs import table_of


@cache
def rates(economy: str) -> tuple[Line, ...]:
    """Every line of a table that carries a rate."""
    table = table_of(economy)
    assert table is not None
    return tuple(line for line in lines_from(table.below("")) if line.column != UNIT)


def is_read(economy: str, line: Line) -> bool:
    return read(economy, line.text) is not None


COUNTS = {
    "JP": (51_323, 846, 573, 188),
    "RU": (13_290, 301, 75, 40),
    "MN": (6_742, 13, 0, 0),
    "KR": (68, 9, 0, 0),
    "CN": (11_755, 98, 0, 0),
}
"""Rates, different texts, rates whose text is not read, different texts that are not."""

REASONS_JP = {
    "on a price": ("課税価格", 54),
    "in a range without brackets": ("〜", 123),
    "under a mark of the WTO column": (r"^\*", 123),
    "under the mark ◎": ("^◎", 68),
    "under the mark ※": ("^※", 24),
    "under the mark ●": ("^●", 34),
    "on lactose": ("乳糖", 7),
    "free by exemption": ("^免税$", 2),
    "on a further description": ("", 138),
}
"""Why Japanese rates are not read: the first pattern that fits a text, and how many rates."""

PAGE = Path(__file__).parents[3] / "docs/tariffs.md"

SHARE_MIN = 98
"""Per cent of the rates of each table that must be read."""


@pytest.mark.parametrize("economy", COUNTS)
def test_what_is_read_is_as_counted(economy: str) -> None:
    texts = Counter(line.text for line in rates(economy))
    unread = {text: count for text, count in texts.items() if read(economy, text) is None}
    found = (len(rates(economy)), len(texts), sum(unread.values()), len(unread))
    assert found == COUNTS[economy]


@pytest.mark.parametrize("economy", COUNTS)
def test_nearly_all_rates_of_each_tariff_are_read(economy: str) -> None:
    read_ones = sum(is_read(economy, line) for line in rates(economy))
    assert read_ones * 100 >= len(rates(economy)) * SHARE_MIN


def test_every_japanese_rate_that_is_not_read_has_a_known_reason() -> None:
    found: Counter[str] = Counter()
    for line in rates("JP"):
        if not is_read("JP", line):
            reason = next(
                name for name, (mark, _) in REASONS_JP.items() if re.search(mark, line.text)
            )
            found[reason] += 1
    assert found == {name: count for name, (_, count) in REASONS_JP.items()}


def test_japanese_lines_whose_general_temporary_and_wto_rates_are_read_are_as_counted() -> None:
    """By code, not by cell: 9,340 of 9,646 codes can be computed for goods of WTO members."""
    columns = {"general", "temporary", "wto"}
    unread = {
        line.code for line in rates("JP") if line.column in columns and not is_read("JP", line)
    }
    assert len({line.code for line in rates("JP")} - unread) == 9_340


def test_no_bracketed_wto_rate_of_japan_is_below_the_one_it_would_replace() -> None:
    by_place = {(line.code, line.column, line.season): line for line in rates("JP")}
    compared = 0
    for (code, column, season), line in by_place.items():
        if column == "wto" and is_bracketed(line.text):
            temporary = by_place.get((code, "temporary", season))
            usual = temporary or by_place[code, "general", season]
            bound, replaced = read("JP", line.text), read("JP", usual.text)
            if isinstance(bound, AdValorem) and isinstance(replaced, AdValorem):
                compared += 1
                assert bound.rate >= replaced.rate
    assert compared == 3_765


def test_every_russian_text_that_is_not_read_runs_into_its_footnote_or_is_secondary() -> None:
    unread = [line for line in rates("RU") if not is_read("RU", line)]
    assert {line.unread for line in unread} == {
        "temporary rate by footnote ?",
        "only in a secondary compilation",
    }
    flags = Counter(line.unread.rpartition(" ")[0] for line in rates("RU") if line.unread)
    assert flags == {"temporary rate by footnote": 1_216, "only in a secondary": 28}


@pytest.mark.parametrize("economy", COUNTS)
def test_the_page_counts_what_the_tables_hold(economy: str) -> None:
    table = table_of(economy)
    assert table is not None
    lines = rates(economy)
    unread = sum(bool(line.unread) or not is_read(economy, line) for line in lines)
    edition = table.edition
    cells = (
        economy,
        edition.name,
        str(edition.first),
        edition.evidence,
        f"{len({line.code for line in lines}):,}",
        f"{len(lines):,}",
        f"{unread:,}",
    )
    assert f"| {' | '.join(cells)} |" in PAGE.read_text("utf-8")


def test_the_page_counts_the_reasons_why_japanese_rates_are_not_read() -> None:
    numbers = set(re.findall(r"\d+", PAGE.read_text("utf-8")))
    assert {str(count) for _, count in REASONS_JP.values()} <= numbers
