"""The rates that an economy's tariff prints for a code on a day.

>>> from datetime import date
>>> rates_of("JP", "640320012", date(2026, 8, 1))["wto"].text
'30%又は4,300円/足のうちいずれか高い税率'
>>> rates_of("JP", "000000000", date(2026, 8, 1))
mappingproxy({})

How a code is matched, in this order:

1. The code itself. Of the ten digits of a Japanese import declaration the last one is the
   clearing system's own and is not looked at.
2. A shorter code, of six digits (or eight of ten), stands for all lines below it. A column in
   which all of them agree is answered; one in which they differ is answered without terms, so that
   its duty is unknown and the law falls back to no other column.
3. The longest heading that the table has, where it goes no deeper (Korea's indicative table).

An imported table (:mod:`tumen.law.tariff_import`) takes the place of the whole committed one.
"""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from tumen.codelist.lists import subheadings
from tumen.kernel.limits import RATE_SCALE
from tumen.law import overlay
from tumen.law.consignment import TariffRate
from tumen.law.duty import AdValorem
from tumen.law.duty_text import read, written
from tumen.law.goods import CODES_CACHED_MAX, duty_rates
from tumen.law.parameters import DATA, VERIFIED
from tumen.law.ruling import Notice
from tumen.law.tariff import japanese
from tumen.law.tariff.editions import CHINA
from tumen.law.tariff.table import UNIT, Edition, Line, Table, lines_from, parse

CODE_DIGITS: Final[Mapping[str, int]] = MappingProxyType(
    {"CN": 10, "RU": 10, "JP": 9, "KR": 10, "MN": 8}
)
"""Digits of a full national code."""

CLEARING_DIGITS: Final[Mapping[str, int]] = MappingProxyType({"JP": 10})
"""Digits of a code as declared, where that is longer than in the tariff."""

SUBHEADING_DIGITS: Final = 6
BETWEEN_DIGITS: Final[Mapping[str, int]] = MappingProxyType({"CN": 8, "RU": 8, "KR": 8})
"""Digits of a level between subheading and full code. No other length is taken: a code that lost
the zero at its beginning in a spreadsheet has an odd one, and would be read as other goods."""

HEADING_DIGITS_MIN: Final = 2

CHINA_COLUMN: Final = "effective"

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "CN": (CHINA_COLUMN, "rcep_japan", "rcep_korea", "ckfta", "apta"),
        "RU": ("base",),
        "JP": (
            *("general", "temporary", "wto", "gsp", "ldc"),
            *("epa_mongolia", "rcep_china", "rcep_korea"),
        ),
        "MN": ("base", "apta"),
    }
)
"""The columns of each tariff. Korea's are the kinds of its official table, which are many."""


def rates_of(
    economy: str, hs: str, day: date, folder: Path | None = None
) -> Mapping[str, TariffRate]:
    """The rates of a code by the tariff's column, in the tariff's order.

    Args:
        economy: CN, RU, JP, KR or MN.
        hs: the commodity code, digits only.
        day: the legal date. Before the edition's first day the edition answers all the same,
            with weak evidence and a note.
        folder: where imported tables lie; None for the committed ones.

    Returns:
        Nothing where the table does not know the code, or there is no table.
    """
    table = table_of(economy, folder)
    if table is not None and day > table.edition.first and not _is_dated(economy, hs, folder):
        day = table.edition.first  # what was found of it is the same
    return _rates(economy, hs, day, folder)


@lru_cache(maxsize=CODES_CACHED_MAX)
def _rates(economy: str, hs: str, day: date, folder: Path | None) -> Mapping[str, TariffRate]:
    table, lines = table_of(economy, folder), printed_for(economy, hs, folder)
    if table is None or not lines:
        return MappingProxyType({})
    by_code: dict[str, dict[str, list[Line]]] = {}
    for line in lines:
        columns = by_code.setdefault(line.code, {})
        if line.column != UNIT and _holds(line, day, table.edition):
            columns.setdefault(line.column, []).append(line)
    rates = [
        {name: _rate(economy, each, table.edition, day) for name, each in columns.items()}
        for columns in by_code.values()
    ]
    names = dict.fromkeys(name for each in rates for name in each)
    return MappingProxyType({name: _agreed(name, rates, hs) for name in names})


