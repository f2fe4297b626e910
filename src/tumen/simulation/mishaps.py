"""Puts a fault into a clean consignment: which rows go out, and the answer each must get.

Every function takes the case and gives the rows in the order of sending. The declaration's end
status is in the table of :mod:`tumen.simulation.faults`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Final

from tumen.simulation import papers
from tumen.simulation.bundle import Document, Sending
from tumen.simulation.draft import Draft
from tumen.simulation.papers import yuan
from tumen.simulation.parties import Person, wrong_identity_number


@dataclass(slots=True)
class Case:
    """A clean consignment that is about to be spoilt."""

    draft: Draft
    random: Random
    stranger: Person
    order: Document
    payment: Document
    waybill: Document
    declaration: Document

    def sent(self, *missing: str) -> list[Sending]:
        """The four documents but those of the kinds missing, all accepted."""
        four = (self.order, self.payment, self.waybill, self.declaration)
        return [Sending(paper) for paper in four if paper["kind"] not in missing]

    def order_refused(self) -> list[Sending]:
        """The four documents of which the order is refused."""
        rows = self.sent()
        rows[0].answer = "rejected"
        return rows

    def declaration_refused(self) -> list[Sending]:
        """The four documents of which the list is refused."""
        rows = self.sent()
        rows[3].answer = "rejected"
        return rows


def open_case(draft: Draft, random: Random, stranger: Person) -> Case:
    """The four clean documents of a draft."""
    return Case(
        draft,
        random,
        stranger,
        papers.order(draft),
        papers.payment(draft),
        papers.waybill(draft),
        papers.declaration(draft),
    )


def _version(case: Case, paper: Document, function_code: str, seconds: int) -> Document:
    """Another version of a document, issued so long after (or before) the order."""
    return {
        **paper,
        "message_id": case.draft.message_id(),
        "function_code": function_code,
        "issued_at": case.draft.time(seconds),
    }


def _as_it_is(case: Case) -> list[Sending]:
    return case.sent()


def _identity_check_digit(case: Case) -> list[Sending]:
    wrong = wrong_identity_number(case.draft.buyer.id_number)
    case.order["buyer_id_number"] = case.declaration["buyer_id_number"] = wrong
    rows = case.order_refused()
    rows[3].answer = "rejected"
    return rows


def _line_total(case: Case) -> list[Sending]:
    line = case.draft.lines[0]
    case.order["items"][0]["total_price"] = yuan(line.total_fen + 1)
    case.order["goods_value"] = yuan(case.draft.goods_value + 1)
    case.order["amount_paid"] = case.payment["amount_paid"] = yuan(case.draft.amount_paid + 1)
    return case.order_refused()


def _amount_identity(case: Case) -> list[Sending]:
    wrong = yuan(case.draft.amount_paid + case.random.randint(1, 5000))
    case.order["amount_paid"] = case.payment["amount_paid"] = wrong
    return case.order_refused()


def _wrong_currency(case: Case) -> list[Sending]:
    case.order["currency"] = "502"
    return case.order_refused()


def _payment_amount(case: Case) -> list[Sending]:
    short = min(case.random.randint(1, 5000), case.draft.amount_paid - 1)
    case.payment["amount_paid"] = yuan(case.draft.amount_paid - short)
    return case.sent()


def _payment_missing(case: Case) -> list[Sending]:
    return case.sent("payment")


def _waybill_missing(case: Case) -> list[Sending]:
    return case.sent("waybill")


def _order_missing(case: Case) -> list[Sending]:
    return case.sent("order")


def _payer_not_buyer(case: Case) -> list[Sending]:
    case.payment["payer_id_number"] = case.stranger.id_number
    case.payment["payer_name"] = case.stranger.name
    case.payment["payer_telephone"] = case.stranger.telephone
    return case.sent()


def _consignee_mismatch(case: Case) -> list[Sending]:
    case.waybill["consignee_address"] = "演示省演示市另一区另一路1号"
    return case.sent()


def _buyer_mismatch(case: Case) -> list[Sending]:
    case.declaration["buyer_id_number"] = case.stranger.id_number
    case.declaration["buyer_name"] = case.stranger.name
    return case.sent()


def _item_mismatch(case: Case) -> list[Sending]:
    line, item = case.draft.lines[0], case.declaration["items"][0]
    item["quantity"] = str(line.quantity + 1)
    item["total_price"] = yuan(line.total_fen + line.price_fen)
    return case.sent()


def _item_count(case: Case) -> list[Sending]:
    del case.declaration["items"][-1]
    return case.sent()


def _package_count(case: Case) -> list[Sending]:
    case.declaration["package_count"] = "2"
    return case.declaration_refused()


def _unknown_hs(case: Case) -> list[Sending]:
    # Chapter 77 is reserved in every edition of the Harmonized System.
    case.declaration["items"][0]["hs_code"] = f"77{case.random.randint(1, 99):02d}100000"
    return case.declaration_refused()


def _duplicate_document(case: Case) -> list[Sending]:
    rows = case.sent()
    again = case.random.choice(rows).document
    return [*rows, Sending(again, "duplicate", is_late=case.random.random() < 0.5)]


def _conflicting_order(case: Case) -> list[Sending]:
    other = _version(case, case.order, "1", 600)
    other["consignee_address"] = "演示省演示市另一区另一路2号"
    late = case.random.random() < 0.5
    return [*case.sent(), Sending(other, "rejected", is_late=late)]


def _amended_order(case: Case) -> list[Sending]:
    rows = case.sent()
    before = _version(case, case.order, "1", 0)
    before["consignee_address"] = "演示省演示市旧区旧路3号"
    rows[0].document = _version(case, case.order, "2", 600)
    return [Sending(before), *rows]


def _late_message(case: Case) -> list[Sending]:
    older = _version(case, case.order, "2", -600)
    older["consignee_address"] = "演示省演示市旧区旧路4号"
    late = case.random.random() < 0.5
    return [*case.sent(), Sending(older, "ignored", is_late=late)]


def _late_payment(case: Case) -> list[Sending]:
    rows = case.sent()
    rows[1].is_late = True
    return rows


def _deleted_order(case: Case) -> list[Sending]:
    rows = case.sent()
    return [rows[0], Sending(_version(case, case.order, "3", 600)), *rows[1:]]


def _revoked(case: Case) -> list[Sending]:
    return [*case.sent("payment"), Sending(papers.revocation(case.draft), is_late=True)]


def _revoked_too_late(case: Case) -> list[Sending]:
    return [*case.sent(), Sending(papers.revocation(case.draft), "rejected", is_late=True)]


def _returned(case: Case) -> list[Sending]:
    everything = {number: line.quantity for number, line in enumerate(case.draft.lines, 1)}
    return [*case.sent(), Sending(papers.goods_return(case.draft, everything), is_late=True)]


def _partly_returned(case: Case) -> list[Sending]:
    first = {1: case.draft.lines[0].quantity}
    return [*case.sent(), Sending(papers.goods_return(case.draft, first), is_late=True)]


def _return_too_much(case: Case) -> list[Sending]:
    more = {1: case.draft.lines[0].quantity + case.random.randint(1, 3)}
    return [*case.sent(), Sending(papers.goods_return(case.draft, more), "rejected", is_late=True)]


def _missing_field(case: Case) -> list[Sending]:
    name = case.random.choice(
        ("goods_value", "amount_paid", "buyer_name", "buyer_account", "consignee_address", "model")
    )
    del (case.order["items"][0] if name == "model" else case.order)[name]
    return case.order_refused()


def _overlong_field(case: Case) -> list[Sending]:
    name, characters = case.random.choice(
        (("buyer_account", 61), ("payment_number", 61), ("consignee_district", 7), ("note", 1001))
    )
    case.order[name] = "9" * characters
    return case.order_refused()


def _bad_number(case: Case) -> list[Sending]:
    name = case.random.choice(("goods_value", "freight", "amount_paid", "tax_total"))
    case.order[name] = case.random.choice(("1e3", "12,50", "one", "1.234567", "--1"))
    return case.order_refused()


def _malformed_line(case: Case) -> list[Sending]:
    rows = case.sent()
    rows[1].answer, rows[1].is_broken = "rejected", True
    return rows


def _vague_description(case: Case) -> list[Sending]:
    vague = case.random.choice(("礼品", "gift"))
    case.order["items"][0]["item_name"] = case.declaration["items"][0]["goods_name"] = vague
    return case.sent()


def _value_outlier(case: Case) -> list[Sending]:
    line = case.draft.lines[0]
    line.price_fen = max(1, line.goods.low_fen // case.random.randint(12, 25))
    case.draft.goods_value = sum(line.total_fen for line in case.draft.lines)
    case.draft.discount = case.draft.tax_total = 0
    cheap = open_case(case.draft, case.random, case.stranger)
    return cheap.sent()


CONTRIVE: Final[dict[str, Callable[[Case], list[Sending]]]] = {
    "identity_check_digit": _identity_check_digit,
    "line_total": _line_total,
    "amount_identity": _amount_identity,
    "wrong_currency": _wrong_currency,
    "payment_amount": _payment_amount,
    "payment_missing": _payment_missing,
    "waybill_missing": _waybill_missing,
    "order_missing": _order_missing,
    "payer_not_buyer": _payer_not_buyer,
    "consignee_mismatch": _consignee_mismatch,
    "buyer_mismatch": _buyer_mismatch,
    "item_mismatch": _item_mismatch,
    "item_count": _item_count,
    "package_count": _package_count,
    "unknown_hs": _unknown_hs,
    "over_single_limit": _as_it_is,
    "over_single_indivisible": _as_it_is,
    "over_annual": _as_it_is,
    "duplicate_document": _duplicate_document,
    "conflicting_order": _conflicting_order,
    "amended_order": _amended_order,
    "late_message": _late_message,
    "late_payment": _late_payment,
    "deleted_order": _deleted_order,
    "revoked": _revoked,
    "revoked_too_late": _revoked_too_late,
    "returned": _returned,
    "partly_returned": _partly_returned,
    "return_too_much": _return_too_much,
    "missing_field": _missing_field,
    "overlong_field": _overlong_field,
    "bad_number": _bad_number,
    "malformed_line": _malformed_line,
    "vague_description": _vague_description,
    "value_outlier": _value_outlier,
}
"""For each fault: what puts it in."""

KEEPS_ORDER: Final = frozenset(
    {"duplicate_document", "conflicting_order", "amended_order", "late_message", "deleted_order"}
)
"""Faults whose outcome depends on the order of the rows."""
