"""What a code of the Harmonized System means to the law: classes, indicative duty, units.

The classes stand in ``data/<economy>/*_goods.toml`` by HS prefix; the longest prefix that is in
force wins. The duty rates stand in ``data/tariff/cn.csv.gz`` and are indicative (see its sources).
"""

import gzip
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

import msgspec

from tumen.law.parameters import DATA, VERIFIED, Evidence, Problem

HS_LENGTHS: Final = (10, 8, 6, 5, 4, 2)
CODES_CACHED_MAX: Final = 65_536


class GoodsClass(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Goods that one rule of a tax treats alike, by HS prefix.

    Attributes:
        name: the class, such as ``reduced`` or ``high_end_cosmetics`` (``class`` in the file).
        what: the goods in words.
        prefixes: the HS codes they begin with.
        first: the first day (``from``); last: the last day (``to``), or None.
        instrument: the act; article: where in it.
        evidence: how the mapping is known; confidence: per cent where it is unverified.
        note: what a reader should know besides.
    """

    name: str = msgspec.field(name="class")
    what: str
    prefixes: tuple[str, ...]
    first: date = msgspec.field(name="from")
    last: date | None = msgspec.field(name="to", default=None)
    instrument: str
    article: str
    evidence: Evidence
    confidence: int | None = None
    note: str = ""

    @property
    def is_verified(self) -> bool:
        """Whether the mapping is known from the statute or a page that confirms it."""
        return self.evidence in VERIFIED

    @property
    def citation(self) -> str:
        """Instrument and article."""
        return f"{self.instrument}, {self.article}"

    def covers(self, day: date) -> bool:
        """Whether the class is in force on the day."""
        return self.first <= day and (self.last is None or day <= self.last)


class GoodsFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file of goods classes: one tax."""

    goods: list[GoodsClass]


class Unit(msgspec.Struct, frozen=True):
    """What one customs unit of measure is, in grams, millilitres, pieces or sheets."""

    code: str
    measure: str
    factor: int


def goods_file(tax: str, folder: Path = DATA) -> Path:
    """The file of a tax's classes."""
    economy, name = tax.split(".")
    return folder / economy / f"{name}_goods.toml"


def taxes(folder: Path = DATA) -> tuple[str, ...]:
    """Every tax that has classes of goods, such as ``cn.vat``."""
    files = sorted(folder.glob("*/*_goods.toml"))
    return tuple(f"{each.parent.name}.{each.stem.removesuffix('_goods')}" for each in files)


@cache
def goods_classes(tax: str) -> tuple[GoodsClass, ...]:
    """The classes of a tax, such as ``cn.vat``; they stand in ``data/cn/vat_goods.toml``."""
    return read_classes(tax)


def read_classes(tax: str, folder: Path = DATA) -> tuple[GoodsClass, ...]:
    """The same, read anew from a folder of data."""
    path = goods_file(tax, folder)
    return tuple(msgspec.convert(tomllib.loads(path.read_text("utf-8")), GoodsFile).goods)


@cache
def _by_prefix(tax: str) -> Mapping[str, tuple[GoodsClass, ...]]:
    return _of_prefixes(goods_classes(tax))


def _of_prefixes(classes: Iterable[GoodsClass]) -> Mapping[str, tuple[GoodsClass, ...]]:
    found: dict[str, tuple[GoodsClass, ...]] = {}
    for each in classes:
        for prefix in each.prefixes:
            found[prefix] = (*found.get(prefix, ()), each)
    return found


def prefixes_of(tax: str) -> Iterable[str]:
    """The HS prefixes of all classes of a tax."""
    return _by_prefix(tax)


@lru_cache(maxsize=CODES_CACHED_MAX)
def classes_of(tax: str, hs_code: str) -> tuple[GoodsClass, ...]:
    """The classes of a code on any day, those with the longest prefix first."""
    table = _by_prefix(tax)
    return tuple(each for length in HS_LENGTHS for each in table.get(hs_code[:length], ()))


def goods_class(tax: str, hs_code: str, day: date) -> GoodsClass | None:
    """The class of a code on a day, or None where the tax names no class for it.

    >>> goods_class("cn.vat", "0409000000", date(2026, 1, 1)).name
    'reduced'
    """
    for each in classes_of(tax, hs_code):
        if each.covers(day):
            return each
    return None


@cache
def duty_rates() -> Mapping[str, int]:
    """The indicative effective duty rate of 2018 and 2019 in millionths, by HS10."""
    text = gzip.decompress((DATA / "tariff" / "cn.csv.gz").read_bytes()).decode()
    lines = (line.split(",") for line in text.splitlines()[1:])
    return {code: int(rate) for code, rate in lines}


def duty_rate(hs_code: str) -> int | None:
    """The indicative duty rate of a code in millionths; None where it is unknown."""
    return duty_rates().get(hs_code)


@cache
def divisible_units() -> frozenset[str]:
    """The customs units of which one can be divided, so that it is no single indivisible item."""
    table = tomllib.loads((DATA / "cn" / "units.toml").read_text("utf-8"))["divisible"]
    return frozenset(table["codes"])


@cache
def units() -> Mapping[str, Unit]:
    """The customs units that a tax can turn on, by their code."""
    tables = tomllib.loads((DATA / "cn" / "units.toml").read_text("utf-8"))["unit"]
    return {
        code: Unit(code, table["measure"], factor)
        for table in tables
        for code, factor in table["codes"].items()
    }


def check_goods(tax: str, folder: Path = DATA) -> list[Problem]:
    """What is wrong with the classes of a tax: prefixes in two classes at once, no evidence."""
    path = goods_file(tax, folder)
    try:
        classes = read_classes(tax, folder)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        return [Problem(path.name, tax, str(error))]
    problems = [Problem(path.name, each.name, text) for each in classes for text in _flaws(each)]
    for prefix, alike in _of_prefixes(classes).items():
        clash = any(one.covers(other.first) for one in alike for other in alike if one is not other)
        if clash:
            problems.append(Problem(path.name, prefix, "is in two classes at once"))
    return problems


def _flaws(goods: GoodsClass) -> Iterator[str]:
    if (goods.evidence == "unverified") != (goods.confidence is not None):
        yield "confidence belongs to unverified classes, and to them only"
    if not goods.instrument.strip() or not goods.article.strip():
        yield "has no citation"
    if goods.last is not None and goods.last < goods.first:
        yield f"ends on {goods.last}, before it begins on {goods.first}"
    for prefix in goods.prefixes:
        if not (prefix.isdigit() and len(prefix) in HS_LENGTHS):
            yield f"{prefix!r} is no HS prefix of a length that is looked up"
