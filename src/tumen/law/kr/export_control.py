"""Export control of Korea on goods for Russia and Belarus, for the shared rules on economy pairs.

Source: 전략물자 수출입고시, the situational licence: 57 items from 2022-03-26, 741 more in 2023,
1,159 from 2024-02-24, 1,402 from 2024-09-09; passenger cars above 50,000 USD or 2,000 cm3. The list
of items is not held, so every consignment is warned of and none is judged.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from tumen.law.consignment import Consignment, Goods
from tumen.law.explanation import Explanation, Unknown
from tumen.law.goods import goods_class
from tumen.law.ruling import Notice
from tumen.law.settlement import CENTS

DISPATCH: Final = "KR"
DESTINATIONS: Final = frozenset({"RU", "BY"})
PREFIX: Final = "kr.export_control"


def export_notices(consignment: Consignment) -> tuple[Notice, ...]:
    """What Korea's export control says of a consignment; empty where it does not leave Korea.

    Args:
        consignment: its amounts are in the currency of the destination; with a rate for ``USD`` the
            price of a car is compared, without one it is said to be unknown.
    """
    if consignment.dispatch != DISPATCH or consignment.destination not in DESTINATIONS:
        return ()
    why = Explanation(consignment.day)
    try:
        listed = why.value(f"{PREFIX}.situational_items")
    except Unknown:
        return ()
    told = {"value": str(listed.integer), "citation": listed.citation}
    return (Notice("KR_SITUATIONAL_LICENCE", "", told), *_cars(consignment, why))


def _cars(consignment: Consignment, why: Explanation) -> Iterator[Notice]:
    for item in consignment.goods:
        if goods_class(PREFIX, item.hs, consignment.day) is None:
            continue
        limits = [f"{_dollars(why)} USD", *_displacement(why)]
        told = {"expected": ", ".join(limits), "value": _is_above(consignment, item, why)}
        yield Notice("KR_SITUATIONAL_LICENCE_CAR", f"items[{item.place}].hs", told)


def _dollars(why: Explanation) -> int:
    return why.number(f"{PREFIX}.car_price") // CENTS


def _displacement(why: Explanation) -> list[str]:
    try:
        return [f"{why.number(f'{PREFIX}.car_displacement')} cm3"]
    except Unknown:
        return []


def _is_above(consignment: Consignment, item: Goods, why: Explanation) -> str:
    """Whether one car costs more than the limit: ``yes``, ``no`` or ``unknown``."""
    try:
        count = item.measures.of("piece")
        price = item.price / consignment.rate_of("USD") / count
    except (Unknown, ZeroDivisionError):
        return "unknown"
    return "yes" if price > Fraction(_dollars(why)) else "no"
