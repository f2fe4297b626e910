"""Reads what a tariff prints of a rate into the terms of :mod:`tumen.law.duty`.

Each economy's tariff has a language and a grammar of its own; what no grammar knows is not
guessed: the terms are then None and the duty unknown.

>>> read("RU", "10, но не менее 2,25 евро за 1 кг") == read("RU", "max(10%, 2.25 EUR/kg)")
True
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final

from tumen.law.consignment import TariffRate
from tumen.law.duty import Duty
from tumen.law.tariff import english, japanese, plain, russian

TEXTS_CACHED_MAX: Final = 16_384

READERS: Final[Mapping[str, Callable[[str], Duty | None]]] = {
    "JP": japanese.read,
    "RU": russian.read,
}
"""The grammar of each tariff that prints more than our own plain notation."""


@lru_cache(maxsize=TEXTS_CACHED_MAX)
def read(economy: str, text: str) -> Duty | None:
    """The terms of a rate that the tariff of an economy prints, or that our notation writes.

    Args:
        economy: CN, RU, JP, KR or MN.
        text: as the tariff prints it, or in the notation of :mod:`tumen.law.tariff.plain`.
    """
    reader = READERS.get(economy)
    found = None if reader is None else reader(text)
    return plain.read(text) if found is None else found


def written(duty: Duty) -> str:
    """The terms in our notation, such as ``max(60%, 4800 JPY/pair)``: short and exact."""
    return plain.write(duty)


def spoken(rate: TariffRate) -> str:
    """A printed rate as a reader of English knows it, and behind it what a foreign tariff prints.

    >>> spoken(TariffRate("base", "無税", read("JP", "無税"), "", "confirmed"))
    '0% (無税)'
    """
    if rate.terms is None:
        return rate.text
    text = english.written(rate.terms)
    return text if rate.text.isascii() else f"{text} ({rate.text})"
