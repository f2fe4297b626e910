"""The platform's own statistics as dataflows, one for each table; what is suppressed stays so.

>>> rows = pl.DataFrame({"year": ["2026", "2026"], "used": ["up to 1,000", "_T"],
...                      "cases": [None, 40], "value": [None, 9950], "status": ["Q", "A"]})
>>> flow = shopping_flow(rows)
>>> flow.rows.select("USED", "TIME_PERIOD", "OBS_VALUE", "UNIT_MEASURE", "OBS_STATUS").rows()[1:3]
[('UP_TO_1_000', '2026', None, 'CNY_MINOR', 'Q'), ('_T', '2026', '40', 'CASES', 'A')]
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final

import polars as pl

from tumen.codelist.currencies import NO_CURRENCY
from tumen.observatory.disclosure.cube import TOTAL
from tumen.observatory.sdmx.flow import (
    DIMENSION,
    NO_DAY,
    CodeList,
    Column,
    Flow,
    code_of,
    number_of,
    period_of,
    tail,
)

UNIT: Final = "Unit; an amount is in minor units of its currency"
NATIONAL: Final = "CNY"
"""The currency of declarations and of the allowance."""

STATUS: Final = CodeList(
    "CL_OBS_STATUS",
    "Observation status",
    {"A": ("normal value", ""), "Q": ("suppressed: it would tell of few", "")},
)
HOURS: Final = {"mean_hours": "mean", "median_hours": "median", "p90_hours": "ninetieth percentile"}
TRADE: Final = {
    "pair": "Economy pair",
    "chapter": "HS chapter",
    "regime": "Customs procedure or regime",
}


def trade_flow(what: str, rows: pl.DataFrame) -> Flow:
    """Trade by pair, chapter, regime and month; of shipments also by currency.

    Sums over all months have the span from the first month to the last.
    """
    months = sorted({*rows["month"]} - {TOTAL}) if rows.height else []
    told = rows.with_columns(period=_spanned(months)).filter(pl.col("period") != "")
    dimensions = dict(TRADE)
    if "currency" in rows.columns:
        dimensions["currency"] = "Currency of the value (ISO 4217)"
    return _flow(f"DF_PLATFORM_{code_of(what)}", f"Released {what}", told, dimensions, _amounts)


def _spanned(months: list[str]) -> pl.Expr:
    """The period of a row; of one month alone the sum over all is no second observation."""
    whole = f"{months[0]}/{months[-1]}" if len(months) > 1 else ""
    return pl.col("month").replace({TOTAL: whole}) if months else pl.lit("")


def shopping_flow(rows: pl.DataFrame) -> Flow:
    """Persons by year and by what they used of their allowance; no sum goes over years."""
    told = rows.filter(pl.col("year") != TOTAL).with_columns(period=pl.col("year"))
    dimensions = {"used": "What was used of the yearly allowance"}
    title = "Persons and what they used of their yearly allowance"
    return _flow("DF_PLATFORM_SHOPPING", title, told, dimensions, _amounts)


def clearance_flow(rows: pl.DataFrame, first: date, last: date) -> Flow:
    """Times of clearance by direction, office and stage, of what was released between two days."""
    span = f"{first}/P{(last - first).days + 1}D"
    dimensions = {"direction": "Direction", "office": "Office", "stage": "Stage"}
    told = rows.with_columns(pl.col("office").fill_null(""), period=pl.lit(span))
    return _flow("DF_PLATFORM_CLEARANCE", "Times of clearance", told, dimensions, _times)


Observed = Iterator[tuple[str, float | None, str]]
"""What is told of a row: a measure, its value, its unit."""


def _amounts(row: Mapping[str, Any]) -> Observed:
    currency = row.get("currency", NATIONAL)
    yield "CASES", row["cases"], "CASES"
    if currency != NO_CURRENCY:
        yield "VALUE", row["value"], f"{currency}_MINOR"


def _times(row: Mapping[str, Any]) -> Observed:
    yield "CASES", row["cases"], "CASES"
    for name in HOURS:
        yield code_of(name), row[name], "HOURS"


def _flow(
    name: str, title: str, rows: pl.DataFrame, dimensions: Mapping[str, str], observed: Any
) -> Flow:
    told = [
        {
            "MEASURE": measure,
            **{code_of(each): _code(row[each]) for each in dimensions},
            "TIME_PERIOD": period_of(row["period"]),
            "OBS_VALUE": number_of(value),
            "UNIT_MEASURE": unit,
            "OBS_STATUS": row["status"],
        }
        for row in rows.iter_rows(named=True)
        for measure, value, unit in observed(row)
    ]
    columns = (
        Column("MEASURE", "What is told", DIMENSION, codes=_codes("CL_MEASURE", told, "MEASURE")),
        *(_dimension(code_of(each), title, rows[each]) for each, title in dimensions.items()),
        *tail(STATUS, _codes("CL_UNIT", told, "UNIT_MEASURE"), UNIT),
    )  # fmt: skip
    schema = dict.fromkeys((column.id for column in columns), pl.String)
    day = max((_day(each) for each in rows["period"]), default=NO_DAY)
    structure = name.replace("DF_", "DSD_")
    return Flow(name, title, structure, day, columns, pl.DataFrame(told, schema=schema))


def _code(text: str) -> str:
    return text if text == TOTAL else code_of(text)


def _dimension(name: str, title: str, texts: Iterable[str]) -> Column:
    codes = {_code(text): ("all" if text == TOTAL else text, "") for text in sorted({*texts})}
    return Column(name, title, DIMENSION, codes=CodeList(f"CL_{name}", title, codes))


def _codes(name: str, rows: Iterable[Mapping[str, Any]], column: str) -> CodeList:
    found = sorted({row[column] for row in rows})
    return CodeList(
        name, column.replace("_", " ").capitalize(),
        {code: (code.replace("_", " ").lower(), "") for code in found},
    )  # fmt: skip


def _day(period: str) -> date:
    """The first day of a period: the same data have the same day."""
    year, month, day = (*period.partition("/")[0].split("-"), "01", "01")[:3]
    return date(int(year), int(month), int(day))
