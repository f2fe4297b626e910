"""`tumen serve`: the node as a service: the API, the portal, its log, and its witness."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console

from tumen.access import demo
from tumen.access.demo import DemoAccess
from tumen.bootstrap import is_at_hand, open_node
from tumen.cli.demo import cleared_day, trust_bundle
from tumen.cli.listening import saying
from tumen.cli.location import DatabaseOption, PortOption, tariff_folder
from tumen.cli.rates import folder as rates_folder
from tumen.law.exchange_import import held
from tumen.law.quoting import Books
from tumen.web.service import Served, need_free
from tumen.web.service import serve as serve_http

DEFAULT_PORT: Final = 8000
DEMO: Final = Path("demo")
DEMO_SEED: Final = 1
DEMO_BUNDLES: Final = 1_000
DEMO_SENDER: Final = "demo-platform"
"""Whose the documents of the demonstration are, so that it finds them in the portal."""


def serve(
    database: DatabaseOption = None,
    port: PortOption = DEFAULT_PORT,
    address: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    workers: Annotated[int, typer.Option(help="How many processes answer.", min=1, max=64)] = 1,
    is_demo: Annotated[
        bool,
        typer.Option("--demo", help="Begin with made-up organisations and a made-up day."),
    ] = False,
) -> None:
    """Serve the node over HTTP until stopped: documents in, receipts out, quotes and tracking.

    With --demo and no database it is the one below ./demo; organisations, parties and prices are
    made up, and each start gives new keys and passwords.
    """
    served = Served(address, port, workers, is_whole=True)
    need_free(served)  # before a day is cleared for nobody
    if is_demo:
        database = _demonstrate(database or str(DEMO / "postgres"))
    open_node(database)  # starts, migrates, and tells what is wrong before any worker starts
    books = Books(tariff_folder(), held(rates_folder()))
    listens = saying(f"serves the node at http://{address}:{port}; its API: /openapi.json")
    serve_http(replace(served, database=database, books=books), listens)


def _demonstrate(location: str) -> str:
    """Fill a new node with a day, and give its organisations new keys and passwords."""
    console = Console(highlight=False)
    if not is_at_hand(location):
        cleared_day(
            console, DEMO, location, bundles=DEMO_BUNDLES, seed=DEMO_SEED, sender=DEMO_SENDER
        )
    node = open_node(location)
    with node.database.session() as session:
        found = demo.begin(session, node.clock.now())
    _print_access(console, found)
    bundle = trust_bundle(location, DEMO)
    console.print(
        f"Whom the page Verify is to believe, to choose there: {bundle}\n", soft_wrap=True
    )
    return location


def _print_access(console: Console, found: list[DemoAccess]) -> None:
    """Logins, passwords and keys: shown this once."""
    console.print("\nMade up, to try the node with: no organisation of these exists.")
    for each in found:
        console.print(f"  login {each.login:20} password {each.password}", soft_wrap=True)
    key = next(each.key for each in found if each.login == DEMO_SENDER)
    console.print(f"\nThe key of {DEMO_SENDER}, for programs:\n  {key}\n", soft_wrap=True)
