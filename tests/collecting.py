"""A folder of indicators, written for one test."""

from pathlib import Path
from typing import Final

SOURCE: Final = {
    "source": '"Survey"',
    "publisher": '"An office"',
    "edition": '"2024"',
    "licence": '"CC BY 4.0"',
    "citation": '"An office, Survey"',
    "retrieved": "2024-05-01",
    "rank": '"primary"',
}
INDICATORS: Final = (
    "code,name,unit,topic,better,digits,published_as,definition\n"
    "reach,Reach,percent,use,higher,1,,Share within reach\n"
    "days,Days,days,trade,lower,1,,Days that it takes\n"
)
HEAD: Final = "indicator,economy,period,value,status,note\n"


def source(name: str, **other: str) -> str:
    """One source as it stands in sources.toml."""
    told = {**SOURCE, "file": f'"{name}.csv"', **other}
    return f"[{name}]\n" + "".join(f"{key} = {value}\n" for key, value in told.items() if value)


def collected(folder: Path, tables: dict[str, str], sources: str = "") -> Path:
    """Write tables of observations, each of a source of its name, and give the folder."""
    folder.mkdir(exist_ok=True)
    (folder / "indicators.csv").write_text(INDICATORS, encoding="utf-8")
    told = sources or "".join(source(name) for name in tables)
    (folder / "sources.toml").write_text(told, encoding="utf-8")
    for name, rows in tables.items():
        (folder / f"{name}.csv").write_text(HEAD + rows, encoding="utf-8")
    return folder
