"""The code lists of Chinese customs, as far as we hold them, and the HS subheadings.

The lists are selections (see ``data/sources.toml``): a code that is not in one is unverified,
never wrong, so rules only warn about it.
"""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from tumen.codelist.hs_names import names

SUBHEADING_DIGITS = 6
NOT_SPECIFIED: Final = "999999"
"""A code of trade statistics for goods that nobody specified; the Harmonized System has none."""


@dataclass(frozen=True, slots=True)
class Code:
    """One code of a list.

    Attributes:
        code: the code as documents write it.
        name_zh: its Chinese name.
        name_en: its English name.
        evidence: `sample`, `confirmed` or `weak`: see ``data/sources.toml``.
    """

    code: str
    name_zh: str
    name_en: str
    evidence: str


@cache
def _lines(name: str) -> tuple[dict[str, str], ...]:
    text = files("tumen.codelist").joinpath(f"data/{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


@cache
def codes(name: str) -> dict[str, Code]:
    """A list by its name: countries, units, transport_modes, procedures or statuses.

    >>> codes("countries")["116"].name_en
    'Japan'
    """
    return {
        line["code"]: Code(line["code"], line["name_zh"], line["name_en"], line["evidence"])
        for line in _lines(name)
    }


@cache
def iso_countries() -> dict[str, str]:
    """ISO 3166 alpha-2 for each customs code of a country.

    >>> iso_countries()["133"]
    'KR'
    """
    return {line["code"]: line["iso"] for line in _lines("countries")}


@cache
def served_procedures() -> frozenset[str]:
    """The customs procedures that the window serves.

    >>> sorted(served_procedures())
    ['1210', '9610']
    """
    return frozenset(line["code"] for line in _lines("procedures") if line["is_served"] == "1")


@cache
def subheadings() -> frozenset[str]:
    """The six-digit subheadings of the Harmonized System of 2022.

    >>> [code in subheadings() for code in ("854140", "854142", NOT_SPECIFIED)]
    [False, True, False]
    """
    found = (code for code in names() if len(code) == SUBHEADING_DIGITS)
    return frozenset(code for code in found if code != NOT_SPECIFIED)
