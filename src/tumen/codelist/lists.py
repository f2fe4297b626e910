"""The code lists of Chinese customs, as far as we hold them, and the HS subheadings.

The lists are selections (see ``data/sources.toml``): a code that is not in one is unverified,
never wrong, so rules only warn about it.
"""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from tumen.codelist.hs_names import names

SUBHEADING_DIGITS = 6


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

    >>> "854140" in subheadings(), "854142" in subheadings()
    (False, True)
    """
    return frozenset(code for code in names() if len(code) == SUBHEADING_DIGITS)
