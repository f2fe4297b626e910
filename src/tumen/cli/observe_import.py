"""`tumen observe import`: a published file becomes an indicator, with its source written down."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from tumen.cli.location import indicator_folder
from tumen.cli.observe_held import held
from tumen.kernel.clock import SystemClock
from tumen.kernel.errors import PathAbsent, UsageError
from tumen.observatory.indicators.errors import IndicatorError
from tumen.observatory.indicators.forms import read_published
from tumen.observatory.indicators.importing import take
from tumen.observatory.indicators.model import TOPICS, Indicator, Source

SHOWN_MAX = 12
"""Economies left out that are named."""


def import_file(  # noqa: PLR0913 - a parameter is a flag
    file: Annotated[Path, typer.Argument(help="SDMX-CSV, or a CSV of the World Bank or ITU.")],
    indicator: Annotated[str, typer.Option(help="The indicator that it is; or a new code.")],
    unit: Annotated[str, typer.Option(help="Its unit, as `tumen observe show` tells it.")],
    source: Annotated[str, typer.Option(help="A short name of the source, such as wdi.")],
    edition: Annotated[str, typer.Option(help="The edition: 2026, 2026-07 or a day.")],
    title: Annotated[str, typer.Option(help="What the publication is called.")],
    publisher: Annotated[str, typer.Option(help="Who publishes it.")],
    licence: Annotated[str, typer.Option(help="Its licence.")],
    citation: Annotated[str | None, typer.Option(help="How it is cited.")] = None,
    retrieved: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="When; default today.")
    ] = None,
    secondary: Annotated[bool, typer.Option(help="It repeats what others publish.")] = False,
    where: Annotated[
        list[str] | None, typer.Option(help="Choose one series: COLUMN=VALUE; repeat it.")
    ] = None,
    name: Annotated[str | None, typer.Option(help="Of a new indicator: its name.")] = None,
    topic: Annotated[str | None, typer.Option(help=f"Of a new one: {', '.join(TOPICS)}.")] = None,
    better: Annotated[
        Literal["higher", "lower", "neither"], typer.Option(help="Of a new one: what is better.")
    ] = "neither",
    digits: Annotated[int, typer.Option(min=0, max=9, help="Of a new one: decimals shown.")] = 1,
    definition: Annotated[str, typer.Option(help="Of a new one: what it measures.")] = "",
) -> None:
    """Take in a published file as an indicator. Nothing is loaded without its source.

    An edition that is held is never overwritten: a new edition stands beside it.
    """
    if not file.is_file():
        raise PathAbsent(f"{file} is no file.")
    told = Source(
        id=f"{source}-{edition}", title=title, publisher=publisher, edition=edition,
        licence=licence, citation=citation or f"{publisher}, {title}, edition {edition}",
        retrieved=(retrieved or SystemClock().now()).date(),
        rank="secondary" if secondary else "primary",
        file=f"observations/{source}-{edition}.csv",
    )  # fmt: skip
    collection = held()
    named = collection.indicators.get(indicator)
    if named is None:
        new = Indicator(indicator, name or "", unit, topic or "",
                        "" if better == "neither" else better, digits, "", definition)  # fmt: skip
        named = _complete(new)
    is_of = replace(named, unit=unit)
    published = read_published(file)
    taken = take(indicator_folder(), collection, published, _where(where or []), (is_of, told))
    typer.echo(
        f"{indicator}: {taken.rows:,} observations of {taken.economies} economies from "
        f"{published.form}, as {told.id}"
    )
    if taken.left_out:
        names = [*taken.left_out][:SHOWN_MAX]
        more = ", …" if len(taken.left_out) > SHOWN_MAX else ""
        rows = sum(taken.left_out.values())
        typer.echo(f"Left out: {rows:,} rows of no economy: {', '.join(names)}{more}")


def _complete(new: Indicator) -> Indicator:
    if not new.name or new.topic not in TOPICS:
        raise IndicatorError(
            "INDICATOR_INCOMPLETE",
            f"No indicator is called {new.code}; a new one needs a name and a topic.",
        )
    return new


def _where(texts: Sequence[str]) -> dict[str, str]:
    pairs = [text.partition("=") for text in texts]
    wrong = [text for text, (_, sign, _) in zip(texts, pairs, strict=True) if not sign]
    if wrong:
        raise UsageError(f"{wrong[0]!r} is not of the form COLUMN=VALUE.")
    return {column: value for column, _, value in pairs}
