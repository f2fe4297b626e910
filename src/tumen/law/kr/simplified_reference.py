"""Simplified rates (간이세율) of Korea: one rate in place of duty and of every internal tax.

Sources: 관세법 Art. 81, 관세법 시행령 Art. 96 and its annex 2. The annex changed on 2023-02-28:
decree 33275 is in force from the day of promulgation, save what its Article 1 puts off, and annex 2
is not among that. For mail the legal day is the day of arrival at the customs post office (관세법
Art. 17).
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final

from tumen.law.consignment import Consignment, Goods
from tumen.law.duty import AdValorem
from tumen.law.explanation import Unknown
from tumen.law.kr.answer import not_told, refused, ruling, unknown
from tumen.law.kr.duty_rate import basic_rate, columns, has_specific
from tumen.law.kr.general_reference import refusals as service_refusals
from tumen.law.kr.inquiry import Inquiry, percent, won
from tumen.law.kr.small_value import hindrances, measure, not_for_personal_use
from tumen.law.kr.valuation import customs_values
from tumen.law.ruling import Charge, Notice, Ruling

REGIME: Final = "simplified"
PREFIX: Final = "kr.simplified"
BY_BASE_RATE: Final = frozenset({"fur", "textile_leather_shoes", "antler"})
PROGRESSIVE: Final = frozenset({"jewellery", "luxury_bag_watch"})
LUXURY_WITHOUT_RATE: Final = frozenset({"fur", "carpets", "furniture"})


def refusals(consignment: Consignment) -> tuple[Notice, ...]:
    """Why a consignment has no simplified rate; empty where it has."""
    if services := service_refusals(consignment):
        return services
    inquiry = Inquiry.of(consignment)
    try:
        return _refusals(inquiry, customs_values(inquiry))
    except Unknown as lacking:
        return (not_told(lacking.name),)


def assess(consignment: Consignment) -> Ruling:
    """The simplified duty of every item and of the whole, or why there is none."""
    inquiry = Inquiry.of(consignment)
    if services := service_refusals(consignment):
        return refused(inquiry, REGIME, services)
    try:
        values = customs_values(inquiry)
        if reasons := _refusals(inquiry, values):
            return refused(inquiry, REGIME, reasons)
    except Unknown as lacking:
        return unknown(inquiry, REGIME, ("simplified_duty",), lacking.name)
    charges = [
        _charge(inquiry, item, value) for item, value in zip(consignment.goods, values, strict=True)
    ]
    return ruling(inquiry, REGIME, sum(values), charges)


def _refusals(inquiry: Inquiry, values: Sequence[int]) -> tuple[Notice, ...]:
    consignment, why = inquiry.consignment, inquiry.why
    # 1. Only mail and courier goods (81(1)).
    transport = why.value(f"{PREFIX}.transport")
    if consignment.transport not in str(transport.value).split():
        told = {"value": consignment.transport, "expected": str(transport.value)}
        return (Notice("KR_SIMPLIFIED_TRANSPORT", "transport", told),)
    # 2. No commercial quantities, and no claim to another rate (96(2)5 and 1).
    if not_for_personal_use(inquiry):
        return (Notice("KR_SIMPLIFIED_COMMERCIAL", "purpose", _cited(inquiry)),)
    if consignment.preference is not None:
        citation = why.cite(f"{PREFIX}.preference")
        return (Notice("KR_SIMPLIFIED_PREFERENCE", "preference", {"citation": citation}),)
    # 3. No goods that are free of duty, exempt of it, or taxed by quantity (96(2)1 and 4).
    inquiry.need_codes()
    found = [
        notice
        for item, value in zip(consignment.goods, values, strict=True)
        for notice in _unfit(inquiry, item, value)
    ]
    if found:
        return tuple(found)
    if not hindrances(inquiry):
        return (Notice("KR_SIMPLIFIED_EXEMPT", "items", _cited(inquiry)),)
    return ()


def _cited(inquiry: Inquiry) -> dict[str, str]:
    return {"citation": inquiry.why.cite(f"{PREFIX}.not_for")}


def _unfit(inquiry: Inquiry, item: Goods, value: int) -> Iterator[Notice]:
    """Why one item has no simplified rate; it takes the whole consignment along."""
    path, cited = f"items[{item.place}].hs", _cited(inquiry)
    if inquiry.class_of(PREFIX, item) == "not_for" or _is_luxury_without_rate(inquiry, item, value):
        yield Notice("KR_SIMPLIFIED_GOODS", path, cited)
        return
    rates = [item.tariff[name].terms for name in columns(item)]
    free = AdValorem(Fraction(0))
    if item.rates.get("duty") == 0 or ("duty" not in item.rates and free in rates):
        yield Notice("KR_SIMPLIFIED_FREE", path, cited)
    if any(has_specific(terms) for terms in rates):
        yield Notice("KR_SIMPLIFIED_SPECIFIC", path, cited)


def _is_luxury_without_rate(inquiry: Inquiry, item: Goods, value: int) -> bool:
    """Luxury fur, carpets and furniture have none: those that bear individual consumption tax.

    That tax looks at the price with duty; where no duty rate is held, at the price alone.
    """
    kind = inquiry.class_of("kr.individual_consumption_tax", item)
    if kind not in LUXURY_WITHOUT_RATE:
        return False
    threshold = inquiry.why.number(f"kr.individual_consumption_tax.{kind}.threshold")
    rate = item.rates.get("duty", basic_rate(item)) or Fraction(0)
    price = value * (1 + rate)
    return price > threshold and price > threshold * measure(item, "piece")


def _charge(inquiry: Inquiry, item: Goods, value: int) -> Charge:
    """4. The tax of one item by the line of annex 2, cut to ten won."""
    why, code = inquiry.why, "simplified_duty"
    try:
        given = item.rates.get(code)
        line = "given" if given is not None else _line(inquiry, item, value)
        rate, amount, citation = (
            (percent(given), value * given, "rate given with the shipment")
            if given is not None
            else _tax(inquiry, item, value, line)
        )
        cut = why.rounded("kr.tax.rounding", amount, why.number("kr.tax.rounding_unit"))
    except Unknown as lacking:
        return Charge(code, item.place, None, None, None, (), lacking.name)
    if not columns(item) and "duty" not in item.rates:
        path = f"items[{item.place}].hs"
        inquiry.notices.append(Notice("KR_DUTY_RATE_NOT_HELD", path, {"value": item.hs}))
    numbers = f"{won(value)}: {rate} = {won(amount)}, cut to {won(cut)}"
    why.say(code, item.place, f"annex 2, {line}", numbers, citation)
    return Charge(code, item.place, value, rate, cut, (citation,))


def _line(inquiry: Inquiry, item: Goods, value: int) -> str:
    """The line of the annex that the goods fall under."""
    kind = inquiry.class_of(PREFIX, item) or "other"
    if kind in PROGRESSIVE:
        threshold = inquiry.why.number(f"{PREFIX}.{kind}.threshold")
        is_above = value > threshold and value > threshold * measure(item, "piece")
        return kind if is_above else "other"
    if kind in BY_BASE_RATE:
        # Item 3 of the annex is for goods whose basic rate is ten per cent or more.
        basic = basic_rate(item)
        least = inquiry.why.share(f"{PREFIX}.base_rate_min")
        return "other" if basic is not None and basic < least else kind
    return kind


def _tax(inquiry: Inquiry, item: Goods, value: int, line: str) -> tuple[str, Fraction, str]:
    """Rate, amount and source: a share, or an amount and a share of what lies above a value."""
    why = inquiry.why
    rate, citation = why.share(f"{PREFIX}.{line}.rate"), why.cite(f"{PREFIX}.{line}.rate")
    if line not in PROGRESSIVE:
        return percent(rate), value * rate, citation
    count = measure(item, "piece")
    base = why.number(f"{PREFIX}.{line}.base") * count
    threshold = why.number(f"{PREFIX}.{line}.threshold") * count
    shown = f"{won(base)} + {percent(rate)} above {won(threshold)}"
    return shown, base + (value - threshold) * rate, citation
