"""Lists: watch lists of parties, reference prices and the positive list, from text to rows.

The shape is told by the header. A row that cannot be read is reported with its line and the
reason, and the others are taken; a name cell may hold several names.
"""

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from io import StringIO
from typing import Final

import msgspec
import polars as pl

from tumen.kernel.errors import UsageError
from tumen.kernel.limits import AMOUNT_MINOR_MAX
from tumen.window.positive_list import LISTED_CODE_SCHEMA, listed_code
from tumen.window.screening import REFERENCE_PRICE_SCHEMA

LIST_BYTES_MAX: Final = 256 << 20
"""Bytes of a list file, uncompressed."""

LIST_NAME: Final = re.compile(r"\w[\w .-]{0,62}\w|\w")
"""A list's name has no comma: names of lists are joined by commas where hits are stored."""

ID_COLUMNS: Final = ("id", "entry_id", "uid", "ref")
NAME_COLUMNS: Final = (
    *("name", "name_en", "name_zh", "name_ja", "name_ko", "name_ru", "name_mn"),
    *("name_other", "name_original"),
)
ALIAS_COLUMNS: Final = ("aliases", "alternate_names")

PARTY_SCHEMA: Final = pl.Schema({"entry_id": pl.String, "name": pl.String})

_IN_FORCE: Final = (
    "SELECT DISTINCT ON (kind, name) * FROM list ORDER BY kind, name, day DESC, list_id DESC"
)

PARTIES_IN_FORCE: Final = f"""
    SELECT p.name, l.name, p.entry_id FROM ({_IN_FORCE}) l JOIN list_party p USING (list_id)
"""  # noqa: S608 - our own constant
"""Names of the watch lists in force, for ``PartyIndex.build``."""

PARTIES_IN_FORCE_SCHEMA: Final = pl.Schema(
    {"name": pl.String, "list_name": pl.String, "entry_id": pl.String}
)

PRICES_IN_FORCE: Final = f"""
    SELECT p.hs_code, p.unit, p.low_fen, p.high_fen
    FROM ({_IN_FORCE}) l JOIN reference_price p USING (list_id)
"""  # noqa: S608 - our own constant
"""Reference prices in force, as ``REFERENCE_PRICE_SCHEMA``, for ``ScreeningLists``."""

ALL_LISTS: Final = f"""
    SELECT kind, name, source, encode(sha256, 'hex'), rows, rows_refused, day, imported_at,
           list_id IN (SELECT list_id FROM ({_IN_FORCE}) l)
    FROM list ORDER BY kind, name, day, list_id
"""  # noqa: S608 - our own constant
"""Every import, with whether it is in force, as ``ALL_LISTS_SCHEMA``."""

ALL_LISTS_SCHEMA: Final = pl.Schema(
    [
        *((name, pl.String) for name in ("kind", "name", "source", "sha256")),
        *((name, pl.Int32) for name in ("rows", "rows_refused")),
        ("day", pl.Date),
        ("imported_at", pl.Datetime("us", "UTC")),
        ("is_in_force", pl.Boolean),
    ]
)


class ListKind(StrEnum):
    """What a list holds."""

    PARTIES = "parties"
    PRICES = "prices"
    CODES = "codes"


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that could not be read.

    Attributes:
        line: where its text ends in the file; the ordinal of the entry in a JSON file.
        reason: what is wrong with it, in plain words.
    """

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class ListRows:
    """What a file holds.

    Attributes:
        frame: ``PARTY_SCHEMA``, a line for each name, ``REFERENCE_PRICE_SCHEMA`` or
            ``LISTED_CODE_SCHEMA``.
        rows: how many rows of the file it was made from.
        refused: the rows that could not be read.
    """

    frame: pl.DataFrame
    rows: int
    refused: Sequence[Refused]


Row = dict[str, str]


class _Unreadable(Exception):
    """A row's reason to be refused."""


