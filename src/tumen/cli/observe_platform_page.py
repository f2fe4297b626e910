"""The platform's own statistics in the terminal."""

import polars as pl
from rich.console import Console

from tumen.cli.observe_held import table_under
from tumen.codelist.currencies import NO_CURRENCY
from tumen.codelist.currencies import currency as currency_of
from tumen.codelist.hs_names import name_of
from tumen.observatory.disclosure.cube import TOTAL, Rules
from tumen.observatory.disclosure.protection import Protected
from tumen.window.ledger.statistics import SEVERAL_CHAPTERS, USED_CLASSES

SUPPRESSED = "suppressed"
ORDER = {used: at for at, used in enumerate((*USED_CLASSES, TOTAL))}
REFERENCE = (
    "For comparison: the worked study tells of 19.7 hours for imports and 0.41 for exports at the "
    "ports of Heilongjiang (section on the single window); what was timed there is not said."
)


def print_trade(
    console: Console, what: str, currency: str, made: Protected, rows: pl.DataFrame
) -> None:
    """Print the table of what was released by each dimension, and how much is suppressed."""
    has_value = currency != NO_CURRENCY
    value = f"value in {currency}" if has_value else "of which no value is known"
    console.print(f"\nReleased {what}, {value}", style="bold")
    minor_units = currency_of(currency).minor_units if has_value else 1
    columns = ("number", "value") if has_value else ("number",)
    dimensions = made.cube.dimensions
    for name in dimensions:
        others = [pl.col(other) == TOTAL for other in dimensions if other != name]
        table = table_under(name, *columns, right=columns)
        for row in rows.filter(*others).iter_rows(named=True):
            table.add_row(_named(name, row[name]), *_numbers(row, minor_units)[: len(columns)])
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


def print_shopping(console: Console, rows: pl.DataFrame) -> None:
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


def print_times(console: Console, rows: pl.DataFrame) -> None:
    """Print how long clearance took, imports and exports apart."""
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
