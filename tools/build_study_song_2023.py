"""Build the tables of the worked study from a folder of its cells and recovered figures.

    python tools/build_study_song_2023.py PAPER src/tumen/observatory/data/song-2023

PAPER holds ``tables/all_tables.csv``, ``figures/fig*.csv`` and ``policies.csv``. Values go into
our tables **as they were printed, under the header they were printed under**: what a reader of the
source already found wrong with a cell is not carried over, the audit has to find it. Only what the
source file itself says of reading (a cell put together from scattered letters) becomes a status
and a note.
"""

import csv
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

COLUMNS: Final = (
    "series", "economy", "period", "value", "unit", "status", "belongs_to", "concept", "place",
    "note",
)  # fmt: skip
RECOVERED: Final = ("low", "high", "method", "confidence", "basis")

ECONOMIES: Final = {
    "China": "CN", "Japan": "JP", "Republic of Korea": "KR", "Russian Federation": "RU",
    "Mongolia": "MN", "World": "WLD", "World (47 countries)": "WLD", "World average (GCI)": "WLD",
    "United States": "US", "Taiwan, China": "TW", "Spain": "ES", "Italy": "IT", "Israel": "IL",
    "Saudi Arabia": "SA", "Luxembourg": "LU", "Netherlands": "NL", "France": "FR",
    "Ireland": "IE", "Germany": "DE", "India": "IN", "United Kingdom": "GB", "Australia": "AU",
    "Canada": "CA", "Hong Kong (China)": "HK", "Mexico": "MX", "Thailand": "TH",
    "Malaysia": "MY", "Brazil": "BR", "Top 10": "TOP10", "Top 20": "TOP20",
    "Heilongjiang": "CN-HL", "Liaoning": "CN-LN", "Jilin": "CN-JL",
    "Tokyo": "JPTYO", "Seoul": "KRSEL", "Beijing": "CNBJS", "Shanghai": "CNSHA",
    "Moscow": "RUMOW",
}  # fmt: skip
"""ISO 3166-1 and 3166-2 for economies and provinces, UN/LOCODE for cities."""

