"""`tumen track`: where goods are and what customs did, by the waybill's number; no person."""

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from tumen.bootstrap import open_store
from tumen.cli.held_database import HeldDatabaseOption
from tumen.cli.location import NOT_RECORDED
from tumen.kernel.errors import UsageError
from tumen.window import epcis, journey
from tumen.window.ledger import journeys


def track(
    number: Annotated[str, typer.Argument(help="A waybill's number, or a consignment's.")],
    database: HeldDatabaseOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="The same as one JSON object.")] = False,
    as_epcis: Annotated[
        bool, typer.Option("--epcis", help="The events as an EPCIS 2.0 document (JSON-LD).")
    ] = False,
) -> None:
    """Track a journey: status, place and every step, as everybody may know them.

    It names no person, no goods and no value.
    """
    with open_store(database).session() as session:
        seen, steps = journeys.journey(session, number)
    if not seen and not steps:
        raise UsageError(f"Nothing is known of {number}.", next_step=NOT_RECORDED)
    told = journey.told(number, seen, steps)
    if as_epcis:
        made_at = max(line["happened_at"] for line in seen) if seen else steps[-1]["recorded_at"]
        document = epcis.document(number, seen, steps, made_at)
        typer.echo(json.dumps(document, ensure_ascii=False, indent=2))
    elif as_json:
        typer.echo(json.dumps(told, ensure_ascii=False))
    else:
        _print(Console(), told)


def _print(console: Console, told: journey.Told) -> None:
    status, place = told["status"] or "nothing decided yet", told["place"] or "not reported"
    console.print(Text(f"{told['number']}: {status}; last seen: {place}", style="bold"))
    table = Table(
        "when (UTC)", "what", Column("where", overflow="fold"), "that is", box=None, pad_edge=False
    )
    for each in told["timeline"]:
        where = each["economy"] if each["place"] is None else f"{each['place']}, {each['economy']}"
        table.add_row(each["at"][:16].replace("T", " "), each["what"], where, each["means"])
    console.print(table)
