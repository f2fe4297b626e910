"""Which edition of each economy's tariff comes with the program; its lines are not read for it."""

import gzip
from datetime import date
from functools import cache
from typing import Final

from tumen.law.parameters import DATA
from tumen.law.tariff.table import Edition, edition_of_lines

CHINA: Final = Edition(
    "China, effective rates of 2018 and 2019 (HS 2017)",
    date(2019, 1, 1),
    "weak",
    "indicative: the rates of later years and provisional rates differ",
)


@cache
def committed_edition(economy: str) -> Edition | None:
    """The edition of an economy's table; None where there is none.

    >>> committed_edition("JP").name
    '実行関税率表 2026-07-09'
    """
    if economy == "CN":
        return CHINA
    file = DATA / "tariff" / f"{economy.lower()}.csv.gz"
    if not file.is_file():
        return None
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        return edition_of_lines(next(lines).rstrip("\n"), next(lines).rstrip("\n"))
