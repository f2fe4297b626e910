"""A number as it was printed: exact, with the room that its digits leave, and its measure.

No float is used: a value is three fractions, the printed one and the two between which the
unrounded one lies. Every operation keeps the true result between its bounds.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from tumen.kernel.limits import NUMBER_DIGITS_MAX
from tumen.observatory.errors import ExpressionError
from tumen.observatory.units import PLAIN, Unit

NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?")
ROOT_DIGITS: Final = 15
"""Digits after the point to which a root is computed; its bounds hold the true one."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value with its bounds, in the base unit of its measure."""

    low: Fraction
    value: Fraction
    high: Fraction
    measure: str = PLAIN

    def __neg__(self) -> "Quantity":
        return Quantity(-self.high, -self.value, -self.low, self.measure)

    def __add__(self, other: "Quantity") -> "Quantity":
        self._same(other)
        return Quantity(
            self.low + other.low, self.value + other.value, self.high + other.high, self.measure
        )

    def __sub__(self, other: "Quantity") -> "Quantity":
        return self + -other

    def __mul__(self, other: "Quantity") -> "Quantity":
        if PLAIN not in (self.measure, other.measure):
            raise ExpressionError("UNIT_MISMATCH", f"{_pair(self, other)} cannot be multiplied.")
        ends = [a * b for a in (self.low, self.high) for b in (other.low, other.high)]
        measure = self.measure or other.measure
        return Quantity(min(ends), self.value * other.value, max(ends), measure)

    def __truediv__(self, other: "Quantity") -> "Quantity":
        if other.measure not in (PLAIN, self.measure):
            raise ExpressionError("UNIT_MISMATCH", f"{_pair(self, other)} cannot be divided.")
        if other.low <= 0 <= other.high:
            raise ExpressionError("DENOMINATOR_ZERO", "A denominator is, or may be, zero.")
        ends = [a / b for a in (self.low, self.high) for b in (other.low, other.high)]
        measure = PLAIN if other.measure == self.measure else self.measure
        return Quantity(min(ends), self.value / other.value, max(ends), measure)

    def of(self, measure: str) -> "Quantity":
        """The same number as one of another measure."""
        return replace(self, measure=measure)

    def scaled(self, factor: Fraction) -> "Quantity":
        """This many times the quantity."""
        ends = sorted((self.low * factor, self.high * factor))
        return Quantity(ends[0], self.value * factor, ends[1], self.measure)

    def meets(self, other: "Quantity") -> bool:
        """Whether one unrounded value can stand behind both."""
        return self.low <= other.high and other.low <= self.high

    def _same(self, other: "Quantity") -> None:
        if self.measure != other.measure:
            raise ExpressionError(
                "UNIT_MISMATCH", f"{_pair(self, other)} cannot be added or compared."
            )


def _pair(one: Quantity, other: Quantity) -> str:
    return f"{one.measure or 'a plain number'} and {other.measure or 'a plain number'}"


def exact(value: Fraction | int, measure: str = PLAIN) -> Quantity:
    """A number that nobody rounded."""
    value = Fraction(value)
    return Quantity(value, value, value, measure)


def last_digit(text: str) -> Fraction:
    """What one step of the last printed digit is worth.

    >>> last_digit("45.0"), last_digit("190")
    (Fraction(1, 10), Fraction(1, 1))
    """
    return Fraction(1, 10 ** len(text.partition(".")[2]))


def number_of(text: str) -> Fraction:
    """A printed number, exactly.

    Raises:
        ExpressionError: it is no number, or has too many digits.
    """
    if NUMBER.fullmatch(text) is None or len(text) > NUMBER_DIGITS_MAX or not text.isascii():
        raise ExpressionError("NUMBER_WRONG", f"{text[:NUMBER_DIGITS_MAX]!r} is no number.")
    return Fraction(text)


def printed(text: str, unit: Unit) -> Quantity:
    """A printed number in its unit: half a step of its last digit to either side.

    >>> from tumen.observatory.units import unit_of
    >>> float(printed("45.0", unit_of("percent")).low)
    0.4495
    """
    value = number_of(text)
    room = Fraction(0) if unit.is_counted else last_digit(text) / 2
    return Quantity(value - room, value, value + room, unit.measure).scaled(unit.scale)


def total(values: Iterable[Quantity]) -> Quantity:
    """The sum of quantities of one measure."""
    first, *rest = values
    for value in rest:
        first = first + value
    return first


def root(value: Quantity, degree: int) -> Quantity:
    """The positive root of a positive plain number, its bounds rounded outwards."""
    low, middle, high = (_root(part, degree) for part in (value.low, value.value, value.high))
    return Quantity(low, middle, high + Fraction(1, 10**ROOT_DIGITS), value.measure)


def _root(value: Fraction, degree: int) -> Fraction:
    """The root rounded down to ``ROOT_DIGITS``, by bisection of whole numbers."""
    target = value.numerator * 10 ** (ROOT_DIGITS * degree) // value.denominator
    low, high = 0, 1 << (target.bit_length() // degree + 1)
    while low < high:
        middle = (low + high + 1) // 2
        if middle**degree <= target:
            low = middle
        else:
            high = middle - 1
    return Fraction(low, 10**ROOT_DIGITS)


def decimal_text(value: Fraction, places: int) -> str:
    """A fraction with so many digits after the point, half away from zero.

    >>> decimal_text(Fraction(-2, 3), 2), decimal_text(Fraction(5, 2), 0)
    ('-0.67', '3')
    """
    sign = "-" if value < 0 else ""
    scaled = (abs(value) * 10**places * 2 + 1) // 2
    whole, rest = divmod(int(scaled), 10**places)
    text = f"{whole}.{rest:0{places}d}" if places else str(whole)
    return sign + text if scaled else text
