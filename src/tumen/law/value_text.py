"""How the values of the law read: amounts in whole units of their currency, shares in per cent."""

from fractions import Fraction
from typing import Final

from tumen.kernel.limits import RATE_SCALE
from tumen.law.figures import MINOR_UNITS, per_cent
from tumen.law.parameters import Bracket, Scalar

_WITH_MINOR_UNITS: Final = {
    "fen": "CNY", "kopek": "RUB", "mongo": "MNT", "cent": "USD", "eurocent": "EUR",
}  # fmt: skip
_WITHOUT: Final = {"yen": "JPY", "won": "KRW"}


def shown(value: Scalar | tuple[Bracket, ...], unit: str) -> str:
    """A value in words and figures.

    >>> shown(500_000, "fen"), shown(10_000, "yen"), shown(78_000, "ppm"), shown(1_000, "fen/g")
    ('5,000.00 CNY', '10,000 JPY', '7.8%', '10.00 CNY/g')
    >>> shown(30, "days"), shown(True, "boolean"), shown("down", "rounding"), shown(70, "percent")
    ('30 days', 'yes', 'down', '70%')
    >>> shown((Bracket(50_000, 20_000_000), Bracket(100_000)), "kopek")
    'up to 200,000.00 RUB: 500.00 RUB; above: 1,000.00 RUB'
    """
    if isinstance(value, tuple):
        return "; ".join(f"{bound}: {amount}" for bound, amount in lines_of(value, unit))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else _number(value, unit)


def lines_of(table: tuple[Bracket, ...], unit: str) -> list[tuple[str, str]]:
    """The lines of a table by value: up to where, and the amount."""
    return [
        ("above" if each.to is None else f"up to {shown(each.to, unit)}", shown(each.amount, unit))
        for each in table
    ]


def _number(value: int, unit: str) -> str:
    if unit == "ppm":
        return per_cent(Fraction(value, RATE_SCALE))
    if unit == "percent":
        return f"{value}%"
    money, slash, quantity = unit.partition("/")
    per = f"{slash}{quantity}"
    if money in _WITH_MINOR_UNITS:
        whole, part = divmod(value, MINOR_UNITS)
        return f"{whole:,}.{part:02d} {_WITH_MINOR_UNITS[money]}{per}"
    if money in _WITHOUT:
        return f"{value:,} {_WITHOUT[money]}{per}"
    return f"{value:,}" if unit == "count" else f"{value:,} {unit}"


def is_raw(unit: str) -> bool:
    """Whether the data holds a number that reads otherwise than it is shown."""
    return unit.partition("/")[0] in {*_WITH_MINOR_UNITS, "ppm"}