def printed_for(economy: str, hs: str, folder: Path | None) -> list[Line]:
    """The lines of an economy's tariff that speak of a code, on any day."""
    return lines_from(texts_for(economy, hs, folder))


@lru_cache(maxsize=CODES_CACHED_MAX)
def texts_for(economy: str, hs: str, folder: Path | None) -> tuple[str, ...]:
    """The same as they stand in the table (:mod:`tumen.law.tariff.table`)."""
    table = table_of(economy, folder)
    return () if table is None else tuple(_texts(table, economy, hs))


@lru_cache(maxsize=CODES_CACHED_MAX)
def _is_dated(economy: str, hs: str, folder: Path | None) -> bool:
    """Whether the rates of a code turn on the day."""
    lines = printed_for(economy, hs, folder)
    return any(each.first or each.last or each.season for each in lines)


def _holds(line: Line, day: date, edition: Edition) -> bool:
    """Whether a line is in force; a day before the edition is answered by its first day."""
    return line.covers(max(day, edition.first)) and line.is_in_season(day)


def _rate(economy: str, lines: list[Line], edition: Edition, day: date) -> TariffRate:
    """The rate of one column of one code; without terms where its lines contradict one another."""
    line = lines[0]
    texts = list(dict.fromkeys(each.text for each in lines))
    is_one = len(texts) == 1
    unread = next((each.unread for each in lines if each.unread), "")
    is_early = day < edition.first
    notes = (
        edition.note,
        line.note,
        "" if is_one else "several rates of this column are in force at once",
        unread,
        _brackets(economy, line),
        f"the edition begins on {edition.first}, after {day}" if is_early else "",
    )
    return TariffRate(
        column=line.column,
        text=" / ".join(texts),
        terms=read(economy, line.text) if is_one and not unread else None,
        edition=edition.name,
        evidence="weak" if is_early and edition.evidence in VERIFIED else edition.evidence,
        note="; ".join(note for note in notes if note),
    )


def _brackets(economy: str, line: Line) -> str:
    """What the brackets of the Japanese WTO column say; in the others they say something else."""
    if economy == "JP" and line.column == "wto" and japanese.is_bracketed(line.text):
        return "in brackets: not below the rate that it would replace"
    return ""


def _agreed(name: str, rates: list[dict[str, TariffRate]], hs: str) -> TariffRate:
    """The rate on which all lines agree, or one without terms."""
    found = [each.get(name) for each in rates]
    first = next(rate for rate in found if rate is not None)
    if all(rate == first for rate in found):
        return first
    note = f"the {len(found)} lines below {hs} differ: give the whole code"
    return TariffRate(name, "", None, first.edition, first.evidence, note)


def _texts(table: Table, economy: str, hs: str) -> list[str]:
    """The lines that speak of a code; see the top of this module."""
    if not _is_code(economy, hs):
        return []
    code = hs[: CODE_DIGITS[economy]]
    found = table.exactly(code) or table.below(code)
    lengths = range(len(code) - 1, HEADING_DIGITS_MIN - 1, -1)
    return found or next((each for n in lengths if (each := table.exactly(code[:n]))), [])


def _is_code(economy: str, hs: str) -> bool:
    """Whether a code has digits only, and as many as a code of the economy may have."""
    lengths = (
        *_shorter(economy),
        CODE_DIGITS[economy],
        CLEARING_DIGITS.get(economy, CODE_DIGITS[economy]),
    )
    return hs.isascii() and hs.isdigit() and len(hs) in lengths


