"""What a tariff line says of a rate, as data: ad valorem, specific, the higher of two, a sum.

The readers of the tariffs (:mod:`tumen.law.duty_text`) make these terms of what a tariff prints;
:func:`amount_of` computes them exactly. What a rate needs and nobody told is :class:`Unknown`.

>>> terms = Highest((AdValorem(Fraction(60, 100)), Specific(Fraction(4800), "JPY", "pair")))
>>> shoes = Measures(kg=None, litre=None, quantity=Fraction(2), unit="pair")
>>> amount_of(terms, Fraction(10_000), shoes, lambda currency: Fraction(1))
Fraction(9600, 1)
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, TypeAlias

from tumen.law.explanation import Unknown

UNITS: Final = frozenset(
    {"kg", "l", "l_pure_alcohol", "piece", "pair", "m", "m2", "m3", "carat", "head", "cm3", "kWh"}
)
"""What a specific rate may be per; readers turn ``t``, ``g``, ``kl`` and the like into these."""


@dataclass(frozen=True, slots=True)
class AdValorem:
    """A share of the customs value."""

    rate: Fraction


@dataclass(frozen=True, slots=True)
class Specific:
    """An amount of a currency (in whole units, such as yen or euro) for one unit of quantity."""

    amount: Fraction
    currency: str
    per: str


@dataclass(frozen=True, slots=True)
class Highest:
    """The highest of several terms."""

    of: "tuple[Duty, ...]"


@dataclass(frozen=True, slots=True)
class Lowest:
    """The lowest of several terms."""

    of: "tuple[Duty, ...]"


@dataclass(frozen=True, slots=True)
class Total:
    """The sum of several terms."""

    of: "tuple[Duty, ...]"


Duty: TypeAlias = AdValorem | Specific | Highest | Lowest | Total
"""The terms of a duty rate."""

FREE: Final = AdValorem(Fraction(0))


@dataclass(frozen=True, slots=True)
class Measures:
    """How much of the goods there is, by every measure that was told.

    Attributes:
        kg: net weight; None where it was not told.
        litre: volume.
        quantity: how many of ``unit``.
        unit: one of :data:`UNITS`, or None.
    """

    kg: Fraction | None
    litre: Fraction | None
    quantity: Fraction | None
    unit: str | None

    def of(self, unit: str) -> Fraction:
        """The quantity in a unit of :data:`UNITS`.

        Raises:
            Unknown: it was not told; the name says which field would.
        """
        if unit == self.unit and self.quantity is not None:
            return self.quantity
        told = {"kg": ("net_weight_kg", self.kg), "l": ("volume_l", self.litre)}
        field, amount = told.get(unit, (f"quantity in {unit}", None))
        if amount is None:
            raise Unknown(field)
        return amount


def amount_of(
    duty: Duty, value: Fraction, measures: Measures, exchange: Callable[[str], Fraction]
) -> Fraction:
    """The duty on goods, unrounded, in the currency of ``value``.

    Args:
        duty: the terms.
        value: the customs value in whole units of the destination's currency.
        measures: the quantities of the goods.
        exchange: units of the destination's currency for one unit of another; raises
            :class:`Unknown` where it does not know.

    Raises:
        Unknown: a quantity or an exchange rate that the terms need.
    """
    if isinstance(duty, AdValorem):
        return value * duty.rate
    if isinstance(duty, Specific):
        return measures.of(duty.per) * duty.amount * exchange(duty.currency)
    amounts = [amount_of(each, value, measures, exchange) for each in duty.of]
    if isinstance(duty, Highest):
        return max(amounts)
    return min(amounts) if isinstance(duty, Lowest) else sum(amounts, Fraction(0))
