"""Runs `tumen law cases`: the published worked cases, and what our law computes."""

from collections.abc import Mapping, Sequence
from typing import Final

import typer
from rich.console import Console

from tumen.cli.law_page import say, table_of
from tumen.law.cases import Case, cases, computed

_VERDICTS: Final = {True: "as expected", False: "DIFFERS"}


def print_held(economy: str | None) -> None:
    """Print the cases of an economy, or all; see :func:`print_cases`."""
    held = [each for each in cases() if economy is None or each.id.startswith(economy)]
    print_cases(Console(highlight=False), held)


def print_cases(console: Console, chosen: Sequence[Case]) -> None:
    """Print cases with what differs and what is a trap.

    Raises:
        typer.Exit: with code 1 where an amount is not as expected.
    """
    found = {each.id: computed(each) for each in chosen}
    table = table_of("Worked cases", "case", "kind", "expected", "computed")
    for each in chosen:
        table.add_row(each.id, each.kind, _amounts(each.expected), _verdict(each, found[each.id]))
    console.print(table)
    for each in chosen:
        if each.kind == "trap":
            console.print()
            say(console, f"{each.id}: {each.source}. {each.note}", 0)
    _conclude(console, chosen, found)


def _conclude(
    console: Console, chosen: Sequence[Case], found: Mapping[str, Mapping[str, str | None]]
) -> None:
    told = [each for each in chosen if each.shipment is not None]
    right = sum(found[each.id] == each.expected for each in told)
    traps = sum(each.kind == "trap" for each in chosen)
    silent = len(chosen) - len(told)
    console.print()
    text = f"{right} of {len(told)} cases are as expected; {traps} of all are traps"
    say(console, f"{text}, {silent} cannot be computed." if silent else f"{text}.", 0)
    if right < len(told):
        raise typer.Exit(1)


def _verdict(case: Case, found: Mapping[str, str | None]) -> str:
    if case.shipment is None:
        return "not told enough"
    is_right = found == case.expected
    return _VERDICTS[is_right] + ("" if is_right else f": {_amounts(found)}")


def _amounts(amounts: Mapping[str, str | None]) -> str:
    """Amounts by charge, the total last."""
    named = (f"{code.replace('_', ' ')} {amount or 'unknown'}" for code, amount in amounts.items())
    return ", ".join(named)
