"""How one value of the native shipment is read, or why it cannot be.

A reader takes what JSON gave (text, number, truth) and gives the typed value, or raises
:class:`Fault` with the code of what is wrong. Decimals travel as text; a JSON number is read by
its own digits, so that no float ever stands between the seller and the law.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from numbers import Real
from types import MappingProxyType
from typing import Any, Final, TypeVar

from tumen.codelist.currencies import CURRENCY_OF, currencies
from tumen.codelist.iso_countries import countries
from tumen.kernel.limits import (
    DECIMAL_INTEGER_DIGITS_MAX,
    FIXED_POINT_DIGITS,
    LEGAL_YEAR_MAX,
    LEGAL_YEAR_MIN,
    TEXT_LENGTH_MAX,
)
from tumen.law.native.units import KNOWN, Unit, unit_of

Value = TypeVar("Value")
Reader = Callable[[object], Value]

_DECIMAL: Final = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_HS: Final = re.compile(r"[0-9]{6,10}")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")
NUMBERS_CACHED_MAX: Final = 16_384
DIGITS_CACHED_MAX: Final = 24
"""How many numbers are kept as they were read, and of how many characters at the most."""

RATE_DIGITS: Final = 12
"""Decimals of a stated exchange rate or share."""


class Fault(Exception):
    """What is wrong with one value: a code of the catalogue, and what fills its message."""

    def __init__(self, code: str, **parameters: str) -> None:
        self.code = code
        self.below = ""
        """Where in the value, such as ``.duty`` in a table of rates."""
        self.parameters: Mapping[str, str] = MappingProxyType(parameters)
        super().__init__(code)


def text(raw: object) -> str:
    """A text without control characters, not blank, within its length."""
    if not isinstance(raw, str):
        raise Fault("VALUE_NOT_TEXT", expected="text")
    if not raw.strip():
        raise Fault("FIELD_EMPTY", expected="1")
    if len(raw) > TEXT_LENGTH_MAX:
        raise Fault("TEXT_TOO_LONG", expected=str(TEXT_LENGTH_MAX))
    if not raw.isprintable():  # a text that is has neither
        _check_characters(raw)
    return raw.strip()


def _check_characters(raw: str) -> None:
    if _CONTROL.search(raw):
        raise Fault("CONTROL_CHARACTER")
    if _SURROGATE.search(raw):
        raise Fault("TEXT_NOT_UNICODE", expected="no lone surrogates")


def number(raw: object, digits: int = FIXED_POINT_DIGITS) -> Fraction:
    """An exact decimal that is not negative.

    >>> number("12.50"), number(3)
    (Fraction(25, 2), Fraction(3, 1))
    """
    written = _digits_of(raw)
    return _told(written, digits) if len(written) <= DIGITS_CACHED_MAX else _read(written, digits)


def _read(written: str, digits: int) -> Fraction:
    if not _DECIMAL.fullmatch(written):
        raise Fault("NUMBER_MALFORMED", value=written[:40], expected="a decimal number")
    whole, _, part = written.partition(".")
    whole, part = whole.lstrip("-").lstrip("0"), part.rstrip("0")
    if len(whole) > DECIMAL_INTEGER_DIGITS_MAX:
        raise Fault("NUMBER_TOO_LARGE", expected=str(DECIMAL_INTEGER_DIGITS_MAX))
    if len(part) > digits:
        raise Fault("NUMBER_TOO_PRECISE", expected=str(digits))
    units = int(whole + part or "0")
    if units and written.startswith("-"):
        raise Fault("AMOUNT_NEGATIVE", value=written)
    return Fraction(units, 10 ** len(part)) if part else Fraction(units)


_told: Final = lru_cache(maxsize=NUMBERS_CACHED_MAX)(_read)
"""Quantities and weights are told again and again."""


def _digits_of(raw: object) -> str:
    if isinstance(raw, str):
        return raw.strip()
    if isinstance(raw, bool) or not isinstance(raw, Real):
        raise Fault("NUMBER_MALFORMED", value=type(raw).__name__, expected="a decimal number")
    plain = Decimal(str(raw))
    return f"{plain:f}" if plain.is_finite() else str(raw)


def positive(raw: object) -> Fraction:
    """A decimal above zero."""
    found = number(raw)
    if not found:
        raise Fault("QUANTITY_NOT_POSITIVE", value="0")
    return found


def share(raw: object) -> Fraction:
    """A rate or an exchange rate: a decimal with up to twelve decimals."""
    return number(raw, RATE_DIGITS)


def rate(raw: object) -> Fraction:
    """An exchange rate, which is never zero."""
    found = share(raw)
    if not found:
        raise Fault("QUANTITY_NOT_POSITIVE", value="0")
    return found


def day(raw: object) -> date:
    """A day as ``YYYY-MM-DD``, from 2000 to 2100; a time behind it is not looked at."""
    try:
        found = date.fromisoformat((raw.isoformat() if isinstance(raw, date) else text(raw))[:10])
    except ValueError:
        found = None
    if found is None or not LEGAL_YEAR_MIN <= found.year <= LEGAL_YEAR_MAX:
        raise Fault("DATE_INVALID", value=str(raw)[:40], expected="YYYY-MM-DD")
    return found


def truth(raw: object) -> bool:
    """True or false."""
    if not isinstance(raw, bool):
        raise Fault("VALUE_NOT_TRUTH", value=str(raw)[:40])
    return raw


def commodity(raw: object) -> str:
    """A commodity code: 6 to 10 digits; points and blanks between them do not count."""
    if isinstance(raw, str) and _HS.fullmatch(raw):
        return raw
    written = re.sub(r"[ .]", "", text(str(raw) if isinstance(raw, int) else raw))
    if not _HS.fullmatch(written):
        raise Fault("COMMODITY_CODE_MALFORMED", value=written[:20], expected="6 to 10 digits")
    return written


def country(raw: object) -> str:
    """An ISO 3166 alpha-2 code that exists."""
    if isinstance(raw, str) and raw in countries():
        return raw
    code = text(raw).upper()
    if code not in countries():
        raise Fault("COUNTRY_UNKNOWN", value=code[:20])
    return code


def currency(raw: object) -> str:
    """An ISO 4217 code that exists."""
    if isinstance(raw, str) and raw in currencies():
        return raw
    code = text(raw).upper()
    if code not in currencies():
        raise Fault("CURRENCY_UNKNOWN", value=code[:20])
    return code


def unit(raw: object) -> Unit:
    """A unit of quantity."""
    word = text(raw)
    found = unit_of(word)
    if found is None:
        raise Fault("UNIT_UNKNOWN", value=word[:20], expected=", ".join(KNOWN))
    return found


def economy(raw: object) -> str:
    """One of the five destinations."""
    return one_of(*CURRENCY_OF)(raw.upper() if isinstance(raw, str) else raw)


def one_of(*known: str) -> Reader[str]:
    """One of some words."""

    def read(raw: object) -> str:
        if isinstance(raw, str) and raw in known:
            return raw
        word = text(raw)
        if word not in known:
            raise Fault("WORD_UNKNOWN", value=word[:40], expected=", ".join(known))
        return word

    return read


def table(raw: object, key: Reader[str], value: Reader[Any]) -> Mapping[str, Any]:
    """A table whose keys and values are read alike."""
    if not isinstance(raw, Mapping):
        raise Fault("VALUE_NOT_TABLE")
    found = {}
    for name, each in raw.items():
        try:
            found[key(name)] = value(each)
        except Fault as fault:
            fault.below = f".{str(name)[:40]}"
            raise
    return MappingProxyType(found)
