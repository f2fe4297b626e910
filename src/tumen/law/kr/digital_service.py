"""Electronic services that a supplier abroad sells to consumers in Korea.

Sources: 부가가치세법 Art. 20(1)3 (the place of supply is where the customer lives), 30 (10 %) and
53의2 (the supplier, or the platform in its stead, registers; not for registered businesses).
"""

from typing import Final

from tumen.law.consignment import Consignment, Goods
from tumen.law.explanation import Unknown
from tumen.law.kr.answer import not_told, of_services, refused, unknown
from tumen.law.kr.inquiry import Inquiry, is_service, percent, won
from tumen.law.ruling import Charge, Notice, Ruling

REGIME: Final = "digital_service"
HOME: Final = "KR"


def refusals(consignment: Consignment) -> tuple[Notice, ...]:
    """Why this is no electronic service from abroad to a consumer."""
    goods = tuple(
        Notice("KR_NOT_A_SERVICE", f"items[{item.place}].category", {"value": item.category or ""})
        for item in consignment.goods
        if not is_service(item)
    )
    if goods:
        return goods
    if consignment.dispatch == HOME:
        return (Notice("KR_SERVICE_DOMESTIC", "dispatch"),)
    try:
        return _to_business(Inquiry.of(consignment))
    except Unknown as lacking:
        return (not_told(lacking.name),)


def _to_business(inquiry: Inquiry) -> tuple[Notice, ...]:
    """A registered business accounts for the tax itself (53의2)."""
    rule = inquiry.why.value("kr.digital_service.to_business")
    if inquiry.consignment.buyer_kind == "person" or rule.value:
        return ()
    return (Notice("KR_SERVICE_TO_BUSINESS", "buyer.kind", {"citation": rule.citation}),)


def assess(consignment: Consignment) -> Ruling:
    """The value added tax on each service and on all of them."""
    inquiry = Inquiry.of(consignment)
    reasons = refusals(consignment)
    if any(each.code == "KR_LAW_NOT_HELD" for each in reasons):
        return unknown(inquiry, REGIME, ("vat",), reasons[0].parameters["parameters"])
    if reasons:
        return refused(inquiry, REGIME, reasons)
    inquiry.why.value("kr.digital_service.to_business")
    return of_services(inquiry, REGIME, [_vat(inquiry, item) for item in consignment.goods])


def _vat(inquiry: Inquiry, item: Goods) -> Charge:
    """Ten per cent of the price without tax, cut to the won."""
    why, name = inquiry.why, "kr.digital_service.vat"
    try:
        if item.price < 0:
            raise Unknown(f"items[{item.place}].unit_price")
        if item.category == "ebook" and "vat" not in item.rates:
            raise Unknown("kr.vat.ebook")
        given = item.rates.get("vat")
        rate = why.share(name) if given is None else given
        cited = why.cite(name) if given is None else "rate given with the shipment"
        amount = why.rounded("kr.digital_service.rounding", item.price * rate)
    except Unknown as lacking:
        return Charge("vat", item.place, None, None, None, (), lacking.name)
    numbers = f"{won(item.price)} x {percent(rate)} = {won(amount)}"
    why.say("vat", item.place, "T = price without tax x v", numbers, cited)
    return Charge("vat", item.place, int(item.price), percent(rate), amount, (cited,))
