"""Our tables against independent ones: those of the Korea Customs Service for Russia and Japan.

They were made by other people from other copies, in English, for other years: that of Russia for
2025, that of Japan for April 2025. The counts are exact, so that a change in reading shows.
"""

import csv
import gzip
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tumen.law.duty import AdValorem, Duty
from tumen.law.duty_text import read as read_of
from tumen.law.tariff.plain import read
from tumen.law.tariff.table import Line, lines_from
from tumen.law.tariffs import table_of

SHARED = Path(__file__).parents[3] / "../shared/data"
RUSSIA = "tariff_ru/kcs_russia_tariff_2025_ru_en_ko.csv.gz"
JAPAN = "tariff_jp/kcs_japan_tariff_2025-04_ja_en_ko.csv.gz"

JAPANESE_WORDS = {
    " /": "/",
    "yen": " JPY",
    "  ": " ",
    "/each": "/head",
    "㎡": "m2",
    "/MT": "/t",
    "pieces": "piece",
}
STEADY = {
    "general": ("base_rate", 9531, 59, 50),
    "temporary": ("provisional", 402, 56, 0),
    "wto": ("wto", 9126, 76, 49),
    "gsp": ("gsp", 3668, 123, 37),
    "ldc": ("LDC(최저개발국)", 3854, 107, 2),
}
"""Columns that do not step down each year: theirs, how many are equal, only theirs, only ours."""

FALLING = {
    "epa_mongolia": ("몽골", 7506, 638),
    "rcep_china": ("RCEP중국", 5294, 2672),
    "rcep_korea": ("RCEP대한민국", 6079, 1494),
}
"""Columns that step down each April: theirs, how many are equal, and how many differ."""


def theirs(name: str, column: str, digits: int) -> dict[str, str]:
    """Their rates by code; codes with two lines, one for each of two seasons, are left out."""
    file = SHARED / name
    if not file.exists():
        pytest.skip("the folder ../shared is absent: the independent tables are not compared")
    with gzip.open(file, "rt", encoding="utf-8", newline="") as opened:
        rows = [row for row in csv.DictReader(opened) if len(row["code"]) == digits]
    counts = Counter(row["code"] for row in rows)
    return {row["code"]: row[column] for row in rows if counts[row["code"]] == 1}


def ours(economy: str, column: str) -> dict[str, Line]:
    table = table_of(economy)
    assert table is not None
    lines = [line for line in lines_from(table.below("")) if line.column == column]
    return {line.code: line for line in lines if not line.season}


def of_russia(text: str) -> Duty | None:
    """Their English of a Russian rate in our notation."""
    engine = "engine capacity" in text
    plain = re.sub(r"(?<=\d),(?=\d)", "", text).replace("/ ", "/").replace(" engine capacity", "")
    plain = re.sub(r"EUR/c?m3", "EUR/cm3", plain) if engine else plain
    least = re.fullmatch(r"(?:([\d.]+) or )?(.+), but not less than (.+)", plain)
    if least is None:
        return read(plain)
    higher = f"max({least[2]}, {least[3]})"
    return read(f"min({least[1]}%, {higher})" if least[1] else higher)


def of_japan(text: str) -> Duty | None:
    """Their English of a Japanese rate in our notation; brackets are left out."""
    plain = re.sub(r"(?<=\d),(?=\d)", "", " ".join(text.split()).replace("Free", "free"))
    for word, unit in JAPANESE_WORDS.items():
        plain = plain.replace(word, unit)
    plain = re.sub(r"^\((.*)\)$", r"\1", plain)
    least = re.fullmatch(r"(.+), subject to a minimum customs duty of (.+)", plain)
    rate = least[1] if least else plain
    choice = re.fullmatch(r"(.+) or (.+), whichever is the (greater|less)", rate)
    if choice is not None:
        rate = f"{'max' if choice[3] == 'greater' else 'min'}({choice[1]}, {choice[2]})"
    return read(f"max({rate}, {least[2]})" if least else rate)


def compared(
    our: dict[str, Line], their: dict[str, str], reader: Callable[[str], Duty | None], economy: str
) -> Counter[str]:
    """How many codes are equal, differ, are not read on one side, or are missing on one."""
    count: Counter[str] = Counter()
    for code in our.keys() | {code for code, text in their.items() if text}:
        if code not in our or not their.get(code):
            count["only ours" if code in our else "only theirs"] += 1
        elif our[code].unread:
            count["temporary or secondary"] += 1
        else:
            mine, other = read_of(economy, our[code].text), reader(their[code])
            known = mine is not None and other is not None
            count[("equal" if mine == other else "differ") if known else "not read"] += 1
    return count


def test_every_russian_rate_without_a_footnote_is_as_in_the_independent_table() -> None:
    count = compared(ours("RU", "base"), theirs(RUSSIA, "base_rate", 10), of_russia, "RU")
    assert count == {
        "equal": 12_012,
        "temporary or secondary": 1_231,
        "only ours": 45,
        "only theirs": 18,
        "not read": 2,
    }


@pytest.mark.parametrize("column", STEADY)
def test_no_steady_japanese_rate_differs_from_the_independent_table(column: str) -> None:
    their, equal, only_theirs, only_ours = STEADY[column]
    count = compared(ours("JP", column), theirs(JAPAN, their, 9), of_japan, "JP")
    assert count["differ"] == 0
    assert (count["equal"], count["only theirs"], count["only ours"]) == (
        equal,
        only_theirs,
        only_ours,
    )


@pytest.mark.parametrize("column", FALLING)
def test_a_japanese_agreement_rate_that_differs_has_fallen_since(column: str) -> None:
    their, equal, differ = FALLING[column]
    our, other = ours("JP", column), theirs(JAPAN, their, 9)
    count = compared(our, other, of_japan, "JP")
    assert (count["equal"], count["differ"]) == (equal, differ)
    pairs = [
        (read_of("JP", line.text), of_japan(other[code]))
        for code, line in our.items()
        if other.get(code)
    ]
    percentages = [
        (now.rate, before.rate)
        for now, before in pairs
        if isinstance(now, AdValorem) and isinstance(before, AdValorem)
    ]
    assert len(percentages) > equal
    assert all(now <= before for now, before in percentages)
