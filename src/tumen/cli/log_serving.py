"""`tumen log serve`: the published files of a log over HTTP, for a node without a web server."""

from pathlib import Path
from typing import Annotated, Final

import typer

from tumen.cli.listening import saying
from tumen.cli.location import DatabaseOption
from tumen.settings import log_folder
from tumen.web.service import Served
from tumen.web.service import serve as serve_http

DEFAULT_PORT: Final = 8701


def serve(
    database: DatabaseOption = None,
    folder: Annotated[Path | None, typer.Option(help="The files, if not this node's own.")] = None,
    port: Annotated[
        int, typer.Option(min=0, max=65_535, help="The port to listen on.")
    ] = DEFAULT_PORT,
    address: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    workers: Annotated[int, typer.Option(help="How many processes answer.", min=1, max=64)] = 1,
) -> None:
    """Serve the checkpoint, tiles and entries as C2SP tlog-tiles has them, until stopped."""
    place = folder or log_folder(database)
    listens = saying(f"serves {place} at http://{address}:{port}/checkpoint")
    serve_http(Served(address, port, workers, log=place), listens)
