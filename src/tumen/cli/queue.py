"""`tumen queue`: what waits for an officer, the longest waiting first, and why."""

import json
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Column, Table

from tumen.bootstrap import open_store
from tumen.cli.location import DatabaseOption
from tumen.window.ledger import docket
from tumen.window.ledger.docket import Chosen
from tumen.window.states import Lane
from tumen.window.story import plain


def queue(
    lane: Annotated[Lane | None, typer.Option(help="Only this lane.")] = None,
    authority: Annotated[str | None, typer.Option(help="Only what is before this economy.")] = None,
    after: Annotated[int, typer.Option(min=0, help="Go on after this event.")] = 0,
    limit: Annotated[int, typer.Option(min=1, help="How many to list.")] = 100,
    database: DatabaseOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """List what waits for an officer, the longest waiting first, with the reasons.

    `tumen show` tells all about one of them, `tumen decide` decides.
    """
    with open_store(database).session() as session:
        found = docket.queue(session, Chosen(lane=lane, economy=authority), after, limit)
    if as_json:
        for line in found:
            typer.echo(json.dumps({name: plain(value) for name, value in line.items()}))
        return
    console = Console()
    if not found:
        console.print("Nothing waits for an officer.")
        return
    table = Table(
        Column("number", overflow="fold"), "before", "status", "lane", "since (UTC)",
        Column("reasons", overflow="fold"),
    )  # fmt: skip
    for line in found:
        table.add_row(*_cells(line))
    console.print(table)
    if len(found) == limit:
        console.print(f"The longest waiting {limit:,}; --after {found[-1]['event_id']} shows more.")


def _cells(line: dict[str, Any]) -> tuple[str, ...]:
    since: datetime = line["since"]
    reasons = "\n".join(line["reasons"])
    return (line["number"], line["economy"], line["status"], line["lane"] or "",
            f"{since:%Y-%m-%d %H:%M}", reasons)  # fmt: skip
