"""Write the tables of exchange rates from a folder of source files.

Usage: python tools/build_exchange_rates.py SHARED/data

Reads below the folder and keeps days from 2010 on, oldest first:

* ``fx/ecb_eur_nea_daily.csv``: units of each currency for one euro, as the bank prints them;
* ``fx/cbr_usd_1992_2023-11-30.csv.gz`` and ``fx/cbr_quotes_1992_2022-11-19.csv.gz``: roubles for
  one unit. The second file does not say for how many units a rate is printed; so only currencies
  are kept whose number of units follows on every single day from the dollar and the euro;
* ``fx/usd_snapshots_2024_2026.csv``: units of each currency for one dollar on a few days.
"""

import csv
import gzip
import sys
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path

TARGET = Path(__file__).parents[1] / "src/tumen/law/data/exchange"
FIRST_DAY = "2010-01-01"
ROUBLES_FOR = {"USD": 1, "EUR": 1, "CNY": 10, "JPY": 100, "KRW": 1000}
"""For how many units the Bank of Russia printed its rate until 2022-11-19."""
DEVIATION_MAX = Decimal("0.5")
"""A wrong number of units would be wrong tenfold; markets move by much less in a day."""

Table = Mapping[str, Mapping[str, str]]


def read(source: Path) -> list[dict[str, str]]:
    """The lines of a CSV file, compressed or not."""
    data = source.read_bytes()
    text = (gzip.decompress(data) if source.suffix == ".gz" else data).decode("utf-8-sig")
    return list(csv.DictReader(text.splitlines()))


def ecb(folder: Path) -> Table:
    """Units for one euro, by day and currency."""
    lines = read(folder / "fx/ecb_eur_nea_daily.csv")
    return {
        line["date"]: {key[4:]: rate for key, rate in line.items() if key != "date" and rate}
        for line in lines
        if line["date"] >= FIRST_DAY
    }


def bank_of_russia(folder: Path, euro: Table) -> Table:
    """Roubles for one unit, by day and currency."""
    found: dict[str, dict[str, str]] = {}
    for line in read(folder / "fx/cbr_usd_1992_2023-11-30.csv.gz"):
        if line["date"] >= FIRST_DAY:
            units = Decimal(line["rub"]) / int(line["nominal"])
            found[line["date"]] = {"USD": f"{units.normalize():f}"}
    for line in read(folder / "fx/cbr_quotes_1992_2022-11-19.csv.gz"):
        day, code = line["date"], line["ccy"]
        if day in found and code in ROUBLES_FOR and code != "USD":  # else it cannot be checked
            units = Decimal(line["rub_per_published_nominal"]) / ROUBLES_FOR[code]
            check(day, code, units / Decimal(found[day]["USD"]), euro)
            found[day][code] = f"{units.normalize():f}"
    return found


def check(day: str, code: str, dollars: Decimal, euro: Table) -> None:
    """Stop where a rate in dollars is not about what the European bank's rates of the day say."""
    days = sorted(euro)
    rates = euro[days[max(0, bisect_right(days, day) - 1)]]
    expected = Decimal(rates["USD"]) / (1 if code == "EUR" else Decimal(rates[code]))
    if abs(dollars / expected - 1) > DEVIATION_MAX:
        sys.exit(f"{day} {code}: {dollars} dollars against {expected}: for how many units?")


def snapshots(folder: Path) -> Table:
    """Units for one dollar, by day and currency."""
    return {
        line["date"]: {key.upper(): rate for key, rate in line.items() if key != "date" and rate}
        for line in read(folder / "fx/usd_snapshots_2024_2026.csv")
    }


def lines_of(table: Table) -> Iterator[str]:
    """The lines of a table, oldest day first, currencies in the order of their codes."""
    codes = sorted({code for rates in table.values() for code in rates})
    yield ",".join(("day", *codes))
    for day in sorted(table):
        yield ",".join((day, *(table[day].get(code, "") for code in codes)))


def write(name: str, lines: Iterable[str]) -> None:
    """Write a table; the same source gives the same bytes."""
    text = "\n".join(lines) + "\n"
    target = TARGET / f"{name}.csv.gz"
    target.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    print(f"{text.count(chr(10)) - 1} days, {target.stat().st_size} bytes -> {target}")


def main() -> None:
    """Write the three tables."""
    folder = Path(sys.argv[1])
    TARGET.mkdir(parents=True, exist_ok=True)
    euro = ecb(folder)
    write("ecb", lines_of(euro))
    write("bank_of_russia", lines_of(bank_of_russia(folder, euro)))
    write("snapshots", lines_of(snapshots(folder)))


if __name__ == "__main__":
    main()
