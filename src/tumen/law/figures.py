"""How the explanation writes amounts, rates and quantities."""

from fractions import Fraction
from math import floor
from typing import Final

MINOR_UNITS: Final = 100
"""Kopeks of a rouble, mongo of a tugrik, cents of a euro."""

PLACES: Final = 4


def whole_units(minor: int) -> str:
    """An amount of minor units, in whole ones.

    >>> whole_units(123456), whole_units(5), whole_units(-1)
    ('1234.56', '0.05', '-0.01')
    """
    whole, part = divmod(abs(minor), MINOR_UNITS)
    return f"{'-' if minor < 0 else ''}{whole}.{part:02d}"


def per_cent(rate: Fraction) -> str:
    """A share in per cent.

    >>> per_cent(Fraction(15, 100)), per_cent(Fraction(35, 1000))
    ('15%', '3.5%')
    """
    return f"{decimal(rate * 100)}%"


def decimal(amount: Fraction) -> str:
    """A number in decimals; with a sign of approximation where four of them do not hold it.

    >>> decimal(Fraction(21, 2)), decimal(Fraction(200)), decimal(Fraction(2, 3))
    ('10.5', '200', '≈0.6667')
    """
    scaled = amount * 10**PLACES
    whole, part = divmod(floor(scaled + Fraction(1, 2)), 10**PLACES)
    digits = f"{whole}.{part:0{PLACES}d}".rstrip("0").rstrip(".")
    return digits if scaled.denominator == 1 else f"≈{digits}"
