"""Services sold across the border to a buyer in China: VAT, paid in by the buyer.

The numbered comments follow ``docs/law-cn.md``. Sources: 财税〔2016〕36号 附件1 and, since 2026,
增值税法; all of it is unverified. No duty is charged: a service crosses no customs border.
"""

from fractions import Fraction
from typing import Final

from tumen.law.cn.amounts import percent_of, yuan
from tumen.law.cn.declared import fen, is_service, stated_rate
from tumen.law.cn.findings import Findings, whole
from tumen.law.cn.shipment import STATED_RATE
from tumen.law.consignment import Consignment, Goods
from tumen.law.explanation import Explanation, Unknown
from tumen.law.ruling import Charge, Notice, Ruling

REGIME: Final = "digital_service"
ROUNDING: Final = "cn.digital_service.rounding"


def refusals(consignment: Consignment) -> tuple[Notice, ...]:
    """Every item that is no service by its category."""
    return tuple(
        Notice("CN_GOODS_ARE_NO_SERVICE", f"items[{goods.place}].category")
        for goods in consignment.goods
        if not is_service(goods)
    )


def assess(consignment: Consignment) -> Ruling:
    """The VAT on services, or why they are none."""
    found = Findings(consignment, Explanation(consignment.day))
    refused = refusals(consignment)
    if refused:
        return found.refused(REGIME, refused)
    why = found.why
    try:
        # 1. The place of supply, and who pays the tax in.
        place = why.value("cn.digital_service.place")
        why.say("place_of_supply", None, "buyer in China", str(place.scalar), place.citation)
        payer = why.value("cn.digital_service.withholding")
        why.say("withholding", None, "who pays in", str(payer.scalar), payer.citation)
        charges = [_vat(goods, found) for goods in consignment.goods]
    except Unknown as unknown:
        return found.unknown(REGIME, unknown, ("vat",))
    if consignment.buyer_kind != "business":
        found.notices.append(Notice("CN_SERVICE_COLLECTION_UNKNOWN", "buyer.kind"))
    value = sum(each.base or 0 for each in charges)
    return found.ruling(REGIME, value, [*charges, whole("vat", charges)])


def _vat(goods: Goods, found: Findings) -> Charge:
    """2. The price paid contains the tax: base = price / (1 + v), tax = base x v."""
    why = found.why
    price = fen(goods.price)
    if price < 0:
        raise Unknown(f"items[{goods.place}].unit_price")
    stated = stated_rate(goods, "vat")
    name = "cn.digital_service.rate"
    share, source = (
        (stated, STATED_RATE) if stated is not None else (why.share(name), why.cite(name))
    )
    rule = why.cite("cn.digital_service.base")
    exact = Fraction(price / (1 + share))
    base, amount = why.rounded(ROUNDING, exact), why.rounded(ROUNDING, exact * share)
    numbers = f"{yuan(price)} / (1 + {percent_of(share)}) x {percent_of(share)} = {yuan(amount)}"
    why.say("vat", goods.place, "T = price / (1 + v) x v", numbers, f"{rule}; {source}")
    return Charge("vat", goods.place, base, percent_of(share), amount, (rule, source))
