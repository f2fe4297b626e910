"""`tumen admin`: who may ask this node: organisations, their roles, keys and people."""

import typer

from tumen.access import demo
from tumen.access.access_page import table_lines
from tumen.bootstrap import open_store
from tumen.cli import admin_key, admin_organisation, admin_person, admin_role
from tumen.cli.groups import command_group
from tumen.cli.held_database import HeldDatabaseOption
from tumen.kernel.clock import SystemClock

app = command_group()
app.add_typer(admin_organisation.app, name="organisation")
app.add_typer(admin_role.app, name="role")
app.add_typer(admin_key.app, name="key")
app.add_typer(admin_person.app, name="person")


@app.callback()
def admin() -> None:
    """Keep organisations, roles, keys and people: who may ask for what."""


@app.command("demo")
def begin_demonstration(database: HeldDatabaseOption = None) -> None:
    """Enter made-up organisations of every role; prints their keys and passwords, this once.

    Run again, it gives new ones and ends those before.
    """
    with open_store(database).session() as session:
        found = demo.begin(session, SystemClock().now())
    for each in found:
        typer.echo(f"{each.organisation.mark}  {','.join(sorted(each.organisation.roles))}")
        typer.echo(f"  login {each.login}  password {each.password}")
        typer.echo(f"  key {each.key}")
    typer.echo("Made up, to try the node with: no organisation of these exists.", err=True)


@app.command("matrix")
def matrix() -> None:
    """Print what each role may do, and how far."""
    for line in table_lines():
        typer.echo(line)
