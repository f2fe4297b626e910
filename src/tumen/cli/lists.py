"""`tumen lists`: watch lists, reference prices and the positive list; what is in force."""

import gzip
import hashlib
import zlib
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import polars as pl
import typer
from rich.console import Console
from rich.table import Table

from tumen.bootstrap import open_node
from tumen.cli.groups import command_group
from tumen.cli.imported_file import bounded, bytes_of, tell_refused, text_of
from tumen.kernel.clock import SystemClock
from tumen.kernel.errors import SourceUnreadable
from tumen.store.database import Database
from tumen.store.session import Session
from tumen.window.leaves import KEYS, single
from tumen.window.ledger.log import NodeLog
from tumen.window.lists import (
    ALL_LISTS,
    ALL_LISTS_SCHEMA,
    LIST_BYTES_MAX,
    ListKind,
    ListRows,
    check_name,
    read_list,
)

TABLES = {
    ListKind.PARTIES: "list_party",
    ListKind.PRICES: "reference_price",
    ListKind.CODES: "listed_code",
}

app = command_group()

Location = Annotated[
    str | None, typer.Option("--database", help="A directory, or a postgresql:// address.")
]


@app.callback()
def lists() -> None:
    """Import and show watch lists, reference prices and the positive list."""


@app.command("import")
def import_list(
    file: Annotated[Path, typer.Argument(help="CSV, or JSON with entries; .gz too.")],
    kind: Annotated[ListKind, typer.Option(help="What the file lists.")],
    name: Annotated[str, typer.Option("--list", help="The name of the list.")],
    day: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The day of the list.")],
    source: Annotated[str, typer.Option(help="Where the file comes from.")] = "",
    database: Location = None,
) -> None:
    """Import a list; of one name the newest day is in force."""
    check_name(name)
    data = bytes_of(file, LIST_BYTES_MAX)
    found = read_list(_text(file, data), kind)
    head = pl.DataFrame(
        {
            "kind": [str(kind)],
            "name": [name],
            "source": [source or file.name],
            "day": [day.date()],
            "rows": [found.rows],
            "rows_refused": [len(found.refused)],
            "sha256": [hashlib.sha256(data).digest()],
            "imported_at": [SystemClock().now()],
        }
    )
    node = open_node(database)
    with node.database.session() as session:
        record(session, kind, head, found.frame, node.log)
    _tell(name, found)


def record(
    session: Session, kind: ListKind, head: pl.DataFrame, rows: pl.DataFrame, log: NodeLog
) -> int:
    """Write a list, its rows and its leaf under a new number, in the sequencer's line."""
    session.sequence()
    number = session.next_values("list_number", 1)
    list_id = pl.lit(number, pl.Int64).alias("list_id")
    taken: dict[str, bytes] = {}
    for table, frame in (("list", head), (TABLES[kind], rows)):
        ordered = frame.select(list_id, pl.all()).sort(KEYS[table])
        session.copy(table, ordered, partial(taken.__setitem__, table))
    session.settle()
    log.append(session, single("list", number, [*taken.items()]))
    return number


def _text(file: Path, data: bytes) -> str:
    """The text of a file, decompressed."""
    try:
        if file.suffix == ".gz":
            with gzip.open(file) as opened:
                data = bounded(file, opened.read(LIST_BYTES_MAX + 1), LIST_BYTES_MAX)
    except (OSError, EOFError, zlib.error) as error:
        raise SourceUnreadable(f"{file} is no whole gzip file: {error}") from error
    return text_of(file, data)


def _tell(name: str, found: ListRows) -> None:
    typer.echo(
        f"{name}: {found.rows:,} rows imported as {found.frame.height:,}, "
        f"{len(found.refused):,} refused."
    )
    tell_refused([f"line {each.line}: {each.reason}" for each in found.refused])


@app.command("show")
def show(database: Location = None) -> None:
    """Show every import, and which are in force."""
    with Database.from_location(database).session() as session:
        found = session.read(ALL_LISTS, None, ALL_LISTS_SCHEMA)
    if found.is_empty():
        typer.echo("No list has been imported.")
        return
    table = Table("kind", "list", "day", "in force", "rows", "refused", "source")
    for row in found.iter_rows(named=True):
        in_force = "yes" if row["is_in_force"] else "no"
        counts = (f"{row['rows']:,}", f"{row['rows_refused']:,}")
        table.add_row(row["kind"], row["name"], str(row["day"]), in_force, *counts, row["source"])
    Console().print(table)
