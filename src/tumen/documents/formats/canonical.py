"""The canonical bytes of a document: what its content hash is made of.

A line (a head, or a goods item) is its values in the order of the field table, divided by
``U+001F``; an absent value is ``U+001D``; a line ends with ``U+001E``. A value is encoded as it
stands, in UTF-8. Only where one of these marks, or ``U+001B``, stands within a value, it is
written as ``U+001B``, its number and a semicolon, so that two documents never have the same bytes.
"""

from collections.abc import Sequence
from io import BytesIO
from typing import Final

import polars as pl

from tumen.kernel.columns import chosen

CONTROL: Final = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]"
"""What no text may hold: every control character but tab and line ends, and what turns the
direction of a text, so that an officer would read another number than the one that is recorded."""

FEW_LINES: Final = 64
"""Lines up to which the plain way is faster than Polars; the bytes are the same."""

_NULL, _LINE_END, _UNIT = "\x1d", "\x1e", "\x1f"
LINE_END: Final = _LINE_END.encode()
UNIT: Final = _UNIT.encode()

_ESCAPED: Final = {mark: f"\x1b{ord(mark)};" for mark in "\x1b\x1d\x1e\x1f"}


def encoded(frame: pl.DataFrame, names: Sequence[str], has_controls: bool) -> list[bytes]:
    """The canonical bytes of each line of a frame of texts, without the mark at its end.

    Args:
        frame: has a String column for every name.
        names: the columns, in the order of the field table.
        has_controls: whether any value may have a control character.
    """
    lines = chosen(frame, names)
    if has_controls:
        lines = lines.select(pl.all().str.replace_many(list(_ESCAPED), list(_ESCAPED.values())))
    return _few(lines) if frame.height <= FEW_LINES else _many(lines)


def _few(lines: pl.DataFrame) -> list[bytes]:
    rows = lines.rows()
    return [
        _UNIT.join([_NULL if value is None else value for value in row]).encode() for row in rows
    ]


def _many(lines: pl.DataFrame) -> list[bytes]:
    out = BytesIO()
    lines.write_csv(
        out,
        include_header=False,
        separator=_UNIT,
        line_terminator=_LINE_END,
        quote_style="never",
        null_value=_NULL,
    )
    return out.getvalue().split(LINE_END)[:-1]