SERIES: Final = {
    (1, "GDP growth"): ("gdp_growth", "percent", ""),
    (1, "Digital economy growth"): ("digital_growth", "percent", ""),
    (2, "Mobile-cellular subscriptions"):
        ("mobile_cellular", "per 100 inhabitants", "mobile_cellular"),
    (2, "Fixed-broadband subscriptions"):
        ("fixed_broadband", "per 100 inhabitants", "fixed_broadband"),
    (2, "Active mobile-broadband subscriptions"):
        ("mobile_broadband", "per 100 inhabitants", "mobile_broadband"),
    (2, "Individuals using the Internet"): ("internet_users", "percent", "internet_users"),
    (3, "EGDI rank"): ("egdi_rank", "rank", ""),
    (3, "EPI rank"): ("epi_rank", "rank", ""),
    (4, "IMD World Digital Competitiveness rank"): ("imd_rank", "rank", ""),
    (5, "City digital-economy competitiveness rank"): ("rank", "rank", ""),
    (5, "Economic and infrastructure competitiveness"): ("infrastructure", "score", ""),
    (5, "Digital talent competitiveness"): ("talent", "score", ""),
    (5, "Digital innovation competitiveness"): ("innovation", "score", ""),
    (5, "Total score"): ("total_score", "score", ""),
    (6, "Enterprises in global top-100 digital enterprises"): ("enterprises", "enterprises", ""),
    (7, "Fixed-telephone subscriptions"): ("fixed_telephone", "per 100 inhabitants", ""),
    (7, "Mobile-cellular telephone subscriptions"):
        ("mobile_cellular", "per 100 inhabitants", "mobile_cellular"),
    (7, "Active mobile-broadband subscriptions"):
        ("mobile_broadband", "per 100 inhabitants", "mobile_broadband"),
    (7, "3G network coverage"): ("coverage_3g", "percent", ""),
    (7, "4G network coverage"): ("coverage_4g", "percent", ""),
    (7, "Individuals owning a mobile phone"): ("phone_owners", "percent", ""),
    (7, "Individuals using the Internet"): ("internet_users", "percent", "internet_users"),
    (7, "Families owning a computer"): ("computer_households", "percent", ""),
    (7, "Families owning the Internet"): ("internet_households", "percent", ""),
    (7, "International bandwidth usage per Internet user"): ("bandwidth", "kbit/s", ""),
    (7, "Fixed-broadband subscriptions"):
        ("fixed_broadband", "per 100 inhabitants", "fixed_broadband"),
    (8, "GCI rank"): ("rank", "rank", ""),
    (8, "Total score"): ("total_score", "score", ""),
    (8, "Broadband"): ("broadband", "score", ""),
    (8, "Cloud computing"): ("cloud", "score", ""),
    (8, "AI"): ("ai", "score", ""),
    (8, "Internet of things"): ("iot", "score", ""),
    (9, "ITU Global Cybersecurity Index rank"): ("rank", "rank", ""),
    (10, "Rank as printed"): ("rank", "rank", ""),
    (10, "Total e-commerce sales"): ("sales", "billion USD", "ecommerce_sales"),
    (10, "E-commerce sales share of GDP"): ("gdp_share", "percent", ""),
    (11, "Rank as printed"): ("rank", "rank", ""),
    (11, "B2B e-commerce sales"): ("b2b_sales", "billion USD", "b2b_sales"),
    (11, "B2B share of total e-commerce"): ("b2b_share", "percent", ""),
    (12, "B2C rank"): ("rank", "rank", ""),
    (12, "B2C e-commerce sales"): ("b2c_sales", "billion USD", "b2c_sales"),
    (12, "B2C share of GDP"): ("gdp_share", "percent", ""),
    (12, "Online shoppers"): ("shoppers", "million shoppers", ""),
    (12, "Online shoppers share of internet users"): ("shoppers_share", "percent", ""),
    (13, "Trade volume with Russia"): ("trade", "billion CNY", "trade_with_russia"),
    (13, "Trade volume with Russia, year-on-year"):
        ("trade_growth", "percent", "trade_with_russia_growth"),
}  # fmt: skip

PRINTED_HEADERS: Final = {"fixed_broadband": "mobile_broadband",
                          "mobile_broadband": "fixed_broadband"}  # fmt: skip
"""Table 2 prints 'active mobile / fixed': the first number of a cell stands under the first."""

LINES: Final = {1: 119, 2: 140, 3: 172, 4: 206, 5: 236, 6: 265, 7: 346, 8: 362, 9: 386, 10: 396,
                11: 424, 12: 447, 13: 487}  # fmt: skip
"""The line of the source text on which each table begins."""

PLAN_COLUMNS: Final = ("economies", "date", "plan", "place")
PLACES: Final = {
    "China": "I.1.1, line 40", "Russian Federation": "I.1.2, line 54", "Japan": "I.1.3, line 68",
    "Republic of Korea": "I.1.4, line 86", "China-Russia": "III.2.1, line 483",
}  # fmt: skip
"""Where the text names the plans of each economy."""

PARTIES: Final = {"China-Russia": "CN RU"}

LATER_PLACES: Final = {"2019-01-01": "I.5.4, line 316"}
"""A plan that is named elsewhere than the others of its economy, by its date."""

PRINTED_DIGITS: Final = {
    (1, "China", "GDP growth", "2018"): "11.40",
    (1, "China", "GDP growth", "2019"): "2.70",
    (1, "China", "Digital economy growth", "2021"): "24.10",
    (1, "Republic of Korea", "Digital economy growth", "2020"): "5.70",
}
"""Cells whose last nought the file of cells has lost; the text prints it (lines 123 and 125)."""

