"""What the law of Japan reads from a consignment: commodity codes, classes, personal use."""

from typing import Final

from tumen.law.consignment import Consignment, Goods
from tumen.law.explanation import Unknown
from tumen.law.goods import GoodsClass
from tumen.law.settlement import Settlement

CODE_DIGITS_MIN: Final = 6


def is_personal(consignment: Consignment) -> bool:
    """Whether the goods are for the personal use of the person who imports them."""
    return consignment.purpose == "personal" and consignment.buyer_kind == "person"


def classify(settlement: Settlement, tax: str, goods: Goods) -> GoodsClass | None:
    """The class of the goods in a table such as ``jp.simplified``; None where it has none.

    Raises:
        Unknown: the code is no commodity code of six digits or more.
    """
    commodity_code(goods)
    return settlement.class_of(tax, goods)


def commodity_code(goods: Goods) -> str:
    """The commodity code of the goods, of six digits or more.

    Raises:
        Unknown: it is none; the name is the field's place.
    """
    if not (goods.hs.isascii() and goods.hs.isdigit() and len(goods.hs) >= CODE_DIGITS_MIN):
        raise Unknown(f"items[{goods.place}].hs")
    return goods.hs
