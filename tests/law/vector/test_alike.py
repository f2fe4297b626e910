"""A code that stands for others stands for what the law says of them, and for nothing else."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import cycle

import polars as pl
import pytest

import tumen.law.vector.kept
from tumen.law.overlay import Overlay
from tumen.law.parameters import parameters
from tumen.law.tariffs import CODE_DIGITS, table_of
from tumen.law.twins import TWINS
from tumen.law.vector.alike import alike, with_codes, with_rates_of_goods
from tumen.law.vector.kept import Kept, kept
from tumen.law.vector.twin import Twin

DAYS = (date(2024, 11, 30), date(2025, 12, 31), date(2026, 7, 1), date(2026, 8, 1))
ORIGINS = ("CN", "RU", "US", None)
CATEGORIES = ("cosmetics", "uncertain", None)
UNITS = ("piece", "kg", "l")


def lines_to(economy: str) -> pl.DataFrame:
    """Lines with codes of the whole tariff, some of them cut short, some that do not exist."""
    table = table_of(economy)
    assert table is not None
    dice = random.Random(7)
    codes = sorted({line.partition(",")[0] for line in table.lines})
    long = [
        code.ljust(CODE_DIGITS[economy], "0") for code in dice.sample(codes, min(len(codes), 600))
    ]
    short = [code[: dice.choice([6, 8])] for code in long[:200]]
    told = [*long, *short, "999999"]
    days, origins, categories, units = map(cycle, (DAYS, ORIGINS, CATEGORIES, UNITS))
    return pl.DataFrame(
        [
            (hs, next(days), next(origins), next(categories), next(units))
            for hs in told
            for _ in range(3)
        ],
        schema=["hs", "period", "origin", "category", "unit"],
        orient="row",
    )


@pytest.mark.parametrize("twin", TWINS, ids=lambda twin: twin.economy)
def test_the_rates_of_a_code_are_those_of_the_code_that_stands_for_it(twin: Twin) -> None:
    lines = lines_to(twin.economy)
    found = with_rates_of_goods(with_codes(lines, twin, None), twin, None)
    alone = twin.rates(lines.select(twin.keys), None)
    names = [name for name in alone.columns if name not in twin.keys]
    assert found.select(names).equals(alone.select(names))


@pytest.mark.parametrize("twin", TWINS, ids=lambda twin: twin.economy)
def test_few_codes_stand_for_all(twin: Twin) -> None:
    codes = lines_to(twin.economy).filter(pl.col("hs").str.len_bytes() > 6)["hs"].unique()
    assert len({alike(twin, hs, None) for hs in codes}) < len(codes)


def test_what_is_found_is_asked_for_once_and_stands_beside_every_line() -> None:
    asked: list[list[str | None]] = []

    def find(keys: pl.DataFrame) -> pl.DataFrame:
        asked.append(keys["key"].to_list())
        return keys.select(length=pl.col("key").str.len_chars())

    store = Kept()
    first = store.joined(pl.DataFrame({"key": ["one", None, "three", "one"]}), ["key"], find)
    second = store.joined(pl.DataFrame({"key": ["four", "three", None]}), ["key"], find)
    assert first["length"].to_list() == [3, None, 5, 3]
    assert second["length"].to_list() == [4, 5, None]
    assert asked == [["one", None, "three"], ["four"]]


def test_a_proposal_keeps_its_own() -> None:
    lawful = kept("a test")
    with Overlay(parameters(), "tried").tried():
        assert kept("a test") is not lawful
    assert kept("a test") is lawful


def test_what_is_taken_while_another_thread_adds_to_it_fits_together() -> None:
    store, wrong = Kept(), []

    def find(keys: pl.DataFrame) -> pl.DataFrame:
        return keys.select(same=pl.col("key"))

    def ask(begin: int) -> None:
        for at in range(begin, begin + 40):
            found = store.joined(pl.DataFrame({"key": [at, at + 1, 0]}), ["key"], find)
            wrong.extend(found.filter(pl.col("key") != pl.col("same")).rows())

    with ThreadPoolExecutor(4) as threads:
        for done in [threads.submit(ask, 30 * place) for place in range(8)]:
            done.result()
    assert wrong == []
    _, keys, found = store.told
    assert len(keys) == len(found)


def test_what_is_begun_anew_still_fits_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tumen.law.vector.kept, "KEYS_MAX", 5)
    store = Kept()

    def find(keys: pl.DataFrame) -> pl.DataFrame:
        return keys.select(same=pl.col("key"))

    for asked in ([1, 2, 3], [3, 4, 5], [1, 6, 7], [7, 1, 2]):
        found = store.joined(pl.DataFrame({"key": asked}), ["key"], find)
        assert found["same"].to_list() == asked
    begun, keys, _ = store.told
    assert (begun, len(keys)) == (1, 4)


def test_keys_of_which_the_law_says_the_same_share_a_row() -> None:
    store = Kept()

    def find(keys: pl.DataFrame) -> pl.DataFrame:
        return keys.select(
            is_long=pl.col("key").str.len_chars() > 3, text=pl.lit(None, pl.String), told="day"
        )

    asked = {"key": ["one", "two", "seven", "one"], "kind": ["a"] * 4, "day": [1, 1, 1, None]}
    lines = pl.DataFrame(asked | {"unit": pl.Series([None] * 4, dtype=pl.String)})
    on = ["key", "kind", "unit", "day"]
    found = store.joined(lines, on, find)
    assert found["is_long"].to_list() == [False, False, True, False]
    assert len(store.told[2]) == 3
    others = lines.with_columns(kind=pl.lit("b")).head(2)
    assert store.joined(others, on, find)["is_long"].to_list() == [False, False]
    assert len(store.told[1]) == 6
