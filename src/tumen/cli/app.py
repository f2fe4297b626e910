"""The application: names the commands, and loads the one that is called."""

from importlib import import_module
from typing import Annotated, Final

import typer

from tumen.cli.groups import LazyGroup

COMMANDS: Final = {
    "quote": "Say what a shipment costs at the border, and why.",
    "assess": "Assess every shipment of files by the law of five economies.",
    "clear": "Clear files of documents: match, assess, screen, decide, record, answer.",
    "demo": "Make a realistic day of documents and clear it.",
    "show": "Show everything about one order, declaration or waybill.",
    "track": "Track a journey by its waybill's number: status and place, no person.",
    "queue": "List what waits for an officer, the longest waiting first, and why.",
    "decide": "Release, hold, examine or reject what waits for an officer.",
    "aftercare": "Correct, return and revoke what was decided; answer what was asked for.",
    "bills": "Make bills of what is due, list them, sum them up, and state what was paid.",
    "contingency": "Suspend an authority's decisions while it is unreachable.",
    "orphans": "List documents whose counterpart is missing.",
    "resend": "Write receipts again, byte for byte.",
    "credential": "Issue, verify, revoke and show electronic certificates of origin.",
    "verify": "Verify receipts by their proofs, offline: what is proven and what is not.",
    "simulate": "Make consignments with known faults and the outcome each must have.",
    "sign": "Sign a message with a key of your own, or make a trial key.",
    "signature": "Explain the signature of a message, step by step.",
    "lists": "Import and show watch lists, reference prices and the positive list.",
    "rates": "Import official exchange rates, and show the rate of a day.",
    "law": "Show what the law holds, check it, and compare it by day or by proposal.",
    "tariff": "Show what a tariff says of a code, and import official tariffs.",
    "trust": "Make the node's keys, and keep the bundle that says who is believed.",
    "log": "Show, prove and audit the node's log.",
    "erase": "Destroy the keys of a person's data; the facts and the log stay.",
    "witness": "Witness the logs of other nodes, and have this node's log witnessed.",
    "observe": "Show and compare indicators, audit a study, publish its tables and pictures.",
    "serve": "Serve the node: its API and portal, its log and its witness.",
    "admin": "Keep organisations, roles, keys and people: who may ask for what.",
    "backup": "Copy every fact of the node into a folder, as of one moment.",
    "restore": "Restore a backup into an empty database, and check it.",
    "db": "Start, stop and look at the embedded database.",
}
"""What there is. The module of that name has a function of that name, or a group ``app``."""


class Commands(LazyGroup):
    """All commands; the module of that name has a function of that name, or a group ``app``."""

    told = COMMANDS
    prefix = "tumen.cli."


def _print_version(wanted: bool) -> None:
    if wanted:
        # Loaded here alone: it costs every other command a tenth of its start.
        version = import_module("importlib.metadata").version("tumen")
        typer.echo(f"tumen {version}")
        raise typer.Exit


application = typer.Typer(
    cls=Commands,
    add_completion=False,
    rich_markup_mode=None,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


@application.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_print_version, help="The version.")
    ] = False,
) -> None:
    """Tumen: an open platform for cross-border digital trade in Northeast Asia."""
