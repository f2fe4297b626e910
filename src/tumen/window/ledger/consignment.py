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
from tumen.window.ledger.examinations import entries_of
from tumen.window.matching import Counterparts
from tumen.window.story import Materials, Told, decimal, plain

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
        "shipments": _shipments(session, found["document_id"]),
    }


def _shipments(session: Session, documents: pl.Series) -> list[Told]:
    found = inquiry.shipments(session, documents)
    goods = inquiry.goods_of_shipments(session, found["document_id"])
    return [
        _shipment(session, line, goods.filter(pl.col("document_id") == line["document_id"]))
        for line in found.iter_rows(named=True)
    ]


TOLD_OF_SHIPMENT: Final = ("dispatch", "destination", "transport", "platform", "seller", "currency")


def _shipment(session: Session, line: dict[str, Any], goods: pl.DataFrame) -> Told:
    """A native shipment: where it stands, and what the law said when it was decided."""
    document = pl.Series("document_id", [line["document_id"]], pl.Int64)
    events = inquiry.events(session, document)
    history = story.history(events)
    entries = aftercare_of(session, document)
    return {
        "key": line["key"],
        "reference": line["own_reference"],
        "status": history[-1]["status"],
        "document_id": line["document_id"],
        "event_id": events["event_id"].item(-1),
        **{name: line[name] for name in TOLD_OF_SHIPMENT},
        "goods": [_goods(item) for item in goods.iter_rows(named=True)],
        "law_version": line["law_version"],
        "law_version_now": law_version(),
        "answer": _ruling(line["ruling"], entries),
        "history": history,
        "examinations": entries_of(session, document),
        "aftercare": _without_rulings(entries),
        "due": due(session, document) if entries else [],
    }


def _goods(line: dict[str, Any]) -> Told:
    """A goods item of a native shipment; its price is that of one of the unit that was stated."""
    return {
        "item": line["position"] + 1,
        "hs_code": line["hs_code"],
        "description": line["description"],
        "quantity": line["quantity"],
        "unit": line["unit"],
        "unit_price": decimal(line["unit_price"]),
        "net_weight_kg": decimal(line["net_weight_kg"]),
        "origin": line["origin"],
    }


def _ruling(first: str | None, entries: list[Told]) -> Told | None:
    """The law's last answer; None for who is not told it."""
    if first is None:
        return None
    later = [each["ruling"] for each in entries if each["ruling"]]
    return msgspec.json.decode([first, *later][-1], type=Answer).to_dict()


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
        "event_id": history["event_id"].item(-1),
        **{name: None if in_force is None else in_force[name] for name in numbers},
        **story.tell(materials),
        "examinations": entries_of(session, documents),
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
