"""Periods of one law: days on which every parameter, class of goods and tariff line is the same.

What the law says of a code is looked up once for each period instead of each day.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import polars as pl

from tumen.codelist.currencies import CURRENCY_OF
from tumen.law.goods import goods_classes, taxes
from tumen.law.overlay import remembered
from tumen.law.parameters import parameters
from tumen.law.tariffs import SUBHEADING_DIGITS, table_of

ONE_DAY: Final = timedelta(days=1)
EPOCH: Final = date(1970, 1, 1)
"""From which a frame counts days."""

DAYS_OF_MONTH_MAX: Final = 31
SENDERS_TO_RUSSIA: Final = ("JP", "KR")
"""Economies whose law on what leaves them for Russia an answer tells."""

_SEASON: Final = re.compile(r"(?<=,)(\d\d)(\d\d)-(\d\d)(\d\d)(?=,)")
_DAY: Final = re.compile(r"(?<=,)\d{4}-\d\d-\d\d(?=,)")


def periods_of(
    days: pl.Series, economy: str, folder: Path | None = None, *, by_season: bool = True
) -> pl.Series:
    """The first day of each day's period; null for a day that is null.

    Args:
        days: legal dates.
        economy: whose law and tariff are asked.
        folder: where imported tariffs lie; None for the committed ones.
        by_season: whether the seasons of the tariff's lines count, too; they matter to the
            subheadings of :func:`seasonal` alone.
    """
    first, last = days.min(), days.max()
    if not isinstance(first, date) or not isinstance(last, date):
        return days
    years_asked = (first.year, last.year) if by_season else None
    starts = pl.Series([date.min, *_starts(economy, folder, years_asked)], dtype=pl.Date)
    every_day = pl.date_range(first, last, eager=True)  # far fewer than rows
    found = starts.gather(starts.search_sorted(every_day, side="right").cast(pl.Int64) - 1)
    return found.gather(days.to_physical() - (first - EPOCH).days).alias(days.name)


@remembered
def seasonal(economy: str, folder: Path | None = None) -> frozenset[str]:
    """The subheadings under which a line of the tariff holds in a part of the year only."""
    table = table_of(economy, folder)
    lines = [] if table is None else table.lines
    return frozenset(line[:SUBHEADING_DIGITS] for line in lines if _SEASON.search(line))


@remembered
def _starts(economy: str, folder: Path | None, years: tuple[int, int] | None) -> tuple[date, ...]:
    """Every day on which something changes."""
    found = {*_of_law(economy), *_of_tariff(economy, folder)}
    if years is not None:
        first, last = years
        found |= {*_seasons(economy, folder, range(first - 1, last + 1))}
    return tuple(sorted(found))


def _of_law(economy: str) -> Iterator[date]:
    """The changes of an economy's law, of what all share, and of those who send to Russia."""
    owners = {economy, *SENDERS_TO_RUSSIA} if economy == "RU" else {economy}
    others = {code.lower() for code in CURRENCY_OF if code not in owners}
    for parameter in parameters().values():
        if parameter.name.partition(".")[0] not in others:
            for value in parameter.values:
                yield from _ends(value.first, value.last)
    for tax in taxes():
        if tax.partition(".")[0] not in others:
            for each in goods_classes(tax):
                yield from _ends(each.first, each.last)


def _ends(first: date, last: date | None) -> Iterable[date]:
    return (first,) if last is None else (first, last + ONE_DAY)


@remembered
def _of_tariff(economy: str, folder: Path | None) -> frozenset[date]:
    """The day of the edition, and the day of and after each day that a line names."""
    table = table_of(economy, folder)
    if table is None:
        return frozenset()
    named = {text for line in table.lines for text in _DAY.findall(line)}
    days = [date.fromisoformat(text) for text in named]
    return frozenset({table.edition.first, *days, *(day + ONE_DAY for day in days)})


def _seasons(economy: str, folder: Path | None, years: range) -> Iterator[date]:
    for year in years:
        for first_month, first_day, last_month, last_day in _seasons_of(economy, folder):
            yield _day_of(year, first_month, first_day)
            yield _day_of(year, last_month, last_day + 1)


def _day_of(year: int, month: int, day: int) -> date:
    """A day of the year; one that the month has not is the first of the next month."""
    first = date(year, month, 1)
    next_month = (first + ONE_DAY * DAYS_OF_MONTH_MAX).replace(day=1)
    return min(first + ONE_DAY * (day - 1), next_month)


@remembered
def _seasons_of(economy: str, folder: Path | None) -> frozenset[tuple[int, int, int, int]]:
    table = table_of(economy, folder)
    lines = [] if table is None else table.lines
    found = {each for line in lines for each in _SEASON.findall(line)}
    return frozenset(tuple(map(int, each)) for each in found)  # type: ignore[misc]  # of four
