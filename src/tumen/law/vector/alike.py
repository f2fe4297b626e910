"""Codes of which an economy's law says the same; one of them stands for all.

A code is told from another by the lines of the tariff and by the classes of goods that it is in.
Of Korea's eleven thousand codes some sixty are different in that way, so that what the law says is
looked up for these alone. Where its code is part of a name, as in ``tariff.KR.610910.base``, the
code itself is put in again.
"""

from collections.abc import Hashable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Final

import polars as pl

from tumen.codelist.violations import is_rejecting
from tumen.law import tariffs
from tumen.law.goods import HS_LENGTHS, duty_rate, goods_classes, prefixes_of, taxes
from tumen.law.overlay import remembered_up_to
from tumen.law.tariff.table import UNIT
from tumen.law.vector.kept import KINDS_MAX, kept
from tumen.law.vector.twin import Twin, bit

DECLINED: Final = -1
"""Stands for a mask where the scalar law must answer."""

ALIKE: Final = "law_alike"
CODE: Final = "\x00"
"""Stands for the code in what is kept."""

_OF_UNIT: Final = f"{UNIT},"
"""How a line of a tariff goes on behind its code where it names a unit."""

CODES: Final = pl.Schema({ALIKE: pl.String, "code_notices": pl.Int64})


def with_codes(lines: pl.DataFrame, twin: Twin, folder: Path | None) -> pl.DataFrame:
    """What turns on the code alone.

    Returns:
        The lines with ``law_alike``, the code that stands for it, and ``code_notices``: what the
        tariff says of a code; ``DECLINED`` where that refuses it.
    """

    def find(keys: pl.DataFrame) -> pl.DataFrame:
        codes = keys["hs"].to_list()
        rows = [(alike(twin, hs, folder), _notice(twin.economy, hs, folder)) for hs in codes]
        return pl.DataFrame(rows, CODES, orient="row")

    return kept("codes", twin.economy, folder).joined(lines, ("hs",), find)


def with_rates_of_goods(lines: pl.DataFrame, twin: Twin, folder: Path | None) -> pl.DataFrame:
    """The lines with what a twin's ``rates`` tell, by the codes that stand for theirs."""
    on = [ALIKE, *(name for name in twin.keys if name != "hs")]
    table = kept("rates", twin.economy, folder)

    def find(keys: pl.DataFrame) -> pl.DataFrame:
        found = twin.rates(keys.rename({ALIKE: "hs"}), folder)
        texts = [name for name in _texts(found) if name not in twin.keys]
        marked = found.with_columns(_without_code(found, name) for name in texts).drop(twin.keys)
        table.marked.update(name for name in texts if _has_mark(marked[name]))
        return marked

    found = table.joined(lines, on, find)
    return found.drop(ALIKE).with_columns(_with_own_code(name) for name in sorted(table.marked))


def _texts(frame: pl.DataFrame) -> list[str]:
    return [name for name, kind in frame.schema.items() if kind == pl.String]


def _without_code(found: pl.DataFrame, name: str) -> pl.Series:
    """Names in which a mark stands for the code."""
    told = zip(found["hs"], found[name], strict=True)
    marked = [text and text.replace(hs, CODE) for hs, text in told]
    return pl.Series(name, marked, dtype=pl.String)


def _has_mark(texts: pl.Series) -> bool:
    return bool(texts.str.contains(CODE, literal=True).any())


def _with_own_code(name: str) -> pl.Expr:
    """Names in which a line's code stands where the mark does."""
    parts = pl.col(name).str.splitn(CODE, 2).struct
    told = pl.concat_str(parts.field("field_0"), pl.col("hs"), parts.field("field_1"))
    return told.fill_null(pl.col(name)).alias(name)


def _notice(economy: str, hs: str, folder: Path | None) -> int:
    problem = tariffs.code_problem(economy, hs, folder=folder)
    if problem is None:
        return 0
    return DECLINED if is_rejecting(problem.code) else bit(problem.code)


def alike(twin: Twin, hs: str, folder: Path | None) -> str:
    """The first code that was met of which an economy's law says what it says of this one.

    A code that is too short to tell two classes of goods apart stands for itself.
    """
    tables = _tables(twin.economy)
    if len(hs) < _longest(twin.economy) and any(_is_coarse(hs, tax) for tax in tables):
        return hs
    told = (
        len(hs),
        duty_rate(hs) if twin.economy == "CN" else None,
        tuple(hs.startswith(each) for each in twin.headings),
        _classes(twin.economy, hs),
        tuple(_of_tariff(twin.economy, hs, folder)),
    )
    return _first_of(twin.economy, folder).setdefault(told, hs)


@remembered_up_to(KINDS_MAX)
def _first_of(economy: str, folder: Path | None) -> dict[Hashable, str]:
    """By what is told of it, the first code that was met."""
    del economy, folder  # each has its own
    return {}


def _of_tariff(economy: str, hs: str, folder: Path | None) -> Iterable[Hashable]:
    """What the tariff prints for a code, without the codes of its lines and their units."""
    lines: dict[str, list[str]] = {}
    for line in tariffs.texts_for(economy, hs, folder):
        code, _, told = line.partition(",")
        of_code = lines.setdefault(code, [])
        if not told.startswith(_OF_UNIT):
            of_code.append(told)
    return map(tuple, lines.values())


def _classes(economy: str, hs: str) -> tuple[int, ...]:
    """The classes of goods that a code is in on any day, those with the longest prefix first."""
    table = _by_prefix(economy)
    return tuple(each for digits in HS_LENGTHS for each in table.get(hs[:digits], ()))


@cache
def _by_prefix(economy: str) -> Mapping[str, tuple[int, ...]]:
    """The numbers of an economy's classes of goods by their prefixes."""
    found: dict[str, tuple[int, ...]] = {}
    classes = (each for tax in _tables(economy) for each in goods_classes(tax))
    for number, each in enumerate(classes):
        for prefix in each.prefixes:
            found[prefix] = (*found.get(prefix, ()), number)
    return found


@cache
def _tables(economy: str) -> tuple[str, ...]:
    """The taxes of an economy that have classes of goods."""
    return tuple(tax for tax in taxes() if tax.startswith(f"{economy.lower()}."))


@cache
def _longest(economy: str) -> int:
    """Digits of the longest prefix of its tables."""
    return max(len(prefix) for tax in _tables(economy) for prefix in prefixes_of(tax))


def _is_coarse(hs: str, tax: str) -> bool:
    """Whether a longer code that begins with this one is in a class."""
    return any(prefix.startswith(hs) and prefix != hs for prefix in prefixes_of(tax))