def read_list(text: str, kind: ListKind) -> ListRows:
    """The rows of a list file.

    Raises:
        UsageError: the header is not that of a list of this kind, or no row could be read.
    """
    rows = _json_rows(text) if text.lstrip().startswith("{") else _csv_rows(text, kind)
    parse, schema = _PARSERS[kind]()
    found: list[tuple[object, ...]] = []
    refused: list[Refused] = []
    count = 0
    for line, row in rows:
        try:
            found += parse(line, _readable(row))
            count += 1
        except _Unreadable as reason:
            refused.append(Refused(line, str(reason)))
    if not found:
        told = f"; line {refused[0].line}: {refused[0].reason}" if refused else ""
        raise UsageError(f"The file has no row that can be read as {kind}{told}")
    return ListRows(pl.DataFrame(found, schema=schema, orient="row"), count, tuple(refused))


def _readable(row: Row | str) -> Row:
    if isinstance(row, str):
        raise _Unreadable(row)
    return row


def _csv_rows(text: str, kind: ListKind) -> Iterator[tuple[int, Row | str]]:
    """Line and row of a CSV text; a reason in the place of a row that is no row."""
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    header = [name.strip().lower() for name in next(reader, [])]
    _check_header(header, kind)
    while True:
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield reader.line_num, f"not CSV: {error}"
            continue
        if len(values) == len(header):
            yield reader.line_num, dict(zip(header, values, strict=True))
        elif values:
            yield reader.line_num, f"{len(values)} fields, the header has {len(header)}"


def _check_header(header: list[str], kind: ListKind) -> None:
    needed = _NEEDED.get(kind, ())
    missing = [name for name in needed if name not in header]
    if missing:
        raise UsageError(f"A list of {kind} needs the columns {', '.join(missing)}")
    if not needed and not set(header) & {*NAME_COLUMNS, *ALIAS_COLUMNS}:
        raise UsageError(f"A list of parties needs one of the columns {', '.join(NAME_COLUMNS)}")
    if len(set(header)) < len(header):
        raise UsageError("The header names a column twice")


_NEEDED: Final = {ListKind.PRICES: REFERENCE_PRICE_SCHEMA.names(), ListKind.CODES: ["hs_code"]}


class _Entry(msgspec.Struct, rename="camel"):
    """An entry of a JSON list, as the carrier of the United States' list writes it."""

    uid: int | str
    name: str
    alternate_names: list[str] = []


class _Entries(msgspec.Struct):
    entries: list[msgspec.Raw]


def _json_rows(text: str) -> Iterator[tuple[int, Row | str]]:
    try:
        entries = msgspec.json.decode(text, type=_Entries).entries
    except msgspec.DecodeError as error:
        raise UsageError(f"The file is no JSON list with entries: {error}") from error
    for ordinal, raw in enumerate(entries, start=1):
        try:
            entry = msgspec.json.decode(raw, type=_Entry)
        except msgspec.DecodeError as error:
            yield ordinal, str(error)
            continue
        aliases = "|".join(entry.alternate_names)
        yield ordinal, {"uid": str(entry.uid), "name": entry.name, "aliases": aliases}


_ENUMERATOR: Final = re.compile(r"[(（]\s*\w\s*[)）]")
_SEPARATOR: Final = re.compile(r"[|;；]")
_INSIDE: Final = re.compile(r"[(（]([^()（）]*)[)）]?")
_LABEL: Final = re.compile(
    r"^\W*(?:[afn]\.?\s?k\.?\s?a\.?|original script|別称|旧称|通称)(?=\W|$)[\W_]*", re.IGNORECASE
)
_ALPHANUMERIC: Final = re.compile(r"[^\W_]")
_NOTE: Final = re.compile(r"[\d:：。=]")


