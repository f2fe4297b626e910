"""The units of quantity that a native shipment may be counted in, and what they are.

>>> unit_of("ml"), unit_of("Pairs")
(Unit(name='l', factor=Fraction(1, 1000)), Unit(name='pair', factor=Fraction(1, 1)))
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from tumen.law.duty import UNITS


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of the tariffs, and how many of it the stated unit is."""

    name: str
    factor: Fraction


PIECE: Final = Unit("piece", Fraction(1))
"""What is taken where no unit was told."""

_OTHERS: Final[Mapping[str, Unit]] = MappingProxyType(
    {
        "g": Unit("kg", Fraction(1, 1_000)),
        "t": Unit("kg", Fraction(1_000)),
        "ml": Unit("l", Fraction(1, 1_000)),
        "dozen": Unit("piece", Fraction(12)),
        "pcs": PIECE,
        "pc": PIECE,
        "pieces": PIECE,
        "pairs": Unit("pair", Fraction(1)),
        "litre": Unit("l", Fraction(1)),
        "litres": Unit("l", Fraction(1)),
    }
)
KNOWN: Final = (*sorted(UNITS), *sorted({"g", "t", "ml", "dozen"}))


def unit_of(text: str) -> Unit | None:
    """The unit that a word means; None where it is none that we know."""
    word = text if text in UNITS else text.lower()
    return Unit(word, Fraction(1)) if word in UNITS else _OTHERS.get(word)
