"""`tumen serve`: the node as a service: the API, the portal, its log, and its witness."""

import sys
from typing import Annotated, Final

import typer

from tumen.bootstrap import open_node
from tumen.cli.location import DatabaseOption, tariff_folder
from tumen.cli.rates import folder as rates_folder
from tumen.law.exchange_import import held
from tumen.law.quoting import Books
from tumen.web.service import Served
from tumen.web.service import serve as serve_http

DEFAULT_PORT: Final = 8000


def serve(
    database: DatabaseOption = None,
    port: Annotated[int, typer.Option(help="The port to listen on.")] = DEFAULT_PORT,
    address: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    workers: Annotated[int, typer.Option(help="How many processes answer.", min=1, max=64)] = 1,
) -> None:
    """Serve the node over HTTP until stopped: documents in, receipts out, quotes and tracking."""
    open_node(database)  # starts, migrates, and tells what is wrong before any worker starts
    typer.echo(f"serves the node at http://{address}:{port}; its API: /openapi.json")
    sys.stdout.flush()  # a log file is to show it while it serves
    books = Books(tariff_folder(), held(rates_folder()))
    serve_http(Served(address, port, workers, database, is_whole=True, books=books))
