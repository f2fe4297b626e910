"""Build the tables of indicators from a folder of source files.

    python tools/build_indicators.py SHARED/data

Reads ``indicators/*.csv`` and ``codes/country-codes.csv`` below the folder, and the tables of the
worked study that are in the package. Values go into our tables as their publisher gives them;
what the file of the United Nations has beyond the five printed decimals is noise of an earlier
conversion and is rounded away. Which series is which indicator stands in ``indicators.csv``
(column ``published_as``); a series that is not named there is left out and said to be.
"""

import csv
import gzip
import io
import sys
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Final

PACKAGE: Final = Path(__file__).parents[1] / "src/tumen/observatory/data"
TARGET: Final = PACKAGE / "indicators"
COLUMNS: Final = ("indicator", "economy", "period", "value", "status", "note")

AGGREGATES: Final = (("EUU", "EUU", "European Union"), ("WLD", "WLD", "World"))
UNCODED: Final = {"North Macedonia": "MK", "Türkiye": "TR"}
"""Members of the United Nations that stand in the table of 2022 without a code."""

FILE_OF: Final = {
    "gci_2020": "itu-gci-2020",
    "lpi_2022": "wb-lpi-2022",
    "gtmi_2022": "wb-gtmi-2022",
    "odin_2022": "odin-2022",
}

STUDY: Final = {
    ("table02", "mobile_cellular"): "mobile_cellular",
    ("table02", "mobile_broadband"): "mobile_broadband",
    ("table02", "fixed_broadband"): "fixed_broadband",
    ("table02", "internet_users"): "internet_users",
    ("table07", "mobile_cellular"): "mobile_cellular",
    ("table07", "mobile_broadband"): "mobile_broadband",
    ("table07", "fixed_broadband"): "fixed_broadband",
    ("table07", "internet_users"): "internet_users",
    ("table07", "fixed_telephone"): "fixed_telephone",
    ("table07", "coverage_3g"): "coverage_3g",
    ("table07", "coverage_4g"): "coverage_4g",
    ("table07", "phone_owners"): "phone_owners",
    ("table07", "computer_households"): "computer_households",
    ("table07", "internet_households"): "internet_households",
    ("table07", "bandwidth"): "bandwidth",
    ("table03", "egdi_rank"): "egdi_rank",
    ("table03", "epi_rank"): "epi_rank",
    ("table04", "imd_rank"): "digital_competitiveness_rank",
    ("table09", "rank"): "cybersecurity_rank",
    ("table10", "sales"): "ecommerce_sales",
    ("table10", "gdp_share"): "ecommerce_gdp_share",
}
"""Which series of which table of the study is which indicator."""

Row = tuple[str, str, str, str, str, str]


def read(path: Path) -> list[dict[str, str]]:
    """The lines of a CSV file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def economies(folder: Path) -> dict[str, str]:
    """Write the table of economies; give the alpha-2 code of each alpha-3 code."""
    found = sorted(
        (line["ISO3166-1-Alpha-2"], line["ISO3166-1-Alpha-3"], line["CLDR display name"])
        for line in read(folder / "codes/country-codes.csv")
        if line["ISO3166-1-Alpha-2"]
    )
    rows = [(*row, "economy") for row in found] + [(*row, "aggregate") for row in AGGREGATES]
    write_table(TARGET / "economies.csv", ("code", "alpha3", "name", "kind"), rows)
    return {alpha3: code for code, alpha3, *_ in rows}


def indicators() -> dict[str, str]:
    """The indicator that each published series is."""
    lines = read(TARGET / "indicators.csv")
    return {line["published_as"]: line["code"] for line in lines if line["published_as"]}


def world_bank(folder: Path, codes: dict[str, str], series: dict[str, str]) -> Iterator[Row]:
    """World Development Indicators."""
    for line in read(folder / "indicators/wdi_nea_2026-07.csv"):
        yield row(series[line["indicator"]], codes[line["country_code"]], line["year"],
                  line["value"])  # fmt: skip


def gapminder(folder: Path, codes: dict[str, str]) -> Iterator[Row]:
    """Individuals using the internet."""
    for line in read(folder / "indicators/gapminder_internet_users_nea.csv"):
        yield row("internet_users", codes[line["iso3"]], line["year"], line["internet_users_pct"])


def united_nations(folder: Path, codes: dict[str, str], series: dict[str, str]) -> Iterator[Row]:
    """E-Government Survey."""
    for line in read(folder / "indicators/un_egdi_2010_2022.csv"):
        economy = codes.get(line["iso3"]) or UNCODED[line["country"]]
        for column in ("egdi", "epi", "osi", "hci", "tii"):
            if line[column]:
                value = round(Decimal(line[column]), 5).normalize()
                yield row(series[column.upper()], economy, line["year"], f"{value:f}")
        if line["egdi_rank"]:
            yield row("egdi_rank", economy, line["year"], f"{Decimal(line['egdi_rank']):.0f}")


def small_surveys(
    folder: Path, codes: dict[str, str], series: dict[str, str]
) -> dict[str, list[Row]]:
    """The surveys that stand together in one file, by the source that each is."""
    found: dict[str, list[Row]] = {name: [] for name in FILE_OF.values()}
    for line in read(folder / "indicators/itu_gci_lpi_gtmi_odin.csv"):
        found[FILE_OF[line["source"]]].append(
            row(series[line["variable"]], codes[line["iso3"]], line["year"], line["value"])
        )
    return found


def worked_study(codes: dict[str, str]) -> Iterator[Row]:
    """The cells of the study that are indicators, under the year that they belong to."""
    known, seen = set(codes.values()), set()
    for (table, name), indicator in STUDY.items():
        for cell in read(PACKAGE / f"song-2023/{table}.csv"):
            period = cell["belongs_to"] or cell["period"]
            key = (indicator, cell["economy"], period)
            if cell["series"] != name or cell["economy"] not in known or key in seen:
                continue
            seen.add(key)
            printed = f"; printed under {cell['period']}" if period != cell["period"] else ""
            place = cell["place"].replace("Table ", "table ")
            yield (*key, cell["value"], cell["status"], f"{place}{printed}")


def row(indicator: str, economy: str, period: str, value: str) -> Row:
    """A normal observation."""
    return indicator, economy, period, value, "A", ""


def write_table(target: Path, columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    """Write a table, compressed where its name says so; the same rows give the same bytes."""
    text = io.StringIO()
    lines = [columns, *rows]
    csv.writer(text, lineterminator="\n").writerows(lines)
    data = text.getvalue().encode()
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(gzip.compress(data, 9, mtime=0) if target.suffix == ".gz" else data)
    print(f"{len(lines) - 1} rows, {target.stat().st_size} bytes -> {target.name}")


def main() -> None:
    """Write every table."""
    folder = Path(sys.argv[1])
    codes, series = economies(folder), indicators()
    tables: dict[str, Iterable[Row]] = {
        "wdi-2026-07.csv.gz": world_bank(folder, codes, series),
        "gapminder-2026-11.csv": gapminder(folder, codes),
        "un-egov-2022.csv.gz": united_nations(folder, codes, series),
        "song-2023.csv": worked_study(codes),
    }
    tables |= {f"{name}.csv": rows for name, rows in small_surveys(folder, codes, series).items()}
    for name, lines in tables.items():
        write_table(TARGET / "observations" / name, COLUMNS, sorted(lines))


if __name__ == "__main__":
    main()
