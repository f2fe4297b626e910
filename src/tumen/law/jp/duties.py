"""The duty of one item: an override, the general tariff, or the simplified tariff."""

from collections.abc import Callable
from fractions import Fraction
from typing import TypeAlias

from tumen.law.consignment import Goods
from tumen.law.duty import Duty
from tumen.law.explanation import Unknown
from tumen.law.jp.case import Case, percent, yen
from tumen.law.jp.preference import preferential
from tumen.law.jp.tariff import Applied, applied, duty_by, has_base_by_value, terms_of
from tumen.law.ruling import Charge

DutyOf: TypeAlias = Callable[[Case, Goods, Fraction, int], Charge]
"""The duty of an item with its customs value, in a consignment of this total value.

Raises :class:`~tumen.law.explanation.Unknown` where what it needs is not known."""


def base_of(case: Case, value: Fraction) -> int:
    """A base by value: rounded down to thousands of yen (国税通則法 118条; 関税法 13条の4)."""
    return case.why.rounded("jp.rounding.base", value, case.why.number("jp.rounding.base_unit"))


def override(goods: Goods, code: str) -> Fraction | None:
    """The rate that was given instead of the law's; None where none was.

    Raises:
        Unknown: the rate is below zero; the name is the field's place.
    """
    found = goods.rates.get(code)
    if found is not None and found < 0:
        raise Unknown(f"items[{goods.place}].rates.{code}")
    return found


def by_override(case: Case, goods: Goods, value: Fraction) -> Charge | None:
    """The duty by a given rate; None where none was given."""
    rate = override(goods, "duty")
    if rate is None:
        return None
    base = base_of(case, value)
    duty = case.why.rounded("jp.rounding.line_tax", base * rate)
    numbers = f"{yen(base)} x {percent(rate)} = {yen(duty)}"
    case.why.say("duty", goods.place, "D = V x d, by the rate that was given", numbers, "given")
    return Charge("duty", goods.place, base, percent(rate), duty, ("given",))


def general_duty(case: Case, goods: Goods, value: Fraction, total: int) -> Charge:
    """The duty by the general tariff, at the lowest rate that is due."""
    given = by_override(case, goods, value)
    if given is not None:
        return given
    base = base_of(case, value)
    without = applied(case, goods, base)
    duty = duty_by(case, goods, terms_of(goods, without.rate), base)
    chosen = without
    preferred = preferential(case, goods, total) if duty else None
    if preferred is not None:
        lower = duty_by(case, goods, terms_of(goods, preferred.rate), base)
        _compare(case, goods, (without, duty), (preferred, lower))
        if lower < duty:
            chosen, duty = preferred, lower
    return _charged(case, goods, base, chosen, duty)


def _compare(
    case: Case, goods: Goods, one: tuple[Applied, Fraction], other: tuple[Applied, Fraction]
) -> None:
    numbers = " against ".join(
        f"{each.rate.text} ({each.rate.column}): {yen(amount)}" for each, amount in (one, other)
    )
    case.why.say("best_rate", goods.place, "the lower of both duties", numbers, other[0].citation)


def _charged(case: Case, goods: Goods, base: int, chosen: Applied, duty: Fraction) -> Charge:
    case.rely_on(goods, chosen.rate)
    case.why.say("duty_rate", goods.place, chosen.reason, _shown(chosen), chosen.citation)
    terms = terms_of(goods, chosen.rate)
    return duty_charge(case, goods, base, terms, duty, (chosen.rate.text, chosen.rate.edition))


def _shown(chosen: Applied) -> str:
    return f"{chosen.rate.text} ({chosen.rate.column})"


def duty_charge(
    case: Case, goods: Goods, base: int, terms: Duty, duty: Fraction, source: tuple[str, str]
) -> Charge:
    """The duty of the item, to the yen (the source is the rate as printed, and its citation)."""
    rate, citation = source
    amount = case.why.rounded("jp.rounding.line_tax", duty)
    is_by_value = has_base_by_value(terms)
    numbers = f"{yen(base)} by {rate} = {yen(amount)}" if is_by_value else f"{rate}: {yen(amount)}"
    case.why.say("duty", goods.place, "D = V x d, or quantity x amount", numbers, citation)
    return Charge("duty", goods.place, base if is_by_value else None, rate, amount, (citation,))
