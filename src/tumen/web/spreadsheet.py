"""Tables as CSV files that a spreadsheet may open: no cell of them is run as a formula."""

import csv
import re
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Final

_FORMULA: Final = re.compile(r"\s*[=+\-@|%\t\r\n]")
_NUMBER: Final = re.compile(r"[+-]?[0-9][0-9.,]*")
BYTE_ORDER_MARK: Final = "\ufeff"
"""Without it a spreadsheet takes the file for one of its own old encodings."""


def cell(value: object) -> str:
    """A cell as text; an apostrophe stands before what a spreadsheet would compute.

    >>> cell("=cmd|' /C calc'!A0"), cell("-12.50"), cell(None), cell("@SUM(A1)")
    ("'=cmd|' /C calc'!A0", '-12.50', '', "'@SUM(A1)")
    """
    text = "" if value is None else str(value)
    if _FORMULA.match(text) and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A table as the bytes of a CSV file."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(head)
    writer.writerows([cell(value) for value in row] for row in rows)
    return (BYTE_ORDER_MARK + text.getvalue()).encode()
