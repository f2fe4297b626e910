"""A dataflow: its columns as the standard names them, the code lists of these, and its rows."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import polars as pl

AGENCY: Final = "TUMEN"
VERSION: Final = "1.0"

DIMENSION: Final = "D"
MEASURE: Final = "M"
ATTRIBUTE: Final = "A"

TEXT: Final = "String"
NUMBER: Final = "Double"
PERIOD: Final = "ObservationalTimePeriod"

NO_DAY: Final = date(1970, 1, 1)
"""The day of data that say none."""

SPAN: Final = re.compile(r"([0-9]{4})-([0-9]{2})/([0-9]{4})-([0-9]{2})")


@dataclass(frozen=True)
class CodeList:
    """Codes with a name and a description each."""

    id: str
    name: str
    codes: Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class Column:
    """A dimension, the measure or an attribute, and the concept that it is."""

    id: str
    name: str
    role: str
    dtype: str = TEXT
    codes: CodeList | None = None
    is_required: bool = True


@dataclass(frozen=True)
class Flow:
    """A dataflow of one structure, with the day of its data; values are texts, digit by digit."""

    id: str
    name: str
    structure: str
    day: date
    columns: tuple[Column, ...]
    rows: pl.DataFrame = field(repr=False)


def code_of(text: str) -> str:
    """A code of the letters that SDMX allows.

    >>> code_of("per 100 inhabitants"), code_of("index 0 to 1"), code_of("kbit/s")
    ('PER_100_INHABITANTS', 'INDEX_0_TO_1', 'KBIT_S')
    """
    return re.sub(r"[^A-Z0-9]+", "_", text.upper()).strip("_") or "NONE"


def unit_codes(units: Iterable[str]) -> CodeList:
    """The units that occur, as codes."""
    return CodeList("CL_UNIT", "Units", {code_of(unit): (unit, "") for unit in sorted({*units})})


def number_of(value: float | None) -> str | None:
    """A value as a text, without a decimal that says nothing.

    >>> number_of(66.0), number_of(0.00019), number_of(None)
    ('66', '0.00019', None)
    """
    return None if value is None else repr(value).removesuffix(".0")


def period_of(text: str) -> str:
    """A period as SDMX writes it; a span of months has its first day and its length.

    >>> period_of("2022-Q4"), period_of("2023-01/2023-07")
    ('2022-Q4', '2023-01-01/P7M')
    """
    found = SPAN.fullmatch(text)
    if found is None:
        return text
    first, month, last, to = (int(each) for each in found.groups())
    months = (last - first) * 12 + to - month + 1
    return f"{first:04}-{month:02}-01/P{months}M"


def tail(status: CodeList, units: CodeList, unit: str = "Unit") -> tuple[Column, ...]:
    """The columns with which every dataflow ends."""
    return (
        Column("TIME_PERIOD", "Period", DIMENSION, PERIOD),
        Column("OBS_VALUE", "Value", MEASURE, NUMBER, is_required=False),
        Column("UNIT_MEASURE", unit, ATTRIBUTE, codes=units),
        Column("OBS_STATUS", "Observation status", ATTRIBUTE, codes=status),
    )
