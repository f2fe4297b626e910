"""What several commands on indicators share: their options, and the collection they read."""

from collections.abc import Iterable, Sequence
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from tumen.cli.law_page import table_of
from tumen.cli.location import indicator_folder
from tumen.cli.observe_page import WIDTH_MAX
from tumen.observatory.indicators.collection import Collection, read_collection, shipped
from tumen.observatory.indicators.model import RANK, Indicator
from tumen.observatory.indicators.registry import SHIPPED

EconomyOption = Annotated[
    list[str] | None,
    typer.Option("--economy", help="ISO codes as CN,JPN or WLD, or all; may be repeated."),
]
SourceOption = Annotated[
    str | None, typer.Option("--source", help="Only of this source; default: the best one.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print it as JSON.")]


def held() -> Collection:
    """The indicators that come along, and those that the user imported.

    Raises:
        IndicatorError: what was imported is not of the form.
    """
    folder = indicator_folder()
    is_used = (folder / "sources.toml").exists()
    return read_collection(SHIPPED, folder) if is_used else shipped()


def listed(economies: Sequence[str] | None, default: Sequence[str] = ()) -> list[str]:
    """The economies asked for, one by one; none where all are meant.

    >>> listed(["CN,JP", "KR"]), listed(None, ["MN"]), listed(["all"])
    (['CN', 'JP', 'KR'], ['MN'], [])
    """
    if not economies:
        return [*default]
    codes = [code.strip() for text in economies for code in text.split(",")]
    return [] if codes == ["all"] else codes


def page() -> Console:
    """A page at most 100 columns wide."""
    console = Console(highlight=False)
    console.width = min(console.width, WIDTH_MAX)
    return console


def say_sources(console: Console, collection: Collection, names: set[str]) -> None:
    """Print what each source is, its licence, and the day it was retrieved."""
    console.print()
    for name in sorted(names):
        source = collection.sources[name]
        console.print(f"{name}: {source.citation}; retrieved {source.retrieved}.", markup=False)
        console.print(f"  {source.licence}", style="dim", markup=False)


def table_under(*columns: str, right: Iterable[str] = ()) -> Table:
    """A table whose title stands above it by itself, and may be wider than it."""
    table = table_of("", *columns, right=[*right])
    table.title = None
    return table


def heading(indicator: Indicator, unit: str) -> str:
    """What a table of an indicator is headed with; a rank says so in its name."""
    return indicator.name if unit == RANK else f"{indicator.name}, {unit}"
