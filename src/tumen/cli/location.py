"""Where things lie: the options that several commands share, and the home of Tumen."""

import os
from pathlib import Path
from typing import Annotated, Final

import typer

NOT_RECORDED: Final = (
    "Check the number, and that --database names the database that the documents were cleared to."
)

DatabaseOption = Annotated[
    str | None,
    typer.Option(
        "--database",
        help="A directory for the embedded PostgreSQL, or a postgresql:// address.",
        envvar="TUMEN_DATABASE_URL",
        show_envvar=True,
    ),
]

PortOption = Annotated[
    int, typer.Option("--port", min=0, max=65_535, help="The port to listen on.")
]


def tariff_folder() -> Path:
    """Where imported tariffs lie: below $TUMEN_HOME, or ~/.local/share/tumen."""
    home = Path(os.environ.get("TUMEN_HOME") or Path.home() / ".local/share/tumen")
    return home / "tariff"


def trust_bundle_file() -> Path:
    """Where the trust bundle in use lies: $TUMEN_HOME/trust.bundle."""
    home = Path(os.environ.get("TUMEN_HOME") or Path.home() / ".local/share/tumen")
    return home / "trust.bundle"


def indicator_folder() -> Path:
    """Where imported indicators lie: $TUMEN_HOME/indicators."""
    home = Path(os.environ.get("TUMEN_HOME") or Path.home() / ".local/share/tumen")
    return home / "indicators"
