"""`tumen observe show`: an indicator by economy and year, its vintages, or a study's cells."""

import json
from typing import Annotated, Any

import polars as pl
import typer
from rich.console import Console
from rich.table import Table

from tumen.cli.law_page import table_of
from tumen.cli.observe_cells import Study, existing, print_series
from tumen.cli.observe_held import (
    EconomyOption,
    JsonOption,
    SourceOption,
    heading,
    held,
    listed,
    page,
    say_sources,
    table_under,
)
from tumen.cli.spark_line import spark_line
from tumen.kernel.errors import UsageError
from tumen.observatory.indicators.collection import Collection, name_of, narrowed
from tumen.observatory.indicators.errors import IndicatorError
from tumen.observatory.indicators.model import (
    MISSING_STATUSES,
    OBSERVATION,
    REGION,
    TOPICS,
    VALUE_STATUSES,
    WORLD,
    Figures,
    figures_of,
)
from tumen.observatory.indicators.periods import YEAR_FIRST, YEAR_LAST, span_of, year_of
from tumen.observatory.study import read_study

COLUMNS_MAX = 9
"""Economies that stand beside each other; more stand below each other."""

STATUS_WORDS = VALUE_STATUSES | MISSING_STATUSES


def show(  # noqa: PLR0913
    name: Annotated[
        str | None,
        typer.Argument(help="An indicator, or a dataset and series such as table10.sales."),
    ] = None,
    study: Study = None,
    economy: EconomyOption = None,
    years: Annotated[str | None, typer.Option(help="A year, or a span: 2015..2022.")] = None,
    source: SourceOption = None,
    vintages: Annotated[
        bool, typer.Option("--vintages", help="Every source side by side.")
    ] = False,
    chart: Annotated[bool, typer.Option("--chart", help="Draw a line for each economy.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Show an indicator, by default of Northeast Asia and the world; or the cells of a study.

    Without a name it lists what is held.
    """
    collection = held()
    span = span_of(years) if years else None
    if name is None:
        _print_list(page(), collection)
    elif study is not None or (name not in collection.indicators and _is_of_study(name)):
        if source or vintages or chart or as_json:
            raise UsageError("--source, --vintages, --chart and --json are of indicators alone.")
        cells = read_study(existing(study)).catalogue
        print_series(cells, name, listed(economy), span or (YEAR_FIRST, YEAR_LAST))
    else:
        rows = collection.vintages(name) if vintages else collection.best(name, source)
        rows = narrowed(rows, listed(economy, [*REGION, WORLD]), span)
        _print_indicator(collection, name, rows, vintages=vintages, chart=chart, as_json=as_json)


def _is_of_study(name: str) -> bool:
    """Whether the worked study, which is asked where no other is named, has such a dataset."""
    return any(
        key[0] == name.partition(".")[0] for key in read_study(existing(None)).catalogue.cells
    )


def _print_indicator(
    collection: Collection, name: str, rows: pl.DataFrame, *,
    vintages: bool, chart: bool, as_json: bool,
) -> None:  # fmt: skip
    if as_json:
        told = rows.select(OBSERVATION).with_columns(pl.col("retrieved").cast(pl.String))
        typer.echo(json.dumps(told.to_dicts(), ensure_ascii=False, indent=2))
        return
    console, indicator = page(), collection.indicator(name)
    figures = figures_of(indicator, float(str(rows["value"].abs().max() or 0)))
    console.print(f"\n{heading(indicator, figures.unit)}", style="bold", markup=False)
    if chart:
        console.print(_lines(figures, rows))
    elif vintages or rows["economy"].n_unique() > COLUMNS_MAX:
        console.print(_long(figures, rows))
    else:
        console.print(_wide(figures, rows))
        others = sorted(set(rows["source"]) - {_main_source(rows)})
        if others:
            console.print(f"* from {', '.join(others)}", markup=False)
    console.print(f"\n{indicator.definition}.", style="dim", markup=False)
    say_sources(console, collection, set(rows["source"]))


def _wide(figures: Figures, rows: pl.DataFrame) -> Table:
    """A row for each period, a column for each economy."""
    codes = sorted(set(rows["economy"]), key=lambda code: (code == WORLD, code))
    main = _main_source(rows)
    told = {(row["economy"], row["period"]): row for row in rows.iter_rows(named=True)}
    table = table_under("period", *map(name_of, codes), right=map(name_of, codes))
    for period in sorted(set(rows["period"])):
        cells = (told.get((code, period)) for code in codes)
        table.add_row(period, *(_cell(figures, cell, main) for cell in cells))
    return table


def _main_source(rows: pl.DataFrame) -> str:
    """The source of most of the values; those of others are marked."""
    return str(rows["source"].value_counts().sort("count", "source")["source"][-1])


def _cell(figures: Figures, row: dict[str, Any] | None, main: str) -> str:
    if row is None:
        return "·"
    text = figures.text(row["value"]) or STATUS_WORDS[row["status"]]
    if row["value"] is not None and row["status"] != "A":
        text += row["status"].lower()
    return text if row["source"] == main else f"{text}*"


def _long(figures: Figures, rows: pl.DataFrame) -> Table:
    """A row for each observation, with its source and what is remarked."""
    table = table_under("economy", "period", "value", "source", "edition", "remark",
                     right=("value",))  # fmt: skip
    for row in rows.sort("economy", "period", "edition").iter_rows(named=True):
        remark = "; ".join(filter(None, (STATUS_WORDS[row["status"]], row["note"])))
        table.add_row(name_of(row["economy"]), row["period"],
                      figures.text(row["value"]), row["source"], row["edition"],
                      remark)  # fmt: skip
    return table


def _lines(figures: Figures, rows: pl.DataFrame) -> Table:
    """A line for each economy over the same years and the same height."""
    held = rows.drop_nulls("value").with_columns(year=year_of("period"))
    if held.is_empty():
        raise IndicatorError("NOTHING_HELD", "No value is held to draw.")
    spans = [held["year"].min(), held["year"].max(), held["value"].min(), held["value"].max()]
    first, last = (int(str(each)) for each in spans[:2])
    low, high = (float(str(each)) for each in spans[2:])
    columns = ("economy", "first", f"{first} to {last}", "last", "of")
    table = table_under(*columns, right=("first", "last"))
    for (code,), mine in held.sort("year").group_by("economy", maintain_order=True):
        values = dict(zip(mine["year"], mine["value"], strict=True))
        line = spark_line([values.get(year) for year in range(first, last + 1)], low, high)
        begin, end = (figures.text(mine["value"][at]) for at in (0, -1))
        table.add_row(name_of(str(code)), begin, line, end, mine["period"][-1])
    return table


def _print_list(console: Console, collection: Collection) -> None:
    """Print every indicator that is held, by topic."""
    counts = collection.observations.group_by("indicator").agg(
        pl.len(), year_of("period").min().alias("from"), year_of("period").max().alias("to"),
        pl.col("economy").n_unique().alias("economies"),
    )  # fmt: skip
    told = {row["indicator"]: row for row in counts.iter_rows(named=True)}
    for topic in TOPICS:
        table = table_of(topic, "indicator", "what it is", "years", "economies",
                         right=("economies",))  # fmt: skip
        table.columns[0].no_wrap = True
        for each in collection.indicators.values():
            row = told.get(each.code)
            if each.topic == topic and row is not None:
                span = f"{row['from']}..{row['to']}"
                what = heading(each, each.unit)
                table.add_row(each.code, what, span, f"{row['economies']}")
        console.print(table)
    console.print("\nAlso the cells of the worked study: `tumen observe show table10.sales`.")
