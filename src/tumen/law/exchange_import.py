"""Official exchange rates from a file: ``currency,units,from,to``, a line for each period.

``units`` is how many units of the economy's currency one unit of the other is worth: a customs
office that prints the yen by the hundred is divided by a hundred first. A line that cannot be
used is answered with a coded reason; the others are taken.
"""

import csv
import re
from bisect import bisect_left, insort
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Final

from tumen.codelist.currencies import CURRENCY_OF, currencies

COLUMNS: Final = ("currency", "units", "from", "to")
UNITS_PATTERN: Final = re.compile(r"\d{1,12}(\.\d{1,12})?", re.ASCII)
DAY_PATTERN: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
"""A day, and the digits of a rate: bounded, so that a converted amount stays a sane number."""

ROWS_MAX: Final = 100_000
"""Lines of one file: forty years of weekly rates of forty-eight currencies."""


@dataclass(frozen=True, slots=True)
class OfficialRate:
    """A rate of an authority: units of the economy's currency for one of another, and when."""

    economy: str
    currency: str
    units: Fraction
    first: date
    last: date

    def is_for(self, destination: str, currency: str, day: date) -> bool:
        """Whether it is the rate of a currency into an economy on a day."""
        is_pair = self.economy == destination and self.currency == currency
        return is_pair and self.first <= day <= self.last

    def overlaps(self, other: "OfficialRate") -> bool:
        """Whether both would be the rate of one currency on one day."""
        is_pair = self.economy == other.economy and self.currency == other.currency
        return is_pair and self.first <= other.last and other.first <= self.last


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A line that was not taken: its number in the file, the code, the field and what it held."""

    line: int
    code: str
    path: str
    value: str


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file held: the rates, and the lines that are none."""

    rates: tuple[OfficialRate, ...]
    refused: tuple[RefusedRow, ...]


def parse(text: str, economy: str) -> Imported:
    """The rates of a file.

    Args:
        text: the file, UTF-8, with a line of column names.
        economy: CN, RU, JP, KR or MN: whose rates they are.
    """
    lines = csv.DictReader(text.splitlines())
    absent = [name for name in COLUMNS if name not in (lines.fieldnames or ())]
    if absent:
        reason = RefusedRow(1, "EXCHANGE_COLUMNS_MISSING", absent[0], ",".join(absent))
        return Imported((), (reason,))
    rates: list[OfficialRate] = []
    refused: list[RefusedRow] = []
    seen: dict[str, list[OfficialRate]] = {}
    for number, row in enumerate(lines, start=2):
        read = _row(number, row, economy) if number <= ROWS_MAX + 1 else _too_many(number)
        if isinstance(read, RefusedRow):
            refused.append(read)
            continue
        earlier = seen.setdefault(read.currency, [])
        if _clashes(earlier, read):
            refused.append(RefusedRow(number, "EXCHANGE_PERIOD_OVERLAP", "from", f"{read.first}"))
            continue
        insort(earlier, read, key=_first)
        rates.append(read)
    return Imported(tuple(rates), tuple(refused))


def _too_many(number: int) -> RefusedRow:
    return RefusedRow(number, "EXCHANGE_FILE_TOO_LONG", "", f"{ROWS_MAX}")


def _row(number: int, row: dict[str, str | None], economy: str) -> OfficialRate | RefusedRow:
    """One line as a rate, or the first reason why it is none."""
    texts = {name: (row.get(name) or "").strip() for name in COLUMNS}
    currency, units = texts["currency"], texts["units"]
    if currency not in currencies() or currency == CURRENCY_OF[economy]:
        return RefusedRow(number, "EXCHANGE_CURRENCY_UNKNOWN", "currency", currency)
    if UNITS_PATTERN.fullmatch(units) is None or Fraction(units) == 0:
        return RefusedRow(number, "EXCHANGE_UNITS_INVALID", "units", units)
    first, last = _day(texts["from"]), _day(texts["to"])
    if first is None or last is None or last < first:
        name = "from" if first is None else "to"
        return RefusedRow(number, "EXCHANGE_PERIOD_INVALID", name, texts[name])
    return OfficialRate(economy, currency, Fraction(units), first, last)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if DAY_PATTERN.fullmatch(text) else None
    except ValueError:
        return None


def merged(held: Iterable[OfficialRate], new: Iterable[OfficialRate]) -> tuple[OfficialRate, ...]:
    """The rates held with new ones: where two speak of the same day, the new one stays."""
    fresh = sorted(new, key=_first)
    by_currency: dict[str, list[OfficialRate]] = {}
    for each in fresh:
        by_currency.setdefault(each.currency, []).append(each)
    kept = [each for each in held if not _clashes(by_currency.get(each.currency, []), each)]
    return tuple(sorted((*kept, *fresh), key=lambda each: (each.currency, each.first)))


def _clashes(rates: list[OfficialRate], one: OfficialRate) -> bool:
    """Whether a rate overlaps one of its currency; those are in order and apart."""
    after = bisect_left(rates, one.first, key=_first)
    return any(one.overlaps(each) for each in rates[max(0, after - 1) : after + 1])


def _first(each: OfficialRate) -> date:
    return each.first


def written(rates: Iterable[OfficialRate]) -> str:
    """The rates of one economy as a file that :func:`parse` reads again."""
    lines = [",".join(COLUMNS)]
    lines += [f"{each.currency},{_decimal(each.units)},{each.first},{each.last}" for each in rates]
    return "\n".join(lines) + "\n"


def _decimal(units: Fraction) -> str:
    """A rate as the decimal it was read from; its denominator divides a power of ten."""
    whole, part = divmod(units * 10**12, 10**12)
    return f"{whole}.{int(part):012d}".rstrip("0").rstrip(".")


def held(folder: Path) -> tuple[OfficialRate, ...]:
    """Every official rate that was imported into a folder: a file for each economy."""
    found: list[OfficialRate] = []
    for economy in CURRENCY_OF:
        file = folder / f"{economy.lower()}.csv"
        if file.is_file():
            found += parse(file.read_text("utf-8"), economy).rates
    return tuple(found)
