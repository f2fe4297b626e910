"""One form for all duty rates of the Japanese tariff, so that one expression computes each.

    duty = max(min(low x B, cap x Q), rate x B + amount x Q)

B is the base in whole thousands of yen, Q the quantity. Of a rate by value only ``rate`` is set;
of the higher of a rate by value and an amount ``low`` and ``amount``; of the lower of both ``low``
and ``cap``; of a sum ``rate`` and ``amount``. What does not fit has no form, and the scalar law
answers.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from tumen.law.duty import AdValorem, Duty, Highest, Specific, Total

NOTHING: Final = Fraction(0)
YEN: Final = "JPY"


@dataclass(frozen=True, slots=True)
class Form:
    """The parts of a rate; see the top of this module.

    Attributes:
        low, rate: shares of the base.
        cap, amount: yen for one unit of quantity; no ``cap`` is no limit to ``low``.
        per: the unit; None where no quantity is asked for.
    """

    low: Fraction = NOTHING
    cap: Fraction | None = None
    rate: Fraction = NOTHING
    amount: Fraction = NOTHING
    per: str | None = None

    @property
    def is_by_value(self) -> bool:
        """Whether it is one share of the base."""
        return self.per is None and not self.low

    @property
    def is_by_quantity(self) -> bool:
        """Whether it is one amount for a unit."""
        return self.per is not None and not self.low and not self.rate

    @property
    def is_sum(self) -> bool:
        """Whether it is a share, an amount, or both together."""
        return not self.low


FREE: Final = Form()


def form_of(duty: Duty) -> Form | None:
    """The form of a rate; None where it has none.

    >>> form_of(Highest((AdValorem(Fraction(3, 5)), Specific(Fraction(4800), "JPY", "pair"))))
    Form(low=Fraction(3, 5), cap=None, rate=Fraction(0, 1), amount=Fraction(4800, 1), per='pair')
    """
    if isinstance(duty, AdValorem):
        return Form(rate=duty.rate)
    if isinstance(duty, Specific):
        return Form(amount=duty.amount, per=duty.per) if duty.currency == YEN else None
    found = [form_of(each) for each in duty.of]
    parts = [each for each in found if each is not None]
    if len(parts) < len(found) or not _is_of_one_unit(parts):
        return None
    if isinstance(duty, Total):
        return _sum(parts)
    return _highest(parts) if isinstance(duty, Highest) else _lowest(parts)


def _is_of_one_unit(parts: Iterable[Form]) -> bool:
    return len({each.per for each in parts} - {None}) <= 1


def _unit(parts: Iterable[Form]) -> str | None:
    return next((each.per for each in parts if each.per is not None), None)


def _sum(parts: list[Form]) -> Form | None:
    if not all(each.is_sum for each in parts):
        return None
    rate = sum((each.rate for each in parts), NOTHING)
    amount = sum((each.amount for each in parts), NOTHING)
    return Form(rate=rate, amount=amount, per=_unit(parts))


def _lowest(parts: list[Form]) -> Form | None:
    """Of shares the lowest, of amounts the lowest; of both a share with a cap."""
    rates = [each.rate for each in parts if each.is_by_value]
    amounts = [each.amount for each in parts if each.is_by_quantity]
    if len(rates) + len(amounts) < len(parts):
        return None
    if not amounts:
        return Form(rate=min(rates))
    if not rates:
        return Form(amount=min(amounts), per=_unit(parts))
    return Form(low=min(rates), cap=min(amounts), per=_unit(parts))


def _highest(parts: list[Form]) -> Form | None:
    """Of shares the highest, beside one other part at most."""
    rates = [each for each in parts if each.is_by_value]
    others = [each for each in parts if not each.is_by_value]
    share = max((each.rate for each in rates), default=NOTHING)
    if not others:
        return Form(rate=share)
    other: Form | None = FREE
    for each in others:
        other = None if other is None else _higher(other, each)
    if other is None or (share and other.low):
        return None
    return replace(other, low=share) if share else other


def _higher(one: Form, other: Form) -> Form | None:
    """The higher of two parts that turn on a quantity."""
    if one == FREE:
        return other
    if one.is_by_quantity and other.is_by_quantity:
        return max(one, other, key=lambda each: each.amount)
    for capped, flat in ((one, other), (other, one)):
        if capped.cap is not None and not capped.amount and flat.is_by_quantity:
            return replace(capped, amount=flat.amount)
    return None
