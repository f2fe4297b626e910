"""`tumen admin person`: who signs in for an organisation, by password and code."""

import secrets
import sys
from dataclasses import replace
from typing import Annotated

import typer

from tumen.access import accounts
from tumen.access.accounts import Account
from tumen.access.organisations import CONSOLE
from tumen.bootstrap import load_keys, open_store
from tumen.cli.admin_organisation import MarkArgument
from tumen.cli.groups import command_group
from tumen.cli.held_database import HeldDatabaseOption
from tumen.kernel.access_limits import PASSWORD_BYTES_MAX
from tumen.kernel.clock import SystemClock
from tumen.kernel.errors import UsageError
from tumen.settings import keys_file

MADE_BYTES = 15

app = command_group()

LoginArgument = Annotated[str, typer.Argument(help="The login: chosen, no name and no address.")]
MakeOption = Annotated[bool, typer.Option("--make", help="Make one and show it, this once.")]


@app.callback()
def person() -> None:
    """Keep the people who sign in for organisations."""


@app.command("add")
def add(
    mark: MarkArgument, login: LoginArgument, make: MakeOption = False,
    database: HeldDatabaseOption = None,
) -> None:  # fmt: skip
    """Add a person with a password: asked for, from standard input, or made by --make."""
    password = _password(make=make)
    with open_store(database).session() as session:
        if accounts.find(session, login) is not None:
            raise UsageError(
                f"There is a person {login!r} already.",
                next_step="Choose another login, or set a password: `tumen admin person password`.",
            )
        now = SystemClock().now()
        accounts.record(session, Account(login, mark, is_active=True), now, CONSOLE)
        accounts.set_password(session, login, password, now, CONSOLE)
    _tell_made(password, make=make)
    typer.echo(f"{login} signs in for {mark}", err=make)


@app.command("password")
def password(
    login: LoginArgument, make: MakeOption = False, database: HeldDatabaseOption = None
) -> None:
    """Give a person another password; sessions that were begun before it end."""
    chosen = _password(make=make)
    with open_store(database).session() as session:
        accounts.set_password(session, login, chosen, SystemClock().now(), CONSOLE)
    _tell_made(chosen, make=make)
    typer.echo(f"{login} has another password", err=make)


@app.command("codes")
def codes(
    login: LoginArgument,
    off: Annotated[bool, typer.Option("--off", help="Ask for no codes any more.")] = False,
    database: HeldDatabaseOption = None,
) -> None:
    """Ask a person for the codes of a device too; prints what the device reads, this once."""
    now, key = SystemClock().now(), load_keys(keys_file(database)).seeds
    with open_store(database).session() as session:
        if off:
            accounts.set_seed(session, login, None, now, CONSOLE)
            address = None
        else:
            address = accounts.new_codes(session, login, key, now, CONSOLE)
    typer.echo(f"{login} is asked for no codes" if address is None else address)


@app.command("link")
def link(
    login: LoginArgument,
    issuer: Annotated[str, typer.Option(help="The issuer of identities, https://…")],
    subject: Annotated[str, typer.Option(help="The person's subject there.")],
    database: HeldDatabaseOption = None,
) -> None:
    """Let a person of an issuer of identities sign in as one of ours."""
    with open_store(database).session() as session:
        accounts.link(session, login, (issuer, subject), SystemClock().now(), CONSOLE)
    typer.echo(f"{login} signs in by {issuer}")


@app.command("list")
def list_people(
    mark: Annotated[str | None, typer.Argument(help="An organisation; all where none.")] = None,
    database: HeldDatabaseOption = None,
) -> None:
    """List people by login, with how they sign in."""
    with open_store(database).session() as session:
        found = accounts.listed(session, mark)
    for each in found:
        how = "password" if each.password else "no password"
        how += "+codes" if each.seed else ""
        typer.echo(f"{each.login}  {each.organisation}  {how if each.is_active else 'closed'}")
    if not found:
        typer.echo("Nobody yet: see `tumen admin person add --help`.")


@app.command("close")
def close(login: LoginArgument, database: HeldDatabaseOption = None) -> None:
    """Let a person in no longer; open sessions end within seconds."""
    _set_active(login, database, is_active=False)


@app.command("open")
def reopen(login: LoginArgument, database: HeldDatabaseOption = None) -> None:
    """Let a person who was shut out in again."""
    _set_active(login, database, is_active=True)


def _set_active(login: str, database: str | None, *, is_active: bool) -> None:
    with open_store(database).session() as session:
        new = replace(accounts.needed_account(session, login), is_active=is_active)
        accounts.record(session, new, SystemClock().now(), CONSOLE)
    typer.echo(f"{login} is {'let in' if is_active else 'shut out'}")


def _password(*, make: bool) -> str:
    """A password: made, read from a pipe, or asked for twice without being shown."""
    if make:
        return secrets.token_urlsafe(MADE_BYTES)
    if not sys.stdin.isatty():
        return sys.stdin.readline(PASSWORD_BYTES_MAX + 2).rstrip("\r\n")
    asked: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    return asked


def _tell_made(password: str, *, make: bool) -> None:
    if make:
        typer.echo(password)
