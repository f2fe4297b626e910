"""Services that non-residents sell to Mongolia: VAT by the buyer, where the buyer is a business.

Source: Нэмэгдсэн өртгийн албан татварын тухай хууль of 2015-07-09, in force from 2016-01-01. How
the tax on services to persons is raised was not found, so it is unknown.
"""

from tumen.law import digital
from tumen.law.consignment import Consignment, Goods
from tumen.law.ruling import Ruling
from tumen.law.settlement import Found, Settlement


def assess(consignment: Consignment) -> Ruling:
    """VAT on each service."""
    settlement = Settlement(digital.REGIME, consignment, "mn.rounding")
    return digital.taxed_on_price(settlement, _vat)


def _vat(settlement: Settlement, goods: Goods, price: int) -> Found:
    """VAT on the price; only for a business, which pays it itself."""
    payer = f"mn.digital_service.{settlement.consignment.buyer_kind}_taxpayer"
    paid = digital.say_who_pays(settlement, goods, payer)
    rate, citation = settlement.rate_for(goods, "vat", "mn.vat.rate")
    formula = "VAT = price x rate"
    return settlement.at_rate("vat", goods.place, formula, (price,), (rate, (citation, paid)))
