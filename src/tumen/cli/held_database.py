"""The options of commands that work on what is recorded: they make no database of their own.

A slip in the name would else start a new, empty one, and say of it that nothing waits and that
its log is whole; or enter into it who may ask, and the service that runs would know nothing of it.
"""

from collections.abc import Callable
from typing import Annotated

import typer
from typer.models import OptionInfo

from tumen.kernel.errors import PathAbsent
from tumen.settings import key_ring
from tumen.store import embedded
from tumen.store.database import resolve
from tumen.trust.bundle_model import Role


def is_held(location: str | None) -> str | None:
    """The location, if its folder holds a database; an address is left to the server.

    Raises:
        PathAbsent: there is no database in the folder.
    """
    _, directory = resolve(location)
    if directory is not None and not directory.is_file() and not embedded.is_made(directory):
        raise PathAbsent(
            f"There is no database in {directory}.",
            next_step="Check --database; `tumen log init`, `clear` and `serve` make a new one.",
        )
    return location


def _held(context: typer.Context, location: str | None) -> str | None:
    return location if context.resilient_parsing else is_held(location)


def _held_if_named(context: typer.Context, location: str | None) -> str | None:
    return location if location is None else _held(context, location)


def _of_witness(context: typer.Context, location: str | None) -> str | None:
    """A witness that has its key and nothing to witness yet makes its store by itself."""
    is_begun = context.resilient_parsing or key_ring(location).has(Role.WITNESS)
    return location if is_begun else is_held(location)


def _option(callback: Callable[[typer.Context, str | None], str | None]) -> OptionInfo:
    found: OptionInfo = typer.Option(
        "--database",
        help="A directory with an embedded PostgreSQL, or a postgresql:// address.",
        envvar="TUMEN_DATABASE_URL",
        show_envvar=True,
        callback=callback,
    )
    return found


HeldDatabaseOption = Annotated[str | None, _option(_held)]
"""A database that is there."""

NamedDatabaseOption = Annotated[str | None, _option(_held_if_named)]
"""The same of commands that work without one, unless one is named."""

WitnessDatabaseOption = Annotated[str | None, _option(_of_witness)]
"""That of a witness: there, or to be made beside its key."""
