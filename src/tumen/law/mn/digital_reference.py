"""Services that non-residents sell to Mongolia: VAT by the buyer, where the buyer is a business.

Source: Нэмэгдсэн өртгийн албан татварын тухай хууль of 2015-07-09, in force from 2016-01-01. How
the tax on services to persons is raised was not found, so it is unknown.
"""

from fractions import Fraction
from functools import partial
from typing import Final

from tumen.law.consignment import NOTHING, Consignment, Goods
from tumen.law.figures import MINOR_UNITS, per_cent, whole_units
from tumen.law.ruling import Notice, Ruling
from tumen.law.settlement import OVERRIDE, Found, Settlement

NAME: Final = "digital_service"


def refusals(consignment: Consignment) -> tuple[Notice, ...]:
    """A service has no commodity code: an item with one is goods."""
    return tuple(
        Notice("MN_GOODS_ARE_NO_SERVICE", f"items[{each.place}].hs")
        for each in consignment.goods
        if each.hs
    )


def assess(consignment: Consignment) -> Ruling:
    """VAT on each service."""
    settlement = Settlement(NAME, "mn.rounding", consignment)
    refused = refusals(consignment)
    if refused:
        return settlement.refused(refused)
    prices = settlement.value_if_known(lambda: settlement.values_with(NOTHING))
    for place, goods in enumerate(consignment.goods):
        price = None if prices is None else prices[place]
        settlement.charge("vat", goods.place, partial(_vat, settlement, goods, price))
    settlement.sum_items()
    return settlement.ruling(None if prices is None else sum(prices))


def _vat(settlement: Settlement, goods: Goods, told: int | None) -> Found:
    """VAT on the price; only for a business, which pays it itself."""
    why = settlement.why
    price = settlement.known(told)
    payer = why.value(f"mn.digital_service.{settlement.consignment.buyer_kind}_taxpayer")
    given = settlement.given(goods, "vat")
    rate = why.share("mn.vat.rate") if given is None else given
    citation = why.cite("mn.vat.rate") if given is None else OVERRIDE
    vat = settlement.minor(Fraction(price, MINOR_UNITS) * rate)
    numbers = f"{whole_units(price)} x {per_cent(rate)} = {whole_units(vat)}"
    why.say("vat", goods.place, "VAT = price x rate", numbers, citation)
    why.say("taxpayer", goods.place, "who pays the VAT", str(payer.scalar), payer.citation)
    return Found(price, per_cent(rate), vat, (citation, payer.citation))
