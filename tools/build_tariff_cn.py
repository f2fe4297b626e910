"""Write the indicative Chinese import duty rates from a folder of source files.

Usage: python tools/build_tariff_cn.py SHARED/data

Reads ``tariff_cn/china_mfn_hs10_2018_2019.csv.gz`` below the folder and keeps the code and the
rate at the beginning of 2019, in millionths, and nothing else. Codes with a suffix (a rate by
price) and codes without a rate are left out: for them the rate stays unknown.
"""

import csv
import gzip
import sys
from decimal import Decimal
from pathlib import Path

SOURCE = "tariff_cn/china_mfn_hs10_2018_2019.csv.gz"
TARGET = Path(__file__).parents[1] / "src/tumen/law/data/tariff/cn.csv.gz"
PPM_PER_PERCENT = 10_000


def rates(source: Path) -> list[tuple[str, int]]:
    """The ten-digit codes and their rates in millionths, by code."""
    with gzip.open(source, "rt", encoding="utf-8", newline="") as lines:
        kept = [
            (line["hs10"], int(Decimal(line["mfn_2019_computed"]) * PPM_PER_PERCENT))
            for line in csv.DictReader(lines)
            if len(line["hs10"]) == 10 and line["mfn_2019_computed"]
        ]
    return sorted(kept)


def main() -> None:
    """Write the table; the same source gives the same bytes."""
    table = rates(Path(sys.argv[1]) / SOURCE)
    text = "hs10,rate_ppm\n" + "".join(f"{code},{rate}\n" for code, rate in table)
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    print(f"{len(table)} codes -> {TARGET}")


if __name__ == "__main__":
    main()
