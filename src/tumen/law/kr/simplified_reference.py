"""Simplified rates (간이세율) of Korea: one rate in place of duty and of every internal tax.

Sources: 관세법 Art. 81, 관세법 시행령 Art. 96 and its annex 2. The annex changed on 2023-02-28:
decree 33275 is in force from the day of promulgation, save what its Article 1 puts off, and annex 2
is not among that. For mail the legal day is the day of arrival at the customs post office (관세법
Art. 17).
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import partial
from typing import Final

from tumen.law import admission
from tumen.law.admission import cannot_tell, services
from tumen.law.consignment import Consignment, Goods
from tumen.law.duty import AdValorem
from tumen.law.explanation import Unknown
from tumen.law.figures import per_cent
from tumen.law.findings import once
from tumen.law.kr.answer import ruled, settlement_of
from tumen.law.kr.duty_rate import basic_rate, columns, has_specific
from tumen.law.kr.goods_classes import class_of, need_codes
from tumen.law.kr.small_value import hindrances, measure
from tumen.law.kr.valuation import customs_values
from tumen.law.ruling import GIVEN, Notice, Ruling
from tumen.law.settlement import Found, Settlement

REGIME: Final = "simplified"
PREFIX: Final = "kr.simplified"
BY_BASE_RATE: Final = frozenset({"fur", "textile_leather_shoes", "antler"})
PROGRESSIVE: Final = frozenset({"jewellery", "luxury_bag_watch"})
LUXURY_WITHOUT_RATE: Final = frozenset({"fur", "carpets", "furniture"})


def refusals(consignment: Consignment) -> tuple[Notice, ...]:
    """Why a consignment has no simplified rate; empty where it has."""
    if refusing := services(consignment):
        return refusing
    settlement = settlement_of(REGIME, consignment)
    try:
        return once(_refusals, settlement, once(customs_values, settlement))
    except Unknown as lacking:
        return (cannot_tell(lacking.name),)


def assess(consignment: Consignment) -> Ruling:
    """The simplified duty of every item and of the whole, or why there is none."""
    settlement = settlement_of(REGIME, consignment)
    if refusing := services(consignment):
        return settlement.refused(refusing)
    try:
        values = once(customs_values, settlement)
        if reasons := once(_refusals, settlement, values):
            return settlement.refused(reasons)
    except Unknown as lacking:
        return settlement.unknown(("simplified_duty",), lacking.name)
    for item, value in zip(consignment.goods, values, strict=True):
        find = partial(_simplified_duty, settlement, item, value)
        settlement.charge("simplified_duty", item.place, find)
    return ruled(settlement, sum(values))


def _refusals(settlement: Settlement, values: Sequence[int]) -> tuple[Notice, ...]:
    consignment, why = settlement.consignment, settlement.why
    # 1. Only mail and courier goods (81(1)).
    transport = why.value(f"{PREFIX}.transport")
    allowed = str(transport.value).split()
    if refusing := tuple(admission.not_by(consignment, allowed)):
        return refusing
    # 2. No commercial quantities, and no claim to another rate (96(2)5 and 1).
    if refusing := tuple(admission.not_personal(consignment)):
        return refusing
    if consignment.preference is not None:
        citation = why.cite(f"{PREFIX}.preference")
        return (Notice("KR_SIMPLIFIED_PREFERENCE", "preference", {"citation": citation}),)
    # 3. No goods that are free of duty, exempt of it, or taxed by quantity (96(2)1 and 4).
    need_codes(settlement.consignment)
    found = [
        notice
        for item, value in zip(consignment.goods, values, strict=True)
        for notice in _unfit(settlement, item, value)
    ]
    if found:
        return tuple(found)
    if not once(hindrances, settlement):
        return (Notice("KR_SIMPLIFIED_EXEMPT", "items", _cited(settlement)),)
    return ()


def _cited(settlement: Settlement) -> dict[str, str]:
    return {"citation": settlement.why.cite(f"{PREFIX}.not_for")}


def _unfit(settlement: Settlement, item: Goods, value: int) -> Iterator[Notice]:
    """Why one item has no simplified rate; it takes the whole consignment along."""
    path, cited = f"items[{item.place}].hs", _cited(settlement)
    if class_of(settlement, PREFIX, item) == "not_for" or _is_luxury_without_rate(
        settlement, item, value
    ):
        yield Notice("KR_SIMPLIFIED_GOODS", path, cited)
        return
    rates = [item.tariff[name].terms for name in columns(item)]
    free = AdValorem(Fraction(0))
    if item.rates.get("duty") == 0 or ("duty" not in item.rates and free in rates):
        yield Notice("KR_SIMPLIFIED_FREE", path, cited)
    if any(has_specific(terms) for terms in rates):
        yield Notice("KR_SIMPLIFIED_SPECIFIC", path, cited)


def _is_luxury_without_rate(settlement: Settlement, item: Goods, value: int) -> bool:
    """Luxury fur, carpets and furniture have none: those that bear individual consumption tax.

    That tax looks at the price with duty; where no duty rate is held, at the price alone.
    """
    kind = class_of(settlement, "kr.individual_consumption_tax", item)
    if kind not in LUXURY_WITHOUT_RATE:
        return False
    threshold = settlement.why.number(f"kr.individual_consumption_tax.{kind}.threshold")
    rate = item.rates.get("duty", basic_rate(item)) or Fraction(0)
    price = value * (1 + rate)
    return price > threshold and price > threshold * measure(item, "piece")


def _simplified_duty(settlement: Settlement, item: Goods, value: int) -> Found:
    """4. The tax of one item by the line of annex 2, cut to ten won."""
    why, code = settlement.why, "simplified_duty"
    given = settlement.given(item, code)
    line = "given" if given is not None else _line(settlement, item, value)
    rate, amount, citation = (
        (per_cent(given), value * given, GIVEN)
        if given is not None
        else _tax(settlement, item, value, line)
    )
    cut = settlement.rounded(amount)
    if not columns(item) and "duty" not in item.rates:
        settlement.warn("KR_DUTY_RATE_NOT_HELD", f"items[{item.place}].hs", value=item.hs)
    money = settlement.money
    why.say(
        code,
        item.place,
        f"annex 2, {line}",
        lambda: f"{money(value)}: {rate} = {money(amount)}, cut to {money(cut)}",
        citation,
    )
    return Found(value, rate, cut, (citation,))


def _line(settlement: Settlement, item: Goods, value: int) -> str:
    """The line of the annex that the goods fall under."""
    kind = class_of(settlement, PREFIX, item) or "other"
    if kind in PROGRESSIVE:
        threshold = settlement.why.number(f"{PREFIX}.{kind}.threshold")
        is_above = value > threshold and value > threshold * measure(item, "piece")
        return kind if is_above else "other"
    if kind in BY_BASE_RATE:
        # Item 3 of the annex is for goods whose basic rate is ten per cent or more.
        basic = basic_rate(item)
        least = settlement.why.share(f"{PREFIX}.base_rate_min")
        return "other" if basic is not None and basic < least else kind
    return kind


def _tax(settlement: Settlement, item: Goods, value: int, line: str) -> tuple[str, Fraction, str]:
    """Rate, amount and source: a share, or an amount and a share of what lies above a value."""
    why = settlement.why
    rate, citation = why.share(f"{PREFIX}.{line}.rate"), why.cite(f"{PREFIX}.{line}.rate")
    if line not in PROGRESSIVE:
        return per_cent(rate), value * rate, citation
    count = measure(item, "piece")
    base = why.number(f"{PREFIX}.{line}.base") * count
    threshold = why.number(f"{PREFIX}.{line}.threshold") * count
    shown = f"{settlement.money(base)} + {per_cent(rate)} above {settlement.money(threshold)}"
    return shown, base + (value - threshold) * rate, citation
