"""Retail import by e-commerce as a regime: a consignment in, the ruling of the reference out.

The law itself is :mod:`tumen.law.cn.cbec_reference`; this module translates and computes nothing.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from tumen.kernel.limits import FIXED_POINT_SCALE, QUANTITY_E5_MAX, RATE_SCALE
from tumen.law.cn.amounts import half_up, percent, yuan
from tumen.law.cn.cbec_reference import assess as assess_shipment
from tumen.law.cn.control import prohibited, restricted
from tumen.law.cn.declared import (
    class_of,
    fen,
    is_service,
    is_single_indivisible,
    stated,
    stated_rate,
)
from tumen.law.cn.findings import NOT_IN_FORCE, Findings, whole
from tumen.law.cn.preference import preference_notices
from tumen.law.cn.shipment import Assessment, Charges, Item, Quantity, Shipment, Tax
from tumen.law.consignment import Consignment, Goods
from tumen.law.explanation import Explanation, Unknown
from tumen.law.ruling import Charge, Notice, Ruling

REGIME: Final = "cbec"
CODES: Final = ("duty", "consumption_tax", "vat")
UNIT_OF: Final = {"mass": "036", "volume": "096", "piece": "007"}
"""The customs unit of a gram, a millilitre and a piece: see ``data/cn/units.toml``."""

NAMES_OF_TARIFF: Final = "effective rates of 2018 and 2019, HS 2017"


def refusals(consignment: Consignment) -> tuple[Notice, ...]:
    """Why a consignment is no retail import by e-commerce; empty where it is one."""
    told = list(_outside(consignment))
    if not told:
        try:
            assessment = assess_shipment(shipment_of(consignment))
        except Unknown:
            return ()  # bad data is told by the ruling, not by a refusal
        told += _by_verdict(assessment, Explanation(consignment.day))
    return tuple(told)


def _outside(consignment: Consignment) -> Iterator[Notice]:
    """Who and what the regime is not for, whatever the value (2016/18 Art. 1 and 2)."""
    if any(is_service(goods) for goods in consignment.goods):
        yield Notice("CN_SERVICE_IS_NO_GOODS", "items")
    if consignment.platform is None:
        yield Notice("CBEC_NO_PLATFORM", "platform")
    if consignment.buyer_kind != "person":
        yield Notice("CN_BUYER_NOT_A_PERSON", "buyer.kind")
    if consignment.purpose != "personal":
        yield Notice("CN_PURPOSE_NOT_PERSONAL", "purpose")
    yield from prohibited(consignment)


def _by_verdict(assessment: Assessment, why: Explanation) -> Iterator[Notice]:
    """What the verdict of the reference says: such orders leave for general trade."""
    match assessment.verdict:
        case "not_in_force":
            yield NOT_IN_FORCE
        case "over_annual_limit":
            limit = yuan(why.number("cn.cbec.annual_limit"))
            yield Notice("OVER_ANNUAL_LIMIT", "buyer.used_this_year", {"value": limit})
        case "over_single_limit":
            limit = yuan(why.number("cn.cbec.single_limit"))
            yield Notice("OVER_SINGLE_LIMIT", "items", {"value": limit})


def assess(consignment: Consignment) -> Ruling:
    """The taxes on a retail import, or why it is none."""
    found = Findings(consignment, Explanation(consignment.day))
    outside = tuple(_outside(consignment))
    if outside:
        return found.refused(REGIME, outside)
    try:
        shipment = shipment_of(consignment)
        check_codes(found)
        assessment = assess_shipment(shipment, found.why)
    except Unknown as unknown:
        return found.unknown(REGIME, unknown, CODES)
    found.why.steps[:] = assessment.steps
    refused = tuple(_by_verdict(assessment, found.why))
    if refused:
        return found.refused(REGIME, refused)
    _tell(found, assessment)
    charges = [
        charge
        for place, each in enumerate(assessment.items)
        for charge in _charges(place, each, assessment)
    ]
    total = [whole(code, [each for each in charges if each.code == code]) for code in CODES]
    return found.ruling(REGIME, assessment.declaration_value_fen, [*charges, *total])


def check_codes(found: Findings) -> None:
    """Note the classes that decide the rates. Raises :class:`Unknown` where a code cannot tell."""
    for goods in found.consignment.goods:
        found.class_of("cn.vat", goods)
        if found.class_of("cn.consumption_tax", goods) is not None and stated(goods.measures):
            found.doubts.add("cn.units")
    for name in ("cn.cbec.rounding", "cn.cbec.apportionment"):
        try:
            found.why.value(name)
        except Unknown:
            return  # before the regime; the verdict says so


def _tell(found: Findings, assessment: Assessment) -> None:
    """What a reader should know besides: the lists and tariffs that are not held."""
    found.notices += restricted(found.consignment)
    found.notices.append(Notice("CBEC_POSITIVE_LIST_NOT_HELD", "items"))
    if assessment.verdict == "over_single_indivisible":
        goods = found.consignment.goods[0]
        if "duty" not in goods.rates:
            path = f"items[{goods.place}].hs"
            found.notices.append(Notice("TARIFF_INDICATIVE", path, {"edition": NAMES_OF_TARIFF}))
        found.notices += preference_notices(found.consignment, goods, found.why)


def shipment_of(consignment: Consignment) -> Shipment:
    """The consignment as the reference reads it: whole fen, quantities in customs units.

    Raises:
        Unknown: an amount below zero, or a stated rate that is no rate.
    """
    amounts = [goods.price for goods in consignment.goods]
    if min([*amounts, consignment.freight, consignment.insurance, consignment.used_this_year]) < 0:
        raise Unknown("customs_value")
    return Shipment(
        day=consignment.day,
        items=tuple(_item(goods, consignment) for goods in consignment.goods),
        freight_fen=half_up(fen(consignment.freight)),
        insurance_fen=half_up(fen(consignment.insurance)),
        used_before_fen=half_up(fen(consignment.used_this_year)),
        is_single_indivisible=is_single_indivisible(consignment),
    )


def _item(goods: Goods, consignment: Consignment) -> Item:
    class_of("cn.vat", goods, consignment.day)  # a code that cannot tell two classes is unknown
    return Item(goods.hs, half_up(fen(goods.price)), _quantities(goods), _rates(goods))


def _quantities(goods: Goods) -> tuple[Quantity, ...]:
    """Grams, millilitres and pieces at scale 10^5; one that is finer is no use, so unknown."""
    found: list[Quantity] = []
    for each in stated(goods.measures):
        exact = (each.quantity or Fraction(0)) * FIXED_POINT_SCALE
        is_usable = exact.denominator == 1 and exact <= QUANTITY_E5_MAX
        found.append(Quantity(int(exact) if is_usable else None, UNIT_OF[each.measure]))
    return tuple(found)


def _rates(goods: Goods) -> dict[str, int]:
    """The stated rates in millionths; a finer one cannot be used, and is unknown."""
    found: dict[str, int] = {}
    for code in CODES:
        share = stated_rate(goods, code)
        if share is not None:
            ppm = share * RATE_SCALE
            if ppm.denominator != 1:
                raise Unknown(f"items[{goods.place}].rates.{code}")
            found[code] = int(ppm)
    return found


def _charges(place: int, item: Charges, assessment: Assessment) -> Iterator[Charge]:
    """The three taxes of an item with the citations of their steps."""
    taxes = zip(CODES, (item.duty, item.consumption_tax, item.vat), strict=True)
    for code, tax in taxes:
        sources = (
            step.citation
            for step in assessment.steps
            if step.item == place and step.code in {code, f"{code}_base"}
        )
        yield _charge(code, place, tax, tuple(dict.fromkeys(sources)), item.missing)


def _charge(
    code: str, place: int, tax: Tax, citations: tuple[str, ...], missing: str | None
) -> Charge:
    rate = None if tax.rate_ppm is None else percent(tax.rate_ppm)
    lacking = (missing or code) if tax.amount_fen is None else None
    return Charge(code, place, tax.base_fen, rate, tax.amount_fen, citations, lacking)
