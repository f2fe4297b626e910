"""Amounts in fen and rates in millionths: what the retail regime of China is counted in."""

from fractions import Fraction

from tumen.kernel.money import Rounding
from tumen.law.explanation import rounded, share_of
from tumen.law.figures import money, per_cent


def half_up(amount: Fraction) -> int:
    """To the fen, halves upward.

    >>> half_up(Fraction(5, 2)), half_up(Fraction(249, 100))
    (3, 2)
    """
    return rounded(amount, Rounding.HALF_UP)


def yuan(fen: int | Fraction) -> str:
    """An amount in yuan, for the explanation."""
    return money(fen, "CNY")


def percent(ppm: int) -> str:
    """A rate in per cent.

    >>> percent(130_000), percent(41_960)
    ('13%', '4.196%')
    """
    return per_cent(share_of(ppm))


def by_value_and_quantity(share: Fraction, specific: int) -> str:
    """The rate of a tax that falls on the value, on the quantity (so many fen), or on both.

    >>> by_value_and_quantity(Fraction(1, 5), 64), by_value_and_quantity(Fraction(0), 152)
    ('20% and 0.64 by quantity', '1.52 by quantity')
    >>> by_value_and_quantity(Fraction(13, 100), 0), by_value_and_quantity(Fraction(0), 0)
    ('13%', '0%')
    """
    if not specific:
        return per_cent(share)
    amount = f"{yuan(specific)} by quantity"
    return f"{per_cent(share)} and {amount}" if share else amount
