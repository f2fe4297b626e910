"""The observations of one source: read, checked as a whole, refused by file and line."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import polars as pl

from tumen.observatory.indicators.csv_table import LINE, frame_of, need_columns, text_of
from tumen.observatory.indicators.errors import IndicatorError
from tumen.observatory.indicators.model import (
    MISSING_STATUSES,
    VALUE_STATUSES,
    Indicator,
    Source,
)
from tumen.observatory.indicators.registry import economies
from tumen.observatory.periods import PERIOD

COLUMNS: Final = ("indicator", "economy", "period", "value", "status", "note")
"""The columns of a table of observations; the source is the table itself."""

KEY: Final = ("indicator", "economy", "period")
SCHEMA: Final = {
    "indicator": pl.String(), "economy": pl.String(), "period": pl.String(),
    "value": pl.Float64(), "status": pl.String(), "note": pl.String(), "source": pl.String(),
}  # fmt: skip
NUMBER: Final = r"^-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?$"


def read_observations(
    folder: Path, source: Source, indicators: Mapping[str, Indicator]
) -> pl.DataFrame:
    """The observations of a source, with its name.

    Raises:
        IndicatorError: the file is not of the form; the error names the line.
    """
    path = folder / source.file
    rows = frame_of(text_of(path), path.name)
    need_columns(rows, COLUMNS, path.name)
    checked(rows, indicators, path.name)
    return typed(rows, source.id)


def typed(rows: pl.DataFrame, source: str) -> pl.DataFrame:
    """The checked rows with numbers for values."""
    return rows.select(
        *KEY,
        pl.col("value").cast(pl.Float64),
        "status",
        pl.col("note").fill_null(""),
        pl.lit(source).alias("source"),
    )


def checked(rows: pl.DataFrame, indicators: Mapping[str, Indicator], file: str) -> None:
    """Refuse the first row that cannot be an observation.

    Raises:
        IndicatorError: there is one; it names what is wrong, the file and the line.
    """
    for code, wrong, what in _problems(indicators):
        found = rows.filter(wrong.fill_null(value=True)).head(1)
        for row in found.iter_rows(named=True):
            message = f"{row[what] or 'nothing'} is not to be taken as {what}."
            if code == "OBSERVATION_TWICE":
                message = f"{row['indicator']} of {row['economy']} in {row['period']} stands twice."
            raise IndicatorError(code, message, file=file, line=row[LINE])


def _problems(indicators: Mapping[str, Indicator]) -> list[tuple[str, pl.Expr, str]]:
    status, value = pl.col("status"), pl.col("value")
    is_number = value.str.contains(NUMBER).fill_null(value=True)
    number = value.cast(pl.Float64, strict=False).fill_null(0)
    told = pl.when(value.is_null()).then(status.is_in([*MISSING_STATUSES])).otherwise(
        status.is_in([*VALUE_STATUSES])
    )  # fmt: skip
    return [
        ("INDICATOR_UNKNOWN", ~pl.col("indicator").is_in([*indicators]), "indicator"),
        ("ECONOMY_UNKNOWN", ~pl.col("economy").is_in([*economies()]), "economy"),
        ("PERIOD_WRONG", ~pl.col("period").str.contains(f"^{PERIOD.pattern}$"), "period"),
        ("NUMBER_WRONG", ~(is_number & number.is_finite()), "value"),
        ("STATUS_WRONG", ~told, "status"),
        ("OBSERVATION_TWICE", ~pl.struct(KEY).is_first_distinct(), "period"),
    ]
