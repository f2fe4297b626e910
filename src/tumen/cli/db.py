"""`tumen db`: start, stop and look at the embedded database."""

import json
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from tumen.cli.groups import command_group
from tumen.kernel.errors import UsageError
from tumen.store import embedded
from tumen.store.database import DATABASE_NAME, Database, resolve

BYTES_PER_MEBIBYTE: Final = 1 << 20

app = command_group("Start, stop and look at the embedded database.")

Location = Annotated[
    str | None,
    typer.Option(
        "--database", help="Its directory; by default $TUMEN_HOME/postgres or ~/.local/share/tumen."
    ),
]


@app.command("start")
def start(database: Location = None) -> None:
    """Start the server if it does not run, and migrate it; it runs until it is stopped."""
    _print_status(facts(_directory(database), start=True))


@app.command("stop")
def stop(database: Location = None) -> None:
    """Stop the server; what other commands have not committed is rolled back."""
    directory = _directory(database)
    typer.echo("stopped" if embedded.stop(directory) else f"no server runs in {directory}")


@app.command("status")
def status(
    database: Location = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Say whether the server runs, since when, how to connect, and how large it is."""
    found = facts(_directory(database))
    if as_json:
        typer.echo(json.dumps(found))
    else:
        _print_status(found)


def facts(directory: Path, *, start: bool = False) -> dict[str, Any]:
    """What there is to know of an embedded server.

    Args:
        directory: where it lives.
        start: whether to start and migrate it first.
    """
    if start:
        Database.from_location(str(directory))
    server = embedded.status(directory)
    url = None if server is None else server.url(DATABASE_NAME)
    return {
        "running": server is not None,
        "directory": str(directory),
        "connection": url,
        "since": None if server is None else server.since.isoformat(),
        "process_id": None if server is None else server.process_id,
        "size_bytes": embedded.size_bytes(directory),
        "migrations": [] if url is None else Database(url).migrations(),
    }


def _directory(location: str | None) -> Path:
    _, directory = resolve(location)
    if directory is None:
        raise UsageError("A database at an address is not ours to start or stop.")
    return directory


def _print_status(found: dict[str, Any]) -> None:
    if not found["running"]:
        typer.echo(f"no server runs in {found['directory']}")
        return
    typer.echo(f"connection  {found['connection']}")
    typer.echo(f"directory   {found['directory']}")
    typer.echo(f"size        {found['size_bytes'] // BYTES_PER_MEBIBYTE} MiB")
    typer.echo(f"since       {found['since']} (process {found['process_id']})")
    typer.echo(f"migrations  {', '.join(found['migrations'])}")
