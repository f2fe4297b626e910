"""A notation of rates of our own, for tables without one: ``8%``, ``max(10%, 2.25 EUR/kg)``.

    rate   = term {"+" term}
    term   = "free" | number "%" | amount | ("max" | "min") "(" rate {"," rate} ")"
    amount = number CURRENCY "/" [count] unit

A number has a point before its decimals and no other mark. The units are those of
:data:`tumen.law.duty.UNITS`, and ``t``, ``g`` and ``kl``.

>>> write(read("min(15%, max(12.5%, 600 EUR/1000 cm3))"))
'min(15%, max(12.5%, 0.6 EUR/cm3))'
>>> read("8,5%") is None, write(read("free"))
(True, '0%')
"""

import re
from fractions import Fraction
from typing import Final

from tumen.law.duty import UNITS, AdValorem, Duty, Highest, Lowest, Specific, Total

CONVERTED: Final = {"t": ("kg", Fraction(1000)), "g": ("kg", Fraction(1, 1000))} | {
    "kl": ("l", Fraction(1000))
}
"""Units that are turned into others of ours, and how many of those one of them is."""

DEPTH_MAX: Final = 8
"""How deep ``max`` and ``min`` may stand in one another."""

NUMBER: Final = r"\d+(?:\.\d+)?"
PERCENT: Final = re.compile(rf"({NUMBER}) ?%")
AMOUNT: Final = re.compile(
    rf"({NUMBER}) ?([A-Z]{{3}}) ?/ ?({NUMBER})? ?({'|'.join(sorted(UNITS | set(CONVERTED)))})"
)
CALL: Final = re.compile(r"(max|min)\((.+)\)")


def read(text: str) -> Duty | None:
    """The terms of a rate in the notation; None where it is none."""
    return _rate(text.strip(), DEPTH_MAX)


def write(duty: Duty) -> str:
    """The terms in the notation; :func:`read` gives the same terms back."""
    if isinstance(duty, AdValorem):
        return f"{decimal(duty.rate * 100)}%"
    if isinstance(duty, Specific):
        return f"{decimal(duty.amount)} {duty.currency}/{duty.per}"
    parts = [write(each) for each in duty.of]
    if isinstance(duty, Total):
        return " + ".join(parts)
    return f"{'max' if isinstance(duty, Highest) else 'min'}({', '.join(parts)})"


def decimal(number: Fraction) -> str:
    """A number in full, with a point before its decimals; a fraction where they have no end.

    >>> decimal(Fraction(29, 5)), decimal(Fraction(4800)), decimal(Fraction(1, 3))
    ('5.8', '4800', '1/3')
    """
    places, scaled = 0, number
    while scaled.denominator % 2 == 0 or scaled.denominator % 5 == 0:
        scaled, places = scaled * 10, places + 1
    if scaled.denominator > 1:
        return str(number)
    digits = str(scaled.numerator).rjust(places + 1, "0")
    return f"{digits[:-places]}.{digits[-places:]}" if places else digits


def _rate(text: str, depth: int) -> Duty | None:
    parts = [_term(part.strip(), depth) for part in _split(text, "+")]
    terms = tuple(part for part in parts if part is not None)
    if len(terms) < len(parts):
        return None
    return terms[0] if len(terms) == 1 else Total(terms)


def _term(text: str, depth: int) -> Duty | None:
    if text == "free":
        return AdValorem(Fraction(0))
    percent = PERCENT.fullmatch(text)
    if percent is not None:
        return AdValorem(Fraction(percent[1]) / 100)
    call = CALL.fullmatch(text)
    return _amount(text) if call is None else _call(call[1], call[2], depth - 1)


def _call(name: str, text: str, depth: int) -> Duty | None:
    if depth == 0:
        return None
    parts = [_rate(part.strip(), depth) for part in _split(text, ",")]
    terms = tuple(part for part in parts if part is not None)
    if len(terms) < len(parts) or len(terms) < 2:
        return None
    return Highest(terms) if name == "max" else Lowest(terms)


def _amount(text: str) -> Duty | None:
    found = AMOUNT.fullmatch(text)
    if found is None:
        return None
    count = Fraction(found[3] or "1")
    unit, factor = CONVERTED.get(found[4], (found[4], Fraction(1)))
    return Specific(Fraction(found[1]) / (count * factor), found[2], unit) if count else None


def _split(text: str, mark: str) -> list[str]:
    """The parts between the marks that stand outside all brackets."""
    parts, depth = [""], 0
    for letter in text:
        depth += (letter == "(") - (letter == ")")
        if letter == mark and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return parts
