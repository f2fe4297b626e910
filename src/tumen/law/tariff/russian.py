"""Reads what the Common Customs Tariff of the EAEU (ЕТТ ЕАЭС) prints as a rate.

    rate   = percent
           | amount
           | percent ", но не менее" amount                                   the higher
           | percent "плюс" amount                                            the sum
           | percent ", либо" percent ", но не менее" amount ", в зависимости от того, какая
             из исчисленных сумм таможенной пошлины ниже"                     the lower
    amount = number ("евро" | "долларов США") "за" count unit

A percentage stands without its sign. A rate that runs into the number of a footnote (``5С)``
after a digit) is not read: where the one ends and the other begins cannot be told.

>>> read("5 плюс 0,4 евро за 1 кг")
Total(of=(AdValorem(rate=Fraction(1, 20)), Specific(amount=Fraction(2, 5), currency='EUR', \
per='kg')))
>>> read("10"), read("5114С)")
(AdValorem(rate=Fraction(1, 10)), None)
"""

import re
import unicodedata
from fractions import Fraction
from typing import Final

from tumen.law.duty import AdValorem, Duty, Highest, Lowest, Specific, Total

UNITS: Final = {
    "кг": "kg",
    "л": "l",
    "пару": "pair",
    "шт": "piece",
    "м2": "m2",
    "см3 объема двигателя": "cm3",
}
"""The units of the tariff and ours; a rate per ``см3 объема двигателя`` counts engine volume."""

NUMBER: Final = r"\d+(?:,\d+)?"
AMOUNT: Final = re.compile(
    rf"({NUMBER}) (евро|доллар(?:а|ов)? США) за (\d+) ({'|'.join(UNITS)})",
)
PERCENT: Final = re.compile(NUMBER)
AT_LEAST: Final = re.compile(r"(.+?), но не менее (.+)")
PLUS: Final = re.compile(r"(.+?) плюс (.+)")
LOWER: Final = re.compile(
    r"(.+?), либо (.+?, но не менее .+?), в зависимости от того, "
    r"какая из исчисленных сумм таможенной пошлины ниже",
)


def read(text: str) -> Duty | None:
    """The terms of a rate; None where the text is not read."""
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    lower = LOWER.fullmatch(plain)
    if lower is None:
        return _combined(plain)
    one, other = _percent(lower[1]), _combined(lower[2])
    return None if one is None or other is None else Lowest((one, other))


def _combined(text: str) -> Duty | None:
    at_least, plus = AT_LEAST.fullmatch(text), PLUS.fullmatch(text)
    found = at_least or plus
    if found is None:
        return _percent(text) or _amount(text)
    percent, amount = _percent(found[1]), _amount(found[2])
    if percent is None or amount is None:
        return None
    return Highest((percent, amount)) if at_least else Total((percent, amount))


def _percent(text: str) -> Duty | None:
    return AdValorem(_number(text) / 100) if PERCENT.fullmatch(text) else None


def _amount(text: str) -> Duty | None:
    found = AMOUNT.fullmatch(text)
    if found is None:
        return None
    currency = "EUR" if found[2] == "евро" else "USD"
    return Specific(_number(found[1]) / int(found[3]), currency, UNITS[found[4]])


def _number(text: str) -> Fraction:
    return Fraction(text.replace(",", "."))
