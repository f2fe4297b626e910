"""`tumen observe platform`: the node's own trade and clearance times, small cells suppressed."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Literal

import polars as pl
import typer

from tumen.bootstrap import open_store
from tumen.cli.held_database import HeldDatabaseOption
from tumen.cli.observe_held import JsonOption, page
from tumen.cli.observe_platform_page import print_shopping, print_times, print_trade
from tumen.kernel.errors import UsageError
from tumen.observatory.disclosure.cube import cube_of
from tumen.observatory.disclosure.protection import Protected, protected
from tumen.observatory.disclosure.timing import told_times
from tumen.observatory.sdmx.flow import Flow
from tumen.observatory.sdmx.platform_flows import clearance_flow, shopping_flow, trade_flow
from tumen.observatory.sdmx.writing import Form, write_flows
from tumen.window.ledger.statistics import shipped, shopping, trade
from tumen.window.ledger.time_release import clearance_times, days_of_release

DIMENSIONS = ("pair", "chapter", "regime", "month")
TableForm = Literal["csv", Form]
Tables = Mapping[str, pl.DataFrame]


def platform(
    database: HeldDatabaseOption = None,
    first: Annotated[
        datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], help="Released from this day."),
    ] = None,
    last: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Released up to this day.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Also write the tables to this folder.")] = None,
    form: Annotated[
        TableForm | None,
        typer.Option("--format", help="What to write: csv, or SDMX with its structure."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Tell the node's own statistics: trade, use of the allowance, and how long clearance took.

    Cells that few filers or cases stand behind, or that one filer dominates, are suppressed, and
    as many others as are needed so that no sum gives them back.
    """
    if form and out is None:
        raise UsageError("--format says what --out writes; without a folder nothing is written.")
    days = (first.date() if first else date.min, last.date() if last else date.max)
    with open_store(database).session() as session:
        items, shipments = trade(session, *days), shipped(session, *days)
        persons, times = shopping(session), clearance_times(session, *days)
        if form not in {None, "csv"}:
            days = days_of_release(session, *days)  # a dataflow tells its span
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
        _write(told, days, out, form or "csv")
    if as_json:
        typer.echo(json.dumps({name: rows.to_dicts() for name, rows in told.items()}, indent=2))
        return
    print_trade(page(), "goods items of declarations", "CNY", made, told["trade"])
    for currency, part in parts.items():
        rows = told["shipments"].filter(pl.col("currency") == currency)
        print_trade(page(), "shipments", currency, part, rows)
    print_shopping(page(), told["shopping"])
    print_times(page(), told["clearance"])


def _write(told: Tables, days: tuple[date, date], out: Path, form: TableForm) -> None:
    out.mkdir(parents=True, exist_ok=True)
    if form == "csv":
        for name, rows in told.items():
            rows.write_csv(out / f"{name}.csv")
        return
    for name, flow in _flows(told, days).items():
        write_flows([flow], out / name, form, "3.0")


def _flows(told: Tables, days: tuple[date, date]) -> dict[str, Flow]:
    """The dataflow of each table that tells something; each has a structure of its own."""
    flows = {name: trade_flow(name, told[name]) for name in ("trade", "shipments")}
    flows["shopping"] = shopping_flow(told["shopping"])
    if not told["clearance"].is_empty():
        flows["clearance"] = clearance_flow(told["clearance"], *days)
    return {name: flow for name, flow in flows.items() if not flow.rows.is_empty()}


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
