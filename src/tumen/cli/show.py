"""`tumen show`: everything about one order, declaration, waybill, payment or native shipment."""

import json
from typing import Annotated, Any

import typer
from rich.console import Console

from tumen.bootstrap import open_store
from tumen.cli.held_database import HeldDatabaseOption
from tumen.cli.location import NOT_RECORDED
from tumen.cli.shipment_page import print_shipment
from tumen.cli.story_page import print_documents, print_story
from tumen.codelist.spoken import explained, with_messages
from tumen.kernel.errors import UsageError
from tumen.settings import payer_must_be_buyer
from tumen.window.ledger.consignment import consignment
from tumen.window.story import Told


def show(
    reference: Annotated[
        str,
        typer.Argument(help="Any number of an order, payment, waybill, list or shipment."),
    ],
    database: HeldDatabaseOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="The same as one JSON object.")] = False,
) -> None:
    """Show everything about one consignment: documents, match, charges explained, history.

    Names, telephones, addresses and identity numbers stay sealed: of these it only says whether
    they are equal.
    """
    with open_store(database).session() as session:
        told = consignment(session, reference, payer_must_be_buyer=payer_must_be_buyer())
    if told is None:
        raise UsageError(
            f"Nothing is recorded under {reference}: it is neither the number of an order, "
            "a payment, a waybill or a declaration, nor a filer's own reference.",
            next_step=NOT_RECORDED,
        )
    spoken = _spoken(told)
    if as_json:
        typer.echo(json.dumps(spoken, ensure_ascii=False))
        return
    console = Console()
    print_documents(console, spoken["documents"])
    for declaration in spoken["declarations"]:
        print_story(console, declaration)
    for shipment in spoken["shipments"]:
        print_shipment(console, shipment)


def _spoken(told: Told) -> Told:
    """The same with the message and the fix of every remark."""
    return {
        **told,
        "documents": [
            {**each, "violations": [_explained(reason) for reason in each["violations"]]}
            for each in told["documents"]
        ],
        "shipments": [
            {**each, "answer": with_messages(each["answer"])} for each in told["shipments"]
        ],
    }


def _explained(reason: dict[str, Any]) -> dict[str, Any]:
    return {**reason, **dict(zip(("message", "fix"), explained(**reason), strict=True))}
