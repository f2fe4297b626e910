"""`tumen observe divide`: the digital-divide index, its rank intervals, and the gap by pillar."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from tumen.cli.observe_held import JsonOption, held, page, say_sources, table_under
from tumen.kernel.limits import RESAMPLES_MAX
from tumen.observatory.index.divide import RESAMPLES, SEED, Divide
from tumen.observatory.index.divide import divide as divide_of
from tumen.observatory.index.framework import FRAMEWORK, read_framework
from tumen.observatory.indicators.collection import name_of

RESAMPLES_MIN = 100


def divide(
    framework: Annotated[
        Path, typer.Argument(help="A framework file; default: the one that comes along.")
    ] = FRAMEWORK,
    year: Annotated[int | None, typer.Option(help="Another year than the framework's.")] = None,
    age: Annotated[
        int | None, typer.Option(min=0, help="How many years older a value may be.")
    ] = None,
    resamples: Annotated[
        int, typer.Option(min=RESAMPLES_MIN, max=RESAMPLES_MAX, help="How often to draw anew.")
    ] = RESAMPLES,
    seed: Annotated[int, typer.Option(min=0, help="The same seed draws the same.")] = SEED,
    as_json: JsonOption = False,
) -> None:
    """Measure the digital divide: scores, rank intervals, and what each pillar adds to the gap.

    The index is built as the OECD/JRC handbook says; docs/divide-index.md tells every step.
    """
    collection = held()
    frame = read_framework(framework)
    frame = replace(
        frame, year=frame.year if year is None else year, age=frame.age if age is None else age
    )  # fmt: skip
    found = divide_of(collection, frame, resamples=resamples, seed=seed)
    if as_json:
        typer.echo(json.dumps(as_data(found), ensure_ascii=False, indent=2))
        return
    console = page()
    console.print(f"\n{frame.title}, {frame.year}", style="bold", markup=False)
    _print_standings(console, found)
    _print_gaps(console, found)
    _print_ahead(console, found)
    _print_owed(console, found)
    _print_ages(console, found)
    say_sources(console, collection, {*found.matrix.sources})


def _print_standings(console: Console, found: Divide) -> None:
    numbers = ("rank", "nine draws of ten", "score", "from", "to", "gap")
    table = table_under("rank", "nine draws of ten", "economy", "score", "from", "to", "gap",
                        right=numbers)  # fmt: skip
    for each in found.standings:
        table.add_row(
            f"{each.rank}", _span(each.rank_low, each.rank_high), name_of(each.economy),
            f"{each.score:.1f}", f"{each.score_low:.1f}", f"{each.score_high:.1f}",
            f"{each.gap:.1f}",
        )  # fmt: skip
    console.print(table)
    console.print(
        f"The last has {found.ratio:.0%} of the first's score; in nine draws of ten, "
        f"{found.ratio_low:.0%} to {found.ratio_high:.0%}.",
        markup=False,
    )


def _span(low: int, high: int) -> str:
    return f"{low}" if low == high else f"{low} to {high}"


def _print_gaps(console: Console, found: Divide) -> None:
    pillars = found.framework.pillars
    console.print(f"\nThe gap to {name_of(found.leader)} by pillar", style="bold", markup=False)
    table = table_under("economy", *pillars, "gap", right=(*pillars, "gap"))
    for each in found.standings:
        gaps = (f"{part:.1f}" for part in each.gap_of_pillars)
        table.add_row(name_of(each.economy), *gaps, f"{each.gap:.1f}")
    shares = (f"{share:.0%}" for share in found.spread_of_pillars)
    table.add_row("share of the spread", *shares, "100%", style="dim")
    console.print(table)


def _print_ahead(console: Console, found: Divide) -> None:
    order = [each.economy for each in found.standings]
    names = [name_of(code) for code in order]
    console.print("\nIn how many draws one is ahead of another", style="bold")
    table = table_under("", *names, right=names)
    for one in order:
        shares = (f"{found.ahead[one, other]:.0%}" if one != other else "·" for other in order)
        table.add_row(name_of(one), *shares)
    console.print(table)


def _print_owed(console: Console, found: Divide) -> None:
    drawn = f"{found.resamples:,} draws with seed {found.seed}"
    console.print("\nWhat the ranks owe to the choices", style="bold")
    console.print(
        f"Over {drawn} a rank shifts by {found.rank_shift:.2f} on the mean. Of that variance, "
        f"by itself: {_shares(found.owed)}. The rest comes of several together.",
        markup=False,
    )


def _shares(owed: Mapping[str, float]) -> str:
    ordered = sorted(owed.items(), key=lambda each: -each[1])
    return ", ".join(f"{name} {share:.1%}" for name, share in ordered if share >= 0.0005)


def _print_ages(console: Console, found: Divide) -> None:
    """Say which values are not of the year of the index."""
    year, told = f"{found.framework.year}", []
    for measure, periods in zip(found.framework.measures, found.matrix.periods, strict=True):
        others = _others(found.framework.reference, periods, year)
        if others:
            told.append(f"{measure.code} {others}")
    if told:
        console.print(f"\nOf other years: {'; '.join(told)}.", markup=False)


def _others(economies: Sequence[str], periods: Sequence[str], year: str) -> str:
    if len(set(periods)) == 1:
        return f"({periods[0]})" if periods[0] != year else ""
    return ", ".join(
        f"{code} ({period or 'none'})"
        for code, period in zip(economies, periods, strict=True)
        if period != year
    )


def as_data(found: Divide) -> dict[str, Any]:
    """The index as plain data: the same inputs and seed give the same bytes."""
    frame = found.framework
    return {
        "title": frame.title, "year": frame.year, "resamples": found.resamples,
        "seed": found.seed, "leader": found.leader, "reference": frame.reference,
        "choices": dict(frame.choices), "trials": {**frame.trials},
        "pillars": {
            pillar: [each.code for each in frame.measures if each.pillar == at]
            for at, pillar in enumerate(frame.pillars)
        },
        "standings": [asdict(each) for each in found.standings],
        "ahead": {f"{one} {other}": share for (one, other), share in found.ahead.items()},
        "spread_of_pillars": dict(zip(frame.pillars, found.spread_of_pillars, strict=True)),
        "last_over_first": [found.ratio, found.ratio_low, found.ratio_high],
        "rank_shift": found.rank_shift, "owed": {**found.owed},
        "sources": sorted(found.matrix.sources),
    }  # fmt: skip
