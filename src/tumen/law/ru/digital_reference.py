"""Services of electronic form that foreign suppliers sell to Russia: VAT at the buyer's place.

Sources: Налоговый кодекс РФ 174.2 (from 2017-01-01), 161 (the buyer as tax agent), 323-ФЗ от
14.07.2022 (businesses again as tax agents from 2022-10-01).
"""

from tumen.law import digital
from tumen.law.consignment import Consignment, Goods
from tumen.law.ruling import Ruling
from tumen.law.settlement import Found, Settlement


def assess(consignment: Consignment) -> Ruling:
    """VAT on each service, and who pays it."""
    settlement = Settlement(digital.REGIME, consignment, "ru.rounding")
    return digital.taxed_on_price(settlement, _vat)


def _vat(settlement: Settlement, goods: Goods, price: int) -> Found:
    """VAT on the price without tax; unknown before the first day of Art. 174.2."""
    settlement.why.value("ru.digital_service.taxable")
    payer = f"ru.digital_service.{settlement.consignment.buyer_kind}_taxpayer"
    paid = digital.say_who_pays(settlement, goods, payer)
    rate, _ = settlement.rate_for(goods, "vat", "ru.vat.standard")
    citations = (settlement.why.cite("ru.digital_service.price_basis"), paid)
    return settlement.at_rate("vat", goods.place, "T = price x v", (price,), (rate, citations))
