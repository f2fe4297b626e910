"""Files of observations as others publish them: SDMX-CSV, the World Bank's CSV, ITU's CSV.

Whatever the form, a row becomes a value with its economy and period as texts, and keeps the other
columns, by which one series is chosen out of several.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

import polars as pl

from tumen.observatory.indicators.csv_table import LINE, frame_of, need_columns, text_of
from tumen.observatory.indicators.errors import IndicatorError

SDMX_CSV: Final = "SDMX-CSV"
WORLD_BANK: Final = "the World Bank's CSV"
ITU: Final = "ITU's CSV"

WORLD_BANK_HEAD: Final = ("Country Name", "Country Code")
WORLD_BANK_NAMES: Final = ("Indicator Code", "Series Code")
HEAD_LINES_MAX: Final = 8
"""Within so many lines the World Bank's header stands; before it, the name and day of the table."""

YEAR_COLUMN: Final = re.compile(r"([0-9]{4})(?: \[YR[0-9]{4}\])?")
NO_VALUE: Final = ("", "..", "NaN", "nan")

ITU_COLUMNS: Final = ("seriesCode", "entityIso", "dataValue", "dataYear")

AREAS: Final = ("REF_AREA", "COUNTRY", "GEO", "AREA", "ECONOMY")
"""The names by which SDMX datasets call the economy."""

UNITS: Final = ("UNIT_MEASURE", "UNIT", "seriesUnits")
"""The columns that say in which unit a value is."""

MULTIPLIER: Final = "UNIT_MULT"


@dataclass(frozen=True)
class Published:
    """The rows of a file, its form, and the columns by which a series can be chosen."""

    form: str
    file: str
    rows: pl.DataFrame
    choices: tuple[str, ...]


def read_published(path: Path) -> Published:
    """Read a file of one of the forms.

    Raises:
        IndicatorError: it is of none of them, or a row of it cannot be read.
    """
    text = text_of(path)
    head = [line.strip() for line in text.splitlines()[:HEAD_LINES_MAX]]
    for at, line in enumerate(head):
        if all(name in line for name in WORLD_BANK_HEAD):
            return _world_bank(frame_of(text, path.name, skip=at), path.name, at + 1)
    first = head[0] if head else ""
    if all(name in first for name in ITU_COLUMNS):
        return _itu(frame_of(text, path.name), path.name)
    if re.match(r'"?(DATAFLOW|STRUCTURE)\b', first):
        return _sdmx(frame_of(text, path.name), path.name)
    raise IndicatorError(
        "FORM_UNKNOWN", "Its first lines are of no form that can be read.", file=path.name, line=1
    )


def _world_bank(rows: pl.DataFrame, file: str, line: int) -> Published:
    """Years beside each other; a blank is no observation."""
    name = next((each for each in WORLD_BANK_NAMES if each in rows.columns), None)
    years = {
        column: found[1] for column in rows.columns if (found := YEAR_COLUMN.fullmatch(column))
    }
    if name is None or not years:
        message = f"There must be a column {' or '.join(WORLD_BANK_NAMES)}, and one for each year."
        raise IndicatorError("COLUMNS_WRONG", message, file=file, line=line)
    long = rows.unpivot(
        [*years], index=["Country Code", name, LINE], variable_name="period"
    ).filter(pl.col("value").is_not_null(), ~pl.col("value").is_in(NO_VALUE))
    # Below the table the World Bank writes the day of its last change; such rows have no years.
    return Published(
        WORLD_BANK, file,
        long.select(
            pl.col("Country Code").alias("economy"), pl.col("period").replace(years), "value",
            pl.lit("A").alias("status"), pl.lit("").alias("note"), LINE, name,
        ),
        (name,),
    )  # fmt: skip


def _itu(rows: pl.DataFrame, file: str) -> Published:
    """A row for each value; the note says what ITU says of it."""
    need_columns(rows, ITU_COLUMNS, file)
    own = tuple(
        name for name in ("seriesCode", "seriesName", "seriesUnits") if name in rows.columns
    )
    note = pl.col("dataNote").fill_null("") if "dataNote" in rows.columns else pl.lit("")
    long = rows.filter(pl.col("dataValue").is_not_null())
    return Published(
        ITU, file,
        long.select(
            pl.col("entityIso").alias("economy"), pl.col("dataYear").alias("period"),
            pl.col("dataValue").alias("value"), pl.lit("A").alias("status"), note.alias("note"),
            LINE, *own,
        ),
        own,
    )  # fmt: skip


