"""The classes of goods that Korea's law turns on, by HS code and by the seller's category."""

from tumen.law.consignment import Consignment, Goods
from tumen.law.explanation import Unknown
from tumen.law.kr.categories import CATEGORIES
from tumen.law.settlement import Settlement


def class_of(settlement: Settlement, rule: str, item: Goods) -> str | None:
    """The class of an item under a rule, such as ``kr.liquor_tax``; None where it has none.

    The HS code decides; the seller's category is asked only where the code says nothing.
    """
    found = settlement.class_of(rule, item) if item.hs else None
    if found is None:
        return CATEGORIES.get(rule, {}).get(item.category or "")
    return found.name


def need_codes(consignment: Consignment) -> None:
    """Nothing to say where every item has a commodity code.

    Raises:
        Unknown: one has none, so that the classes of the law cannot be told.
    """
    for item in consignment.goods:
        if not item.hs:
            raise Unknown(f"items[{item.place}].hs")
