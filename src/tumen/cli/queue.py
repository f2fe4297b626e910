"""`tumen queue`: what waits for an officer, the longest waiting first, and why."""

import json
from datetime import datetime
from typing import Annotated, Any, Final

import typer
from rich.console import Console

from tumen.bootstrap import open_store
from tumen.cli.held_database import HeldDatabaseOption
from tumen.kernel.clock import SystemClock
from tumen.settings import queue_targets
from tumen.window.ledger import docket
from tumen.window.ledger.docket import Chosen
from tumen.window.service_level import Due, timed
from tumen.window.states import Lane
from tumen.window.story import plain


def queue(  # noqa: PLR0913 - a parameter is an option
    lane: Annotated[Lane | None, typer.Option(help="Only this lane.")] = None,
    authority: Annotated[str | None, typer.Option(help="Only what is before this economy.")] = None,
    due: Annotated[Due | None, typer.Option(help="Only what is overdue, or in time.")] = None,
    after: Annotated[int, typer.Option(min=0, help="Go on after this event.")] = 0,
    limit: Annotated[int, typer.Option(min=1, help="How many to list.")] = 100,
    database: HeldDatabaseOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """List what waits for an officer, the longest waiting first, with the reasons.

    `tumen show` tells all about one of them, `tumen decide` decides.
    """
    level, now = queue_targets(), SystemClock().now()
    before = level.overdue_before(now)
    chosen = Chosen(lane=lane, economy=authority, due=due, overdue_before=before)
    with open_store(database).session() as session:
        found = docket.queue(session, chosen, after, limit)
    lines = [timed(line, level, now) for line in found.lines]
    if as_json:
        for line in lines:
            typer.echo(json.dumps({name: plain(value) for name, value in line.items()}))
        return
    console = Console()
    if not found.lines:
        console.print("Nothing waits for an officer.")
        return
    rows = [_HEAD, *map(_cells, lines)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for cells, reasons in zip(rows, ([], *(line["reasons"] for line in lines)), strict=True):
        typer.echo("  ".join(map(str.ljust, cells, widths)).rstrip())
        for reason in reasons:
            typer.echo(f"    {reason}")
    if found.next is not None:
        console.print(f"There may be more: go on with --after {found.next}.")


_HEAD: Final = ("number", "by", "status", "lane", "since (UTC)", "due (UTC)")


def _cells(line: dict[str, Any]) -> tuple[str, ...]:
    due = _minute(line["due_at"]) + (" overdue" if line["due"] is Due.OVERDUE else "")
    return (line["number"], line["economy"], line["status"], line["lane"] or "",
            _minute(line["waiting_since"]), due)  # fmt: skip


def _minute(moment: datetime | None) -> str:
    return "" if moment is None else f"{moment:%Y-%m-%d %H:%M}"
