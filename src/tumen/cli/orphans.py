"""`tumen orphans`: documents whose counterpart is missing, which one, since when."""

import json
from typing import Annotated

import polars as pl
import typer
from rich.console import Console
from rich.table import Column, Table

from tumen.bootstrap import open_store
from tumen.cli.held_database import HeldDatabaseOption
from tumen.store.session import Session
from tumen.window.ledger.orphans import SCHEMA
from tumen.window.ledger.orphans import orphans as page_of


def orphans(
    database: HeldDatabaseOption = None,
    limit: Annotated[int, typer.Option(min=1, help="How many to list, the oldest first.")] = 100,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """List documents whose counterpart is missing: which one, and since when."""
    with open_store(database).session() as session:
        found = _oldest(session, limit)
    if as_json:
        for line in found.iter_rows(named=True):
            del line["document_id"]
            typer.echo(json.dumps({**line, "since": line["since"].isoformat()}))
        return
    console = Console()
    if found.is_empty():
        console.print("No document waits for a counterpart.")
        return
    table = Table("document", Column("key", overflow="fold"), "waits for", "since (UTC)")
    for _, kind, key, missing, since in found.iter_rows():
        table.add_row(kind, key, missing, f"{since:%Y-%m-%d %H:%M:%S}")
    console.print(table)
    if found.height == limit:
        console.print(f"The oldest {limit:,} are listed; --limit shows more.")


def _oldest(session: Session, limit: int) -> pl.DataFrame:
    """The oldest, page by page."""
    found, after = pl.DataFrame(schema=SCHEMA), 0
    while found.height < limit:
        page = page_of(session, limit=limit - found.height, after=after)
        found = pl.concat([found, page.lines])
        if page.next is None:
            break
        after = page.next
    return found