PERIODS: Final = {"2023-01/07": "2023-01/2023-07"}
RECONSTRUCTED: Final = "reconstructed_from_scattered_OCR"

FIGURES: Final = {
    "GDP (current US$)": ("gdp", ""),
    "GDP (current US$), public later vintage": ("gdp", ""),
    "GDP (current US$), recovered": ("gdp_of_study", ""),
    "Digital economy value added, recovered": ("digital", ""),
    "Digital economy share of GDP, recovered": ("digital_share", ""),
    "Digital economy value added": ("digital", ""),
    "Digital economy share of GDP": ("digital_share", ""),
    "ICT value added": ("ict_value_added", ""),
    "ICT value added share of GDP": ("ict_share", ""),
    "ICT industry revenue": ("ict_revenue", ""),
    "Information and communications industry sales": ("ict_sales", ""),
    "ICT industry share of GDP": ("ict_share", ""),
    "ICT industry PRODUCTION": ("ict_production", ""),
}  # fmt: skip
UNITS: Final = {
    "USD trillion": "trillion USD", "USD billion": "billion USD", "%": "percent",
    "RMB trillion": "trillion CNY", "JPY billion": "billion JPY", "KRW trillion": "trillion KRW",
}  # fmt: skip

BASIS: Final = {
    ("WLD", "digital", "2017"): "C007 C008",
    ("WLD", "digital", "2019"): "C004",
    ("CN", "digital", "*"): "C010 C030 C033",
    ("CN", "digital_share", "*"): "C010 C011 C012 C030 C033",
    ("RU", "digital", "*"): "C018",
    ("RU", "digital_share", "*"): "C014 C018",
    ("JP", "digital", "*"): "C024",
    ("JP", "digital_share", "*"): "C024",
    ("KR", "digital", "*"): "C028 C031 C139",
    ("KR", "digital_share", "*"): "C028 C139",
    ("KR", "gdp_of_study", "*"): "C034",
    ("WLD", "digital_share", "2020"): "C003",
    ("WLD", "digital_share", "2021"): "C006",
    ("CN", "ict_value_added", "2021"): "C075",
    ("CN", "ict_value_added", "2022"): "C075",
    ("CN", "ict_revenue", "2021"): "C073",
    ("CN", "ict_share", "2022"): "C076",
    ("JP", "ict_sales", "2020"): "C080",
    ("KR", "ict_share", "*"): "C026",
}
"""The claims from which a recovered value was derived; such a claim is not checked against it."""


TOLD_BESIDE: Final = (
    (
        "gdp_mid_2022",
        "KR",
        "2021",
        "1798.5",
        "billion USD",
        "Fig. 5",
        "World Bank, mid-2022 edition",
    ),
    (
        "gdp_mid_2022",
        "CN",
        "2021",
        "17734.1",
        "billion USD",
        "Fig. 2",
        "World Bank, mid-2022 edition",
    ),
    ("gdp_cny", "CN", "2022", "121.0", "trillion CNY", "Fig. 7", "official first release, rounded"),
    ("ict_revenue_public", "CN", "2021", "26.6", "trillion CNY", "Fig. 7", "public figure"),
    ("digital_public", "JP", "2018", "2.29", "trillion USD", "Fig. 4", "CAICT, public figure"),
)
"""Public values that the notes on the figures name beside their cells."""


