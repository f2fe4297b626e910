"""The customs value of each item: its price with a share of what was paid for the whole.

Freight and insurance go to the items by price. How the shares become whole minor units is the
economy's own rule: by running sums (:func:`running`), or not at all.
"""

from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import partial

from tumen.law.consignment import NOTHING, Consignment
from tumen.law.explanation import Unknown
from tumen.law.figures import decimal, total_of
from tumen.law.settlement import Settlement

FORMULA = "V = price + share of freight and insurance by price"


def check_amounts(consignment: Consignment) -> None:
    """Nothing to say where no amount is below zero.

    Raises:
        Unknown: one is, or there are no goods; carries the field.
    """
    if not consignment.goods:
        raise Unknown("items")
    for goods in consignment.goods:
        if goods.price.numerator < 0:
            raise Unknown(f"items[{goods.place}].unit_price")
    for name, extra in (("freight", consignment.freight), ("insurance", consignment.insurance)):
        if extra.numerator < 0:
            raise Unknown(name)


def check_worth(consignment: Consignment) -> None:
    """The same, and all goods together are worth something."""
    check_amounts(consignment)
    if not consignment.price:
        raise Unknown("customs_value")


def check_priced(consignment: Consignment) -> None:
    """The same, and every item has a price: what is given for nothing has a value nobody told.

    Raises:
        Unknown: an item has none; carries the field.
    """
    check_amounts(consignment)
    for goods in consignment.goods:
        if not goods.price:
            raise Unknown(f"items[{goods.place}].unit_price")


def shares(extra: Fraction, prices: Iterable[Fraction]) -> list[Fraction]:
    """What each price bears of an extra cost, exactly.

    Raises:
        Unknown: there is a cost, but nothing to share it by.
    """
    told = list(prices)
    if not extra:
        return [NOTHING] * len(told)
    whole = total_of(told)
    if not whole:
        raise Unknown("customs_value")
    return [extra * price / whole for price in told] if len(told) > 1 else [extra]


def running(amounts: Iterable[Fraction], rounded: Callable[[Fraction], int]) -> tuple[int, ...]:
    """Amounts in whole units whose sum is the rounded sum: items 1 to n together are exact.

    >>> running([Fraction(1, 2), Fraction(1, 2), Fraction(1, 2)], int)
    (0, 1, 0)
    """
    found: list[int] = []
    exact, done = NOTHING, 0
    for amount in amounts:
        exact += amount
        whole = rounded(exact)
        found.append(whole - done)
        done = whole
    return tuple(found)


def of_prices(settlement: Settlement) -> tuple[int, ...]:
    """Each item's price in minor units, rounded by running sums.

    Raises:
        Unknown: a price is below zero, or all goods together are worth nothing.
    """
    consignment = settlement.consignment
    check_worth(consignment)
    return running([goods.price for goods in consignment.goods], settlement.minor)


def with_freight(
    settlement: Settlement, rounding: str, citations: tuple[str, str]
) -> tuple[int, ...]:
    """Each item's price with its share of freight and insurance, in minor units.

    Rounded by running sums; a step for each item.

    Args:
        settlement: of the consignment.
        rounding: the parameter that says how.
        citations: of the rule, and of the sharing where anything is shared.

    Raises:
        Unknown: an amount is below zero, or all goods together are worth nothing.
    """
    consignment = settlement.consignment
    check_worth(consignment)
    extra = total_of([consignment.freight, consignment.insurance])
    parts = shares(extra, [goods.price for goods in consignment.goods])
    exact = [
        goods.price + part if part else goods.price
        for goods, part in zip(consignment.goods, parts, strict=True)
    ]
    unit, why = settlement.minor_units, settlement.why
    values = running(exact, lambda amount: why.rounded(rounding, amount * unit))
    citation = citations[bool(extra and len(values) > 1)]
    for place, value in enumerate(values):
        price, part = consignment.goods[place].price, parts[place]
        say_value(settlement, place, (price, part), value, citation)
    return values


def say_value(
    settlement: Settlement,
    place: int,
    parts: tuple[Fraction, Fraction],
    value: int | Fraction,
    citation: str,
) -> None:
    """Tell how the value of an item (in minor units) came about, from exact price and share."""
    told = partial(_value_told, settlement.money, parts, value, settlement.minor_units)
    settlement.why.say("customs_value", place, FORMULA, told, citation)


def _value_told(
    money: Callable[[int | Fraction], str],
    parts: tuple[Fraction, Fraction],
    value: int | Fraction,
    minor_units: int,
) -> str:
    price, share = parts
    exact = price + share
    numbers = f"{decimal(price)} + {decimal(share)} = {decimal(exact)}"
    if exact * minor_units != value:
        numbers += f", rounded {money(value)}"
    return numbers