def _sdmx(rows: pl.DataFrame, file: str) -> Published:
    """SDMX-CSV 1.0 and 2.0; of `CN: China` the code is taken."""
    rows = rows.rename({name: name.partition(":")[0].strip() for name in rows.columns})
    need_columns(rows, ("TIME_PERIOD", "OBS_VALUE"), file)
    area = next((name for name in AREAS if name in rows.columns), None)
    if area is None:
        message = f"There is no column of economies: {', '.join(AREAS)}."
        raise IndicatorError("COLUMNS_WRONG", message, file=file, line=1)
    taken = {area, "TIME_PERIOD", "OBS_VALUE", "OBS_STATUS", "COMMENT_OBS", LINE}
    own = tuple(name for name in rows.columns if name not in taken)
    note = pl.col("COMMENT_OBS").fill_null("") if "COMMENT_OBS" in rows.columns else pl.lit("")
    value = _multiplied(rows, file)
    told = _code("OBS_STATUS") if "OBS_STATUS" in rows.columns else pl.lit(None, pl.String)
    usual = pl.when(value.is_null()).then(pl.lit("O")).otherwise(pl.lit("A"))
    return Published(
        SDMX_CSV, file,
        rows.select(
            _code(area).alias("economy"), pl.col("TIME_PERIOD").alias("period"),
            value.alias("value"), told.fill_null(usual).alias("status"), note.alias("note"),
            LINE, *(_code(name) for name in own),
        ),
        own,
    )  # fmt: skip


def _code(name: str) -> pl.Expr:
    return pl.col(name).str.split(": ").list.first()


def _multiplied(rows: pl.DataFrame, file: str) -> pl.Series:
    """The values times the power of ten that the column UNIT_MULT says, digit by digit."""
    values = rows["OBS_VALUE"].to_list()
    values = [None if value in NO_VALUE else value for value in values]
    if MULTIPLIER in rows.columns:
        powers = (text.partition(":")[0] if text else "0" for text in rows[MULTIPLIER])
        values = [
            _times(value, power, file, line)
            for value, power, line in zip(values, powers, rows[LINE], strict=True)
        ]
    return pl.Series("value", values, dtype=pl.String)


def _times(value: str | None, power: str, file: str, line: int) -> str | None:
    if value is None or power in ("", "0"):
        return value
    try:
        return f"{Decimal(value).scaleb(int(power)):f}"
    except (InvalidOperation, ValueError) as error:
        message = f"{value} times ten to the power of {power} is no number."
        raise IndicatorError("NUMBER_WRONG", message, file=file, line=line) from error


def chosen(published: Published, where: Mapping[str, str]) -> pl.DataFrame:
    """The rows of one series.

    Raises:
        IndicatorError: a column is not there, nothing is left, or several series are.
    """
    rows = published.rows
    for column, value in where.items():
        need_columns(rows, (column,), published.file)
        rows = rows.filter(pl.col(column) == value)
    if rows.is_empty():
        asked = ", ".join(f"{column}={value}" for column, value in where.items())
        message = f"No observation of {asked}." if asked else "It holds no observation."
        raise IndicatorError("NOTHING_HELD", message, file=published.file)
    twice = rows.filter(pl.struct("economy", "period").is_duplicated())
    for column in published.choices:
        values = sorted({str(value) for value in twice[column] if value is not None})
        if len(values) > 1:
            shown = ", ".join(values[:8]) + (", …" if len(values) > 8 else "")
            raise IndicatorError(
                "SERIES_AMBIGUOUS", f"There are several of {column}: {shown}.", file=published.file
            )
    _refuse_units(rows, published.file)
    return rows


def _refuse_units(rows: pl.DataFrame, file: str) -> None:
    for column in UNITS:
        units = sorted({str(unit) for unit in rows[column]}) if column in rows.columns else []
        if len(units) > 1:
            message = f"The values are of several units: {', '.join(units)}."
            raise IndicatorError("UNIT_MISMATCH", message, file=file)
