"""The option of commands that look at what is recorded: they make no database of their own.

A slip in the name would else start a new, empty one, and say of it that nothing waits and that
its log is whole.
"""

from typing import Annotated

import typer

from tumen.kernel.errors import PathAbsent
from tumen.store import embedded
from tumen.store.database import resolve


def is_held(location: str | None) -> str | None:
    """The location, if its folder holds a database; an address is left to the server.

    Raises:
        PathAbsent: there is no database in the folder.
    """
    _, directory = resolve(location)
    if directory is not None and not directory.is_file() and not embedded.is_made(directory):
        raise PathAbsent(
            f"There is no database in {directory}.",
            next_step="Check --database; `tumen clear` and `tumen serve` make a new one.",
        )
    return location


def _held(context: typer.Context, location: str | None) -> str | None:
    return location if context.resilient_parsing else is_held(location)


HeldDatabaseOption = Annotated[
    str | None,
    typer.Option(
        "--database",
        help="A directory with an embedded PostgreSQL, or a postgresql:// address.",
        envvar="TUMEN_DATABASE_URL",
        show_envvar=True,
        callback=_held,
    ),
]
