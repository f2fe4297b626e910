"""Services over the internet from abroad: one tax on each, whatever economy taxes it.

A service crosses no customs border: it has no customs value.
"""

from collections.abc import Callable
from functools import partial

from tumen.law.admission import goods_among_services
from tumen.law.consignment import Goods
from tumen.law.ruling import Ruling
from tumen.law.settlement import Found, Settlement
from tumen.law.valuation import of_prices

REGIME = "digital_service"


def taxed(settlement: Settlement, vat: Callable[[Settlement, Goods], Found]) -> Ruling:
    """The value added tax on each service and on all of them, or why they are none.

    Args:
        settlement: of the services.
        vat: the tax on one of them.
    """
    refused = goods_among_services(settlement.consignment)
    if refused:
        return settlement.refused(refused)
    for goods in settlement.consignment.goods:
        settlement.charge("vat", goods.place, partial(vat, settlement, goods))
    settlement.sum_items()
    return settlement.ruling(None)


def taxed_on_price(
    settlement: Settlement, vat: Callable[[Settlement, Goods, int], Found]
) -> Ruling:
    """The same, of a tax that is due on the price without tax, in minor units."""
    prices = settlement.value_if_known(lambda: of_prices(settlement))

    def on_price(found: Settlement, goods: Goods) -> Found:
        return vat(found, goods, found.known(None if prices is None else prices[goods.place]))

    return taxed(settlement, on_price)


def say_who_pays(settlement: Settlement, goods: Goods, name: str) -> str:
    """Tell who pays the tax in, by a parameter; gives its citation."""
    payer = settlement.why.value(name)
    settlement.why.say(
        "taxpayer", goods.place, "who pays the VAT", str(payer.scalar), payer.citation
    )
    return payer.citation
