"""`tumen admin key`: keys for programs; each is shown once, when it is made."""

from datetime import datetime
from typing import Annotated

import typer

from tumen.access import keys
from tumen.access.keys import Key, KeyWanted
from tumen.access.organisations import CONSOLE
from tumen.bootstrap import open_store
from tumen.cli.admin_organisation import MarkArgument
from tumen.cli.groups import command_group
from tumen.cli.held_database import HeldDatabaseOption
from tumen.kernel.access_limits import KEY_DAYS_DEFAULT
from tumen.kernel.clock import SystemClock

SHOWN_ONCE = "Keep it now: only its hash is stored, and it is not shown again."

app = command_group()

KeyArgument = Annotated[str, typer.Argument(help="The mark of the key: the part after tumen_.")]


@app.callback()
def key() -> None:
    """Make, list, rotate and end keys for programs."""


@app.command("make")
def make(
    mark: MarkArgument,
    label: Annotated[str, typer.Option(help="What it is for, such as: nightly upload.")],
    scopes: Annotated[
        list[str] | None,
        typer.Option("--scope", help="A permission it is for; all where none is told."),
    ] = None,
    days: Annotated[int, typer.Option(help="How long it is in force.")] = KEY_DAYS_DEFAULT,
    database: HeldDatabaseOption = None,
) -> None:
    """Make a key; it alone goes to standard output."""
    wanted = KeyWanted(label, keys.scopes_of(scopes) if scopes else None, days)
    with open_store(database).session() as session:
        made = keys.make(session, mark, wanted, SystemClock().now(), CONSOLE)
    _show(made)


@app.command("list")
def list_keys(
    mark: Annotated[str | None, typer.Argument(help="An organisation; all where none.")] = None,
    database: HeldDatabaseOption = None,
) -> None:
    """List keys by their marks, the ended ones too; never the keys themselves."""
    now = SystemClock().now()
    with open_store(database).session() as session:
        found = keys.listed(session, mark)
    for each in found:
        typer.echo(_line(each, now))
    if not found:
        typer.echo("No key yet: see `tumen admin key make --help`.")


@app.command("rotate")
def rotate(
    mark: KeyArgument,
    overlap_days: Annotated[int, typer.Option(help="Days for which the old one lives on.")] = 7,
    database: HeldDatabaseOption = None,
) -> None:
    """Make a key of the same kind in the place of another, which ends in some days."""
    with open_store(database).session() as session:
        now = SystemClock().now()
        made = keys.rotate(session, mark, now, CONSOLE, overlap_days=overlap_days)
    _show(made)


@app.command("end")
def end(mark: KeyArgument, database: HeldDatabaseOption = None) -> None:
    """End a key now; processes that serve learn it within seconds."""
    with open_store(database).session() as session:
        keys.end(session, mark, SystemClock().now(), CONSOLE)
    typer.echo(f"{mark} has ended")


def _show(made: str) -> None:
    typer.echo(made)
    typer.echo(SHOWN_ONCE, err=True)


def _line(shown: Key, now: datetime) -> str:
    until = f"{shown.ends_at:%Y-%m-%d}"
    state = f"until {until}" if shown.is_in_force(now) else f"ended {until}"
    use = "never used" if shown.used_on is None else f"last used {shown.used_on}"
    scopes = "all" if shown.scopes is None else ",".join(sorted(shown.scopes))
    return f"{shown.mark}  {shown.organisation}  {state}  {use}  {scopes}  {shown.label}"
