"""The exchange rates that are held: European Central Bank, Bank of Russia, market snapshots.

Each table is a line a day, read once and parsed when a day is asked for. A line tells what one
unit of each currency is worth in the table's own one, so that the rate between any two of its
currencies is an exact quotient.
"""

import gzip
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache, lru_cache
from typing import Final

from tumen.law.exchange_days import Days
from tumen.law.parameters import DATA

AGE_DAYS_NORMAL: Final = 7
"""A rate last published so many days before is normal: weekends and holidays."""

AGE_DAYS_MAX: Final = 366
"""An older rate than this says nothing of the day any more: it counts as not held."""

DOLLAR: Final = "USD"

LINES_CACHED_MAX: Final = 16_384
"""Days whose printed rates are kept apart."""

QUOTIENTS_CACHED_MAX: Final = 65_536
"""Quotients of two printed rates that are kept."""


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """The published rates of one source.

    Attributes:
        source: who published them.
        own: the currency in which the others are told.
        is_price: whether a line tells units of ``own`` for one of the other currency (a price),
            or units of the other for one of ``own``.
        columns: the place of each currency in a line.
        days: ISO days, oldest first.
        lines: the lines of those days.
    """

    source: str
    own: str
    is_price: bool
    columns: dict[str, int]
    days: list[str]
    lines: list[str]

    def units(self, place: int, to: str, currency: str) -> Fraction | None:
        """Units of ``to`` for one of ``currency`` on the day at a place; None where not told."""
        cells = _cells(self.lines[place])
        told, target = self._printed(cells, currency), self._printed(cells, to)
        if not (told and target):
            return None
        return _quotient(told, target) if self.is_price else _quotient(target, told)

    def _printed(self, cells: list[str], currency: str) -> str:
        """What a line prints for a currency; empty where it is not told."""
        if currency == self.own:
            return "1"
        column = self.columns.get(currency)
        return "" if column is None else cells[column]

    def is_told(self, place: int, currency: str) -> bool:
        """Whether a currency is told on the day at a place."""
        return bool(self._printed(_cells(self.lines[place]), currency))

    def tells(self, currency: str) -> bool:
        """Whether a currency stands in the table at all."""
        return currency == self.own or currency in self.columns

    def places(self, days: Days) -> Iterator[int]:
        """The places of the days that lie within, latest first."""
        low = bisect_left(self.days, days.first.isoformat())
        return reversed(range(low, bisect_right(self.days, days.last.isoformat())))


@lru_cache(maxsize=LINES_CACHED_MAX)
def _cells(line: str) -> list[str]:
    return line.split(",")


@lru_cache(maxsize=QUOTIENTS_CACHED_MAX)
def _quotient(above: str, below: str) -> Fraction:
    """The exact quotient of two printed rates."""
    return Fraction(above) / Fraction(below)


def _table(name: str, source: str, own: str, *, is_price: bool) -> Table:
    text = gzip.decompress((DATA / "exchange" / f"{name}.csv.gz").read_bytes()).decode()
    head, *lines = text.splitlines()
    columns = {code: place for place, code in enumerate(head.split(",")) if place}
    return Table(source, own, is_price, columns, [line.partition(",")[0] for line in lines], lines)


@cache
def ecb() -> Table:
    """Reference rates of the European Central Bank: units for one euro."""
    return _table("ecb", "ECB", "EUR", is_price=False)


@cache
def bank_of_russia() -> Table:
    """Official rates of the Bank of Russia: roubles for one unit."""
    return _table("bank_of_russia", "Bank of Russia", "RUB", is_price=True)


@cache
def snapshots() -> Table:
    """Market rates of single days: units for one US dollar."""
    return _table("snapshots", "market snapshot", DOLLAR, is_price=False)


@dataclass(frozen=True, slots=True)
class Published:
    """A rate found in the tables, the latest day it rests on, and who published it."""

    units: Fraction
    day: date
    source: str


def direct(table: Table, to: str, currency: str, days: Days) -> Published | None:
    """The mean over the days that were published, else the last published before."""
    if not (table.tells(to) and table.tells(currency)):
        return None
    if (
        table.days[min(_last_told(table, to), _last_told(table, currency))]
        < _before(days).first.isoformat()
    ):
        return None
    found = [
        (units, table.days[place])
        for place in table.places(days)
        if (units := table.units(place, to, currency)) is not None
    ]
    if found:
        mean = sum((units for units, _ in found), Fraction(0)) / len(found)
        return Published(mean, date.fromisoformat(found[0][1]), table.source)
    for place in table.places(_before(days)):
        units = table.units(place, to, currency)
        if units is not None:
            return Published(units, date.fromisoformat(table.days[place]), table.source)
    return None


@cache
def _last_told(table: Table, currency: str) -> int:
    """The last place at which a currency is told: some, as the rouble, are told no more."""
    places = reversed(range(len(table.lines)))
    return next((each for each in places if table.is_told(each, currency)), 0)


def _before(days: Days) -> Days:
    """The days before that may still be asked for a rate."""
    return Days(date.fromordinal(max(1, days.last.toordinal() - AGE_DAYS_MAX)), days.first)


def by_dollar(to: str, currency: str, days: Days) -> Published | None:
    """A rate of the rouble by way of the dollar: Bank of Russia, then European Central Bank.

    The second leg is of the same day, or the last published before within a week.
    """
    russian = bank_of_russia()
    wanted = [*russian.places(days)]
    found = [each for place in wanted if (each := _crossed(place, to, currency)) is not None]
    if found:
        mean = sum((each.units for each in found), Fraction(0)) / len(found)
        return Published(mean, found[0].day, found[0].source)
    earlier = (_crossed(place, to, currency) for place in russian.places(_before(days)))
    return next((each for each in earlier if each is not None), None)


def _crossed(place: int, to: str, currency: str) -> Published | None:
    russian = bank_of_russia()
    day = date.fromisoformat(russian.days[place])
    week = Days(date.fromordinal(day.toordinal() - AGE_DAYS_NORMAL), day)
    is_to = to == russian.own
    first = russian.units(place, *((to, DOLLAR) if is_to else (DOLLAR, currency)))
    second = direct(ecb(), *((DOLLAR, currency) if is_to else (to, DOLLAR)), Days(day, day))
    if first is None or second is None or second.day < week.first:
        return None
    return Published(first * second.units, day, f"{russian.source} and {ecb().source}")
