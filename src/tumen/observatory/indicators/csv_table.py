"""A CSV file as a frame of texts, in which every row knows its line."""

import csv
import gzip
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import polars as pl

from tumen.kernel.limits import INDICATOR_FILE_BYTES_MAX, OBSERVATIONS_MAX
from tumen.observatory.indicators.errors import IndicatorError

LINE: Final = "line"
"""The column that holds the line of a row."""


def bytes_of(path: Path) -> bytes:
    """The bytes of a file, unpacked where it is compressed.

    Raises:
        IndicatorError: it cannot be read, or is too large.
    """
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            data = file.read(INDICATOR_FILE_BYTES_MAX + 1)
    except (OSError, EOFError) as error:
        reason = getattr(error, "strerror", None) or "damaged"
        raise IndicatorError("FILE_UNREADABLE", f"Cannot be read: {reason}.", file=str(path)) from (
            error
        )
    if len(data) > INDICATOR_FILE_BYTES_MAX:
        raise IndicatorError("FILE_TOO_LARGE", "It is too large.", file=path.name)
    return data


def text_of(path: Path) -> str:
    """The text of a file.

    Raises:
        IndicatorError: it cannot be read, is too large, or is not UTF-8.
    """
    try:
        return bytes_of(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise IndicatorError("FILE_UNREADABLE", "It is not UTF-8.", file=path.name) from error


def frame_of(text: str, file: str, *, skip: int = 0) -> pl.DataFrame:
    """The rows of a CSV text after so many lines, as texts; empty values are null.

    Raises:
        IndicatorError: a row has other columns than the first, or there are too many rows.
    """
    reader = csv.reader(io.StringIO(text))
    for _ in range(skip):
        next(reader, None)
    columns = next(reader, [])
    rows: list[list[str | int | None]] = []
    for row in reader:
        if not row:
            continue
        if len(row) != len(columns):
            raise IndicatorError(
                "ROW_WRONG", f"The row has {len(row)} values for {len(columns)} columns.",
                file=file, line=reader.line_num,
            )  # fmt: skip
        if len(rows) >= OBSERVATIONS_MAX:
            raise IndicatorError("FILE_TOO_LARGE", "It has too many rows.", file=file)
        rows.append([*(value or None for value in row), reader.line_num])
    named = _distinct(columns, file)
    schema = {**dict.fromkeys(named, pl.String()), LINE: pl.Int64()}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _distinct(columns: Sequence[str], file: str) -> list[str]:
    """The names of the columns; an unnamed last one, as the World Bank writes it, gets a name."""
    named = [name.strip() or f"unnamed{place}" for place, name in enumerate(columns)]
    if len(set(named) | {LINE}) != len(named) + 1:
        raise IndicatorError("COLUMNS_WRONG", "Two columns have one name.", file=file, line=1)
    return named


def need_columns(frame: pl.DataFrame, columns: Iterable[str], file: str, line: int = 1) -> None:
    """Refuse a table that lacks one of the columns.

    Raises:
        IndicatorError: one is absent.
    """
    absent = [name for name in columns if name not in frame.columns]
    if absent:
        raise IndicatorError(
            "COLUMNS_WRONG", f"There is no column {', '.join(absent)}.", file=file, line=line
        )
