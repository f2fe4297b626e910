"""Integer arithmetic of money: one function does every product and quotient.

Amounts are int64 in minor units, quantities and unit prices int64 at scale 10^5, rates
int64 in millionths (:data:`tumen.kernel.limits.RATE_SCALE`). Polars wraps silently when a
product leaves int64, so no bare ``*`` or ``//`` is written in the vectorised law: a tidy
test forbids it. ``mul_div`` keeps every intermediate below 2^63 while

* ``|a| <= 2^62``, ``0 <= b``, ``0 < c``, and ``b * c <= 2^62`` (checked against named limits
  by the callers' tests), and the result itself fits.
"""

from enum import Enum
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import narwhals as nw

Integer = TypeVar("Integer", int, "nw.Expr")


class Rounding(Enum):
    """How a quotient becomes an integer. The law names one for each amount, with its article."""

    DOWN = "down"
    """Towards zero on non-negative amounts: truncate."""
    HALF_UP = "half_up"
    """To the nearest, halves away from zero on non-negative amounts."""
    UP = "up"
    """To the next integer."""


def mul_div(a: Integer, b: Integer, c: Integer, rounding: Rounding) -> Integer:
    """``a * b / c`` as an integer, with no intermediate above ``2^63``.

    Splits ``a = q * c + r``, so that the product of the remainder is below ``c * b`` and the
    product of the quotient is below the result.

    Args:
        a: a non-negative amount or quantity; an ``int`` or a Narwhals expression of int64.
        b: a non-negative multiplier, such as a rate.
        c: a positive divisor, such as the scale of the rate.
        rounding: what becomes of the remainder.

    Returns:
        The rounded quotient, of the same kind as ``a``.

    >>> mul_div(2999, 130_000, 1_000_000, Rounding.HALF_UP)
    390
    >>> mul_div(10**17, 999_999, 1_000_000, Rounding.DOWN)
    99999900000000000
    """
    whole = (a // c) * b
    part = (a % c) * b
    if rounding is Rounding.HALF_UP:
        part = part + c // 2
    elif rounding is Rounding.UP:
        part = part + (c - 1)
    return whole + part // c
