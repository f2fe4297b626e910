"""The page of `tumen quote`, as a person reads it: at most 80 columns, the sum first."""

from collections.abc import Sequence
from typing import Any, Final

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from tumen.codelist.spoken import messages
from tumen.law.answer import Answer, ChargeLine, Remark

STATUS: Final = {
    "payable": "payable",
    "exempt": "exempt: nothing is payable",
    "not_admissible": "not admissible",
    "unknown": "unknown: something that the answer needs is missing",
}


def print_answer(answer: Answer, console: Console) -> None:
    """Print the sum, the charges, the regimes, the explanation and what was not sure."""
    _print_head(console, answer)
    if answer.charges:
        console.print(_charges(answer))
        _print_citations(console, answer.charges)
    _print_regimes(console, answer)
    _print_steps(console, answer)
    _print_remarks(console, "What must be mended", answer.violations)
    _print_remarks(console, "What you should know", answer.warnings)
    _print_rates(console, answer)


def _print_head(console: Console, answer: Answer) -> None:
    if answer.total is not None:
        line = f"{answer.total} {answer.currency} payable" if answer.status == "payable" else ""
        console.print(Text(line or STATUS[answer.status], style="bold"))
    else:
        console.print(Text(STATUS[answer.status], style="bold"))
    if answer.regime is not None:
        console.print(
            f"{_whither(answer)}, regime {answer.regime}, law of {answer.date}{_value(answer)}",
            highlight=False,
        )


def _whither(answer: Answer) -> str:
    return f"export to {answer.destination}" if answer.is_export else f"{answer.destination}"


def _value(answer: Answer) -> str:
    """The customs value; of an export none is asked for, and its currency is not the sender's."""
    if answer.is_export:
        return ""
    return f"; customs value {answer.customs_value or 'unknown'} {answer.currency}"


def _table(title: str, *columns: str, right: Sequence[str] = ()) -> Table:
    table = Table(
        title=f"\n{title}", title_justify="left", title_style="bold", box=None,
        padding=(0, 2, 0, 0), pad_edge=False, header_style="italic dim",
    )  # fmt: skip
    for column in columns:
        table.add_column(column, justify="right" if column in right else "left", overflow="fold")
    return table


def _charges(answer: Answer) -> Table:
    """What is payable, with each item's base and rate below it where items are charged."""
    table = _table("Charges", "charge", "base", "rate", "amount", right=("base", "amount"))
    for each in answer.charges:
        of_items = [
            (item.item, line)
            for item in answer.items
            for line in item.charges
            if line.code == each.code and (line.base, line.rate) != (each.base, each.rate)
        ]
        table.add_row(*_cells(each, each.code.replace("_", " ")))
        for place, line in of_items:
            table.add_row(*_cells(line, f"  on item {place + 1}"), style="dim")
    return table


def _cells(line: ChargeLine, name: str) -> tuple[str, str, str, str]:
    return name, line.base or "", line.rate or "", line.amount or f"unknown: {line.missing}"


def _print_citations(console: Console, charges: Sequence[ChargeLine]) -> None:
    cited: dict[str, list[str]] = {}
    for each in charges:
        for citation in each.citations:
            cited.setdefault(citation, []).append(each.code.replace("_", " "))
    for citation, codes in cited.items():
        _say(console, f"{', '.join(dict.fromkeys(codes))}: {citation}", 2)


def _print_regimes(console: Console, answer: Answer) -> None:
    if not answer.considered:
        return
    table = _table("Regimes", "regime", "status", "total", "because", right=("total",))
    for each in answer.considered:
        lacking = [f"not known: {name}" for name in each.missing]
        reasons = "\n".join([*map(_message, each.reasons), *lacking])
        taken = " (taken)" if each.regime == answer.regime else ""
        table.add_row(each.regime + taken, each.status.replace("_", " "), each.total or "", reasons)
    console.print(table)


def _print_steps(console: Console, answer: Answer) -> None:
    if not answer.steps:
        return
    console.print(Text("\nHow it was computed", style="bold"))
    for number, each in enumerate(answer.steps, start=1):
        where = "" if each.item is None else f" of item {each.item + 1}"
        title = f"{number}. {each.code.replace('_', ' ')}{where}: {each.formula}"
        console.print(Text(title))
        _say(console, each.numbers)
        _say(console, f"[{each.citation}]")


def _print_remarks(console: Console, title: str, remarks: Sequence[Remark]) -> None:
    if not remarks:
        return
    console.print(Text(f"\n{title}", style="bold"))
    for each in remarks:
        told = messages({"code": each.code, "path": each.path, "parameters": each.parameters})
        _say(console, f"{told['message']} {told['fix']} [{each.code}]", 2)


def _print_rates(console: Console, answer: Answer) -> None:
    for each in answer.exchange_rates:
        day = f" of {each.day}" if each.day else ""
        console.print(
            f"1 {each.currency} = {each.rate} {answer.currency} ({each.source}{day})",
            highlight=False, style="dim",
        )  # fmt: skip
    console.print(f"Law version {answer.law_version}.", highlight=False, style="dim")


def _message(reason: Remark) -> str:
    told: dict[str, Any] = {
        "code": reason.code, "path": reason.path, "parameters": reason.parameters
    }  # fmt: skip
    return messages(told)["message"]


def _say(console: Console, text: str, indent: int = 4) -> None:
    console.print(Padding(Text(text), (0, 0, 0, indent)))
