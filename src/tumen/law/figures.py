"""How answers write amounts, rates and quantities; in the explanation and as plain texts."""

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from math import floor, prod
from typing import Final

from tumen.codelist.currencies import currency

MINOR_UNITS: Final = 100
"""The most minor units that a unit of one of the five currencies has."""

PLACES: Final = 4
SCALE: Final = 10**PLACES

RATES_CACHED_MAX: Final = 4_096
"""Shares of which the text in per cent is kept."""


def total_of(amounts: Sequence[Fraction]) -> Fraction:
    """The exact sum of some amounts, most of which are nothing or stand alone.

    >>> total_of([Fraction(1, 2), Fraction(0), Fraction(1, 3)]), total_of([])
    (Fraction(5, 6), Fraction(0, 1))
    """
    told = [each for each in amounts if each]
    return told[0] if len(told) == 1 else sum(told, Fraction(0))


def product_of(*factors: Fraction) -> Fraction:
    """The exact product of some numbers, brought to its lowest terms once.

    >>> product_of(Fraction(2, 3), Fraction(3, 4), Fraction(5))
    Fraction(5, 2)
    """
    above = prod([each.numerator for each in factors])
    return Fraction(above, prod([each.denominator for each in factors]))


def amount_text(minor: int | None, digits: int) -> str | None:
    """An amount of minor units as a decimal text without marks, for machines.

    >>> amount_text(1234, 2), amount_text(1234, 0), amount_text(-5, 2), amount_text(None, 2)
    ('12.34', '1234', '-0.05', None)
    """
    if minor is None:
        return None
    if not digits:
        return f"{minor}"
    text = f"{abs(minor):0{digits + 1}d}"
    return f"{'-' if minor < 0 else ''}{text[:-digits]}.{text[-digits:]}"


def plain_amount(minor: int | None, code: str) -> str | None:
    """An amount of minor units in whole units of a currency, without marks, for machines.

    >>> plain_amount(-1234, "CNY"), plain_amount(1234, "KRW")
    ('-12.34', '1234')
    """
    return amount_text(minor, currency(code).minor_digits)


def money(minor: int | Fraction, code: str) -> str:
    """An amount of minor units in whole units of a currency; what is less than a unit is cut.

    >>> money(123456, "CNY"), money(5, "RUB"), money(1234567, "KRW"), money(Fraction(5, 2), "JPY")
    ('1,234.56', '0.05', '1,234,567', '2')
    """
    one = currency(code)
    whole, part = divmod(floor(minor), one.minor_units)
    return f"{whole:,}.{part:0{one.minor_digits}d}" if one.minor_digits else f"{whole:,}"


def per_cent(rate: Fraction) -> str:
    """A share in per cent.

    >>> per_cent(Fraction(15, 100)), per_cent(Fraction(35, 1000)), per_cent(Fraction(1, 3))
    ('15%', '3.5%', '≈33.3333%')
    """
    return _per_cent(rate.numerator, rate.denominator)


@lru_cache(maxsize=RATES_CACHED_MAX)
def _per_cent(above: int, below: int) -> str:
    """The same; of two numbers, for those are found sooner than a fraction."""
    return f"{decimal(Fraction(above * 100, below))}%"


def decimal(amount: int | Fraction, parts: int = 1) -> str:
    """A number in decimals; with a sign of approximation where four of them do not hold it.

    Args:
        amount: the number.
        parts: of how many it is told in one, as cents are of a dollar.

    >>> decimal(Fraction(21, 2)), decimal(Fraction(4300)), decimal(Fraction(2, 3))
    ('10.5', '4,300', '≈0.6667')
    >>> decimal(1050, 100)
    '10.5'
    """
    above, below = amount.numerator * SCALE, amount.denominator * parts
    whole, part = divmod((2 * above + below) // (2 * below), SCALE)
    digits = f"{whole:,}.{part:0{PLACES}d}".rstrip("0").rstrip(".")
    return f"≈{digits}" if above % below else digits
