"""Write the list of currencies from a folder of source files.

Usage: python tools/build_currencies.py SHARED/data

Reads ``codes/country-codes.csv`` below the folder, where a country with two currencies names them
with commas, and keeps for each currency its code, number, minor digits and English name.
"""

import csv
import sys
from pathlib import Path

SOURCE = "codes/country-codes.csv"
TARGET = Path(__file__).parents[1] / "src/tumen/codelist/data/currencies.csv"
COLUMNS = ("alphabetic_code", "numeric_code", "minor_unit", "name")


def currencies(source: Path) -> list[tuple[str, ...]]:
    """Code, number, minor digits and name of every currency of a country, by code."""
    found: dict[str, tuple[str, ...]] = {}
    with source.open(encoding="utf-8", newline="") as lines:
        for line in csv.DictReader(lines):
            cells = (line[f"ISO4217-currency_{name}"].split(",") for name in COLUMNS)
            for code, *rest in zip(*cells, strict=True):
                if code.strip():
                    found.setdefault(code.strip(), (code.strip(), *(part.strip() for part in rest)))
    return sorted(found.values())


def main() -> None:
    """Write the table; the same source gives the same bytes."""
    table = currencies(Path(sys.argv[1]) / SOURCE)
    with TARGET.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(("code", "numeric", "minor_digits", "name_en"))
        writer.writerows(table)
    print(f"{len(table)} currencies -> {TARGET}")


if __name__ == "__main__":
    main()
