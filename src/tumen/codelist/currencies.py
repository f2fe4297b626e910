"""The currencies of the world and how many decimals each has (ISO 4217).

>>> currency("JPY").minor_digits, currency("MNT").minor_units
(0, 100)
>>> "XYZ" in currencies()
False
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

CURRENCY_OF: Final[Mapping[str, str]] = MappingProxyType(
    {"CN": "CNY", "RU": "RUB", "JP": "JPY", "KR": "KRW", "MN": "MNT"}
)
"""The currency in which each of the five economies assesses."""


NO_CURRENCY: Final = "none"
"""In place of a currency, where no value is known."""


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency.

    Attributes:
        code: ISO 4217, three letters.
        numeric: ISO 4217, three digits.
        minor_digits: decimals of its minor unit; 0 where it has none.
        name_en: its English name.
    """

    code: str
    numeric: str
    minor_digits: int
    name_en: str

    @property
    def minor_units(self) -> int:
        """How many minor units are one whole unit."""
        return int("1" + "0" * self.minor_digits)


@cache
def currencies() -> Mapping[str, Currency]:
    """Every currency by its code."""
    text = files("tumen.codelist").joinpath("data/currencies.csv").read_text(encoding="utf-8")
    return MappingProxyType(
        {
            line["code"]: Currency(
                line["code"], line["numeric"], int(line["minor_digits"]), line["name_en"]
            )
            for line in csv.DictReader(text.splitlines())
        }
    )


def currency(code: str) -> Currency:
    """The currency of a code.

    Raises:
        KeyError: no currency has this code; ask ``code in currencies()`` first.
    """
    return currencies()[code]
