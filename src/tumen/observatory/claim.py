"""A claim of a study: what is said, where, and the expression that recomputes it."""

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from tumen.observatory.errors import ExpressionError
from tumen.observatory.expression import Node
from tumen.observatory.quantity import Quantity, last_digit, number_of, printed
from tumen.observatory.units import Unit
from tumen.observatory.values import Truths, Value

TRUE: Final = "true"
"""What is claimed of a comparison."""

WITHOUT_BOUND: Final = Fraction(10) ** 30
"""Beyond every printed figure: the open end of 'over' and 'up to'."""

WORDS: Final = frozenset({"exactly", "about", "nearly", "over", "up_to"})
"""How a study may qualify a number: exactly as printed, or by such a word."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim; ``node`` is None where its expression cannot be read, ``fault`` says why."""

    id: str
    says: str
    section: str
    line: int
    expression: str
    claimed: str
    unit: Unit
    word: str = "exactly"
    node: Node | None = None
    fault: ExpressionError | None = None
    file_line: int = 0

    @property
    def is_truth(self) -> bool:
        """Whether it claims that comparisons hold, not a number."""
        return self.claimed == TRUE

    @property
    def quantity(self) -> Quantity:
        """The claimed number with the room that its digits and its word leave.

        'About' leaves one step of the last digit, 'nearly' one step below, 'over' and 'up to'
        all of one side.
        """
        found = printed(self.claimed, self.unit)
        step = last_digit(self.claimed) * self.unit.scale
        match self.word:
            case "about":
                return replace(found, low=found.value - step, high=found.value + step)
            case "nearly":
                return replace(found, low=found.value - step)
            case "over":
                return replace(found, low=found.value, high=WITHOUT_BOUND)
            case "up_to":
                return replace(found, low=-WITHOUT_BOUND, high=found.value)
        return found

    def holds(self, value: Value) -> bool:
        """Whether a recomputed value can stand behind what is printed."""
        if self.is_truth:
            return isinstance(value, Truths) and value.all_hold
        if not isinstance(value, Quantity) or value.measure != self.unit.measure:
            return False
        return value.meets(self.quantity)

    def fits(self, value: Value) -> None:
        """Refuse a value of another kind than the claim's.

        Raises:
            ExpressionError: a number is claimed and none was computed, or the other way about.
        """
        if self.is_truth != isinstance(value, Truths) or not isinstance(value, Quantity | Truths):
            what = "comparisons" if self.is_truth else "one number"
            raise ExpressionError("ARGUMENTS_WRONG", f"The claim needs {what}.")

    def in_unit(self, unit: Unit) -> "Claim":
        """The same digits as if they had been printed in another unit."""
        return replace(self, unit=unit)

    def negated(self) -> "Claim":
        """The claim with the sign that may have been lost."""
        text = self.claimed.removeprefix("-") if self.claimed[0] == "-" else f"-{self.claimed}"
        return replace(self, claimed=text)

    def is_truncated(self, value: Value) -> bool:
        """Whether the digits are those of the value, cut off instead of rounded."""
        if self.is_truth or not isinstance(value, Quantity) or self.unit.is_counted:
            return False
        if value.measure != self.unit.measure:
            return False
        step = last_digit(self.claimed)
        printed_value = number_of(self.claimed)
        exact = value.value / self.unit.scale
        return abs(printed_value) <= abs(exact) < abs(printed_value) + step and (
            exact * printed_value > 0
        )
