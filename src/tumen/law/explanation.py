"""The explanation of an assessment: one step for each number, one citation for each step.

A step keeps how its numbers are told, and they are worded when somebody reads them: of most
assessments nobody asks for the explanation, and of several regimes that of one is told.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Final, TypeAlias

from tumen.kernel.errors import LawError
from tumen.kernel.limits import RATE_SCALE
from tumen.kernel.money import Rounding
from tumen.law.parameters import VERIFIED, Value, value_at


class Unknown(Exception):
    """Something that a charge needs is not known; carries its name. Never answered by zero."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(name)


Wording: TypeAlias = str | Callable[[], str]
"""A text, or what words it when it is read."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the explanation.

    Attributes:
        code: what is found, such as ``customs_value``.
        item: the item's place, 0-based; None for the whole shipment.
        formula: the rule in symbols.
        told: the rule with this case's numbers, and its result.
        citation: instrument and article.
    """

    code: str
    item: int | None
    formula: str
    told: Wording
    citation: str

    @property
    def numbers(self) -> str:
        """What is told, in words."""
        return self.told if isinstance(self.told, str) else self.told()


@dataclass(slots=True)
class Explanation:
    """Collects the steps of one assessment, and the parameters that it rested on.

    Attributes:
        day: the legal date; every parameter is asked for on it.
        steps: in the order of the computation.
        used: every value that was asked for, by its parameter's name.
    """

    day: date
    steps: list[Step] = field(default_factory=list)
    used: dict[str, Value] = field(default_factory=dict)

    def value(self, name: str) -> Value:
        """A parameter on the shipment's day.

        Raises:
            Unknown: the law holds none on that day; carries the parameter's name.
        """
        found = self.used.get(name)
        if found is None:
            try:
                found = value_at(name, self.day)
            except LawError as error:
                raise Unknown(name) from error
            self.used[name] = found
        return found

    def number(self, name: str) -> int:
        """The same, as an integer in the parameter's unit."""
        return self.value(name).integer

    def share(self, name: str) -> Fraction:
        """The same, of a parameter in ``ppm``, as an exact share."""
        return share_of(self.number(name))

    def cite(self, name: str) -> str:
        """The citation of a parameter on the day; see :meth:`value` for the error."""
        return self.value(name).citation

    def holds(self, name: str) -> bool:
        """Whether the law holds a parameter on the day; where it does, it counts as used."""
        try:
            self.value(name)
        except Unknown:
            return False
        return True

    def rounded(self, name: str, amount: Fraction, unit: int = 1) -> int:
        """An amount rounded as a parameter with the unit ``rounding`` says.

        Args:
            name: the parameter whose value is ``down``, ``half_up`` or ``up``.
            amount: a non-negative amount in minor units.
            unit: round to whole multiples of this many minor units.
        """
        return rounded(amount, ROUNDINGS[self.value(name).value], unit)

    def say(self, code: str, item: int | None, formula: str, told: Wording, citation: str) -> None:
        """Add a step; what it tells may be worded later, so that nothing in it may change."""
        self.steps.append(Step(code, item, formula, told, without_dash(citation)))

    def unverified(self) -> list[str]:
        """The parameters used whose evidence is below ``confirmed``, by name."""
        return sorted([name for name, each in self.used.items() if each.evidence not in VERIFIED])


ROUNDINGS: Final[Mapping[object, Rounding]] = {each.value: each for each in Rounding}
"""What the word of a parameter with the unit ``rounding`` says."""

SHARES_CACHED_MAX: Final = 4_096
"""Rates of the law that are kept as exact shares."""


@lru_cache(maxsize=SHARES_CACHED_MAX)
def share_of(ppm: int) -> Fraction:
    """A rate in millionths as an exact share.

    >>> share_of(130_000)
    Fraction(13, 100)
    """
    return Fraction(ppm, RATE_SCALE)


def without_dash(citation: str) -> str:
    """A citation whose article is not known: the instrument alone.

    >>> without_dash("Act, 3; Order, —"), without_dash("Act, —; Order, 1")
    ('Act, 3; Order', 'Act; Order, 1')
    """
    return citation.replace(", —", "")


CITED_CACHED_MAX: Final = 4_096
"""Citations of a charge that are kept in their last form."""


@lru_cache(maxsize=CITED_CACHED_MAX)
def each_once(citations: tuple[str, ...]) -> tuple[str, ...]:
    """Citations without those told before, and without articles that are not known.

    >>> each_once(("Act, 3", "Order, —", "Act, 3"))
    ('Act, 3', 'Order')
    """
    return tuple(dict.fromkeys(without_dash(each) for each in citations))


def rounded(amount: Fraction, rounding: Rounding, unit: int = 1) -> int:
    """An amount rounded to whole multiples of a unit.

    >>> rounded(Fraction(1599, 10), Rounding.DOWN, 100), rounded(Fraction(5, 2), Rounding.HALF_UP)
    (100, 3)
    """
    above, below = amount.numerator, amount.denominator * unit
    if rounding is Rounding.HALF_UP:
        return (2 * above + below) // (2 * below) * unit
    return (-(-above // below) if rounding is Rounding.UP else above // below) * unit
