"""The options that several commands share."""

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
