"""`tumen admin role`: what an organisation is, and so what it may do."""

from dataclasses import replace
from typing import Annotated

import typer

from tumen.access import organisations
from tumen.access.organisations import CONSOLE
from tumen.access.roles import ASSIGNABLE, Role
from tumen.bootstrap import open_store
from tumen.cli.admin_organisation import MarkArgument
from tumen.cli.groups import command_group
from tumen.cli.held_database import HeldDatabaseOption
from tumen.kernel.clock import SystemClock

app = command_group()

RoleArgument = Annotated[Role, typer.Argument(help="The role.", metavar="|".join(ASSIGNABLE))]


@app.callback()
def role() -> None:
    """Give and take roles, which say what one may do."""


@app.command("give")
def give(mark: MarkArgument, role: RoleArgument, database: HeldDatabaseOption = None) -> None:
    """Give an organisation a role."""
    _change(mark, role, database, wanted=True)


@app.command("take")
def take(mark: MarkArgument, role: RoleArgument, database: HeldDatabaseOption = None) -> None:
    """Take a role from an organisation; its keys and people lose it within seconds."""
    _change(mark, role, database, wanted=False)


def _change(mark: str, role: Role, database: str | None, *, wanted: bool) -> None:
    with open_store(database).session() as session:
        old = organisations.needed(session, mark)
        roles = old.roles | {role} if wanted else old.roles - {role}
        new = replace(old, roles=roles)
        organisations.record(session, new, SystemClock().now(), CONSOLE)
    typer.echo(f"{mark}  {','.join(sorted(new.roles))}")
