"""Units as they are printed: a scale and a measure. Percent and times are one measure."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from tumen.observatory.errors import ExpressionError

SCALES: Final = {
    "thousand": 10**3,
    "10 thousand": 10**4,
    "million": 10**6,
    "100 million": 10**8,
    "billion": 10**9,
    "trillion": 10**12,
}
"""The words for powers of ten; 100 million is the yi of Chinese, Japanese and Korean tables."""

PLAIN: Final = ""
"""The measure of a number without one: a share, a rate of growth, a ratio."""

POINTS: Final = "points"
"""The measure of a difference of two percentages."""

COUNTED: Final = frozenset({"rank", "enterprises", "persons", "vacancies"})
"""Measures whose printed values are exact: nothing was rounded in a count."""

COUNT: Final = "count"
"""The unit of what was counted by the expression itself."""

_PLAIN_SCALES: Final = {"percent": Fraction(1, 100), "times": Fraction(1), COUNT: Fraction(1)}


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: what is measured, and how much of it the number one stands for."""

    text: str
    measure: str
    scale: Fraction

    @property
    def is_counted(self) -> bool:
        """Whether a printed value of it is exact."""
        return self.measure in COUNTED or self.text == COUNT


def unit_of(text: str) -> Unit:
    """Read a unit such as ``billion USD``, ``percent`` or ``per 100 inhabitants``.

    >>> unit_of("100 million USD").scale, unit_of("percent").measure
    (Fraction(100000000, 1), '')

    Raises:
        ExpressionError: there is no unit in the text.
    """
    text = text.strip()
    if text in _PLAIN_SCALES:
        return Unit(text, PLAIN, _PLAIN_SCALES[text])
    if text == POINTS:
        return Unit(text, POINTS, Fraction(1, 100))
    for word, scale in SCALES.items():
        if text.startswith(f"{word} "):
            return Unit(text, text.removeprefix(f"{word} "), Fraction(scale))
    if not text or text[0].isdigit():
        raise ExpressionError("UNIT_UNKNOWN", f"{text!r} is no unit.")
    return Unit(text, text, Fraction(1))
