"""`tumen admin`: who may ask this node: organisations, their roles, keys and people."""

import typer

from tumen.access.access_page import table_lines
from tumen.cli import admin_key, admin_organisation, admin_person, admin_role

app = typer.Typer(add_completion=False, no_args_is_help=True, rich_markup_mode=None)
app.add_typer(admin_organisation.app, name="organisation")
app.add_typer(admin_role.app, name="role")
app.add_typer(admin_key.app, name="key")
app.add_typer(admin_person.app, name="person")


@app.callback()
def admin() -> None:
    """Keep organisations, roles, keys and people: who may ask this node for what."""


@app.command("matrix")
def matrix() -> None:
    """Print what each role may do, and how far."""
    for line in table_lines():
        typer.echo(line)
