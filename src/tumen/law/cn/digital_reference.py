"""Services sold across the border to a buyer in China: VAT, paid in by the buyer.

The numbered comments follow ``docs/law-cn.md``. Sources: 财税〔2016〕36号 附件1 and, since 2026,
增值税法; all of it is unverified. No duty is charged: a service crosses no customs border.
"""

from typing import Final

from tumen.law import digital
from tumen.law.cn.declared import fen
from tumen.law.consignment import Consignment, Goods
from tumen.law.explanation import Unknown
from tumen.law.figures import per_cent
from tumen.law.ruling import Ruling
from tumen.law.settlement import Found, Settlement

ROUNDING: Final = "cn.digital_service.rounding"


def assess(consignment: Consignment) -> Ruling:
    """The VAT on services, or why they are none."""
    settlement = Settlement(digital.REGIME, consignment, ROUNDING)
    return digital.taxed(settlement, _vat)


def _vat(settlement: Settlement, goods: Goods) -> Found:
    """2. The price paid contains the tax: base = price / (1 + v), tax = base x v."""
    why = settlement.why
    _say_place(settlement, goods)
    price = fen(goods.price)
    if price < 0:
        raise Unknown(f"items[{goods.place}].unit_price")
    share, source = settlement.rate_for(goods, "vat", "cn.digital_service.rate")
    rule = why.cite("cn.digital_service.base")
    exact = price / (1 + share)
    base, amount = why.rounded(ROUNDING, exact), why.rounded(ROUNDING, exact * share)
    yuan, rate = settlement.money, per_cent(share)
    numbers = f"{yuan(price)} / (1 + {rate}) x {rate} = {yuan(amount)}"
    why.say("vat", goods.place, "T = price / (1 + v) x v", numbers, f"{rule}; {source}")
    return Found(base, rate, amount, (rule, source))


def _say_place(settlement: Settlement, goods: Goods) -> None:
    """1. The place of supply, and who pays the tax in."""
    place = settlement.why.value("cn.digital_service.place")
    settlement.why.say(
        "place_of_supply", goods.place, "buyer in China", str(place.scalar), place.citation
    )
    digital.say_who_pays(settlement, goods, "cn.digital_service.withholding")
    if settlement.consignment.buyer_kind != "business":
        settlement.warn("CN_SERVICE_COLLECTION_UNKNOWN", "buyer.kind")
