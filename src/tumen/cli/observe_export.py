"""`tumen observe export`: dataflows with their structure, for any program that reads SDMX."""

from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from tumen.cli.observe_cells import existing
from tumen.cli.observe_held import EconomyOption, SourceOption, held, listed
from tumen.kernel.errors import UsageError
from tumen.observatory.index.divide import divide as divide_of
from tumen.observatory.index.framework import read_framework
from tumen.observatory.indicators.collection import Collection, narrowed
from tumen.observatory.indicators.periods import span_of
from tumen.observatory.sdmx.flow import Flow
from tumen.observatory.sdmx.flows import divide_flow, indicator_flow, study_flows
from tumen.observatory.sdmx.writing import Form, Standard, write_flows
from tumen.observatory.study import read_study


def export(  # noqa: PLR0913 - a parameter is a flag
    what: Annotated[
        str, typer.Argument(help="indicators, an indicator, study, divide, or a study file.")
    ] = "indicators",
    out: Annotated[Path, typer.Option(help="The folder to write to.")] = Path("sdmx"),
    form: Annotated[Form, typer.Option("--format", help="What to write.")] = "sdmx-ml",
    standard: Annotated[Standard, typer.Option(help="The version of SDMX.")] = "3.0",
    economy: EconomyOption = None,
    years: Annotated[str | None, typer.Option(help="A year, or a span: 2015..2022.")] = None,
    source: SourceOption = None,
) -> None:
    """Write a dataset with its structure: SDMX-ML, SDMX-CSV or Parquet.

    Of indicators every vintage is written, unless one is named with --source.
    """
    flows = _flows(what, listed(economy), years, source)
    for path in write_flows(flows, out, form, standard):
        typer.echo(f"{path}  {path.stat().st_size:,} bytes")
    rows = sum(flow.rows.height for flow in flows)
    typer.echo(f"{rows:,} observations in {len(flows)} dataflows")


def _flows(what: str, economies: list[str], years: str | None, source: str | None) -> list[Flow]:
    is_study = what == "study" or what.endswith(".toml")
    if (is_study or what == "divide") and (economies or years or source):
        raise UsageError("--economy, --years and --source choose among indicators alone.")
    if is_study:
        return study_flows(read_study(existing(None if what == "study" else Path(what))))
    collection = held()
    if what == "divide":
        return [divide_flow(collection, divide_of(collection, read_framework()))]
    codes = [*collection.indicators] if what == "indicators" else [what]
    rows = pl.concat([_observations(collection, code, source) for code in codes])
    span = span_of(years) if years else None
    return [indicator_flow(collection, narrowed(rows, economies, span))]


def _observations(collection: Collection, code: str, source: str | None) -> pl.DataFrame:
    rows = collection.vintages(code).drop("is_primary")
    return rows if source is None else rows.filter(pl.col("source") == source)
