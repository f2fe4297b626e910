"""`tumen simulate`: makes demonstration consignments with known outcomes."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from tumen.simulation import CLEAN, Plan, Written
from tumen.simulation import simulate as write


def simulate(  # noqa: PLR0913 - one parameter for each option of the command
    bundles: Annotated[int, typer.Option(min=1, help="How many consignments.")],
    out: Annotated[Path, typer.Option(help="A new or empty folder to write to.")],
    seed: Annotated[int, typer.Option(help="The same seed gives the same bytes.")] = 0,
    format: Annotated[  # noqa: A002 - the name of the option
        Literal["ndjson", "ceb"], typer.Option(help="Form of the documents.")
    ] = "ndjson",
    day: Annotated[
        datetime,
        typer.Option(
            formats=["%Y-%m-%d"],
            help="First day of declaration; default 2026-08-03.",
            show_default=False,
        ),
    ] = datetime(2026, 8, 3),  # noqa: DTZ001 - a day of the calendar, of no zone
    days: Annotated[int, typer.Option(min=1, help="Days of declaration.")] = 1,
    faults: Annotated[
        float | None,
        typer.Option(
            min=0, max=1, help="Share of consignments with a fault; 0.06 unless --fault is given."
        ),
    ] = None,
    fault: Annotated[str | None, typer.Option(help="The only fault to put in.")] = None,
) -> None:
    """Make realistic consignments, with a known share of faults and the outcome of each."""
    plan = Plan(bundles, seed, day.date(), days, faults, fault, format)
    plan.check()
    console = Console(stderr=True)
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task("Writing bundles", total=bundles)
        written = write(plan, out, lambda more: progress.advance(task, more))
    _tell(written, console)


def _tell(written: Written, console: Console) -> None:
    table = Table("fault", "bundles", title=f"Written to {written.out}")
    table.columns[1].justify = "right"
    for name, count in sorted(written.faults.items(), key=lambda item: (item[0] != CLEAN, item[0])):
        table.add_row(name, f"{count:,}")
    console.print(table)
    console.print("What must come of each bundle is in truth.csv. Next:", highlight=False)
    console.print(f"  tumen clear {written.documents}", highlight=False, soft_wrap=True)
