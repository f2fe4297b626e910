"""`tumen observe platform`: the node's own trade and clearance times, small cells suppressed."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import polars as pl
import typer
from rich.console import Console

from tumen.bootstrap import open_store
from tumen.cli.location import DatabaseOption
from tumen.cli.observe_held import JsonOption, page, table_under
from tumen.codelist.currencies import currency as currency_of
from tumen.codelist.hs_names import name_of
from tumen.observatory.disclosure.cube import TOTAL, Rules, cube_of
from tumen.observatory.disclosure.protection import Protected, protected
from tumen.observatory.disclosure.timing import told_times
from tumen.window.ledger.statistics import (
    NO_CURRENCY,
    SEVERAL_CHAPTERS,
    USED_CLASSES,
    shipped,
    shopping,
    trade,
)
from tumen.window.ledger.time_release import clearance_times

DIMENSIONS = ("pair", "chapter", "regime", "month")
SUPPRESSED = "suppressed"
ORDER = {used: at for at, used in enumerate((*USED_CLASSES, TOTAL))}
REFERENCE = (
    "For comparison: the worked study tells of 19.7 hours for imports and 0.41 for exports at the "
    "ports of Heilongjiang (section on the single window); what was timed there is not said."
)


def platform(
    database: DatabaseOption = None,
    first: Annotated[
        datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], help="Released from this day."),
    ] = None,
    last: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Released up to this day.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Also write each table as a CSV file to this folder."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Tell the node's own statistics: trade, use of the allowance, and how long clearance took.

    Cells that few filers or cases stand behind, or that one filer dominates, are suppressed, and
    as many others as are needed so that no sum gives them back.
    """
    days = (first.date() if first else date.min, last.date() if last else date.max)
    with open_store(database).session() as session:
        items, shipments = trade(session, *days), shipped(session, *days)
        persons, times = shopping(session), clearance_times(session, *days)
    made = protected(cube_of(items, DIMENSIONS))
    parts = _by_currency(shipments)
    used = protected(cube_of(persons, ("year", "used")))
    told = {
        "trade": made.table(),
        "shipments": _together(parts),
        "shopping": used.table(),
        "clearance": told_times(times),
    }
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        for name, rows in told.items():
            rows.write_csv(out / f"{name}.csv")
    if as_json:
        typer.echo(json.dumps({name: rows.to_dicts() for name, rows in told.items()}, indent=2))
        return
    _print_trade(page(), "goods items of declarations", "CNY", made)
    for currency, part in parts.items():
        _print_trade(page(), "shipments", currency, part)
    _print_shopping(page(), told["shopping"])
    _print_times(page(), told["clearance"])


def _by_currency(shipments: pl.DataFrame) -> dict[str, Protected]:
    """A table for each currency, protected by itself: no sum goes over two of them."""
    currencies = shipments["currency"].unique().sort()
    return {
        currency: protected(cube_of(shipments.filter(pl.col("currency") == currency), DIMENSIONS))
        for currency in currencies
    }


def _together(parts: dict[str, Protected]) -> pl.DataFrame:
    tables = [
        part.table().select(pl.lit(currency).alias("currency"), pl.all())
        for currency, part in parts.items()
    ]
    return pl.concat(tables) if tables else pl.DataFrame()


def _print_trade(console: Console, what: str, currency: str, made: Protected) -> None:
    has_value = currency != NO_CURRENCY
    value = f"value in {currency}" if has_value else "of which no value is known"
    console.print(f"\nReleased {what}, {value}", style="bold")
    rows = made.table()
    for name in DIMENSIONS:
        others = [pl.col(other) == TOTAL for other in DIMENSIONS if other != name]
        table = table_under(name, "number", "value", right=("number", "value"))
        for row in rows.filter(*others).iter_rows(named=True):
            table.add_row(
                _named(name, row[name]), *_numbers(row, currency_of(currency).minor_units)
            )
        console.print(table)
    rules = Rules()
    hidden = int((made.suppressed & (made.cube.cases > 0)).sum())
    console.print(
        f"{hidden:,} of {int((made.cube.cases > 0).sum()):,} cells are suppressed: fewer than "
        f"{rules.contributors_min} merchants or {rules.cases_min} cases, more than "
        f"{rules.share_max:.0%} of one merchant, or needed to protect such a cell.",
        markup=False,
    )
    if not made.is_whole:
        console.print("They cannot all be protected: the grand total alone is told.")


def _named(dimension: str, code: str) -> str:
    if code == TOTAL:
        return "all"
    if code == SEVERAL_CHAPTERS:
        return "several"
    name = name_of(code) if dimension == "chapter" else ""
    return f"{code} {name}".strip()


def _numbers(row: dict[str, object], minor_units: int = 100) -> tuple[str, str]:
    if row["status"] == "Q":
        return SUPPRESSED, ""
    return f"{row['cases']:,}", f"{int(str(row['value'])) / minor_units:,.0f}"


def _print_shopping(console: Console, rows: pl.DataFrame) -> None:
    """Print what persons bought under the allowance in a year; all years together tell nothing."""
    console.print("\nPersons and what they used of their yearly allowance, yuan", style="bold")
    numbers = ("persons", "amount", "a person")
    table = table_under("year", "used", *numbers, right=numbers)
    years = rows.filter(pl.col("year") != TOTAL).sort("year", pl.col("used").replace_strict(ORDER))
    for row in years.iter_rows(named=True):
        persons, amount = _numbers(row)
        mean = f"{row['value'] / row['cases'] / 100:,.0f}" if row["status"] == "A" else ""
        table.add_row(row["year"], "all" if row["used"] == TOTAL else row["used"], persons,
                      amount, mean)  # fmt: skip
    console.print(table)


def _print_times(console: Console, rows: pl.DataFrame) -> None:
    for direction in ("import", "export"):
        part = rows.filter(pl.col("direction") == direction)
        if not part.is_empty():
            _print_times_of(console, direction, part)
    console.print(REFERENCE, markup=False)


def _print_times_of(console: Console, direction: str, rows: pl.DataFrame) -> None:
    console.print(f"\nHours of clearance by office, {direction}s", style="bold")
    numbers = ("declarations", "mean", "median", "p90")
    table = table_under("office", "stage", *numbers, right=numbers)
    for row in rows.iter_rows(named=True):
        hours = (row["mean_hours"], row["median_hours"], row["p90_hours"])
        told = (
            (SUPPRESSED, "", "", "") if row["status"] == "Q"
            else (f"{row['cases']:,}", *(f"{each:.2f}" for each in hours))
        )  # fmt: skip
        table.add_row(row["office"] or "not told", row["stage"], *told)
    console.print(table)
