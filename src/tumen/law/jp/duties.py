"""The duty of one item: a given rate, the general tariff, or the simplified tariff."""

from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Final

from tumen.law.consignment import Goods
from tumen.law.duty import Duty
from tumen.law.duty_text import spoken
from tumen.law.jp.preference import AGREEMENTS
from tumen.law.jp.tariff import Applied, applied, has_base_by_value
from tumen.law.preference import preferential
from tumen.law.ruling import GIVEN
from tumen.law.settlement import Found, Settlement

ROUNDING: Final = "jp.rounding.line_tax"
"""How the taxes of an item become whole yen."""


@dataclass(frozen=True, slots=True)
class Valued:
    """An item with its customs value, in a consignment of this total value, in yen."""

    goods: Goods
    value: Fraction
    total: int


def base_of(settlement: Settlement, value: Fraction) -> int:
    """A base by value: rounded down to thousands of yen (国税通則法 118条; 関税法 13条の4)."""
    why = settlement.why
    return why.rounded("jp.rounding.base", value, why.number("jp.rounding.base_unit"))


def given_duty(settlement: Settlement, valued: Valued) -> Found | None:
    """The duty by a given rate; None where none was given."""
    rate = settlement.given(valued.goods, "duty")
    if rate is None:
        return None
    formula = "D = V x d, by the rate that was given"
    base = base_of(settlement, valued.value)
    return settlement.at_rate("duty", valued.goods.place, formula, (base,), (rate, (GIVEN,)))


def general_duty(settlement: Settlement, valued: Valued) -> Found:
    """The duty by the general tariff, at the lowest rate that is due."""
    given = given_duty(settlement, valued)
    if given is not None:
        return given
    goods, base = valued.goods, base_of(settlement, valued.value)
    chosen = applied(settlement, goods, base)
    duty = settlement.duty_by(settlement.terms_of(goods, chosen.rate), goods, base)
    preferred = preferential(settlement, goods, AGREEMENTS, valued.total) if duty else None
    if preferred is not None:
        terms = settlement.terms_of(goods, preferred.rate)
        lower = settlement.duty_by(terms, goods, base)
        other = Applied(preferred.rate, "the preferential rate is lower", preferred.citation)
        _compare(settlement, goods, (chosen, duty), (other, lower))
        if lower < duty:
            chosen, duty = other, lower
    return _charged(settlement, goods, base, chosen, duty)


def _compare(
    settlement: Settlement,
    goods: Goods,
    one: tuple[Applied, Fraction],
    other: tuple[Applied, Fraction],
) -> None:
    money = settlement.money
    settlement.why.say(
        "best_rate",
        goods.place,
        "the lower of both duties",
        lambda: " against ".join(
            f"{_shown(each)}: {money(amount)}" for each, amount in (one, other)
        ),
        other[0].citation,
    )


def _charged(
    settlement: Settlement, goods: Goods, base: int, chosen: Applied, duty: Fraction
) -> Found:
    rate = chosen.rate
    settlement.use(goods, rate)
    told = partial(_shown, chosen)
    settlement.why.say("duty_rate", goods.place, chosen.reason, told, chosen.citation)
    terms = settlement.terms_of(goods, rate)
    return duty_found(settlement, goods, (base, duty), terms, (spoken(rate), rate.edition))


def _shown(chosen: Applied) -> str:
    return f"{spoken(chosen.rate)}, column {chosen.rate.column}"


def duty_found(
    settlement: Settlement,
    goods: Goods,
    amounts: tuple[int, Fraction],
    terms: Duty,
    source: tuple[str, str],
) -> Found:
    """The duty of the item, to the yen.

    Args:
        settlement: takes the step.
        goods: the item.
        amounts: the base by value, and the duty before it is rounded.
        terms: of the rate.
        source: the rate as a reader knows it, and its citation.
    """
    rate, citation = source
    base, duty = amounts
    amount, money = settlement.rounded(duty), settlement.money
    is_by_value = has_base_by_value(terms)
    settlement.why.say(
        "duty",
        goods.place,
        "D = V x d, or quantity x amount",
        lambda: f"{f'{money(base)} by {rate} =' if is_by_value else f'{rate}:'} {money(amount)}",
        citation,
    )
    return Found(base if is_by_value else None, rate, amount, (citation,))
