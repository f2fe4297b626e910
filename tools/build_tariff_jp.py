"""Write the Japanese tariff from a folder of source files.

Usage: python tools/build_tariff_jp.py SHARED/data

Reads ``tariff_jp/japan_tariff_leaf_resolved_2026-07-09.csv.gz`` below the folder and keeps code,
units and the columns of rates that goods of the region can meet. Names are left out. A code with
two lines has one rate for each of two seasons, which the line's name tells.
"""

import csv
import gzip
import re
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

from tariff_table import write

from tumen.law.tariff.table import UNIT, Edition, Line

SOURCE: Final = "tariff_jp/japan_tariff_leaf_resolved_2026-07-09.csv.gz"
TARGET: Final = Path(__file__).parents[1] / "src/tumen/law/data/tariff/jp.csv.gz"
EDITION: Final = Edition("実行関税率表 2026-07-09", date(2026, 7, 9), "confirmed")
COLUMNS: Final = (
    "general",
    "temporary",
    "wto",
    "gsp",
    "ldc",
    "epa_mongolia",
    "rcep_china",
    "rcep_korea",
)
SEASON: Final = re.compile(
    r"毎年(\d+)月(\d+)日から(?:同年|翌年)(\d+)月(?:(\d+)日|末日)までに輸入されるもの$"
)
LAST_OF_FEBRUARY: Final = 29


def lines(source: Path) -> Iterator[Line]:
    """The lines of every code."""
    with gzip.open(source, "rt", encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    counts = Counter(row["stat9"] for row in rows)
    for row in rows:
        units = [" ".join(row[name].split()) for name in ("unit1", "unit2")]
        code = row["stat9"]
        season = _season(row["path_ja"]) if counts[code] > 1 else ""
        yield Line(code, UNIT, ", ".join(unit for unit in units if unit))
        for column in COLUMNS:
            if row[column]:
                yield Line(code, column, row[column], season=season)


def _season(path: str) -> str:
    found = SEASON.search(path)
    if found is None:
        raise ValueError(f"two lines of one code without seasons: {path}")
    days = (found[1], found[2], found[3], found[4] or LAST_OF_FEBRUARY)
    first_month, first_day, last_month, last_day = (int(each) for each in days)
    return f"{first_month:02}{first_day:02}-{last_month:02}{last_day:02}"


if __name__ == "__main__":
    write(EDITION, lines(Path(sys.argv[1]) / SOURCE), TARGET)
