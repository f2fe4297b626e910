"""Retail import by e-commerce as a regime: a consignment in, the ruling of the reference out.

The law itself is :mod:`tumen.law.cn.cbec_reference`; this module translates and computes nothing.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from tumen.kernel.limits import FIXED_POINT_SCALE, QUANTITY_E5_MAX, RATE_SCALE
from tumen.law import admission, control
from tumen.law.cn.amounts import by_value_and_quantity, half_up, percent, yuan
from tumen.law.cn.cbec_reference import assess as assess_shipment
from tumen.law.cn.cbec_reference import verdict_of
from tumen.law.cn.declared import (
    class_of,
    fen,
    is_single_indivisible,
    named,
    price_share,
    stated,
)
from tumen.law.cn.preference import tell_preference
from tumen.law.cn.shipment import Assessment, Charges, Item, Quantity, Shipment, Tax
from tumen.law.consignment import Consignment, Goods
from tumen.law.explanation import Explanation, Unknown, share_of
from tumen.law.findings import once
from tumen.law.goods import goods_class
from tumen.law.ruling import Charge, Notice, Ruling
from tumen.law.settlement import Settlement
from tumen.law.tariff.editions import CHINA

REGIME: Final = "cbec"
CODES: Final = ("duty", "consumption_tax", "vat")
OVER_LIMIT: Final = frozenset({"OVER_ANNUAL_LIMIT", "OVER_SINGLE_LIMIT"})
PERCENT: Final = 100
UNIT_OF: Final = {"mass": "036", "volume": "096", "piece": "007"}
"""The customs unit of a gram, a millilitre and a piece: see ``data/cn/units.toml``."""


def refusals(consignment: Consignment) -> tuple[Notice, ...]:
    """Why a consignment is no retail import by e-commerce; empty where it is one."""
    told = tuple(_outside(consignment))
    if told:
        return told
    why = Explanation(consignment.day)
    try:
        verdict = verdict_of(once(shipment_of, Settlement(REGIME, consignment)), why)
    except Unknown:
        return ()  # bad data is told by the ruling, not by a refusal
    return tuple(_by_verdict(verdict, why))


def is_above_limits(consignment: Consignment) -> bool:
    """Whether an order is retail import but for a limit that it is above."""
    return not OVER_LIMIT.isdisjoint(each.code for each in refusals(consignment))


def _outside(consignment: Consignment) -> Iterator[Notice]:
    """Who and what the regime is not for, whatever the value (2016/18 Art. 1 and 2)."""
    yield from admission.services(consignment)
    if consignment.platform is None:
        yield Notice("PLATFORM_NOT_TOLD", "platform")
    yield from admission.not_personal(consignment)
    yield from control.prohibited_by(consignment, "cn.control", "cn.control.prohibited")


def _by_verdict(verdict: str, why: Explanation) -> Iterator[Notice]:
    """What the verdict of the reference says: such orders leave for general trade."""
    match verdict:
        case "not_in_force":
            yield admission.not_in_force("cn.cbec.single_limit")
        case "over_annual_limit":
            limit = yuan(why.number("cn.cbec.annual_limit"))
            yield Notice("OVER_ANNUAL_LIMIT", "buyer.used_this_year", {"value": limit})
        case "over_single_limit":
            limit = yuan(why.number("cn.cbec.single_limit"))
            yield Notice("OVER_SINGLE_LIMIT", "items", {"value": limit})


def assess(consignment: Consignment) -> Ruling:
    """The taxes on a retail import, or why it is none."""
    settlement = Settlement(REGIME, consignment)
    outside = tuple(_outside(consignment))
    if outside:
        return settlement.refused(outside)
    try:
        shipment = once(shipment_of, settlement)
        check_codes(settlement)
        assessment = assess_shipment(shipment, settlement.why)
    except Unknown as unknown:
        return settlement.unknown(CODES, unknown.name)
    refused = tuple(_by_verdict(assessment.verdict, settlement.why))
    if refused:
        return settlement.refused(refused)
    _tell(settlement, assessment)
    for goods, each in zip(consignment.goods, assessment.items, strict=True):
        settlement.charges += _charges(goods, each, assessment, consignment)
    settlement.sum_items()
    return settlement.ruling(assessment.declaration_value_fen)


def check_codes(settlement: Settlement) -> None:
    """Note the classes that decide the rates. Raises :class:`Unknown` where a code cannot tell."""
    for goods in settlement.consignment.goods:
        class_of(settlement, "cn.vat", goods)
        is_taxed = class_of(settlement, "cn.consumption_tax", goods) is not None
        if is_taxed and stated(goods.measures):
            settlement.doubts.add("cn.units")
    if settlement.why.holds("cn.cbec.rounding"):  # else before the regime; the verdict says so
        settlement.why.holds("cn.cbec.apportionment")


def _tell(settlement: Settlement, assessment: Assessment) -> None:
    """What a reader should know besides: the lists and tariffs that are not held."""
    control.warn(settlement, "cn.control")
    settlement.warn("CBEC_POSITIVE_LIST_NOT_HELD", "items")
    if assessment.verdict == "over_single_indivisible":
        goods = settlement.consignment.goods[0]
        if "duty" not in goods.rates:
            path = f"items[{goods.place}].hs"
            settlement.warn("TARIFF_INDICATIVE", path, edition=CHINA.name)
        tell_preference(settlement, goods)


def shipment_of(settlement: Settlement) -> Shipment:
    """The consignment as the reference reads it: whole fen, quantities in customs units.

    Raises:
        Unknown: an amount below zero, or a given rate that is no rate.
    """
    consignment = settlement.consignment
    told = (consignment.freight, consignment.insurance, consignment.used_this_year)
    amounts = (*(goods.price for goods in consignment.goods), *told)
    if any(each.numerator < 0 for each in amounts):
        raise Unknown("customs_value")
    return Shipment(
        day=consignment.day,
        items=tuple(_item(settlement, goods) for goods in consignment.goods),
        freight_fen=half_up(fen(consignment.freight)),
        insurance_fen=half_up(fen(consignment.insurance)),
        used_before_fen=half_up(fen(consignment.used_this_year)),
        is_single_indivisible=is_single_indivisible(consignment),
    )


def _item(settlement: Settlement, goods: Goods) -> Item:
    class_of(settlement, "cn.vat", goods)  # a code that cannot tell two classes is unknown
    rates = _rates(settlement, goods)
    return Item(goods.hs, half_up(fen(goods.price)), _quantities(goods), rates)


def _quantities(goods: Goods) -> tuple[Quantity, ...]:
    """Grams, millilitres and pieces at scale 10^5; one that is finer is no use, so unknown."""
    found: list[Quantity] = []
    for each in stated(goods.measures):
        exact = each.quantity or Fraction(0)
        whole, finer = divmod(exact.numerator * FIXED_POINT_SCALE, exact.denominator)
        is_usable = not finer and whole <= QUANTITY_E5_MAX
        found.append(Quantity(whole if is_usable else None, UNIT_OF[each.measure]))
    return tuple(found)


def _rates(settlement: Settlement, goods: Goods) -> dict[str, int]:
    """The given rates in millionths; a finer one cannot be used, and is unknown."""
    found: dict[str, int] = {}
    given = {code: settlement.given(goods, code) for code in CODES}
    given["consumption_tax"] = price_share(settlement, goods)
    for code, share in given.items():
        if share is not None:
            ppm = share * RATE_SCALE
            if ppm.denominator != 1:
                raise Unknown(f"items[{goods.place}].rates.{code}")
            found[code] = int(ppm)
    return found


def _charges(
    goods: Goods, item: Charges, assessment: Assessment, consignment: Consignment
) -> Iterator[Charge]:
    """The three taxes of an item with the citations of their steps."""
    steps = [step for step in assessment.steps if step.item == goods.place]
    taxes = zip(CODES, (item.duty, item.consumption_tax, item.vat), strict=True)
    for code, tax in taxes:
        sources = [step.citation for step in steps if step.code in {code, f"{code}_base"}]
        lacking = None
        if tax.amount_fen is None:
            kind = goods_class("cn.consumption_tax", goods.hs, consignment.day)
            lacking = named(Unknown(item.missing or code), goods, kind).name
        yield Charge(
            code,
            goods.place,
            tax.base_fen,
            _rate(tax),
            tax.amount_fen,
            tuple(dict.fromkeys(sources)),
            lacking,
        )


def _rate(tax: Tax) -> str | None:
    """The rate with the share of it that is payable, so that it can be computed again."""
    if tax.rate_ppm is None:
        return None
    whole = by_value_and_quantity(share_of(tax.rate_ppm), tax.specific_fen)
    if tax.share_percent == PERCENT or whole == percent(0):
        return whole
    both = f"({whole})" if tax.rate_ppm and tax.specific_fen else whole
    return f"{both} x {tax.share_percent}%"
