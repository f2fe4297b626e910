"""`tumen show`: everything about one order, declaration, waybill, payment or native shipment."""

import json
from typing import Annotated, Any, Final

import msgspec
import polars as pl
import typer
from rich.console import Console

from tumen.bootstrap import open_store, payer_must_be_buyer
from tumen.cli.location import NOT_RECORDED, DatabaseOption
from tumen.cli.shipment_page import print_shipment
from tumen.cli.story_page import print_documents, print_story
from tumen.codelist.spoken import explained, with_messages
from tumen.documents.fields import Kind
from tumen.kernel.errors import UsageError
from tumen.law.answer import Answer
from tumen.law.parameters import law_version
from tumen.store.session import Session
from tumen.window import cases, ledger, story
from tumen.window.ledger import inquiry
from tumen.window.matching import Counterparts
from tumen.window.story import Materials, Told, plain

FUNCTIONS: Final = {"1": "new", "2": "change", "3": "deletion"}


def show(
    reference: Annotated[
        str,
        typer.Argument(help="Any number of an order, payment, waybill, list or shipment."),
    ],
    database: DatabaseOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="The same as one JSON object.")] = False,
) -> None:
    """Show everything about one consignment: documents, match, charges explained, history.

    Names, telephones, addresses and identity numbers stay sealed: of these it only says whether
    they are equal.
    """
    with open_store(database).session() as session:
        told = _told(session, reference, payer_must_be_buyer=payer_must_be_buyer())
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    console = Console()
    print_documents(console, told["documents"])
    for declaration in told["declarations"]:
        print_story(console, declaration)
    for shipment in told["shipments"]:
        print_shipment(console, shipment)


def _told(session: Session, reference: str, *, payer_must_be_buyer: bool) -> Told:
    """All that is told of a reference.

    Raises:
        UsageError: nothing is recorded under it.
    """
    found = inquiry.documents(session, inquiry.order_numbers(session, reference))
    if found.is_empty():
        raise UsageError(
            f"Nothing is recorded under {reference}: it is neither the number of an order, "
            "a payment, a waybill or a declaration, nor a filer's own reference.",
            next_step=NOT_RECORDED,
        )
    reasons = ledger.violations_of(session, found["document_id"])
    lists = found.filter((pl.col("kind") == Kind.DECLARATION) & (pl.col("answer") == "accepted"))
    return {
        "reference": reference,
        "documents": [_document(line, reasons) for line in found.iter_rows(named=True)],
        "declarations": [
            _declaration(session, key, part["document_id"], payer_must_be_buyer=payer_must_be_buyer)
            for (key,), part in lists.group_by("key", maintain_order=True)
        ],
        "shipments": [
            _shipment(session, line)
            for line in inquiry.shipments(session, found["document_id"]).iter_rows(named=True)
        ],
    }


def _shipment(session: Session, line: dict[str, Any]) -> Told:
    """A native shipment: where it stands, and what the law said when it was decided."""
    document = pl.Series("document_id", [line["document_id"]], pl.Int64)
    history = story.history(inquiry.events(session, document))
    ruling = msgspec.json.decode(line["ruling"], type=Answer)
    return {
        "key": line["key"],
        "reference": line["own_reference"],
        "status": history[-1]["status"],
        "document_id": line["document_id"],
        "law_version": line["law_version"],
        "law_version_now": law_version(),
        "answer": with_messages(ruling.to_dict()),
        "history": history,
    }


def _document(line: dict[str, Any], reasons: pl.DataFrame) -> Told:
    """One document with the reasons of its refusal, in plain words."""
    mine = reasons.filter(pl.col("original_id") == line["document_id"]).drop("original_id")
    told: Told = {name: plain(value) for name, value in line.items() if name != "receipt"}
    code = told.pop("function_code")
    return {
        **told,
        "function": FUNCTIONS.get(code, code),
        "violations": [
            {**reason, **dict(zip(("message", "fix"), explained(**reason), strict=True))}
            for reason in mine.iter_rows(named=True)
        ],
    }


def _declaration(
    session: Session, key: object, documents: pl.Series, *, payer_must_be_buyer: bool
) -> Told:
    """Read what belongs to a declaration, and let its story be told."""
    declared = ledger.declarations(session, pl.Series("key", [key], pl.String))
    history = inquiry.events(session, documents)
    in_force = None if declared.is_empty() else declared.row(0, named=True)
    status = history["status"].item(-1) if in_force is None else in_force["status"]
    numbers = ("document_id", "preliminary_number", "declaration_number")
    materials = Materials(
        _case(declared),
        ledger.declaration_items(session, declared["document_id"]),
        _counterparts(session, declared),
        history,
        inquiry.charges(session, history["event_id"]),
        inquiry.allowance(session, documents),
        payer_must_be_buyer,
    )
    return {
        "key": key,
        "status": status,
        **{name: None if in_force is None else in_force[name] for name in numbers},
        **story.tell(materials),
    }


def _case(declared: pl.DataFrame) -> pl.DataFrame:
    waiting = cases.waiting(declared, 0)
    return declared if waiting is None else waiting


def _counterparts(session: Session, declared: pl.DataFrame) -> Counterparts:
    """The documents in force under the keys of a declaration."""
    orders = ledger.orders(session, declared["key"])
    return Counterparts(
        orders,
        ledger.payments(session, declared["key"]),
        ledger.waybills(session, declared.select(cases.WAYBILL_KEY).to_series()),
        ledger.order_items(session, orders["document_id"]),
    )
