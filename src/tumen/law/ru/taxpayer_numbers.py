"""Check digits of Russian taxpayer numbers (INN) on whole columns.

A number of 10 digits has one check digit, one of 12 has two: a weighted sum of the digits before
it, modulo 11 and then 10. Of four digits at a time the sum is looked up.
"""

from collections.abc import Sequence
from functools import cache
from typing import Final

import polars as pl

SHORT, LONG = 10, 12
LIMBS: Final = (10**8, 10**4, 1)
LIMB: Final = 10**4
OF_SHORT: Final = (0, 0, 2, 4, 10, 3, 5, 9, 4, 6, 8, 0)
"""Weights of the digits, as of a number with two zeros before it."""
OF_LONG: Final = (7, 2, 4, 10, 3, 5, 9, 4, 6, 8, 0, 0)
OF_LONG_LAST: Final = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8, 0)


def checked(numbers: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Where a text has the form of a taxpayer number, and where it then is none.

    Args:
        numbers: texts without blanks around them, or null.

    >>> [each.to_list() for each in checked(pl.Series(["500100732259", "500100732258", "7", None]))]
    [[True, True, False, False], [False, True, False, False]]
    """
    if numbers.null_count() == len(numbers):
        nowhere = pl.repeat(False, len(numbers), eager=True)
        return nowhere, nowhere
    text = pl.col("text")
    length = text.str.len_bytes()
    is_signed = text.str.starts_with("+") | text.str.starts_with("-")
    value = text.cast(pl.Int64, strict=False)
    is_told = (value.is_not_null() & length.is_in([SHORT, LONG]) & ~is_signed).fill_null(False)
    found = pl.DataFrame({"text": numbers}).select(
        is_told.alias("is_told"), (length == LONG).alias("is_long"), value.alias("value")
    )
    told = found.filter("is_told")
    if told.is_empty():
        return found["is_told"], found["is_told"]
    wrong = pl.Series("wrong", [False]).new_from_index(0, len(numbers))
    places = found["is_told"].arg_true()
    return found["is_told"], wrong.scatter(places, ~_is_right(told))


def _is_right(told: pl.DataFrame) -> pl.Series:
    """Whether the check digits are those of the other digits."""
    number = told["value"]
    limbs = [number // limb % LIMB for limb in LIMBS]
    last = number % 10
    short = _check_digit(limbs, OF_SHORT) == last
    before = _check_digit(limbs, OF_LONG) == number // 10 % 10
    long = before & (_check_digit(limbs, OF_LONG_LAST) == last)
    right = pl.when(pl.col("is_long")).then(pl.col("long")).otherwise(pl.col("short"))
    sides = pl.DataFrame({"is_long": told["is_long"], "long": long, "short": short})
    return sides.select(right.alias("right")).to_series()


def _check_digit(limbs: Sequence[pl.Series], weights: tuple[int, ...]) -> pl.Series:
    first, second, third = (
        _sums(weights[place : place + 4]).gather(limb)
        for place, limb in zip((0, 4, 8), limbs, strict=True)
    )
    return (first + second + third) % 11 % 10


@cache
def _sums(weights: tuple[int, ...]) -> pl.Series:
    """The weighted sums of the digits of every number of four digits."""
    return pl.Series(
        [
            sum(w * int(digit) for w, digit in zip(weights, f"{n:04}", strict=True))
            for n in range(LIMB)
        ],
        dtype=pl.Int64,
    )
