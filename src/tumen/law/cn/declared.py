"""What the law of China reads from a consignment: fen, quantities, classes of goods."""

from fractions import Fraction
from typing import Final

from tumen.law.cn.consumption_tax_reference import ClassOfGoods, Stated, field_of
from tumen.law.consignment import Consignment, Goods
from tumen.law.duty import Measures
from tumen.law.explanation import Unknown
from tumen.law.goods import HS_LENGTHS, GoodsClass, goods_classes
from tumen.law.settlement import Settlement

FEN_PER_YUAN: Final = 100
GRAMS_PER_KILOGRAM: Final = 1_000
MILLILITRES_PER_LITRE: Final = 1_000

SMALL_UNITS: Final = {
    "piece": ("piece", 1),
    "pair": ("piece", 1),
    "kg": ("mass", GRAMS_PER_KILOGRAM),
    "l": ("volume", MILLILITRES_PER_LITRE),
}
"""What one unit of a shipment is in pieces, grams or millilitres."""


def fen(amount: Fraction) -> Fraction:
    """An amount in yuan as one in fen, unrounded."""
    return amount * FEN_PER_YUAN


def stated(measures: Measures) -> list[Stated]:
    """The quantities that a tax can turn on: the declared one, then litres, then kilograms.

    Litres stand before kilograms because they are printed on the bottle, while the weight is
    often told for the carriage.
    """
    found: list[Stated] = []
    declared = SMALL_UNITS.get(measures.unit or "")
    if declared is not None and measures.quantity is not None:
        found.append(Stated(declared[0], measures.quantity * declared[1]))
    if measures.litre is not None:
        found.append(Stated("volume", measures.litre * MILLILITRES_PER_LITRE))
    if measures.kg is not None:
        found.append(Stated("mass", measures.kg * GRAMS_PER_KILOGRAM))
    return found


def is_single_indivisible(consignment: Consignment) -> bool:
    """Whether there is exactly one piece (or one pair) in it: what cannot be divided."""
    if len(consignment.goods) != 1:
        return False
    measures = consignment.goods[0].measures
    return measures.quantity == 1 and measures.unit in {None, "piece", "pair"}


def class_of(settlement: Settlement, tax: str, goods: Goods) -> GoodsClass | None:
    """The class of an item for a tax, or None where the tax names none for it.

    Raises:
        Unknown: the code is no code, or is too short to tell two classes apart.
    """
    day = settlement.consignment.day
    name = f"items[{goods.place}].hs"
    if len(goods.hs) < 2 or not (goods.hs.isascii() and goods.hs.isdigit()):
        raise Unknown(name)
    found = settlement.class_of(tax, goods)
    if len(goods.hs) >= max(HS_LENGTHS):
        return found  # no prefix is longer
    for each in goods_classes(tax):
        is_other = found is None or each.name != found.name
        if is_other and each.covers(day) and _is_finer(each, goods.hs):
            raise Unknown(name)
    return found


def _is_finer(each: GoodsClass, hs: str) -> bool:
    """Whether a class takes in a part of what a code stands for."""
    return any(prefix != hs and prefix.startswith(hs) for prefix in each.prefixes)


def price_share(settlement: Settlement, goods: Goods) -> Fraction | None:
    """The consumption tax that the filer gave: a share of a price that contains it.

    Raises:
        Unknown: it is no share from 0 to below 1.
    """
    found = settlement.given(goods, "consumption_tax")
    if found is not None and found >= 1:
        raise Unknown(f"items[{goods.place}].rates.consumption_tax")
    return found


def tax_terms(settlement: Settlement, goods: Goods, found: GoodsClass, value: int) -> ClassOfGoods:
    """The consumption tax of an item in a class, with its value in fen."""
    return ClassOfGoods(found.name, value, stated(goods.measures), settlement.why)


def named(unknown: Unknown, goods: Goods, found: GoodsClass | None) -> Unknown:
    """What is missing, with the fields of the shipment that would tell a quantity."""
    if unknown.name != "quantity" or found is None:
        return unknown
    return Unknown(f"items[{goods.place}].{field_of(found.name)}")
