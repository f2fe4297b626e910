"""`tumen admin organisation`: who lodges, decides, measures or keeps the node."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from tumen.access import export, organisations
from tumen.access.organisations import CONSOLE, Organisation
from tumen.access.roles import ASSIGNABLE, Role
from tumen.bootstrap import open_store
from tumen.cli.groups import command_group
from tumen.cli.held_database import HeldDatabaseOption
from tumen.codelist.matters import Matter
from tumen.kernel.clock import SystemClock
from tumen.kernel.errors import UsageError
from tumen.store.viewer import Viewer, session_for

app = command_group()

MarkArgument = Annotated[str, typer.Argument(help="Its mark, such as great-wall.")]
RolesOption = Annotated[
    list[Role],
    typer.Option("--role", help="What it is; once for each role.", metavar="|".join(ASSIGNABLE)),
]
EconomyOption = Annotated[
    str | None, typer.Option(help="Whose authority or resident it is: CN, JP, KR, MN or RU.")
]

MattersOption = Annotated[
    list[Matter] | None,
    typer.Option("--matter", help="What an agency is in charge of; once for each matter."),
]


@app.callback()
def organisation() -> None:
    """Keep organisations, who lodge, decide or measure."""


@app.command("add")
def add(
    mark: MarkArgument,
    name: Annotated[str, typer.Option(help="What it is called.")],
    roles: RolesOption,
    economy: EconomyOption = None,
    matters: MattersOption = None,
    database: HeldDatabaseOption = None,
) -> None:
    """Add an organisation with its roles."""
    made = Organisation(mark, name, frozenset(roles), economy, matters=frozenset(matters or ()))
    with open_store(database).session() as session:
        if organisations.find(session, mark) is not None:
            raise UsageError(
                f"There is an organisation {mark!r} already.",
                next_step="Choose another mark, or change it: `tumen admin organisation change`.",
            )
        organisations.record(session, made, SystemClock().now(), CONSOLE)
    typer.echo(_line(made))


@app.command("change")
def change(
    mark: MarkArgument,
    name: Annotated[str | None, typer.Option(help="What it is called from now on.")] = None,
    economy: EconomyOption = None,
    matters: MattersOption = None,
    database: HeldDatabaseOption = None,
) -> None:
    """Change name, economy or matters of an organisation; `tumen admin role` changes its roles."""
    with open_store(database).session() as session:
        old = organisations.needed(session, mark)
        new = replace(
            old,
            name=name or old.name,
            economy=economy or old.economy,
            matters=frozenset(matters) if matters else old.matters,
        )
        organisations.record(session, new, SystemClock().now(), CONSOLE)
    typer.echo(_line(new))


@app.command("list")
def list_organisations(database: HeldDatabaseOption = None) -> None:
    """List all organisations, the closed ones too."""
    with open_store(database).session() as session:
        found = organisations.listed(session)
    for each in found:
        typer.echo(_line(each))
    if not found:
        typer.echo("No organisation yet: see `tumen admin organisation add --help`.")


@app.command("close")
def close(mark: MarkArgument, database: HeldDatabaseOption = None) -> None:
    """Let an organisation, its keys and its people in no longer; what it lodged stays."""
    _set_active(mark, database, is_active=False)


@app.command("open")
def reopen(mark: MarkArgument, database: HeldDatabaseOption = None) -> None:
    """Let an organisation that was closed in again."""
    _set_active(mark, database, is_active=True)


@app.command("export")
def export_own(
    mark: MarkArgument,
    out: Annotated[Path, typer.Option(help="The zip file to write; it must not be there yet.")],
    database: HeldDatabaseOption = None,
) -> None:
    """Write all that the node holds of what an organisation lodged, for it to take away."""
    store = open_store(database)
    with store.session() as session:
        organisations.needed(session, mark)
    with out.open("xb") as file, session_for(store, Viewer(mark)) as session:
        found = export.export(session, mark, file, SystemClock().now())
    typer.echo(f"{sum(found.rows.values())} rows of {len(found.rows)} tables in {out}")


def _set_active(mark: str, database: str | None, *, is_active: bool) -> None:
    with open_store(database).session() as session:
        new = replace(organisations.needed(session, mark), is_active=is_active)
        organisations.record(session, new, SystemClock().now(), CONSOLE)
    typer.echo(_line(new))


def _line(shown: Organisation) -> str:
    marks = [",".join(sorted(shown.roles)), shown.economy or "-"]
    marks += [f"matters: {','.join(sorted(shown.matters))}"] if shown.matters else []
    marks += ["demonstration"] if shown.is_demo else []
    marks += [] if shown.is_active else ["closed"]
    return f"{shown.mark}  {'  '.join(marks)}  {shown.name}"
