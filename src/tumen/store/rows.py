r"""Rows as text: PostgreSQL's COPY text format, in exactly the form in which it gives rows back.

A row is a line: tabs between the columns, ``\N`` for null, a backslash before what would be
taken for one of these. Values stand as the server prints them under the settings of our
connections: a uuid with hyphens, a moment in UTC without trailing zeros. So what is copied is
what ``COPY (SELECT …) TO STDOUT`` gives, byte for byte, and a hash of the one is a hash of the
other (ADR 6). Arrays are written too, though not in the server's own form.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from io import BytesIO
from typing import Any, Final

import polars as pl

WRITTEN_BY_HAND_MAX: Final = 64
"""Frames up to this height are written by Python: planning expressions would cost more."""

Kinds = Mapping[str, str]
"""The columns of a table in their order, and the server's name of each one's type."""

UUID: Final = "uuid"

_ESCAPES: Final = {
    "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v",
}  # fmt: skip
"""What the server writes with a backslash; everything else stands for itself."""

_ESCAPING: Final = str.maketrans(_ESCAPES)
_SIGNS: Final = re.compile(r"[\\\b\f\n\r\t\v]")
_RARE: Final = (b"\b", b"\f", b"\r", b"\v")
_MOMENT: Final = "%Y-%m-%d %H:%M:%S%.6f"


def copy_text(frame: pl.DataFrame, kinds: Kinds) -> bytes:
    """The lines of a frame, in the order of its rows and its columns.

    Args:
        frame: the rows.
        kinds: the types of the columns, of which only that of a uuid is looked at: a frame holds
            it as 32 hexadecimal digits.
    """
    if frame.height <= WRITTEN_BY_HAND_MAX:
        return _by_hand(frame, kinds)
    made = {
        name: expression
        for name, kind in frame.schema.items()
        if (expression := _shown(name, kind, kinds.get(name))) is not None
    }
    shown = frame.with_columns(**made) if made else frame
    text = _joined(shown)
    if _is_plain(text, shown, [name for name, kind in frame.schema.items() if kind == pl.Binary]):
        return text
    escaped = [_escaped(n) for n, kind in frame.schema.items() if _may_hold_signs(kind)]
    return _joined(shown.with_columns(escaped))


def _may_hold_signs(kind: pl.DataType) -> bool:
    return kind == pl.String or isinstance(kind, pl.List)


def _joined(frame: pl.DataFrame) -> bytes:
    target = BytesIO()
    frame.write_csv(
        target, include_header=False, separator="\t", quote_style="never", null_value="\\N"
    )
    return target.getvalue()


def _is_plain(text: bytes, frame: pl.DataFrame, binaries: list[str]) -> bool:
    r"""Whether no value holds a sign to be escaped: then each sign has its known number.

    A backslash stands in every ``\N`` and twice in every bytea, tabs and newlines between columns
    and after rows only. To count them is quicker than to look into every column.
    """
    nulls = frame.null_count().row(0, named=True)
    backslashes = sum(nulls.values()) + sum(2 * (frame.height - nulls[n]) for n in binaries)
    return (
        text.count(b"\\") == backslashes
        and text.count(b"\n") == frame.height
        and text.count(b"\t") == frame.height * (frame.width - 1)
        and not any(sign in text for sign in _RARE)
    )


def _shown(name: str, kind: pl.DataType, stored_as: str | None) -> pl.Expr | None:
    """What is not shown as the server shows it; texts are escaped later."""
    column = pl.col(name)
    if kind == pl.Boolean:
        return pl.when(column).then(pl.lit("t")).when(~column).then(pl.lit("f"))
    if kind == pl.Binary:
        return pl.concat_str(pl.lit("\\\\x"), column.bin.encode("hex"))
    if isinstance(kind, pl.Datetime):
        return _moment(column)
    if isinstance(kind, pl.List):
        return _array(column)
    if stored_as == UUID:
        cuts = ((0, 8), (8, 4), (12, 4), (16, 4), (20, 12))
        return pl.concat_str([column.str.slice(*cut) for cut in cuts], separator="-")
    return None


def _moment(column: pl.Expr) -> pl.Expr:
    printed = column.dt.strftime(_MOMENT).str.strip_chars_end("0").str.strip_suffix(".")
    return pl.concat_str(printed, pl.lit("+00"))


def _array(column: pl.Expr) -> pl.Expr:
    element = pl.element()
    for sign in ("\\", '"'):
        element = element.str.replace_all(sign, f"\\{sign}", literal=True)
    inner = column.list.eval(element).list.join('","')
    filled = pl.lit('{"') + inner + pl.lit('"}')
    return pl.when(column.list.len() == 0).then(pl.lit("{}")).otherwise(filled)


def _escaped(name: str) -> pl.Expr:
    column = pl.col(name)
    for sign, written in _ESCAPES.items():
        column = column.str.replace_all(sign, written, literal=True)
    return column


def _by_hand(frame: pl.DataFrame, kinds: Kinds) -> bytes:
    """As :func:`_shown` and :func:`_escaped` write them, a column at a time."""
    columns = [_written(column, kinds.get(column.name)) for column in frame.iter_columns()]
    return "".join(["\t".join(row) + "\n" for row in zip(*columns, strict=True)]).encode()


def _written(column: pl.Series, stored_as: str | None) -> list[str]:
    """The values of a column."""
    values = column.to_list()
    write = _writer(column.dtype, stored_as)
    if write is _escaped_text and not _SIGNS.search("".join(filter(None, values))):
        return ["\\N" if value is None else value for value in values]
    return ["\\N" if value is None else write(value) for value in values]


def _writer(kind: pl.DataType, stored_as: str | None) -> Callable[[Any], str]:
    if stored_as == UUID:
        return _hyphened
    if isinstance(kind, pl.Datetime):
        return _moment_text
    if isinstance(kind, pl.List):
        return _array_text
    return _WRITERS.get(kind, str)


def _hyphened(value: str) -> str:
    return "-".join((value[:8], value[8:12], value[12:16], value[16:20], value[20:]))


def _escaped_text(value: str) -> str:
    return value.translate(_ESCAPING)


def _moment_text(value: datetime) -> str:
    printed = value.replace(tzinfo=None).isoformat(" ")
    return (printed.rstrip("0") if "." in printed else printed) + "+00"


def _array_text(values: list[str]) -> str:
    quoted = (value.replace("\\", "\\\\").replace('"', '\\"') for value in values)
    return ("{" + ",".join(f'"{value}"' for value in quoted) + "}").translate(_ESCAPING)


_WRITERS: Final[Mapping[pl.DataType | type[pl.DataType], Callable[[Any], str]]] = {
    pl.String(): _escaped_text,
    pl.Boolean(): lambda value: "t" if value else "f",
    pl.Binary(): lambda value: f"\\\\x{value.hex()}",
    pl.Date(): date.isoformat,
}
"""How the values of a kind are written; numbers as Python does."""
