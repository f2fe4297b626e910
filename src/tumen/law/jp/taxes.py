"""The taxes on imports beside duty, and what is payable (国税通則法 118条, 119条).

1. An excise (liquor tax, tobacco tax, taxes on oil) is due on its goods. Its rates are not held, so
   that it is unknown, unless a rate was given.
2. The base of the national consumption tax is the customs value with the duty rounded down to
   hundreds of yen and the excise, rounded down to thousands; the tax is whole yen.
3. The base of the local consumption tax is the national tax rounded down to hundreds.
4. Payable is the sum of all items' taxes BEFORE any rounding to hundreds, the sum rounded down to
   hundreds once. Adding up the rounded taxes instead is the classic error.
"""

from dataclasses import replace
from fractions import Fraction
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
    money, goods = settlement.money, valued.goods
    rate, citation = national_rate(settlement, goods)
    added = in_hundreds(settlement, duty)
    base = base_of(settlement, valued.value + added + excised)
    tax = settlement.rounded(base * rate)
    parts = f"{money(valued.value)} + {money(added)} + {money(excised)}"
    numbers = f"{parts} -> {money(base)} x {per_cent(rate)} = {money(tax)}"
    formula = "C = (V + D in hundreds + E) in thousands x t"
    settlement.why.say(NATIONAL, goods.place, formula, numbers, citation)
    return Found(base, per_cent(rate), tax, (citation,))


def local_tax(settlement: Settlement, goods: Goods) -> Found:
    """3. The local consumption tax of an item.

    Raises:
        Unknown: the national tax is, or its share is not held.
    """
    base = in_hundreds(settlement, settlement.charged(NATIONAL, goods.place))
    parts, whole, citation = local_share(settlement)
    tax = settlement.rounded(Fraction(base * parts, whole))
    ratio = f"{parts}/{whole}"
    numbers = f"{settlement.money(base)} x {ratio} = {settlement.money(tax)}"
    settlement.why.say(LOCAL, goods.place, "L = C in hundreds x share", numbers, citation)
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
    bare = replace(total, base=None, rate=None)
    if total.amount is None:
        return replace(bare, citations=())
    try:
        citation = settlement.why.cite("jp.rounding.tax_unit")
        amount = in_hundreds(settlement, total.amount)
    except Unknown as unknown:
        return replace(bare, amount=None, citations=(), missing=unknown.name)
    money = settlement.money
    of_items = [each for each in settlement.charges if each.code == total.code]
    texts = " + ".join(money(each.amount or 0) for each in of_items if each.item is not None)
    numbers = f"{texts} = {money(total.amount)} -> {money(amount)}"
    formula = "the sum of the items' taxes, in hundreds"
    settlement.why.say(f"payable_{total.code}", None, formula, numbers, citation)
    return replace(bare, amount=amount, citations=(*total.citations, citation))
