"""The registries of a folder: its sources, its indicators, the economies."""

import re
import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from tumen.observatory.indicators.csv_table import LINE, frame_of, need_columns, text_of
from tumen.observatory.indicators.errors import IndicatorError
from tumen.observatory.indicators.model import (
    PRIMARY,
    SECONDARY,
    TOPICS,
    Economy,
    Indicator,
    Source,
)

SHIPPED: Final = Path(__file__).parents[1] / "data/indicators"
"""The indicators that come with the package."""

SOURCE_KEYS: Final = (
    "source", "publisher", "edition", "licence", "citation", "retrieved", "rank", "file",
)  # fmt: skip
"""What every source must say of itself; a note may be added."""

EDITION: Final = re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}")
INDICATOR_COLUMNS: Final = (
    "code", "name", "unit", "topic", "better", "digits", "published_as", "definition",
)  # fmt: skip
CODE: Final = re.compile(r"[a-z][a-z0-9_]{1,60}")


def read_sources(folder: Path) -> dict[str, Source]:
    """The sources of a folder by their names.

    Raises:
        IndicatorError: the registry cannot be read, or a source does not say all of itself.
    """
    path = folder / "sources.toml"
    return sources_of(text_of(path), path.name)


def sources_of(text: str, file: str) -> dict[str, Source]:
    """The sources that a text of TOML tells of.

    Raises:
        IndicatorError: it is no TOML, or a source does not say all of itself.
    """
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise IndicatorError("SOURCE_INCOMPLETE", f"{error}.", file=file) from error
    return {name: _source(name, table, text, file) for name, table in tables.items()}


def _source(name: str, table: Any, text: str, file: str) -> Source:
    line = _line_of(name, text)
    told = table if isinstance(table, dict) else {}
    absent = [key for key in SOURCE_KEYS if not told.get(key)]
    if absent:
        message = f"The source {name} lacks {', '.join(absent)}."
        raise IndicatorError("SOURCE_INCOMPLETE", message, file=file, line=line)
    if not isinstance(told["retrieved"], date):
        message = f"The source {name} must say the day of its retrieval as 2026-11-23."
        raise IndicatorError("SOURCE_INCOMPLETE", message, file=file, line=line)
    if told["rank"] not in (PRIMARY, SECONDARY) or not EDITION.fullmatch(str(told["edition"])):
        message = f"The source {name} must be primary or secondary, of an edition such as 2026-07."
        raise IndicatorError("SOURCE_INCOMPLETE", message, file=file, line=line)
    texts = {key: str(told[key]) for key in SOURCE_KEYS if key not in ("source", "retrieved")}
    return Source(
        id=name, title=str(told["source"]), retrieved=told["retrieved"],
        note=str(told.get("note", "")), **texts,
    )  # fmt: skip


def _line_of(name: str, text: str) -> int:
    heads = (f"[{name}]", f'["{name}"]')
    lines = text.splitlines()
    return next((at for at, line in enumerate(lines, 1) if line.strip() in heads), 0)


def read_indicators(folder: Path) -> dict[str, Indicator]:
    """The indicators that a folder names, by their codes; none where it names none.

    Raises:
        IndicatorError: a row is not of the form, or names an indicator twice.
    """
    path = folder / "indicators.csv"
    return indicators_of(text_of(path), path.name) if path.exists() else {}


def indicators_of(text: str, file: str) -> dict[str, Indicator]:
    """The indicators that a table tells of.

    Raises:
        IndicatorError: a row is not of the form, or names an indicator twice.
    """
    rows = frame_of(text, file)
    need_columns(rows, INDICATOR_COLUMNS, file)
    found: dict[str, Indicator] = {}
    for row in rows.iter_rows(named=True):
        each = _indicator(row, file)
        if each.code in found:
            message = f"{each.code} stands twice."
            raise IndicatorError("INDICATOR_TWICE", message, file=file, line=row[LINE])
        found[each.code] = each
    return found


def _indicator(row: Mapping[str, Any], file: str) -> Indicator:
    told = {column: row[column] or "" for column in INDICATOR_COLUMNS}
    problem = (
        "a code in small letters" if not CODE.fullmatch(told["code"])
        else "a name and a unit" if not (told["name"] and told["unit"])
        else f"one of the topics {', '.join(TOPICS)}" if told["topic"] not in TOPICS
        else "better: higher, lower or nothing" if told["better"] not in ("higher", "lower", "")
        else "a number of digits from 0 to 9" if not re.fullmatch(r"[0-9]", told["digits"])
        else ""
    )  # fmt: skip
    if problem:
        message = f"{told['code'] or 'An indicator'} needs {problem}."
        raise IndicatorError("INDICATOR_INCOMPLETE", message, file=file, line=row[LINE])
    digits = int(told.pop("digits"))
    return Indicator(digits=digits, **told)


@cache
def economies() -> Mapping[str, Economy]:
    """Every economy by its code: ISO 3166-1 alpha-2, and WLD and EUU."""
    path = SHIPPED / "economies.csv"
    rows = frame_of(text_of(path), path.name).drop(LINE)
    return {row["code"]: Economy(**row) for row in rows.iter_rows(named=True)}


@cache
def economy_codes() -> Mapping[str, str]:
    """Our code for each code of two or three letters; SDMX and ITU have names for the world."""
    found = {each.alpha3: code for code, each in economies().items()}
    return found | {code: code for code in economies()} | {"W00": "WLD", "1W": "WLD", "_W": "WLD"}
