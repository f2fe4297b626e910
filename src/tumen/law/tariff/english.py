"""Writes the terms of a rate in plain English, for the reader of an answer.

>>> from tumen.law.tariff import plain
>>> written(plain.read("max(30%, 4300 JPY/pair)"))
'30% or 4,300 JPY/pair, whichever is higher'
>>> written(plain.read("5% + 0.4 EUR/kg"))
'5% plus 0.4 EUR/kg'
"""

from tumen.law.duty import AdValorem, Duty, Highest, Specific, Total
from tumen.law.figures import decimal, per_cent


def written(duty: Duty) -> str:
    """The terms in words."""
    if isinstance(duty, AdValorem):
        return per_cent(duty.rate)
    if isinstance(duty, Specific):
        return f"{decimal(duty.amount)} {duty.currency}/{duty.per}"
    parts = [_part(each) for each in duty.of]
    if isinstance(duty, Total):
        return " plus ".join(parts)
    degree = "higher" if isinstance(duty, Highest) else "lower"
    return f"{' or '.join(parts)}, whichever is {degree}"


def _part(duty: Duty) -> str:
    """A part of several: in brackets where it has parts itself."""
    text = written(duty)
    return text if isinstance(duty, AdValorem | Specific) else f"({text})"
