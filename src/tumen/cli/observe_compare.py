"""`tumen observe compare`: the gap of each economy to the leader and to the world."""

import json
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console

from tumen.cli.observe_held import (
    EconomyOption,
    JsonOption,
    heading,
    held,
    listed,
    page,
    say_sources,
    table_under,
)
from tumen.observatory.indicators.collection import name_of
from tumen.observatory.indicators.comparison import AGE_YEARS_MAX, Comparison, Place
from tumen.observatory.indicators.comparison import compare as compare_of
from tumen.observatory.indicators.model import REGION, Figures, figures_of


def compare(
    indicator: Annotated[str, typer.Argument(help="An indicator, such as fixed_broadband.")],
    economy: EconomyOption = None,
    year: Annotated[int | None, typer.Option(help="The year; default the last held.")] = None,
    since: Annotated[
        int | None, typer.Option(help="Also say whether the gap closed since this year.")
    ] = None,
    age: Annotated[
        int, typer.Option(min=0, help="How many years older a value may be.")
    ] = AGE_YEARS_MAX,
    as_json: JsonOption = False,
) -> None:
    """Compare economies in one year: who leads, and how far the others and the world are off."""
    collection = held()
    found = compare_of(
        collection, indicator, listed(economy, REGION), year=year, since=since, age=age
    )  # fmt: skip
    if as_json:
        typer.echo(json.dumps(asdict(found), ensure_ascii=False, indent=2))
        return
    console = page()
    _print_places(console, found, since)
    say_sources(console, collection, {place.source for place in found.places})


def _print_places(console: Console, found: Comparison, since: int | None) -> None:
    told = found.indicator
    figures = figures_of(told, max(abs(place.value) for place in found.places))
    head = f"\n{heading(told, figures.unit)}, {found.year}"
    console.print(head, style="bold", markup=False)
    best = "best" if told.better else "largest"
    columns = ("rank", "economy", "value", "of", f"to the {best}", f"of the {best}",
               "to the world", "of the world")  # fmt: skip
    before = (f"of the {best} in {since}", "gap") if since is not None else ()
    table = table_under(
        *columns,
        *before,
        right={*columns, *before[:1]} - {"economy"},
    )
    for place in found.places:
        row = _row(place, figures)
        more = (_share(place.of_leader_before), _closing(place)) if since is not None else ()
        table.add_row(*row, *more)
    console.print(table)
    world = figures.text(found.world)
    console.print(f"The world: {world or 'no value'} ({found.world_is}).", markup=False)
    if found.absent:
        names = ", ".join(map(name_of, found.absent))
        console.print(f"No value: {names}.", markup=False)


def _row(place: Place, figures: Figures) -> tuple[str, ...]:
    return (
        f"{place.rank}", name_of(place.economy), figures.text(place.value), place.period,
        _signed(place.to_leader, figures), _share(place.of_leader),
        _signed(place.to_world, figures), _share(place.of_world),
    )  # fmt: skip


def _signed(value: float | None, figures: Figures) -> str:
    text = figures.text(value)
    return f"+{text}" if value is not None and value > 0 else text


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.0%}"


def _closing(place: Place) -> str:
    if place.is_closing is None or place.to_leader == 0:
        return ""
    return "closing" if place.is_closing else "widening"
