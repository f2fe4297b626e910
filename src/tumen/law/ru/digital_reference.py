"""Services of electronic form that foreign suppliers sell to Russia: VAT at the buyer's place.

Sources: Налоговый кодекс РФ 174.2 (from 2017-01-01), 161 (the buyer as tax agent), 323-ФЗ от
14.07.2022 (businesses again as tax agents from 2022-10-01).
"""

from fractions import Fraction
from functools import partial
from typing import Final

from tumen.law.consignment import NOTHING, Consignment, Goods
from tumen.law.figures import MINOR_UNITS, per_cent, whole_units
from tumen.law.ruling import Notice, Ruling
from tumen.law.settlement import Found, Settlement

NAME: Final = "digital_service"


def refusals(consignment: Consignment) -> tuple[Notice, ...]:
    """A service has no commodity code: an item with one is goods."""
    return tuple(
        Notice("RU_GOODS_ARE_NO_SERVICE", f"items[{each.place}].hs")
        for each in consignment.goods
        if each.hs
    )


def assess(consignment: Consignment) -> Ruling:
    """VAT on each service, and who pays it."""
    settlement = Settlement(NAME, "ru.rounding", consignment)
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
    """VAT on the price without tax; unknown before the first day of Art. 174.2."""
    why = settlement.why
    price = settlement.known(told)
    why.value("ru.digital_service.taxable")
    payer = why.value(f"ru.digital_service.{settlement.consignment.buyer_kind}_taxpayer")
    given = settlement.given(goods, "vat")
    rate = why.share("ru.vat.standard") if given is None else given
    basis = why.cite("ru.digital_service.price_basis")
    vat = settlement.minor(Fraction(price, MINOR_UNITS) * rate)
    numbers = f"{whole_units(price)} x {per_cent(rate)} = {whole_units(vat)}"
    why.say("vat", goods.place, "T = price x v", numbers, basis)
    why.say("taxpayer", goods.place, "who pays the VAT", str(payer.scalar), payer.citation)
    return Found(price, per_cent(rate), vat, (basis, payer.citation))
