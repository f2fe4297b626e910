"""`tumen law`: what the law holds, whether its data is sound, and what changes with it."""

from datetime import date, datetime
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console

from tumen.cli import law_page
from tumen.cli.economy import Economy
from tumen.cli.groups import command_group
from tumen.kernel.errors import UsageError
from tumen.law.check import check as check_data
from tumen.law.coverage import ECONOMIES
from tumen.law.goods import goods_classes, taxes
from tumen.law.parameters import parameters, value_at
from tumen.law.samples import FILE

SUGGESTIONS_MAX: Final = 5
_TRIAL: Final = "tumen.cli.law_trial"
_CASES: Final = "tumen.cli.law_cases"
"""Loaded only by the commands that compute, so that the others are quick."""

app = command_group("Show what the law holds, check it, and compare it by day or by proposal.")


EconomyOption = Annotated[
    Economy | None, typer.Option("--economy", case_sensitive=False, help="CN RU JP KR MN.")
]
Day = Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="A day, YYYY-MM-DD.")]


@app.command("list")
def list_topics(economy: EconomyOption = None) -> None:
    """List what is covered: topics, from when, how many values, and how well they are known."""
    console = Console(highlight=False)
    for each in [economy.value] if economy else ECONOMIES:
        law_page.print_economy(console, each)
    law_page.print_legend(console)


@app.command("show")
def show(
    name: Annotated[
        str, typer.Argument(help="A parameter, the beginning of some, or a tax with classes.")
    ],
    at: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Only what is in force on this day."),
    ] = None,
) -> None:
    """Show a parameter with all its values: days, act and article, evidence, notes.

    The beginning of names, such as jp.deminimis, lists those that begin so; a tax such as cn.vat
    shows its classes of goods with the HS prefixes.
    """
    console, day = Console(highlight=False), at.date() if at else None
    if name in parameters():
        _show_parameter(console, name, day)
        return
    begun = [each for each in sorted(parameters()) if each.startswith(name)]
    named = [each for each in taxes() if each == name] or [
        each for each in taxes() if each.startswith(name)
    ]
    if not begun and not named:
        raise UsageError(f"The law holds no {name!r}.{_near(name)}")
    if begun:
        law_page.print_names(console, [parameters()[each] for each in begun], day)
    for each in named:
        law_page.print_classes(console, each, goods_classes(each), day)


def _show_parameter(console: Console, name: str, day: date | None) -> None:
    """One parameter; of a day the value that is in force, which is an error where none is."""
    parameter = parameters()[name]
    values = parameter.values if day is None else [value_at(name, day)]
    law_page.print_history(console, parameter, values)


def _near(name: str) -> str:
    """The names that are nearest, by their letters and by their last words."""
    known = [*parameters(), *taxes()]
    near = get_close_matches(name, known, SUGGESTIONS_MAX)
    word = name.rpartition(".")[2]
    near += [each for each in known if word and word in each and each not in near]
    if not near:
        return " See `tumen law list`."
    return f" Is it one of these: {', '.join(near[:SUGGESTIONS_MAX])}?"


@app.command("check")
def check() -> None:
    """Check the data of the law: schema, gaps, overlaps, citations, and what no code names."""
    checked = check_data()
    for each in checked.problems:
        typer.echo(f"{each.file}: {each.name}: {each.text}")
    counts = (
        f"{checked.values:,} values of {checked.parameters:,} parameters and "
        f"{checked.classes:,} classes of goods were checked"
    )
    if checked.problems:
        count = len(checked.problems)
        typer.echo(f"{counts}: {count:,} problem{'s' * (count > 1)}.", err=True)
        raise typer.Exit(1)
    typer.echo(f"{counts}: nothing is wrong.")


@app.command("cases")
def cases(economy: EconomyOption = None) -> None:
    """Compute the worked cases that others published, and tell which are traps."""
    chosen = None if economy is None else economy.value
    import_module(_CASES).print_held(chosen)


@app.command("diff")
def diff(first: Day, second: Day, economy: EconomyOption = None) -> None:
    """Show which values changed between two days, and for whom.

    The made-up shipments that come along are quoted on both days, with stated exchange rates, so
    that nothing but the law differs.
    """
    chosen = None if economy is None else economy.value
    import_module(_TRIAL).difference(first.date(), second.date(), chosen)


@app.command("reform")
def reform(
    file: Annotated[Path, typer.Argument(help="Patched parameters as TOML: docs/law-commands.md.")],
    over: Annotated[
        Path,
        typer.Option(
            help="Shipments as `tumen assess` reads them; by default the made-up ones.",
            show_default=False,
        ),
    ] = FILE,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Try patched parameters on a file of shipments: what is payable before and after.

    The patch holds for this run only. What is unknown is counted apart, never as zero.
    """
    import_module(_TRIAL).reform(file, over, as_json=as_json)
