"""Digital services from abroad into Japan, as the law reads (消費税法, electronic services).

1. A service over the internet is supplied where its recipient is, so that consumption tax is due
   in Japan whoever supplies it, from 2015-10-01.
2. The tax is national and local tax on the price without tax, together rounded down to the yen;
   the local tax is what is left beside the national one.
3. Who pays it: of a service to a business the recipient (reverse charge); to a consumer the
   supplier abroad; from 2025-04-01 the platform where it is a specified one.
"""

from fractions import Fraction
from typing import Final

from tumen.law.consignment import Consignment, Goods
from tumen.law.explanation import Unknown
from tumen.law.jp.assessment import is_digital_service, ruling
from tumen.law.jp.case import Case, percent, yen
from tumen.law.jp.duties import override
from tumen.law.jp.taxes import LOCAL, NATIONAL, local_share
from tumen.law.ruling import Charge, Notice, Ruling

NAME: Final = "digital_service"
STANDARD: Final = "jp.consumption_tax.standard"


def refusals(consignment: Consignment) -> tuple[Notice, ...]:
    """Why a consignment is no digital service: each item that is goods."""
    return tuple(
        Notice("JP_GOODS_NOT_DIGITAL_SERVICE", f"items[{goods.place}].hs")
        for goods in consignment.goods
        if not is_digital_service(goods)
    )


def assess(consignment: Consignment) -> Ruling:
    """The consumption tax on services; there is no customs value."""
    case = Case.of(consignment)
    charges: list[Charge] = []
    try:
        case.why.value("jp.digital_service.place")
        for goods in consignment.goods:
            charges += _of_item(case, goods)
        _tell_who_pays(case)
    except Unknown as unknown:
        charges = []
        missing: str | None = unknown.name
    else:
        missing = None if consignment.goods else "items"
    charges += [_payable(charges, code, missing) for code in (NATIONAL, LOCAL)]
    return ruling(case, NAME, None, charges, is_admitted=True)


def _of_item(case: Case, goods: Goods) -> list[Charge]:
    """2. The national and the local tax of one service."""
    if goods.price < 0:
        raise Unknown(f"items[{goods.place}].unit_price")
    why, rounding = case.why, "jp.digital_service.rounding"
    given = override(goods, "consumption_tax")
    rate = why.share(STANDARD) if given is None else given
    citation = why.cite(STANDARD) if given is None else "given"
    parts, whole, local_citation = local_share(case)
    national = why.rounded(rounding, goods.price * rate)
    both = why.rounded(rounding, goods.price * rate * (1 + Fraction(parts, whole)))
    numbers = f"{yen(goods.price)} x {percent(rate)} = {yen(national)}"
    why.say(NATIONAL, goods.place, "C = price x t", numbers, citation)
    numbers = f"{yen(both)} - {yen(national)} = {yen(both - national)}"
    formula = f"L = price x t x (1 + {parts}/{whole}) - C"
    why.say(LOCAL, goods.place, formula, numbers, local_citation)
    base = int(goods.price)
    return [
        Charge(NATIONAL, goods.place, base, percent(rate), national, (citation,)),
        Charge(LOCAL, goods.place, base, f"{parts}/{whole}", both - national, (local_citation,)),
    ]


def _tell_who_pays(case: Case) -> None:
    """3. The person liable, and what may free the supplier."""
    told = case.consignment
    if told.buyer_kind == "business":
        liable = case.why.value("jp.digital_service.business_liable")
        case.why.say("liable", None, "service to a business", str(liable.scalar), liable.citation)
        case.warn("JP_REVERSE_CHARGE", "buyer.kind")
        return
    liable = case.why.value("jp.digital_service.consumer_liable")
    case.why.say("liable", None, "service to a consumer", str(liable.scalar), liable.citation)
    if told.platform is not None and liable.scalar == "supplier_or_specified_platform":
        case.warn("JP_PLATFORM_MAY_BE_LIABLE", "platform")
    small = case.why.number("jp.digital_service.small_supplier")
    case.warn("JP_SUPPLIER_MAY_BE_EXEMPT", "seller", expected=yen(small))


def _payable(charges: list[Charge], code: str, missing: str | None) -> Charge:
    of_items = [each for each in charges if each.code == code and each.item is not None]
    if missing is not None:
        return Charge(code, None, None, None, None, (), missing)
    laws = tuple(dict.fromkeys(law for each in of_items for law in each.citations))
    return Charge(code, None, None, None, sum(each.amount or 0 for each in of_items), laws)
