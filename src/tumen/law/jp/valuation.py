"""The customs value of imports into Japan (関税定率法 4条, 4条の6).

1. Goods for personal use are valued at a share of the overseas retail price; freight and
   insurance are not added.
2. All other goods are valued at price, freight and insurance together (CIF). What is told for the
   whole consignment goes to the items by value, as exact fractions: nothing is lost or left over,
   because the bases of the taxes are rounded down to thousands of yen later.
"""

from dataclasses import dataclass
from fractions import Fraction

from tumen.law.consignment import Related
from tumen.law.explanation import Unknown
from tumen.law.jp.case import Case, percent, yen
from tumen.law.parameters import history


@dataclass(frozen=True, slots=True)
class Valuation:
    """The customs value of a consignment.

    Attributes:
        items: of each item, exactly, in yen.
        total: of all items, in whole yen.
        added: of other parcels that count with this one for the exemption, in whole yen.
    """

    items: tuple[Fraction, ...]
    total: int
    added: int


def valued(case: Case) -> Valuation:
    """The customs value of each item and of the whole.

    Raises:
        Unknown: the law of the day is not held, or the amounts make no sense.
    """
    _check_amounts(case)
    share = _personal_share(case) if case.is_personal else None
    items = _cif(case) if share is None else _of_retail_price(case, share)
    rounding = "jp.customs_value.rounding"
    added = sum((each.value for each in _counted(case)), Fraction(0)) * (share or 1)
    return Valuation(
        items,
        case.why.rounded(rounding, sum(items, Fraction(0))),
        case.why.rounded(rounding, added),
    )


def _check_amounts(case: Case) -> None:
    told = case.consignment
    if not told.goods:
        raise Unknown("items")
    for goods in told.goods:
        if goods.price < 0:
            raise Unknown(f"items[{goods.place}].unit_price")
    for name, amount in (("freight", told.freight), ("insurance", told.insurance)):
        if amount < 0:
            raise Unknown(name)


def _personal_share(case: Case) -> Fraction:
    """1. The share of the retail price; its end is announced and its last day is not known."""
    ending = [each for each in history("jp.personal_use.share") if each.evidence == "proposed"]
    if any(each.covers(case.day) for each in ending):
        case.warn("JP_PERSONAL_VALUE_MAY_HAVE_ENDED", "purpose", value=str(ending[0].first))
    return case.why.share("jp.personal_use.share")


def _of_retail_price(case: Case, share: Fraction) -> tuple[Fraction, ...]:
    """1. Personal use: ``V = retail price x 0.6``; freight and insurance are left out."""
    case.why.value("jp.personal_use.freight")
    extra = case.consignment.freight + case.consignment.insurance
    if extra > 0:
        case.warn("JP_PERSONAL_VALUE_FREIGHT", "freight", value=yen(extra))
    citation = case.why.cite("jp.personal_use.share")
    for goods in case.consignment.goods:
        numbers = f"{yen(goods.price)} x {percent(share)} = {yen(goods.price * share)}"
        case.why.say("customs_value", goods.place, "V = retail price x share", numbers, citation)
    return tuple(goods.price * share for goods in case.consignment.goods)


def _cif(case: Case) -> tuple[Fraction, ...]:
    """2. All others: ``V = price + (freight + insurance) x price / all prices``."""
    told = case.consignment
    extra = told.freight + told.insurance
    basis = case.why.cite("jp.customs_value.basis")
    sharing = case.why.cite("jp.customs_value.apportionment") if extra else basis
    if extra and not told.price:
        raise Unknown("customs_value")
    values = []
    for goods in told.goods:
        part = extra * goods.price / told.price if extra else Fraction(0)
        values.append(goods.price + part)
        numbers = f"{yen(goods.price)} + {yen(part)} = {yen(goods.price + part)}"
        formula = "V = price + share of freight and insurance by value"
        case.why.say("customs_value", goods.place, formula, numbers, sharing if extra else basis)
    return tuple(values)


def _counted(case: Case) -> list[Related]:
    """The other parcels that one sender sent to this receiver at the same time."""
    return [each for each in case.consignment.related if _is_together(case, each)]


def _is_together(case: Case, other: Related) -> bool:
    """Whether nothing that was told keeps the other parcel apart: another seller, another time."""
    told = case.consignment
    if other.seller and told.seller and other.seller != told.seller:
        return False
    times = [
        (told.ordered_at, other.ordered_at),
        (told.arrived_at, other.arrived_at),
    ]
    compared = [mine == theirs for mine, theirs in times if mine and theirs]
    return any(compared) or not compared
