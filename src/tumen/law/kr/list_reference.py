"""List clearance (목록통관) of Korea: courier goods released without a declaration, untaxed.

Sources: 관세법 Art. 254의2, 특송물품 수입통관 사무처리에 관한 고시 Art. 8: personal use, up to
150 USD, 200 USD from the United States; not for goods that need a confirmation, food, medicines
and the like.
"""

from typing import Final

from tumen.law import admission
from tumen.law.admission import cannot_tell, services
from tumen.law.consignment import Consignment
from tumen.law.explanation import Unknown
from tumen.law.findings import once
from tumen.law.kr.answer import ruled, settlement_of
from tumen.law.kr.buyer_identity import code_refusals
from tumen.law.kr.goods_classes import class_of
from tumen.law.kr.import_control import cosmetics_warnings
from tumen.law.kr.small_value import hindrances
from tumen.law.kr.valuation import customs_values
from tumen.law.ruling import Charge, Notice, Ruling
from tumen.law.settlement import Settlement

REGIME: Final = "list"


def refusals(consignment: Consignment) -> tuple[Notice, ...]:
    """Why a consignment is not cleared by list; empty where it is."""
    if refusing := services(consignment):
        return refusing
    try:
        return once(_refusals, settlement_of(REGIME, consignment))
    except Unknown as lacking:
        return (cannot_tell(lacking.name),)


def assess(consignment: Consignment) -> Ruling:
    """Released without duty and tax, or why not."""
    settlement = settlement_of(REGIME, consignment)
    if refusing := services(consignment):
        return settlement.refused(refusing)
    try:
        if reasons := once(_refusals, settlement):
            return settlement.refused(reasons)
        values = once(customs_values, settlement)
    except Unknown as lacking:
        return settlement.unknown(("duty", "vat"), lacking.name)
    settlement.tell(*cosmetics_warnings(settlement))
    for item, value in zip(consignment.goods, values, strict=True):
        for code, name in (("duty", limit_name(settlement)), ("vat", "kr.vat.small_value")):
            cited = (settlement.why.cite(name),)
            settlement.charges.append(Charge(code, item.place, value, "0%", 0, cited))
    return ruled(settlement, sum(values))


def _refusals(settlement: Settlement) -> tuple[Notice, ...]:
    # 1. List clearance is for courier goods (254의2).
    transport = settlement.why.value("kr.list.transport")
    if refusing := tuple(admission.not_by(settlement.consignment, {str(transport.value)})):
        return refusing
    # 2. Goods that are never cleared by list; one of them takes the whole parcel along.
    if excluded := _excluded(settlement):
        return excluded
    # 3. Personal use, value, quantities.
    against = once(hindrances, settlement, limit_name(settlement))
    # 4. The buyer's personal customs code, since 2020-12-01.
    return (*against, *code_refusals(settlement))


def limit_name(settlement: Settlement) -> str:
    """The parameter that is the limit: higher for what is sent from the United States."""
    is_higher = (
        settlement.consignment.dispatch == settlement.why.value("kr.list.limit_us_dispatch").value
    )
    return "kr.list.limit_us" if is_higher else "kr.list.limit"


def _excluded(settlement: Settlement) -> tuple[Notice, ...]:
    found = []
    for item in settlement.consignment.goods:
        # What needs a confirmation (226), or may not enter at all, is excluded too.
        tables = ("kr.list_excluded", "kr.control")
        kinds = (class_of(settlement, each, item) for each in tables)
        kind = next((each for each in kinds if each is not None), None)
        if kind is not None:
            told = {"value": kind, "citation": settlement.why.cite("kr.list.excluded")}
            found.append(Notice("KR_LIST_EXCLUDED", f"items[{item.place}].hs", told))
    return tuple(found)
