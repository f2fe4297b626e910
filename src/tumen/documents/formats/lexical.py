"""How numbers are written: the plain way, read a column at a time, and every other way.

The lexical rules are those of XML Schema, for all forms: an optional sign, digits, a point,
digits; white space around it does not count; no exponent.
"""

import re
from typing import Final

import polars as pl

from tumen.kernel.limits import DECIMAL_INTEGER_DIGITS_MAX, FIXED_POINT_DIGITS

_PLAIN: Final = (
    rf"^-?[0-9]{{1,{DECIMAL_INTEGER_DIGITS_MAX}}}(?:\.[0-9]{{1,{FIXED_POINT_DIGITS}}})?$"
)
"""A decimal that fits, as nearly all are written."""

NumberFault = tuple[str, str | None]
"""A code and what was expected."""

_DECIMAL: Final = re.compile(r"([+-]?)([0-9]*)(?:\.([0-9]*))?")
_INTEGER: Final = re.compile(r"([+-]?)([0-9]+)")
_INTEGER_DIGITS_MAX: Final = 10
_NINE_DIGITS: Final = 999_999_999
_XML_SPACE: Final = " \t\r\n"
_INT32: Final = range(-(2**31), 2**31)


def plain_decimals(texts: pl.Series) -> pl.Series:
    """Plainly written decimals as int64 at scale 10^5; null where not plain."""
    plain = texts.str.contains(_PLAIN)
    if not plain.all():
        texts = texts.zip_with(plain, pl.Series([None], dtype=pl.String))
    return texts.cast(pl.Decimal(20, FIXED_POINT_DIGITS)).to_physical().cast(pl.Int64)


def plain_integers(texts: pl.Series) -> pl.Series:
    """Plainly written whole numbers of up to nine digits as int32; null where not plain."""
    numbers = texts.cast(pl.Int32, strict=False)
    least, most = numbers.min(), numbers.max()
    if isinstance(least, int) and isinstance(most, int) and max(most, -least) > _NINE_DIGITS:
        return numbers.set((numbers > _NINE_DIGITS) | (numbers < -_NINE_DIGITS), None)
    return numbers


def odd_decimal(text: str) -> int | NumberFault:
    """A decimal as XML Schema writes it, at scale 10^5, or its fault.

    >>> odd_decimal("+.50"), odd_decimal("007."), odd_decimal("1e3")
    (50000, 700000, ('NUMBER_MALFORMED', 'a decimal number'))
    """
    read = _DECIMAL.fullmatch(text.strip(_XML_SPACE))
    if read is None or not (read[2] or read[3]):
        return "NUMBER_MALFORMED", "a decimal number"
    whole, part = read[2].lstrip("0"), (read[3] or "").rstrip("0")
    if len(whole) > DECIMAL_INTEGER_DIGITS_MAX:
        return "NUMBER_TOO_LARGE", str(DECIMAL_INTEGER_DIGITS_MAX)
    if len(part) > FIXED_POINT_DIGITS:
        return "NUMBER_TOO_PRECISE", str(FIXED_POINT_DIGITS)
    return int(read[1] + (whole + part.ljust(FIXED_POINT_DIGITS, "0")))


def odd_integer(text: str, digits_max: int | None) -> int | NumberFault:
    """A 32-bit integer as XML Schema writes it, or its fault.

    >>> odd_integer("+0012", 9), odd_integer("2147483648", None)
    (12, ('INTEGER_TOO_LARGE', '2147483647'))
    """
    read = _INTEGER.fullmatch(text.strip(_XML_SPACE))
    if read is None:
        return "INTEGER_MALFORMED", "a whole number"
    digits = read[2].lstrip("0") or "0"
    if digits_max is not None and len(digits) > digits_max:
        return "INTEGER_TOO_LARGE", "9" * digits_max
    if len(digits) > _INTEGER_DIGITS_MAX or int(read[1] + digits) not in _INT32:
        return "INTEGER_TOO_LARGE", str(_INT32[-1])
    return int(read[1] + digits)
