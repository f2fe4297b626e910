"""A tariff as a file: sorted lines of CSV, gzipped; a code is found in it by halving.

    code,column,text,from,to,season,unread,note
    ,edition,実行関税率表 2026-07-09,2026-07-09,,,confirmed,
    010121100,unit,KG,,,,,
    010121100,general,無税,,,,,

The first line names the edition: its first day stands under ``from``, its evidence under
``unread``. After it come the lines of each code in the order of the tariff's columns; ``unit`` is
the supplementary unit. ``season`` is ``MMDD-MMDD``, both inclusive, where a rate holds in a part
of each year. ``unread`` says why the rate of a line is unknown although its text is shown.
Committed and imported tables have the same form.
"""

import csv
import gzip
import io
import zlib
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple, get_args

from tumen.kernel.errors import SourceUnreadable
from tumen.kernel.limits import TARIFF_BYTES_MAX
from tumen.law.parameters import Evidence

EDITION: Final = "edition"
UNIT: Final = "unit"
AFTER_COMMA: Final = "-"
"""Sorts after the comma behind a code, and before every digit of a longer code."""

AFTER_DIGITS: Final = "\x7f"
"""Sorts after every digit and every comma, so that all codes below a prefix come before it."""


class Line(NamedTuple):
    """One line of a table.

    Attributes:
        code: the commodity code, digits only; a heading where the table goes no deeper.
        column: the tariff's column, or :data:`UNIT`.
        text: what it prints.
        first: the first day; None where the line has no day of its own.
        last: the last day, likewise.
        season: ``MMDD-MMDD``, or empty.
        unread: why the rate is unknown in spite of its text; empty where the text is read.
        note: what a reader should know besides.
    """

    code: str
    column: str
    text: str
    first: date | None = None
    last: date | None = None
    season: str = ""
    unread: str = ""
    note: str = ""

    def covers(self, day: date) -> bool:
        """Whether the day lies between the line's first and last day."""
        begun = self.first is None or self.first <= day
        return begun and (self.last is None or day <= self.last)

    def is_in_season(self, day: date) -> bool:
        """Whether the line holds in that part of the year.

        >>> winter = Line("080510000", "general", "40%", season="1201-0531")
        >>> [winter.is_in_season(date(2026, month, 1)) for month in (11, 12, 5, 6)]
        [False, True, True, False]
        """
        if not self.season:
            return True
        today = f"{day:%m%d}"
        first, last = self.season.split("-")
        if first <= last:
            return first <= today <= last
        return today >= first or today <= last


@dataclass(frozen=True, slots=True)
class Edition:
    """Of which tariff a table is.

    Attributes:
        name: the tariff and its day.
        first: the day from which it is known to hold.
        evidence: as for the values of the law; ``weak`` for an indicative table.
        note: what a reader should know of all its rates.
    """

    name: str
    first: date
    evidence: Evidence
    note: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A tariff's edition and its lines, still as text.

    Attributes:
        edition: of which tariff it is.
        lines: CSV, by code.
    """

    edition: Edition
    lines: list[str]

    def exactly(self, code: str) -> list[str]:
        """The lines of a code, still as text."""
        return self._between(code, code + AFTER_COMMA)

    def below(self, prefix: str) -> list[str]:
        """The same of all codes that begin with the prefix, the prefix itself among them."""
        return self._between(prefix, prefix + AFTER_DIGITS)

    def _between(self, low: str, high: str) -> list[str]:
        """The lines between two bounds, of which none falls among the lines of one code.

        Lines are in the order of their codes, and so are they as texts as far as bounds go: a
        comma sorts before every digit.
        """
        first = bisect_left(self.lines, low)
        return self.lines[first : bisect_left(self.lines, high, lo=first)]


def lines_from(texts: Iterable[str]) -> list[Line]:
    """Lines of a table from their text."""
    return [
        Line(code, column, text, _day(first), _day(last), season, unread, note)
        for code, column, text, first, last, season, unread, note in csv.reader(texts)
    ]


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def parse(data: bytes) -> Table:
    """A table from the bytes of its file.

    Raises:
        SourceUnreadable: it is no table of this form.
    """
    try:
        with gzip.open(io.BytesIO(data)) as opened:
            text = opened.read(TARIFF_BYTES_MAX + 1)
        header, head, *lines = text.decode().removesuffix("\n").split("\n")
        edition = edition_of_lines(header, head)
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise SourceUnreadable(f"this is no table of a tariff: {error}") from error
    return Table(edition, lines)


def edition_of_lines(header: str, head: str) -> Edition:
    """The edition that the first two lines of a table name.

    Raises:
        SourceUnreadable: they are not those of a table.
    """
    (named,) = lines_from([head])
    is_known = named.unread in get_args(Evidence) and named.column == EDITION
    if header != ",".join(HEADER) or not is_known or named.first is None:
        raise SourceUnreadable("this is no table of a tariff: its first lines are not as they were")
    evidence: Evidence = named.unread  # type: ignore[assignment]  # is one of them, see above
    return Edition(named.text, named.first, evidence, named.note)


HEADER: Final = ("code", "column", "text", "from", "to", "season", "unread", "note")


def written(edition: Edition, lines: Iterable[Line]) -> bytes:
    """The bytes of a table's file; the same lines always give the same bytes.

    The lines of one code keep their order.
    """
    head = Line("", EDITION, edition.name, edition.first, None, "", edition.evidence, edition.note)
    rows = [head, *sorted(lines, key=lambda line: line.code)]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows([_one_line(cell) for cell in row] for row in rows)
    return gzip.compress(text.getvalue().encode(), 9, mtime=0)


def _one_line(cell: str | date | None) -> str:
    return "" if cell is None else " ".join(str(cell).split())
