"""The taxes on imports beside duty, and what is payable (国税通則法 118条, 119条).

1. An excise (liquor tax, tobacco tax, taxes on oil) is due on its goods. Its rates are not held, so
   that it is unknown, unless a rate was given.
2. The base of the national consumption tax is the customs value with the duty rounded down to
   hundreds of yen and the excise, rounded down to thousands; the tax is whole yen.
3. The base of the local consumption tax is the national tax rounded down to hundreds.
4. Payable is the sum of all items' taxes BEFORE any rounding to hundreds, the sum rounded down to
   hundreds once. Adding up the rounded taxes instead is the classic error.
"""

from collections.abc import Callable
from fractions import Fraction
from functools import partial
from typing import Final

from tumen.law.consignment import Goods
from tumen.law.explanation import Unknown
from tumen.law.figures import per_cent
from tumen.law.jp.commodity import classify
from tumen.law.jp.duties import Valued, base_of
from tumen.law.ruling import GIVEN, Charge
from tumen.law.settlement import Found, Settlement

NATIONAL, LOCAL = "consumption_tax_national", "consumption_tax_local"
EXCISE: Final = "excise"
NO_EXCISE: Final = "none"


def excise_code(settlement: Settlement, goods: Goods) -> str:
    """The code of the charge that stands for the excise of an item."""
    try:
        found = classify(settlement, "jp.excise", goods)
    except Unknown:
        return EXCISE
    return EXCISE if found is None or found.name == NO_EXCISE else found.name


def excise(settlement: Settlement, valued: Valued) -> Found | None:
    """1. The excise of an item; None where the goods bear none.

    Raises:
        Unknown: the code is none, no rate is held, or the given one is below zero.
    """
    goods = valued.goods
    found = classify(settlement, "jp.excise", goods)
    if found is None or found.name == NO_EXCISE:
        return None
    rate = settlement.given(goods, found.name)
    if rate is None:
        raise Unknown(f"jp.{found.name}.rate")
    formula = "E = V x e, by the rate that was given"
    return settlement.at_rate(found.name, goods.place, formula, (valued.value,), (rate, (GIVEN,)))


def national_tax(settlement: Settlement, valued: Valued, duty: int, excised: int) -> Found:
    """2. The national consumption tax of an item.

    Args:
        settlement: of the consignment.
        valued: the item.
        duty: its duty in whole yen, not rounded to hundreds.
        excised: its excise in whole yen.

    Raises:
        Unknown: a rate of the day is not held.
    """
    money, place = settlement.money, valued.goods.place
    rate, citation = national_rate(settlement, valued.goods)
    added = in_hundreds(settlement, duty)
    base = base_of(settlement, valued.value + added + excised)
    tax = settlement.rounded(base * rate)
    settlement.why.say(
        NATIONAL,
        place,
        "C = (V + D in hundreds + E) in thousands x t",
        lambda: (
            f"{money(valued.value)} + {money(added)} + {money(excised)}"
            f" -> {money(base)} x {per_cent(rate)} = {money(tax)}"
        ),
        citation,
    )
    return Found(base, per_cent(rate), tax, (citation,))


def local_tax(settlement: Settlement, goods: Goods) -> Found:
    """3. The local consumption tax of an item.

    Raises:
        Unknown: the national tax is, or its share is not held.
    """
    base = in_hundreds(settlement, settlement.charged(NATIONAL, goods.place))
    parts, whole, citation = local_share(settlement)
    tax = settlement.rounded(Fraction(base * parts, whole))
    ratio, money = f"{parts}/{whole}", settlement.money
    settlement.why.say(
        LOCAL,
        goods.place,
        "L = C in hundreds x share",
        lambda: f"{money(base)} x {ratio} = {money(tax)}",
        citation,
    )
    return Found(base, ratio, tax, (citation,))


def national_rate(settlement: Settlement, goods: Goods) -> tuple[Fraction, str]:
    """The rate of the national tax: as given, reduced for food, else the standard one."""
    found = None
    if settlement.given(goods, "consumption_tax") is None:
        found = classify(settlement, "jp.consumption_tax", goods)
    name = f"jp.consumption_tax.{'standard' if found is None else found.name}"
    return settlement.rate_for(goods, "consumption_tax", name)


def local_share(settlement: Settlement) -> tuple[int, int, str]:
    """The local tax as parts of the national one, and the whole of these parts; the citation."""
    name = "jp.consumption_tax.local_numerator"
    whole = settlement.why.number("jp.consumption_tax.local_denominator")
    return settlement.why.number(name), whole, settlement.why.cite(name)


def in_hundreds(settlement: Settlement, amount: int) -> int:
    """A tax rounded down to hundreds of yen."""
    unit = settlement.why.number("jp.rounding.tax_unit")
    return settlement.why.rounded("jp.rounding.tax", Fraction(amount), unit)


def make_payable(settlement: Settlement) -> None:
    """4. What is payable on the whole: the sums of the items' taxes, in hundreds."""
    settlement.sum_items()
    settlement.charges = [
        each if each.item is not None else _payable(settlement, each) for each in settlement.charges
    ]


def _payable(settlement: Settlement, total: Charge) -> Charge:
    code = total.code
    if total.amount is None:
        return Charge(code, None, None, None, None, (), total.missing)
    try:
        citation = settlement.why.cite("jp.rounding.tax_unit")
        amount = in_hundreds(settlement, total.amount)
    except Unknown as unknown:
        return Charge(code, None, None, None, None, (), unknown.name)
    of_items = tuple(
        each.amount or 0
        for each in settlement.charges
        if each.code == code and each.item is not None
    )
    settlement.why.say(
        f"payable_{code}",
        None,
        "the sum of the items' taxes, in hundreds",
        partial(_payable_told, settlement.money, of_items, amount),
        citation,
    )
    return Charge(code, None, None, None, amount, (*total.citations, citation), total.missing)


def _payable_told(money: Callable[[int], str], of_items: tuple[int, ...], amount: int) -> str:
    texts = " + ".join(map(money, of_items))
    return f"{texts} = {money(sum(of_items))} -> {money(amount)}"
