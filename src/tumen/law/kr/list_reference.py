"""List clearance (목록통관) of Korea: courier goods released without a declaration, untaxed.

Sources: 관세법 Art. 254의2, 특송물품 수입통관 사무처리에 관한 고시 Art. 8: personal use, up to
150 USD, 200 USD from the United States; not for goods that need a confirmation, food, medicines
and the like.
"""

from typing import Final

from tumen.law.consignment import Consignment
from tumen.law.explanation import Unknown
from tumen.law.kr.answer import not_told, refused, ruling, unknown
from tumen.law.kr.buyer_identity import code_refusals
from tumen.law.kr.general_reference import refusals as service_refusals
from tumen.law.kr.import_control import cosmetics_warnings
from tumen.law.kr.inquiry import Inquiry
from tumen.law.kr.small_value import hindrances
from tumen.law.kr.valuation import customs_values
from tumen.law.ruling import Charge, Notice, Ruling

REGIME: Final = "list"


def refusals(consignment: Consignment) -> tuple[Notice, ...]:
    """Why a consignment is not cleared by list; empty where it is."""
    if services := service_refusals(consignment):
        return services
    try:
        return _refusals(Inquiry.of(consignment))
    except Unknown as lacking:
        return (not_told(lacking.name),)


def assess(consignment: Consignment) -> Ruling:
    """Released without duty and tax, or why not."""
    inquiry = Inquiry.of(consignment)
    if services := service_refusals(consignment):
        return refused(inquiry, REGIME, services)
    try:
        if reasons := _refusals(inquiry):
            return refused(inquiry, REGIME, reasons)
        values = customs_values(inquiry)
    except Unknown as lacking:
        return unknown(inquiry, REGIME, ("duty", "vat"), lacking.name)
    inquiry.notices += cosmetics_warnings(inquiry)
    charges = []
    for item, value in zip(consignment.goods, values, strict=True):
        for code, name in (("duty", limit_name(inquiry)), ("vat", "kr.vat.small_value")):
            cited = (inquiry.why.cite(name),)
            charges.append(Charge(code, item.place, value, "0%", 0, cited))
    return ruling(inquiry, REGIME, sum(values), charges)


def _refusals(inquiry: Inquiry) -> tuple[Notice, ...]:
    # 1. List clearance is for courier goods (254의2).
    transport = inquiry.why.value("kr.list.transport")
    if inquiry.consignment.transport != transport.value:
        told = {"value": inquiry.consignment.transport, "expected": str(transport.value)}
        return (Notice("KR_LIST_TRANSPORT", "transport", told),)
    # 2. Goods that are never cleared by list; one of them takes the whole parcel along.
    if excluded := _excluded(inquiry):
        return excluded
    # 3. Personal use, value, quantities.
    against = hindrances(inquiry, limit_name(inquiry))
    # 4. The buyer's personal customs code, since 2020-12-01.
    return (*against, *code_refusals(inquiry))


def limit_name(inquiry: Inquiry) -> str:
    """The parameter that is the limit: higher for what is sent from the United States."""
    is_higher = inquiry.consignment.dispatch == inquiry.why.value("kr.list.limit_us_dispatch").value
    return "kr.list.limit_us" if is_higher else "kr.list.limit"


def _excluded(inquiry: Inquiry) -> tuple[Notice, ...]:
    found = []
    for item in inquiry.consignment.goods:
        kind = inquiry.class_of("kr.list_excluded", item)
        if kind is not None:
            told = {"value": kind, "citation": inquiry.why.cite("kr.list.excluded")}
            found.append(Notice("KR_LIST_EXCLUDED", f"items[{item.place}].hs", told))
    return tuple(found)
