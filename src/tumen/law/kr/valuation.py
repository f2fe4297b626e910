"""The customs value of Korea: price, freight and insurance, won by won.

Source: 관세법 Art. 30(1): the price paid, and by its item 6 the freight, the insurance and the
other costs of transport to the port of import.
"""

from fractions import Fraction

from tumen.law.explanation import Unknown
from tumen.law.kr.inquiry import Inquiry, won


def customs_values(inquiry: Inquiry) -> list[int]:
    """The customs value of each item in whole won, in the order of the items.

    Freight and insurance go to the items by price: after each item, the sum so far is cut to the
    won, so that the values of the items add up to that of the consignment.

    Raises:
        Unknown: a price, the freight or the insurance is no amount that goods can have.
    """
    consignment, why = inquiry.consignment, inquiry.why
    extra = _extra(inquiry)
    whole = consignment.price
    found: list[int] = []
    price_so_far, value_so_far = Fraction(0), 0
    for item in consignment.goods:
        if item.price <= 0:
            raise Unknown(f"items[{item.place}].unit_price")
        price_so_far += item.price
        total = why.rounded(
            "kr.customs_value.rounding", price_so_far + extra * price_so_far / whole
        )
        value, value_so_far = total - value_so_far, total
        found.append(value)
        why.say(
            "customs_value",
            item.place,
            "V = price + share of freight and insurance by price",
            f"{won(item.price)} + {won(value - item.price)} = {won(value)}",
            why.cite("kr.customs_value.basis"),
        )
    return found


def _extra(inquiry: Inquiry) -> Fraction:
    """Freight and insurance of the whole consignment."""
    consignment = inquiry.consignment
    for name, amount in (("freight", consignment.freight), ("insurance", consignment.insurance)):
        if amount < 0:
            raise Unknown(name)
    if any(item.price < 0 for item in consignment.goods):
        place = next(item.place for item in consignment.goods if item.price < 0)
        raise Unknown(f"items[{place}].unit_price")
    inquiry.why.value("kr.customs_value.apportionment")
    return consignment.freight + consignment.insurance