def _shorter(economy: str) -> tuple[int, ...]:
    """How many digits a code may have that stands for all lines below it."""
    between = BETWEEN_DIGITS.get(economy)
    return (SUBHEADING_DIGITS,) if between is None else (SUBHEADING_DIGITS, between)


def unit_of(economy: str, hs: str, folder: Path | None = None) -> str | None:
    """The supplementary unit as the tariff prints it; None where it has none, or not one only."""
    lines = printed_for(economy, hs, folder)
    units = {line.text for line in lines if line.column == UNIT}
    return units.pop() if len(units) == 1 else None


def code_problem(
    economy: str, hs: str, path: str = "hs", folder: Path | None = None
) -> Notice | None:
    """What is wrong with a code as far as the tariff can tell; None where nothing is.

    Returns:
        ``HS_LENGTH_WRONG`` for other characters than digits, or another number of them than
        the full code, the clearing system's, or a level above it has;
        ``HS_CODE_UNKNOWN`` for a subheading that does not exist; the warnings
        ``HS_LINE_UNVERIFIED`` for a line that our table does not hold, and
        ``HS_OF_EARLIER_EDITION`` for one of a subheading of 2017 that was split or deleted.
    """
    if not _is_code(economy, hs):
        shorter = " or ".join(map(str, _shorter(economy)))
        expected = f"{CODE_DIGITS[economy]} digits, or the first {shorter} of them"
        return Notice("HS_LENGTH_WRONG", path, {"value": hs, "expected": expected})
    if _is_held(economy, hs, folder):
        return None
    return Notice(_why_not_held(hs[:SUBHEADING_DIGITS]), path, {"value": hs})


def _why_not_held(subheading: str) -> str:
    """Why no table speaks of a subheading.

    A code of 2017 was right on a day before 2022, and the goods have another one since: of these
    nothing tells which, so that their rate is unknown and not refused.
    """
    if subheading in subheadings():
        return "HS_LINE_UNVERIFIED"
    is_earlier = subheading in _subheadings_of_2017()
    return "HS_OF_EARLIER_EDITION" if is_earlier else "HS_CODE_UNKNOWN"


@cache
def _subheadings_of_2017() -> frozenset[str]:
    """Those of the Chinese table, which is by the Harmonized System of 2017."""
    return frozenset(code[:SUBHEADING_DIGITS] for code in duty_rates())


def _is_held(economy: str, hs: str, folder: Path | None) -> bool:
    """Whether the table of an economy speaks of a code."""
    return bool(texts_for(economy, hs, folder))


def indicative(rate: TariffRate, path: str) -> Notice | None:
    """The warning that a rate which was used is only indicative; None where it is verified."""
    if rate.evidence in VERIFIED:
        return None
    return Notice("TARIFF_INDICATIVE", path, {"edition": rate.edition})


@cache
def table_of(economy: str, folder: Path | None = None) -> Table | None:
    """The table of an economy: the imported one if there is one, else the committed one.

    Raises:
        SourceUnreadable: an imported file is no table.
    """
    name = f"{economy.lower()}.csv.gz"
    imported = None if folder is None else folder / name
    if imported is not None and imported.is_file():
        return parse(imported.read_bytes())
    if economy == "CN":
        return _china()
    committed = DATA / "tariff" / name
    return parse(committed.read_bytes()) if committed.is_file() else None


def _china() -> Table:
    """The Chinese table, which the vectorised law keeps in millionths."""
    texts = {
        rate: written(AdValorem(Fraction(rate, RATE_SCALE))) for rate in set(duty_rates().values())
    }
    lines = [f"{code},{CHINA_COLUMN},{texts[rate]},,,,," for code, rate in duty_rates().items()]
    return Table(CHINA, sorted(lines))


def forget() -> None:
    """Let go of every table that was read, and of what was computed from it: after an import."""
    table_of.cache_clear()
    _rates.cache_clear()
    texts_for.cache_clear()
    _is_dated.cache_clear()
    overlay.forget()
