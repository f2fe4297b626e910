"""Write the indicative Korean rates by heading from a folder of source files.

Usage: python tools/build_tariff_kr.py SHARED/data

Reads ``tariff_kr/kr_ecommerce_rates.csv`` below the folder. The columns are ``base`` and, where the
WTO schedule or the Information Technology Agreement has a lower rate, ``applied``. They are not
named as the official table names its kinds of rates (A, C), so that nobody takes them for it.
"""

import csv
import sys
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Final

from tariff_table import write

from tumen.law.duty import AdValorem
from tumen.law.duty_text import written as text_of
from tumen.law.tariff.table import Edition, Line

SOURCE: Final = "tariff_kr/kr_ecommerce_rates.csv"
TARGET: Final = Path(__file__).parents[1] / "src/tumen/law/data/tariff/kr.csv.gz"
EDITION: Final = Edition(
    "Korea, indicative rates by heading, 2026-09",
    date(2026, 9, 1),
    "weak",
    "by heading; import the official table for the rate of the line",
)


def lines(source: Path) -> Iterator[Line]:
    """The lines of every heading."""
    with source.open(encoding="utf-8", newline="") as opened:
        for row in csv.DictReader(opened):
            note = f"confidence {Fraction(row['confidence']) * 100}%"
            yield Line(row["hs"], "base", _percent(row["base_rate"]), note=note)
            if row["applied_basis"] != "base":
                by = f"{note}; {row['applied_basis']}"
                yield Line(row["hs"], "applied", _percent(row["applied_rate"]), note=by)


def _percent(share: str) -> str:
    return text_of(AdValorem(Fraction(share)))


if __name__ == "__main__":
    write(EDITION, lines(Path(sys.argv[1]) / SOURCE), TARGET)
