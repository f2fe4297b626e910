"""The parties: demonstration enterprises, and buyers of whom some buy often.

Identity numbers are valid by their check digit and plainly artificial: everybody was born
between 1900 and 1919.
"""

import csv
from array import array
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random
from typing import Final

REGIONS: Final = (
    *("110101", "110102", "110103", "110104"),
    *("120101", "120102", "120103", "120104"),
    *("310101", "310102", "310103", "310104"),
)
_YEARS: Final = 20
_DAYS: Final = 12 * 28
_SERIALS: Final = 999
PERSONS: Final = len(REGIONS) * _YEARS * _DAYS * _SERIALS
"""How many different identity numbers there are to give."""

_SEED_STRIDE: Final = 1_000_003
ANNUAL_FEN_MAX: Final = 2_600_000
"""The annual allowance of a person: 26,000 CNY (财关税〔2018〕49号)."""

BUNDLES_PER_BUYER: Final = 3
BUYERS_MAX: Final = 5_000_000
"""Buyers whose use of the allowance is kept: 40 MB."""

_CONCENTRATION: Final = 1.5
"""Buyer = pool * u^1.5: the most frequent buy some hundred times as often as the rarest."""


@dataclass(frozen=True, slots=True)
class Enterprise:
    """A demonstration enterprise."""

    role: str
    code: str
    name: str


@cache
def enterprises(role: str) -> tuple[Enterprise, ...]:
    """The enterprises of one role, such as `platform` or `carrier`."""
    text = files("tumen.simulation").joinpath("data/enterprises.csv").read_text(encoding="utf-8")
    lines = csv.DictReader(text.splitlines())
    return tuple(Enterprise(**line) for line in lines if line["role"] == role)


def codes_of(role: str) -> tuple[str, ...]:
    """The codes of the enterprises of one role."""
    return tuple(party.code for party in enterprises(role))


@cache
def enterprise_names() -> dict[str, str]:
    """Code -> name, of all enterprises."""
    roles = ("platform", "merchant", "payment_provider", "carrier", "agent", "warehouse")
    return {party.code: party.name for role in roles for party in enterprises(role)}


def check_digit(first_17: str) -> str:
    """The last character of an identity number (GB 11643: ISO 7064 MOD 11-2).

    >>> check_digit("11010119050101001")
    '0'
    """
    digit = (1 - 2 * int(first_17, 13)) % 11
    return "X" if digit == 10 else str(digit)


def wrong_identity_number(number: str) -> str:
    """The same number with a check digit that does not fit."""
    return number[:-1] + ("1" if number[-1] != "1" else "2")


@dataclass(frozen=True, slots=True)
class Person:
    """A demonstration buyer."""

    id_number: str
    name: str
    telephone: str
    account: str
    address: str


def person(number: int) -> Person:
    """The person of a number below :data:`PERSONS`."""
    rest, serial = divmod(number, _SERIALS)
    rest, day = divmod(rest, _DAYS)
    region, year = divmod(rest, _YEARS)
    first_17 = (
        f"{REGIONS[region]}{1900 + year}{1 + day // 28:02d}{1 + day % 28:02d}{1 + serial:03d}"
    )
    return Person(
        id_number=first_17 + check_digit(first_17),
        name=f"演示买家{number:08d}",
        telephone=f"100{number:08d}",
        account=f"demo-{number:08d}",
        address=f"演示省演示市演示区演示路{number % 997 + 1}号{number % 89 + 1}室",
    )


class Buyers:
    """Who buys, and how much of the year's allowance each may have used.

    What is counted as used is an upper bound: also orders that are refused or never decided
    count, so that no buyer exceeds the allowance by accident. The year does not turn back.

    Args:
        bundles: how many bundles there will be; one buyer for every few.
        seed: runs of neighbouring seeds share no buyer.
    """

    def __init__(self, bundles: int, seed: int) -> None:
        self._pool = min(max(50, bundles // BUNDLES_PER_BUYER), BUYERS_MAX)
        self._used = array("q", bytes(8 * self._pool))
        self._offset = seed * _SEED_STRIDE % PERSONS
        self._fresh = self._pool

    def draw(self, random: Random, value_fen: int) -> Person:
        """Somebody who may still buy for that value."""
        index = int(self._pool * random.random() ** _CONCENTRATION)
        if self._used[index] + value_fen > ANNUAL_FEN_MAX:
            return self.stranger()
        self._used[index] += value_fen
        return person((self._offset + index) % PERSONS)

    def stranger(self) -> Person:
        """Somebody who never bought before and never will again."""
        self._fresh += 1
        return person((self._offset + self._fresh) % PERSONS)
