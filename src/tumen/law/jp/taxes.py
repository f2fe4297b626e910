"""The taxes on imports beside duty, and what is payable (国税通則法 118条, 119条).

1. An excise (liquor tax, tobacco tax, taxes on oil) is due on its goods. Its rates are not held, so
   that it is unknown, unless a rate was given.
2. The base of the national consumption tax is the customs value with the duty rounded down to
   hundreds of yen and the excise, rounded down to thousands; the tax is whole yen.
3. The base of the local consumption tax is the national tax rounded down to hundreds.
4. Payable is the sum of all items' taxes BEFORE any rounding to hundreds, the sum rounded down to
   hundreds once. Adding up the rounded taxes instead is the classic error.
"""

from collections.abc import Iterable
from fractions import Fraction

from tumen.law.consignment import Goods
from tumen.law.explanation import Unknown
from tumen.law.jp.case import Case, percent, yen
from tumen.law.jp.duties import base_of, override
from tumen.law.ruling import CHARGE_CODES, Charge

NATIONAL, LOCAL = "consumption_tax_national", "consumption_tax_local"


def excise(case: Case, goods: Goods, value: Fraction) -> Charge | None:
    """1. The excise of an item; None where the goods bear none.

    Raises:
        Unknown: the code is none, or the given rate is below zero.
    """
    found = case.classify("jp.excise", goods)
    if found is None or found.name == "none":
        return None
    rate = override(goods, found.name)
    if rate is None:
        missing = f"jp.{found.name}.rate"
        return Charge(found.name, goods.place, None, None, None, (found.citation,), missing)
    amount = case.why.rounded("jp.rounding.line_tax", value * rate)
    numbers = f"{yen(value)} x {percent(rate)} = {yen(amount)}"
    case.why.say(found.name, goods.place, "E = V x e, by the rate that was given", numbers, "given")
    return Charge(found.name, goods.place, int(value), percent(rate), amount, ("given",))


def consumption_tax(
    case: Case, goods: Goods, value: Fraction, duty: int, excised: int
) -> tuple[Charge, Charge]:
    """2 and 3. The national and the local consumption tax of an item.

    Args:
        case: the case.
        goods: the item.
        value: its customs value.
        duty: its duty in whole yen, not rounded to hundreds.
        excised: its excise in whole yen.

    Raises:
        Unknown: a rate of the day is not held.
    """
    why, place = case.why, goods.place
    rate, citation = national_rate(case, goods)
    added = in_hundreds(case, duty)
    base = base_of(case, value + added + excised)
    national = why.rounded("jp.rounding.line_tax", base * rate)
    sum_text = f"{yen(value)} + {yen(added)} + {yen(excised)}"
    numbers = f"{sum_text} -> {yen(base)} x {percent(rate)} = {yen(national)}"
    why.say(NATIONAL, place, "C = (V + D in hundreds + E) in thousands x t", numbers, citation)
    parts, whole, local_citation = local_share(case)
    local_base = in_hundreds(case, national)
    local = why.rounded("jp.rounding.line_tax", Fraction(local_base * parts, whole))
    ratio = f"{parts}/{whole}"
    numbers = f"{yen(local_base)} x {ratio} = {yen(local)}"
    why.say(LOCAL, place, "L = C in hundreds x share", numbers, local_citation)
    return (
        Charge(NATIONAL, place, base, percent(rate), national, (citation,)),
        Charge(LOCAL, place, local_base, ratio, local, (local_citation,)),
    )


def national_rate(case: Case, goods: Goods) -> tuple[Fraction, str]:
    """The rate of the national tax: as given, reduced for food, else the standard one."""
    given = override(goods, "consumption_tax")
    if given is not None:
        return given, "given"
    found = case.classify("jp.consumption_tax", goods)
    name = f"jp.consumption_tax.{'standard' if found is None else found.name}"
    return case.why.share(name), case.why.cite(name)


def local_share(case: Case) -> tuple[int, int, str]:
    """The local tax as parts of the national one, and the whole of these parts; the citation."""
    name = "jp.consumption_tax.local_numerator"
    whole = case.why.number("jp.consumption_tax.local_denominator")
    return case.why.number(name), whole, case.why.cite(name)


def in_hundreds(case: Case, amount: int) -> int:
    """A tax rounded down to hundreds of yen."""
    unit = case.why.number("jp.rounding.tax_unit")
    return case.why.rounded("jp.rounding.tax", Fraction(amount), unit)


def payable(case: Case, charges: Iterable[Charge]) -> list[Charge]:
    """4. What is payable on the whole consignment: one charge for each code that items bear."""
    found = list(charges)
    return [
        _payable(case, code, [each for each in found if each.code == code])
        for code in CHARGE_CODES
        if any(each.code == code for each in found)
    ]


def _payable(case: Case, code: str, of_items: list[Charge]) -> Charge:
    missing = [each.missing for each in of_items if each.amount is None]
    citation = ""
    if not missing:
        try:
            citation = case.why.cite("jp.rounding.tax_unit")
            total = sum(each.amount or 0 for each in of_items)
            amount = in_hundreds(case, total)
        except Unknown as unknown:
            missing = [unknown.name]
    if missing:
        return Charge(code, None, None, None, None, (), missing[0])
    texts = " + ".join(yen(each.amount or 0) for each in of_items)
    numbers = f"{texts} = {yen(total)} -> {yen(amount)}"
    formula = "the sum of the items' taxes, in hundreds"
    case.why.say(f"payable_{code}", None, formula, numbers, citation)
    laws = dict.fromkeys(law for each in of_items for law in each.citations)
    return Charge(code, None, None, None, amount, (*laws, citation))
