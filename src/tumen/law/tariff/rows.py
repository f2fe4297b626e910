"""Reads the rows of official tariffs that a user imports, one by one.

Two forms are known by their titles: the table of the Korea Customs Service (품목번호별 관세율표,
data.go.kr 15051179), and a plain form of our own for the other economies. A row that cannot be
taken is answered with a code. Where it names a commodity code and a column, that column is then
unknown for that code: if the row just went missing, the law would take another, higher or lower,
rate without a word.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from tumen.law.duty import AdValorem
from tumen.law.duty_text import read, written
from tumen.law.tariff.table import UNIT, Line

PLAIN_TITLES: Final = ("code", "column", "rate")
PLAIN_OPTIONAL: Final = ("from", "to")
KOREAN_TITLES: Final = (
    "품목번호",
    "관세율구분",
    "관세율",
    "단위당세액",
    "기준가격",
    "적용국가구분",
    "용도세율구분",
    "적용개시일",
    "적용만료일",
)

COLUMN: Final = re.compile(r"[A-Za-z0-9_]{1,40}(?:/[A-Za-z0-9_]{1,20})?")
PERCENTAGE: Final = re.compile(r"\d{1,6}(?:\.\d{1,6})?")
DAY: Final = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})")
CODE_DIGITS_MIN: Final = 2
ALL_COUNTRIES: Final = frozenset({"", "1"})


class RowRefused(Exception):
    """A row cannot be taken; carries the code of the catalogue and the value that stood there."""

    def __init__(self, code: str, value: str) -> None:
        self.code = code
        self.value = value
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Remark:
    """What is answered to a row.

    Attributes:
        row: its number in the file; the titles are row 1.
        code: a key of the catalogue of violations.
        value: what stood there.
    """

    row: int
    code: str
    value: str


@dataclass(frozen=True, slots=True)
class RowReader:
    """Reads the rows of one economy's file.

    Attributes:
        economy: whose tariff it is.
        digits: digits of a full commodity code.
        is_korean: whether the file has the titles of the Korea Customs Service.
    """

    economy: str
    digits: int
    is_korean: bool

    def line(self, row: Mapping[str, str]) -> Line:
        """The line of a table that a row is.

        Raises:
            RowRefused: the row cannot be taken.
        """
        code, column = self.place(row)
        if self.is_korean:
            line = _korean(row, Line(code, column, ""))
        else:
            line = self._plain(row, Line(code, column, row["rate"]))
        titles = KOREAN_TITLES[-2:] if self.is_korean else PLAIN_OPTIONAL
        first, last = (_day(row.get(title, "")) for title in titles)
        if first is not None and last is not None and last < first:
            raise RowRefused("TARIFF_PERIOD_REVERSED", f"{first} - {last}")
        return line._replace(first=first, last=last)

    def place(self, row: Mapping[str, str]) -> tuple[str, str]:
        """Commodity code and column of a row.

        Raises:
            RowRefused: one of them is not what it must be.
        """
        code = re.sub(r"[ .\-]", "", row["품목번호" if self.is_korean else "code"])
        least = self.digits if self.is_korean else CODE_DIGITS_MIN
        if not (code.isascii() and code.isdigit() and least <= len(code) <= self.digits):
            raise RowRefused("TARIFF_CODE_INVALID", code)
        column = row["관세율구분" if self.is_korean else "column"]
        if self.is_korean and row["용도세율구분"]:
            column = f"{column}/{row['용도세율구분']}"
        if not COLUMN.fullmatch(column):
            raise RowRefused("TARIFF_COLUMN_INVALID", column)
        return code, column

    def _plain(self, row: Mapping[str, str], line: Line) -> Line:
        if not row["rate"]:
            raise RowRefused("TARIFF_RATE_MISSING", "")
        if line.column == UNIT or read(self.economy, row["rate"]) is not None:
            return line
        return line._replace(unread="not read at the import")


def _korean(row: Mapping[str, str], line: Line) -> Line:
    """A rate in per cent is read; an amount for a unit is not, for the file names no unit."""
    rate, amount, price = row["관세율"], row["단위당세액"], row["기준가격"]
    if row["적용국가구분"] not in ALL_COUNTRIES:
        line = line._replace(note=f"적용국가구분 {row['적용국가구분']}")
    if _is_something(amount) or _is_something(price):
        parts = (f"{rate}%" if rate else "", f"단위당세액 {amount}", f"기준가격 {price}")
        text = ", ".join(part for part in parts if part and not part.endswith(" "))
        return line._replace(text=text, unread="단위당세액 or 기준가격 without a unit")
    if not rate:
        raise RowRefused("TARIFF_RATE_MISSING", "")
    if not PERCENTAGE.fullmatch(rate):
        raise RowRefused("TARIFF_RATE_UNREAD", rate)
    return line._replace(text=written(AdValorem(Fraction(rate) / 100)))


def _is_something(amount: str) -> bool:
    return bool(amount.strip("0."))


def _day(text: str) -> date | None:
    if not text:
        return None
    found = DAY.fullmatch(text)
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else _bad_day(text)
    except ValueError as error:
        raise RowRefused("TARIFF_DATE_INVALID", text) from error


def _bad_day(text: str) -> date:
    raise RowRefused("TARIFF_DATE_INVALID", text)
