"""Digital services from abroad into Japan, as the law reads (消費税法, electronic services).

1. A service over the internet is supplied where its recipient is, so that consumption tax is due
   in Japan whoever supplies it, from 2015-10-01.
2. The tax is national and local tax on the price without tax, together rounded down to the yen;
   the local tax is what is left beside the national one.
3. Who pays it: of a service to a business the recipient (reverse charge); to a consumer the
   supplier abroad; from 2025-04-01 the platform where it is a specified one.
"""

from fractions import Fraction
from functools import partial
from typing import Final

from tumen.law import digital
from tumen.law.admission import goods_among_services
from tumen.law.consignment import Consignment, Goods
from tumen.law.explanation import Unknown
from tumen.law.jp.taxes import LOCAL, NATIONAL, local_share
from tumen.law.ruling import Ruling
from tumen.law.settlement import Found, Settlement

ROUNDING: Final = "jp.digital_service.rounding"
PLACE: Final = "jp.digital_service.place"
STANDARD: Final = "jp.consumption_tax.standard"


def assess(consignment: Consignment) -> Ruling:
    """The consumption tax on services; there is no customs value."""
    settlement = Settlement(digital.REGIME, consignment, ROUNDING)
    refused = goods_among_services(consignment)
    if refused:
        return settlement.refused(refused)
    for goods in consignment.goods:
        settlement.charge(NATIONAL, goods.place, partial(_national, settlement, goods))
        settlement.charge(LOCAL, goods.place, partial(_local, settlement, goods))
    settlement.sum_items()
    try:
        settlement.why.value(PLACE)
        _tell_who_pays(settlement)
    except Unknown as unknown:
        return settlement.unknown((NATIONAL, LOCAL), unknown.name)
    return settlement.ruling(None)


def _national(settlement: Settlement, goods: Goods) -> Found:
    """2. The national tax of one service."""
    settlement.why.value(PLACE)
    if goods.price < 0:
        raise Unknown(f"items[{goods.place}].unit_price")
    rate, citation = settlement.rate_for(goods, "consumption_tax", STANDARD)
    formula, parts = "C = price x t", (goods.price,)
    return settlement.at_rate(NATIONAL, goods.place, formula, parts, (rate, (citation,)))


def _local(settlement: Settlement, goods: Goods) -> Found:
    """2. What both together come to, less the national tax."""
    national = settlement.charged(NATIONAL, goods.place)
    rate, _ = settlement.rate_for(goods, "consumption_tax", STANDARD)
    parts, whole, citation = local_share(settlement)
    both = settlement.rounded(goods.price * rate * (1 + Fraction(parts, whole)))
    money, ratio = settlement.money, f"{parts}/{whole}"
    numbers = f"{money(both)} - {money(national)} = {money(both - national)}"
    formula = f"L = price x t x (1 + {ratio}) - C"
    settlement.why.say(LOCAL, goods.place, formula, numbers, citation)
    return Found(int(goods.price), ratio, both - national, (citation,))


def _tell_who_pays(settlement: Settlement) -> None:
    """3. The person liable, and what may free the supplier."""
    told = settlement.consignment
    if told.buyer_kind == "business":
        liable = settlement.why.value("jp.digital_service.business_liable")
        settlement.why.say(
            "liable", None, "service to a business", str(liable.scalar), liable.citation
        )
        settlement.warn("JP_REVERSE_CHARGE", "buyer.kind")
        return
    liable = settlement.why.value("jp.digital_service.consumer_liable")
    settlement.why.say("liable", None, "service to a consumer", str(liable.scalar), liable.citation)
    if told.platform is not None and liable.scalar == "supplier_or_specified_platform":
        settlement.warn("JP_PLATFORM_MAY_BE_LIABLE", "platform")
    small = settlement.why.number("jp.digital_service.small_supplier")
    settlement.warn("JP_SUPPLIER_MAY_BE_EXEMPT", "seller", expected=settlement.money(small))
