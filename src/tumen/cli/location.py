"""The options that several commands share."""

from typing import Annotated

import typer

DatabaseOption = Annotated[
    str | None,
    typer.Option(
        "--database",
        help="A directory for the embedded PostgreSQL, or a postgresql:// address.",
        envvar="TUMEN_DATABASE_URL",
        show_envvar=True,
    ),
]
