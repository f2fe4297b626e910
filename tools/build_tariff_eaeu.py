"""Write the Common Customs Tariff of the EAEU from a folder of source files.

Usage: python tools/build_tariff_eaeu.py SHARED/data

Reads ``tariff_ru/eaeu_cct_2026.csv.gz`` below the folder and keeps code, supplementary unit and
the base rate as the tariff prints it. Where a footnote sets another rate for a time, the base rate
is shown but not read; so is the rate of a code that only a secondary compilation has.
"""

import csv
import gzip
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

from tariff_table import write

from tumen.law.tariff.table import UNIT, Edition, Line

SOURCE: Final = "tariff_ru/eaeu_cct_2026.csv.gz"
TARGET: Final = Path(__file__).parents[1] / "src/tumen/law/data/tariff/ru.csv.gz"
EDITION: Final = Edition("ЕТТ ЕАЭС 2026-03-08", date(2026, 3, 8), "confirmed")
COLUMN: Final = "base"
SECONDARY: Final = "only in a secondary compilation"


def lines(source: Path) -> Iterator[Line]:
    """The lines of every code."""
    with gzip.open(source, "rt", encoding="utf-8", newline="") as opened:
        for row in csv.DictReader(opened):
            if row["supp_unit"]:
                yield Line(row["tnved10"], UNIT, row["supp_unit"])
            yield Line(row["tnved10"], COLUMN, _text(row), unread=_unread(row))


def _text(row: dict[str, str]) -> str:
    return row["duty_text_pdf"] or row["duty_rate_bundle_2026_06_18"]


def _unread(row: dict[str, str]) -> str:
    if not row["duty_text_pdf"]:
        return SECONDARY
    footnote = row["temp_rate_footnote"]
    return f"temporary rate by footnote {footnote}" if footnote else ""


if __name__ == "__main__":
    write(EDITION, lines(Path(sys.argv[1]) / SOURCE), TARGET)
