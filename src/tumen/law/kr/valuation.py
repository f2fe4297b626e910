"""The customs value of Korea: price, freight and insurance, won by won.

Source: 관세법 Art. 30(1): the price paid, and by its item 6 the freight, the insurance and the
other costs of transport to the port of import.
"""

from tumen.law.settlement import Settlement
from tumen.law.valuation import check_priced, with_freight


def customs_values(settlement: Settlement) -> tuple[int, ...]:
    """The customs value of each item in whole won, in the order of the items.

    Freight and insurance go to the items by price: after each item, the sum so far is cut to the
    won, so that the values of the items add up to that of the consignment.

    Raises:
        Unknown: a price, the freight or the insurance is no amount that goods can have.
    """
    check_priced(settlement.consignment)
    basis = settlement.why.cite("kr.customs_value.basis")
    settlement.why.value("kr.customs_value.apportionment")
    return with_freight(settlement, "kr.customs_value.rounding", (basis, basis))
