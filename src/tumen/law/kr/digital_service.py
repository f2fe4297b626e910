"""Electronic services that a supplier abroad sells to consumers in Korea.

Sources: 부가가치세법 Art. 20(1)3 (the place of supply is where the customer lives), 30 (10 %) and
53의2 (the supplier, or the platform in its stead, registers; not for registered businesses).
"""

from typing import Final

from tumen.law import digital
from tumen.law.admission import ELECTRONIC_BOOKS, cannot_tell, goods_among_services
from tumen.law.consignment import Consignment, Goods
from tumen.law.explanation import Explanation, Unknown
from tumen.law.ruling import Notice, Ruling
from tumen.law.settlement import Found, Settlement

HOME: Final = "KR"
BUSINESS: Final = "kr.digital_service.to_business"
RATE: Final = "kr.digital_service.vat"


def refusals(consignment: Consignment) -> tuple[Notice, ...]:
    """Why this is no electronic service from abroad to a consumer."""
    goods = goods_among_services(consignment)
    if goods:
        return goods
    if consignment.dispatch == HOME:
        return (Notice("KR_SERVICE_DOMESTIC", "dispatch"),)
    try:
        return _to_business(consignment, Explanation(consignment.day))
    except Unknown as lacking:
        return (cannot_tell(lacking.name),)


def _to_business(consignment: Consignment, why: Explanation) -> tuple[Notice, ...]:
    """A registered business accounts for the tax itself (53의2)."""
    rule = why.value(BUSINESS)
    if consignment.buyer_kind == "person" or rule.value:
        return ()
    return (Notice("KR_SERVICE_TO_BUSINESS", "buyer.kind", {"citation": rule.citation}),)


def assess(consignment: Consignment) -> Ruling:
    """The value added tax on each service and on all of them."""
    settlement = Settlement(digital.REGIME, consignment, "kr.digital_service.rounding")
    reasons = refusals(consignment)
    if any(each.code == "LAW_NOT_IN_FORCE" for each in reasons):
        return settlement.unknown(("vat",), reasons[0].parameters["value"])
    if reasons:
        return settlement.refused(reasons)
    settlement.why.value(BUSINESS)
    return digital.taxed(settlement, _vat)


def _vat(settlement: Settlement, item: Goods) -> Found:
    """Ten per cent of the price without tax, cut to the won."""
    if item.price < 0:
        raise Unknown(f"items[{item.place}].unit_price")
    if item.category in ELECTRONIC_BOOKS and "vat" not in item.rates:
        raise Unknown("kr.vat.ebook")
    rate, cited = settlement.rate_for(item, "vat", RATE)
    formula = "T = price without tax x v"
    return settlement.at_rate("vat", item.place, formula, (item.price,), (rate, (cited,)))