def main() -> None:
    """Write one CSV file for each table, and one for the recovered figures."""
    paper, target = Path(sys.argv[1]), Path(sys.argv[2])
    target.mkdir(parents=True, exist_ok=True)
    with (paper / "tables/all_tables.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for number in sorted(LINES):
        found = [_cell(row, number) for row in rows if int(row["table"]) == number]
        _write(target / f"table{number:02d}.csv", COLUMNS, found)
    _write(target / "figures.csv", COLUMNS + RECOVERED, _figures(paper / "figures"))
    _write(target / "policies.csv", PLAN_COLUMNS, _plans(paper / "policies.csv"))


def _cell(row: dict[str, str], table: int) -> dict[str, str]:
    series, unit, concept = SERIES[table, row["indicator"]]
    if "header_order_reversed" in row["flag"]:
        series = concept = PRINTED_HEADERS[series]
    period = PERIODS.get(row["period"], row["period"])
    own = PERIODS.get(row["value_year"], row["value_year"]) or period
    is_reconstructed = row["flag"] == RECONSTRUCTED
    status = "M" if not row["value"] else "E" if is_reconstructed else "A"
    note = "put together from scattered letters; the three rows sum to what 100 leaves"
    return {
        "series": series,
        "economy": ECONOMIES[row["economy"]],
        "period": period or "2018",
        "value": PRINTED_DIGITS.get((table, row["economy"], row["indicator"], row["period"]))
        or _value(row),
        "unit": unit,
        "status": status,
        "belongs_to": own if own != period else "",
        "concept": concept,
        "place": f"Table {table}, line {LINES[table]}",
        "note": note if is_reconstructed else "",
    }


def _value(row: dict[str, str]) -> str:
    """The digits as they were printed: 45.0 is not 45."""
    first = row["value_raw"].partition("(")[0]
    return first if first and "/" not in first and row["value"] else row["value"]


def _figures(folder: Path) -> list[dict[str, str]]:
    found: dict[tuple[str, str, str], dict[str, str]] = {}
    for path in sorted(folder.glob("fig0*.csv")):
        if path.stem.startswith("fig06"):
            continue  # it repeats figures 2 to 5 in another unit
        with path.open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                if (cell := _figure(row)) is not None:
                    found.setdefault((cell["series"], cell["economy"], cell["period"]), cell)
    for series, economy, period, value, unit, place, method in TOLD_BESIDE:
        found[series, economy, period] = {
            "series": series, "economy": economy, "period": period, "value": value, "unit": unit,
            "status": "A", "place": place, "method": method, "confidence": "medium",
        }  # fmt: skip
    return sorted(found.values(), key=lambda cell: (cell["series"], cell["economy"],
                                                    cell["period"]))  # fmt: skip


def _figure(row: dict[str, str]) -> dict[str, str] | None:
    """A recovered value, or none where the figure's value is lost."""
    if row["indicator"] not in FIGURES or not row["value"]:
        return None
    series, concept = FIGURES[row["indicator"]]
    economy = ECONOMIES[row["economy"]]
    period = row["year"].removeprefix("FY")
    wide = BASIS.get((economy, series, "*"), "")
    return {
        "series": series,
        "economy": economy,
        "period": period,
        "value": row["value"],
        "unit": UNITS[row["unit"]],
        "status": "A" if row["method"] == "public data" else "E",
        "belongs_to": "",
        "concept": concept,
        "place": row["figure"].partition(" (")[0],
        "note": "the 47 economies of the white paper" if "47" in row["economy"] else "",
        "low": row["low"] if row["high"] else "",
        "high": row["high"] if row["low"] else "",
        "method": f"{row['method']}: {row['provenance']}",
        "confidence": row["confidence"],
        "basis": BASIS.get((economy, series, period), wide),
    }


def _plans(path: Path) -> list[dict[str, str]]:
    """The plans that the text names, the earliest first."""
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    found = [
        {
            "economies": PARTIES.get(row["economy"]) or ECONOMIES[row["economy"]],
            "date": row["date"],
            "plan": row["plan"],
            "place": LATER_PLACES.get(row["date"], PLACES[row["economy"]]),
        }
        for row in rows
    ]  # fmt: skip
    return sorted(found, key=lambda plan: (plan["date"], plan["economies"], plan["plan"]))


def _write(path: Path, columns: tuple[str, ...], rows: Iterable[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