def names_in(cell: str) -> list[str]:
    """The names in a cell, each once: separated, numbered, or explained in parentheses.

    A single Latin word in parentheses is an abbreviation or a part of the name, and no name;
    nor is a note with figures, such as a day of birth.

    >>> names_in("GREAT LAKES (GLBC) ; LAKES GREAT (a.k.a. Lac Grand)")
    ['GREAT LAKES', 'LAKES GREAT', 'Lac Grand']
    >>> names_in("(a)Ali Anwari (b) Ali Anwary (original script: علی)")
    ['Ali Anwari', 'Ali Anwary', 'علی']
    """
    found: list[str] = []
    for part in _SEPARATOR.split(_ENUMERATOR.sub("|", cell)):
        inside = [_bare(text) for text in _INSIDE.findall(part)]
        found.append(_bare(_INSIDE.sub(" ", part)))
        found += [text for text in inside if _is_name_inside(text)]
    return [name for name in dict.fromkeys(found) if sum(map(str.isalpha, name)) > 1]


def _is_name_inside(text: str) -> bool:
    """Whether a text in parentheses is another name and no note, date or abbreviation."""
    return (" " in text or not text.isascii()) and not _NOTE.search(text)


def _bare(text: str) -> str:
    """A name without its label, its quotation marks and stray parentheses."""
    return " ".join(_LABEL.sub("", text).split()).strip(" ()（）\"“”'.,:：、")


Parse = Callable[[int, Row], list[tuple[object, ...]]]


def _party_parser() -> tuple[Parse, pl.Schema]:
    def parse(line: int, row: Row) -> list[tuple[object, ...]]:
        cells = [row[name] for name in (*NAME_COLUMNS, *ALIAS_COLUMNS) if row.get(name)]
        names = dict.fromkeys(name for cell in cells for name in names_in(cell))
        if not names:
            names = dict.fromkeys(cell.strip() for cell in cells if _ALPHANUMERIC.search(cell))
        if not names:
            raise _Unreadable("no name")
        given = (row[name].strip() for name in ID_COLUMNS if row.get(name))
        entry_id = next(given, "") or f"line {line}"
        return [(entry_id, name) for name in names]

    return parse, PARTY_SCHEMA


def _price_parser() -> tuple[Parse, pl.Schema]:
    seen: set[tuple[str, str]] = set()

    def parse(_line: int, row: Row) -> list[tuple[object, ...]]:
        hs_code, unit = row["hs_code"].strip(), row["unit"].strip()
        if not re.fullmatch(r"[0-9]{10}", hs_code) or not re.fullmatch(r"[0-9]{3}", unit):
            raise _Unreadable("hs_code must have ten digits and unit three")
        low, high = _fen(row["low_fen"]), _fen(row["high_fen"])
        if low > high or high == 0:
            raise _Unreadable(f"low_fen {low} and high_fen {high} are no range")
        if (hs_code, unit) in seen:
            raise _Unreadable(f"{hs_code} in unit {unit} stands in the list twice")
        seen.add((hs_code, unit))
        return [(hs_code, unit, low, high)]

    return parse, REFERENCE_PRICE_SCHEMA


def _code_parser() -> tuple[Parse, pl.Schema]:
    seen: set[str] = set()

    def parse(_line: int, row: Row) -> list[tuple[object, ...]]:
        found = listed_code(row, seen)
        if isinstance(found, str):
            raise _Unreadable(found)
        return [found]

    return parse, LISTED_CODE_SCHEMA


def _fen(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,13}", text.strip()) or int(text) > AMOUNT_MINOR_MAX:
        raise _Unreadable(f"{text!r} is no amount in fen")
    return int(text)


_PARSERS: Final = {
    ListKind.PARTIES: _party_parser,
    ListKind.PRICES: _price_parser,
    ListKind.CODES: _code_parser,
}


def check_name(name: str) -> str:
    """The name of a list, if it can be one.

    Raises:
        UsageError: it has other signs than letters, digits, blanks, dots and hyphens.
    """
    if not LIST_NAME.fullmatch(name):
        raise UsageError(f"{name!r} cannot name a list: letters, digits, blanks, . and - only")
    return name
