"""Small goods for personal use: free of duty up to 150 USD, and by how much of what.

Sources: 관세법 Art. 94(4), 관세법 시행규칙 Art. 45(2)1 (goods price without freight to Korea; not
for goods that are repeated or split), 수입통관 사무처리에 관한 고시 Art. 67 (quantities) and 68
(splits).
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from tumen.law import admission
from tumen.law.consignment import Goods
from tumen.law.explanation import Unknown
from tumen.law.figures import decimal
from tumen.law.kr.aggregation import aggregate
from tumen.law.kr.goods_classes import class_of, need_codes
from tumen.law.parameters import Value, parameters
from tumen.law.ruling import Notice
from tumen.law.settlement import CENTS, Settlement

LIMIT: Final = "kr.small_value.limit"
MILLI: Final = 1000
"""Grams in a kilogram, millilitres in a litre."""
FIELDS: Final = {"piece": "quantity", "kg": "net_weight_kg", "l": "volume_l"}


def hindrances(settlement: Settlement, limit_name: str = LIMIT) -> tuple[Notice, ...]:
    """Why the goods are not small goods for personal use; empty where they are.

    Args:
        settlement: the question.
        limit_name: the parameter whose amount of cents the goods price is compared with.

    Raises:
        Unknown: it cannot be told, because something was not told or the law holds no value.
    """
    limit = settlement.why.value(limit_name)
    # 1. The goods are for a person's own use (시행규칙 45(2)1).
    if not_personal := tuple(admission.not_personal(settlement.consignment)):
        return not_personal
    # 2. The goods price is within the limit, also together with parcels that count with it.
    if too_dear := _too_dear(settlement, limit):
        return too_dear
    # 3. The quantities are those of a person's own use (고시 67).
    need_codes(settlement.consignment)
    return tuple(_too_many(settlement))


def _too_dear(settlement: Settlement, limit: Value) -> tuple[Notice, ...]:
    """The goods price, without freight and insurance to Korea, against the limit."""
    consignment, why, money = settlement.consignment, settlement.why, settlement.money
    price = consignment.price
    cents = settlement.cents(price)
    rate = consignment.exchange["USD"].units
    why.say(
        "small_value",
        None,
        "goods price without freight and insurance <= limit, in USD",
        lambda: (
            f"{money(price)} KRW / {decimal(rate)} = {_dollars(cents)} USD"
            f" against {_dollars(limit.integer)} USD"
        ),
        limit.citation,
    )
    if cents > limit.integer:
        return (Notice("VALUE_OVER_LIMIT", "items", _against(cents, limit)),)
    if not consignment.related:
        return ()
    together = aggregate(settlement)
    all_cents = settlement.cents(together.certain)
    if all_cents > limit.integer:
        return (Notice("KR_AGGREGATED", "related", _against(all_cents, limit)),)
    if together.missing is not None and settlement.cents(together.possible) > limit.integer:
        raise Unknown(together.missing)
    return ()


def _against(cents: Fraction, limit: Value) -> dict[str, str]:
    return {"value": f"{_dollars(cents)} USD", "expected": f"{_dollars(limit.integer)} USD"}


def _dollars(cents: int | Fraction) -> str:
    """An amount of cents in dollars, for the explanation."""
    return decimal(cents, CENTS)


def _too_many(settlement: Settlement) -> Iterator[Notice]:
    """What exceeds the quantity of its class; items of one class count together."""
    by_class: dict[str, list[Goods]] = {}
    for item in settlement.consignment.goods:
        kind = class_of(settlement, "kr.personal_use", item)
        if kind is not None:
            by_class.setdefault(kind, []).append(item)
    for kind, items in by_class.items():
        for name, amount in _measured(kind, items, settlement):
            limit = settlement.why.value(name)
            unit = parameters()[name].unit
            numbers = f"{decimal(amount)} against {limit.integer:,} {unit} ({kind})"
            settlement.why.say("personal_use", items[0].place, name, numbers, limit.citation)
            if amount > limit.integer:
                told = {
                    "value": f"{decimal(amount)} {unit}",
                    "expected": f"{limit.integer:,} {unit}",
                }
                yield Notice("KR_QUANTITY_OVER", f"items[{items[0].place}].quantity", told)


def _measured(
    kind: str, items: list[Goods], settlement: Settlement
) -> Iterator[tuple[str, Fraction]]:
    """The parameters that limit a class, each with how much of it there is."""
    match kind:
        case "alcohol":
            price = sum((item.price for item in items), Fraction(0))
            yield f"kr.personal_use.{kind}.price", settlement.cents(price)
            yield f"kr.personal_use.{kind}.bottles", pieces(items)
            yield f"kr.personal_use.{kind}.volume", _sum(items, "l") * MILLI
        case "supplements":
            yield f"kr.personal_use.{kind}.count", pieces(items)
        case "perfume" | "e_liquid":
            yield f"kr.personal_use.{kind}.volume", _sum(items, "l") * MILLI
        case _:
            yield "kr.personal_use.farm_goods.weight", _sum(items, "kg") * MILLI


def pieces(items: list[Goods]) -> Fraction:
    """How many pieces or bottles there are; whatever is counted in nothing else is."""
    return _sum(items, "piece")


def _sum(items: list[Goods], unit: str) -> Fraction:
    return sum((measure(item, unit) for item in items), Fraction(0))


def measure(item: Goods, unit: str) -> Fraction:
    """The quantity of an item in a unit.

    Raises:
        Unknown: it was not told, or is none; the name is the field that would tell it.
    """
    try:
        amount = item.measures.of(unit)
    except Unknown as unknown:
        name = "quantity" if unknown.name.startswith("quantity") else unknown.name
        raise Unknown(f"items[{item.place}].{name}") from unknown
    if amount <= 0:
        raise Unknown(f"items[{item.place}].{FIELDS[unit]}")
    return amount
