"""Write the Mongolian tariff from a folder of source files.

Usage: python tools/build_tariff_mn.py SHARED/data

Reads ``tariff_mn/kcs_mongolia_tariff_2025.csv.gz`` below the folder and keeps code, base rate and
the rate of the Asia-Pacific Trade Agreement. The one rated line with five digits (29315) is a
title whose own lines follow it, and is left out.
"""

import csv
import gzip
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

from tariff_table import write

from tumen.law.tariff.table import Edition, Line

SOURCE: Final = "tariff_mn/kcs_mongolia_tariff_2025.csv.gz"
TARGET: Final = Path(__file__).parents[1] / "src/tumen/law/data/tariff/mn.csv.gz"
EDITION: Final = Edition("Mongolia 2025, by the Korea Customs Service", date(2025, 1, 1), "weak")
COLUMNS: Final = {"base_rate": "base", "APTA": "apta"}
CODE_DIGITS: Final = 8


def lines(source: Path) -> Iterator[Line]:
    """The lines of every code."""
    with gzip.open(source, "rt", encoding="utf-8", newline="") as opened:
        for row in csv.DictReader(opened):
            if len(row["code"]) == CODE_DIGITS:
                for name, column in COLUMNS.items():
                    if row[name]:
                        yield Line(row["code"], column, row[name])


if __name__ == "__main__":
    write(EDITION, lines(Path(sys.argv[1]) / SOURCE), TARGET)
