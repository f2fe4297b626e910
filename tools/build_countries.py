"""Write the list of countries and territories (ISO 3166-1 alpha-2) from a folder of source files.

Usage: python tools/build_countries.py SHARED/data

Reads ``codes/country-codes.csv`` below the folder and keeps the code and the English name.
"""

import csv
import sys
from pathlib import Path

SOURCE = "codes/country-codes.csv"
TARGET = Path(__file__).parents[1] / "src/tumen/codelist/data/iso_countries.csv"


def main() -> None:
    """Write the table; the same source gives the same bytes."""
    with (Path(sys.argv[1]) / SOURCE).open(encoding="utf-8", newline="") as file:
        lines = sorted(
            (line["ISO3166-1-Alpha-2"], line["CLDR display name"]) for line in csv.DictReader(file)
        )
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([("code", "name_en"), *lines])
    print(f"{len(lines)} countries -> {TARGET}")


if __name__ == "__main__":
    main()
