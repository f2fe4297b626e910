"""Reads what the Japanese tariff (実行関税率表) prints in a column.

    rate    = "(" rate ")" | range | minimum | choice | sum
    range   = "(" sum ")〜(" sum ")" ["又は(" sum ")"] | "(" ["一部"] sum ["〜" sum] ")"
    minimum = choice "ただしその税率が" amount "を下回る場合は" amount      (the same amount twice)
    choice  = sum "又は" sum "のうちいずれか" ("高い" | "低い") "税率"
    sum     = term ["+" term]
    term    = "無税" | number "%" | amount
    amount  = number "円/" [count] unit

Brackets in the WTO column say that the rate is not below the one it would replace; they do not
change the rate. So of a range that stands in brackets, or that holds for a part (一部) of the line,
the highest is read: like all of the range it is never applied. All else is not read, and its duty
is unknown: rates that turn on the price (差額, 課税価格) or on a further description of the goods,
ranges without brackets (〜), and rates marked ``*``, ``◎``, ``●`` or ``※``, whose conditions stand
elsewhere.

>>> read("60%又は4,800円/足のうちいずれか高い税率")
Highest(of=(AdValorem(rate=Fraction(3, 5)), Specific(amount=Fraction(4800, 1), currency='JPY', \
per='pair')))
>>> read("(5.8%)"), read("●無税〜5.8%")
(AdValorem(rate=Fraction(29, 500)), None)
"""

import re
import unicodedata
from fractions import Fraction
from typing import Final

from tumen.law.duty import FREE, AdValorem, Duty, Highest, Lowest, Specific, Total

UNITS: Final = {
    "kg": ("kg", 1),
    "MT": ("kg", 1000),
    "l": ("l", 1),
    "kl": ("l", 1000),
    "m2": ("m2", 1),
    "足": ("pair", 1),
    "頭": ("head", 1),
    "本": ("piece", 1),
    "枚": ("piece", 1),
}
"""The units of the tariff: ours, and how many of ours one of it is."""

NUMBER: Final = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
AMOUNT_TEXT: Final = rf"(?:{NUMBER})円/(?:{NUMBER})?(?:{'|'.join(UNITS)})"

PERCENT: Final = re.compile(rf"({NUMBER})%")
AMOUNT: Final = re.compile(rf"({NUMBER})円/({NUMBER})?({'|'.join(UNITS)})")
CHOICE: Final = re.compile(r"(.+)又は(.+)のうちいずれか(高|低)い税率")
MINIMUM: Final = re.compile(
    rf"(.+)ただしその税率が({AMOUNT_TEXT})を下回る場合は({AMOUNT_TEXT})",
)
BLANKS: Final = re.compile(r"[\s|]+")
BRACKETED: Final = re.compile(r"\(([^()]*)\)")
RANGE: Final = re.compile(
    r"\((?P<low>[^()〜]+)\)〜\((?P<high>[^()〜]+)\)(?:又は\((?P<other>[^()〜]+)\))?"
    r"|\((?:一部)?(?P<from>[^()〜]+)(?:〜(?P<to>[^()〜]+))?\)"
)


def read(text: str) -> Duty | None:
    """The terms of a rate; None where the text is not read."""
    compact = _compact(text)
    bracketed = BRACKETED.fullmatch(compact)
    return _minimum(bracketed[1] if bracketed else compact) or _range(compact)


def is_bracketed(text: str) -> bool:
    """Whether the tariff prints the rate in brackets, or each end of a range.

    >>> is_bracketed("(無税）"), is_bracketed("(無税)〜(3.1%)"), is_bracketed("無税〜(3.1%)")
    (True, True, False)
    """
    compact = _compact(text)
    return bool(BRACKETED.fullmatch(compact) or RANGE.fullmatch(compact))


def _compact(text: str) -> str:
    """The text in one width of letters and without blanks and breaks of lines (kept as ``|``)."""
    return BLANKS.sub("", unicodedata.normalize("NFKC", text))


def _range(text: str) -> Duty | None:
    found = RANGE.fullmatch(text)
    if found is None:
        return None
    ends = [_sum(end) for end in found.groups() if end is not None]
    terms = tuple(end for end in ends if end is not None)
    if len(terms) < len(ends):
        return None
    return terms[0] if len(terms) == 1 else Highest(terms)


def _minimum(text: str) -> Duty | None:
    found = MINIMUM.fullmatch(text)
    if found is None:
        return _choice(text)
    rate, amount = _choice(found[1]), _term(found[2])
    if rate is None or amount is None or found[2] != found[3]:
        return None
    return Highest((rate, amount))


def _choice(text: str) -> Duty | None:
    found = CHOICE.fullmatch(text)
    if found is None:
        return _sum(text)
    one, other = _sum(found[1]), _sum(found[2])
    if one is None or other is None:
        return None
    return Highest((one, other)) if found[3] == "高" else Lowest((one, other))


def _sum(text: str) -> Duty | None:
    parts = [_term(part) for part in text.split("+")]
    terms = tuple(part for part in parts if part is not None)
    if len(terms) < len(parts):
        return None
    return terms[0] if len(terms) == 1 else Total(terms)


def _term(text: str) -> Duty | None:
    if text == "無税":
        return FREE
    percent = PERCENT.fullmatch(text)
    if percent is not None:
        return AdValorem(_number(percent[1]) / 100)
    amount = AMOUNT.fullmatch(text)
    if amount is None:
        return None
    unit, factor = UNITS[amount[3]]
    return Specific(_number(amount[1]) / (_number(amount[2] or "1") * factor), "JPY", unit)


def _number(text: str) -> Fraction:
    return Fraction(text.replace(",", ""))
