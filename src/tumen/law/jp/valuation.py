"""The customs value of imports into Japan (関税定率法 4条, 4条の6).

1. Goods for personal use are valued at a share of the overseas retail price; freight and
   insurance are not added.
2. All other goods are valued at price, freight and insurance together (CIF). What is told for the
   whole consignment goes to the items by value, as exact fractions: nothing is lost or left over,
   because the bases of the taxes are rounded down to thousands of yen later.
3. Goods without a price have no customs value by either rule: it is unknown, never nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

from tumen.law.consignment import Consignment, Related
from tumen.law.explanation import Unknown
from tumen.law.figures import per_cent
from tumen.law.jp.commodity import is_personal
from tumen.law.parameters import history
from tumen.law.settlement import Settlement
from tumen.law.valuation import check_amounts, say_value, shares


@dataclass(frozen=True, slots=True, eq=False)
class Valuation:
    """The customs value of a consignment, which has one only.

    Attributes:
        items: of each item, exactly, in yen.
        total: of all items, in whole yen.
        added: of other parcels that count with this one for the exemption, in whole yen.
    """

    items: tuple[Fraction, ...]
    total: int
    added: int


def valued(settlement: Settlement) -> Valuation:
    """The customs value of each item and of the whole.

    Raises:
        Unknown: the law of the day is not held, or the amounts make no sense.
    """
    check_amounts(settlement.consignment)
    _check_prices(settlement.consignment)
    share = _personal_share(settlement) if is_personal(settlement.consignment) else None
    items = _cif(settlement) if share is None else _of_retail_price(settlement, share)
    rounding = "jp.customs_value.rounding"
    added = sum((each.value for each in _counted(settlement)), Fraction(0)) * (share or 1)
    return Valuation(
        items,
        settlement.why.rounded(rounding, sum(items, Fraction(0))),
        settlement.why.rounded(rounding, added),
    )


def _check_prices(consignment: Consignment) -> None:
    """Goods that cost nothing are worth something: their value is found in another way.

    Raises:
        Unknown: an item has no price; carries the field.
    """
    for goods in consignment.goods:
        if not goods.price:
            raise Unknown(f"items[{goods.place}].unit_price")


def _personal_share(settlement: Settlement) -> Fraction:
    """1. The share of the retail price; its end is announced and its last day is not known."""
    ending = [each for each in history("jp.personal_use.share") if each.evidence == "proposed"]
    if any(each.covers(settlement.consignment.day) for each in ending):
        settlement.warn("JP_PERSONAL_VALUE_MAY_HAVE_ENDED", "purpose", value=str(ending[0].first))
    return settlement.why.share("jp.personal_use.share")


def _of_retail_price(settlement: Settlement, share: Fraction) -> tuple[Fraction, ...]:
    """1. Personal use: ``V = retail price x 0.6``; freight and insurance are left out."""
    settlement.why.value("jp.personal_use.freight")
    extra = settlement.consignment.freight + settlement.consignment.insurance
    if extra > 0:
        settlement.warn("JP_PERSONAL_VALUE_FREIGHT", "freight", value=settlement.money(extra))
    citation = settlement.why.cite("jp.personal_use.share")
    for goods in settlement.consignment.goods:
        told = partial(_retail_told, settlement.money, goods.price, share)
        settlement.why.say("customs_value", goods.place, "V = retail price x share", told, citation)
    return tuple(goods.price * share for goods in settlement.consignment.goods)


def _retail_told(money: Callable[[Fraction], str], price: Fraction, share: Fraction) -> str:
    return f"{money(price)} x {per_cent(share)} = {money(price * share)}"


def _cif(settlement: Settlement) -> tuple[Fraction, ...]:
    """2. All others: ``V = price + (freight + insurance) x price / all prices``."""
    told = settlement.consignment
    extra = told.freight + told.insurance
    basis = settlement.why.cite("jp.customs_value.basis")
    citation = settlement.why.cite("jp.customs_value.apportionment") if extra else basis
    parts = shares(extra, [goods.price for goods in told.goods])
    for goods, part in zip(told.goods, parts, strict=True):
        value = goods.price + part
        say_value(settlement, goods.place, (goods.price, part), value, citation)
    return tuple(goods.price + part for goods, part in zip(told.goods, parts, strict=True))


def _counted(settlement: Settlement) -> list[Related]:
    """The other parcels that one sender sent to this receiver at the same time."""
    return [each for each in settlement.consignment.related if _is_together(settlement, each)]


def _is_together(settlement: Settlement, other: Related) -> bool:
    """Whether nothing that was told keeps the other parcel apart: another seller, another time."""
    told = settlement.consignment
    if other.seller and told.seller and other.seller != told.seller:
        return False
    times = [
        (told.ordered_at, other.ordered_at),
        (told.arrived_at, other.arrived_at),
    ]
    compared = [mine == theirs for mine, theirs in times if mine and theirs]
    return any(compared) or not compared
