"""`tumen assess`: every shipment of files by the law, streamed, on all cores."""

import json
import time
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial
from itertools import chain, groupby, islice
from pathlib import Path
from typing import Annotated, Any, Final

import polars as pl
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from tumen.cli.assess_blocks import Block
from tumen.cli.assess_in import Intake
from tumen.cli.assess_out import Out
from tumen.cli.assess_page import print_summary
from tumen.cli.location import tariff_folder
from tumen.cli.quote import REGION_AHEAD_OF_UTC
from tumen.cli.rates import folder as rates_folder
from tumen.cli.workers import cores, mapped
from tumen.documents.formats.sources import find
from tumen.kernel.clock import SystemClock
from tumen.kernel.errors import UsageError
from tumen.law.assessing import ITEMS, SHIPMENTS, Assessed, Assessor
from tumen.law.exchange_import import held
from tumen.law.native.told import Told
from tumen.law.quoting import Books
from tumen.law.rows import of_rows
from tumen.law.tally import Tally

TASK_ITEMS: Final = 1_024
"""Goods items that go to a worker together. What comes out does not depend on it."""

SMALL_TASKS: Final = 2
"""So many tasks are done here: a worker takes as long to start."""


def assess(
    paths: Annotated[
        list[Path], typer.Argument(help="Files and folders: .csv .ndjson .parquet, also .gz")
    ],
    out: Annotated[Path, typer.Option(help="What to write: a .parquet, .csv or .ndjson file.")],
    items: Annotated[
        bool, typer.Option("--items", help="Write a row for each item, not for each shipment.")
    ] = False,
    date: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The legal date where none is told; today."),
    ] = None,
    processes: Annotated[
        int | None, typer.Option(min=1, help="How many processes; all cores by default.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
) -> None:
    """Assess every shipment of files: regime, charges, total, and what is not known.

    NDJSON holds a native shipment a line, CSV and Parquet a row for each goods item
    (docs/assess.md). Shipments that cannot be read are rows of the answer too; the exit code is
    0 when the run finished.
    """
    intake = Intake(find(paths))
    if any(source.path.resolve() == out.resolve() for source in intake.sources):
        raise UsageError(f"--out names {out}, which is read; name another file.")
    day = date.date() if date else (SystemClock().now() + REGION_AHEAD_OF_UTC).date()
    assessor = Assessor(day, Books(tariff_folder(), held(rates_folder())), items)
    console = Console(stderr=True, quiet=as_json)
    summary = run(intake, out, assessor, processes or cores(), console)
    if as_json:
        typer.echo(json.dumps(summary, ensure_ascii=False))
    else:
        print_summary(summary, out, Console())


def run(
    intake: Intake, out: Path, assessor: Assessor, processes: int, console: Console
) -> dict[str, Any]:
    """Assess what an intake gives, write it, and give the summary."""
    started = time.monotonic()
    tally = Tally()
    schema = ITEMS if assessor.with_items else SHIPMENTS
    progress = Progress(
        TextColumn("assessing"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[shipments]:,} shipments"),
        TimeRemainingColumn(),
        console=console,
        transient=not console.is_terminal,
        disable=console.quiet,
    )
    with Out(out, schema) as rows, progress:
        bar = progress.add_task("", total=intake.size, shipments=0)
        told = intake.shipments() if assessor.with_items else intake.blocks()
        for assessed in answers(told, assessor, processes):
            tally.add(assessed)
            rows.write(assessed.shipments if assessed.items is None else assessed.items)
            progress.update(bar, completed=intake.taken, shipments=tally.shipments)
    return tally.summary(time.monotonic() - started)


def answers(told: Iterable[Told | Block], assessor: Assessor, processes: int) -> Iterator[Assessed]:
    """The answers in the order of what was told: blocks on columns here, the others by workers."""
    for is_block, group in groupby(told, lambda each: isinstance(each, Block)):
        if is_block:
            yield from (_of_block(each, assessor) for each in group if isinstance(each, Block))
        else:
            shipments = (each for each in group if not isinstance(each, Block))
            yield from _assessed(tasks(shipments), assessor, processes)


def _of_block(block: Block, assessor: Assessor) -> Assessed:
    """The answers for a block, with the place of each shipment in its file."""
    found = of_rows(block.rows, assessor)
    places = block.places.gather(found["row"] - 1)
    found = found.with_columns(source=pl.lit(block.source), row=places)
    if block.apart:
        found = pl.concat([found, assessor.assess(block.apart).shipments]).sort("row")
    return Assessed(found)


def tasks(shipments: Iterable[Told]) -> Iterator[list[Told]]:
    """Shipments in groups of about :data:`TASK_ITEMS` goods items."""
    task: list[Told] = []
    items = 0
    for told in shipments:
        task.append(told)
        items += told.items
        if items >= TASK_ITEMS:
            yield task
            task, items = [], 0
    if task:
        yield task


def _assessed(
    waiting: Iterator[list[Told]], assessor: Assessor, processes: int
) -> Iterator[Assessed]:
    first = list(islice(waiting, SMALL_TASKS + 1))
    is_small = len(first) <= SMALL_TASKS
    work = partial(Assessor.assess, assessor)
    return mapped(work, chain(first, waiting), 1 if is_small else processes)
