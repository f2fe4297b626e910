"""All that is recorded of a consignment, told as plain data by one of its numbers.

Remarks are codes with their particulars; whoever shows them adds the words of its reader.
"""

from typing import Any, Final

import msgspec
import polars as pl

from tumen.documents.fields import Kind
from tumen.law.answer import Answer
from tumen.law.parameters import law_version
from tumen.store.session import Session
from tumen.window import cases, story
from tumen.window.correction import lists_as_corrected
from tumen.window.ledger import counterparts, inquiry
from tumen.window.ledger.aftercare_list import aftercare_of, due
from tumen.window.ledger.balances import corrections, violations_of
from tumen.window.matching import Counterparts
from tumen.window.story import Materials, Told, plain

FUNCTIONS: Final = {"1": "new", "2": "change", "3": "deletion"}


def consignment(session: Session, reference: str, *, payer_must_be_buyer: bool) -> Told | None:
    """What is told of a reference; None where nothing is recorded under it.

    Args:
        session: what it may see is told, no more.
        reference: any number of an order, payment, waybill, declaration or shipment.
        payer_must_be_buyer: whether that comparison is in force here.
    """
    found = inquiry.documents(session, inquiry.order_numbers(session, reference))
    if found.is_empty():
        return None
    reasons = violations_of(session, found["document_id"])
    lists = found.filter((pl.col("kind") == Kind.DECLARATION) & (pl.col("answer") == "accepted"))
    return {
        "reference": reference,
        "documents": [_document(line, reasons) for line in found.iter_rows(named=True)],
        "declarations": [
            _declaration(
                session, key, part["document_id"], found, payer_must_be_buyer=payer_must_be_buyer
            )
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
    entries = aftercare_of(session, document)
    rulings = [each["ruling"] for each in entries if each["ruling"]]
    ruling = msgspec.json.decode([line["ruling"], *rulings][-1], type=Answer)
    return {
        "key": line["key"],
        "reference": line["own_reference"],
        "status": history[-1]["status"],
        "document_id": line["document_id"],
        "law_version": line["law_version"],
        "law_version_now": law_version(),
        "answer": ruling.to_dict(),
        "history": history,
        "aftercare": _without_rulings(entries),
        "due": due(session, document) if entries else [],
    }


def _without_rulings(entries: list[Told]) -> list[Told]:
    """The entries as they are told: the law's last answer stands beside them."""
    return [{name: each[name] for name in each if name != "ruling"} for each in entries]


def _document(line: dict[str, Any], reasons: pl.DataFrame) -> Told:
    """One document with the reasons of its refusal."""
    mine = reasons.filter(pl.col("original_id") == line["document_id"]).drop("original_id")
    told: Told = {name: plain(value) for name, value in line.items() if name != "receipt"}
    code = told.pop("function_code")
    return {
        **told,
        "function": FUNCTIONS.get(code, code),
        "violations": list(mine.iter_rows(named=True)),
    }


def _declaration(
    session: Session,
    key: object,
    documents: pl.Series,
    found: pl.DataFrame,
    *,
    payer_must_be_buyer: bool,
) -> Told:
    """Read what belongs to a declaration, and let its story be told."""
    declared = counterparts.declarations(session, pl.Series("key", [key], pl.String))
    numbers_of = declared["document_id"]
    items, corrected = session.ask(
        counterparts.items_of_declarations(numbers_of), corrections(numbers_of)
    )
    declared, items = lists_as_corrected(declared, items, corrected)
    entries = aftercare_of(session, documents)
    history = inquiry.events(session, documents)
    in_force = None if declared.is_empty() else declared.row(0, named=True)
    status = history["status"].item(-1) if in_force is None else in_force["status"]
    numbers = ("document_id", "preliminary_number", "declaration_number")
    materials = Materials(
        _case(declared),
        items,
        _counterparts(session, declared, found["document_id"]),
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
        "aftercare": _without_rulings(entries),
        "due": due(session, documents) if entries else [],
    }


def _case(declared: pl.DataFrame) -> pl.DataFrame:
    waiting = cases.waiting(declared, 0)
    return declared if waiting is None else waiting


def _counterparts(session: Session, declared: pl.DataFrame, found: pl.Series) -> Counterparts:
    """The documents in force under the keys of a declaration, whose order's are all found."""
    orders = counterparts.orders(session, declared["key"])
    return Counterparts(
        orders,
        counterparts.payments_among(session, declared["key"], found),
        counterparts.waybills(session, declared.select(cases.WAYBILL_KEY).to_series()),
        counterparts.order_items(session, orders["document_id"]),
    )
