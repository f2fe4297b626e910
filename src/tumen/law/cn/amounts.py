"""Amounts and rates of the Chinese law as a reader knows them: yuan and per cent."""

from fractions import Fraction
from math import floor

from tumen.kernel.limits import RATE_SCALE

FEN_PER_YUAN = 100


def half_up(amount: Fraction) -> int:
    """To the fen, halves upward.

    >>> half_up(Fraction(5, 2)), half_up(Fraction(249, 100))
    (3, 2)
    """
    return floor(amount + Fraction(1, 2))


def yuan(fen: int | Fraction) -> str:
    """An amount in yuan, for the explanation.

    >>> yuan(123456), yuan(5)
    ('1234.56', '0.05')
    """
    whole, part = divmod(floor(fen), FEN_PER_YUAN)
    return f"{whole}.{part:02d}"


def percent(ppm: int) -> str:
    """A rate in per cent, for the explanation.

    >>> percent(130_000), percent(41_960)
    ('13%', '4.196%')
    """
    whole, part = divmod(ppm, RATE_SCALE // 100)
    return f"{whole}.{part:04d}".rstrip("0").rstrip(".") + "%"


def percent_of(share: Fraction) -> str:
    """The same of an exact share; one finer than a millionth is shown as a quotient.

    >>> percent_of(Fraction(13, 100)), percent_of(Fraction(1, 3))
    ('13%', '100/3%')
    """
    ppm = share * RATE_SCALE
    return percent(int(ppm)) if ppm.denominator == 1 else f"{share * 100}%"
