"""Countries and territories of the world (ISO 3166-1 alpha-2).

>>> countries()["MN"], "XX" in countries()
('Mongolia', False)
"""

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType


@cache
def countries() -> Mapping[str, str]:
    """The English name of each code."""
    text = files("tumen.codelist").joinpath("data/iso_countries.csv").read_text(encoding="utf-8")
    lines = csv.DictReader(text.splitlines())
    return MappingProxyType({line["code"]: line["name_en"] for line in lines})
