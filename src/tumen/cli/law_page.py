"""The pages of `tumen law list` and `tumen law show`, at most 80 columns wide."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from tumen.law.coverage import GRADES, edition_line, evidence_text, topics
from tumen.law.goods import GoodsClass
from tumen.law.parameters import IN_FORCE, Parameter, Value
from tumen.law.value_text import is_raw, lines_of, shown

_HEADS: Final = {
    "confirmed": "con-\nfirmed",
    "unverified": "unveri-\nfied",
    "proposed": "pro-\nposed",
}
_LEGEND: Final = (
    "statute: the text of the act was read; confirmed: an official or consulted page says so; "
    "weak: a secondary page says so; unverified: with a stated confidence; proposed: shown, never "
    "computed with."
)


def table_of(title: str, *columns: str, right: Iterable[str] = ()) -> Table:
    """A table without lines, whose numbers stand at the right."""
    table = Table(
        title=f"\n{title}", title_justify="left", title_style="bold", box=None,
        padding=(0, 1, 0, 0), pad_edge=False, header_style="italic dim",
    )  # fmt: skip
    for column in columns:
        table.add_column(column, justify="right" if column in {*right} else "left", overflow="fold")
    return table


# --- tumen law list ------------------------------------------------------------------------------


def print_economy(console: Console, economy: str) -> None:
    """Print the topics of an economy, and the edition of its tariff."""
    heads = [_HEADS.get(grade, grade) for grade in GRADES]
    table = table_of(economy, "topic", "from", "values", *heads, right=("values", *heads))
    for each in topics(economy):
        counts = (f"{each.grades[grade] or ''}" for grade in GRADES)
        table.add_row(each.name.replace("_", " "), f"{each.first}", f"{each.count}", *counts)
    console.print(table)
    say(console, edition_line(economy), 0)


def print_legend(console: Console) -> None:
    """Print what the columns mean."""
    console.print()
    say(console, _LEGEND, 0)


# --- tumen law show ------------------------------------------------------------------------------


def print_history(console: Console, parameter: Parameter, values: Sequence[Value]) -> None:
    """Print some values of a parameter with their days, citations, evidence and notes."""
    console.print(Text(parameter.name, style="bold"))
    say(console, f"{parameter.title} ({parameter.unit})", 0)
    for each in values:
        console.print()
        _print_value(console, parameter.unit, each)


def _print_value(console: Console, unit: str, value: Value) -> None:
    is_table = isinstance(value.value, tuple)
    text = "by value:" if is_table else shown(value.value, unit)
    raw = f" ({value.value} in the data)" if is_raw(unit) and not is_table else ""
    say(console, f"{days(value.first, value.last)}  {text}{raw}", 0)
    if isinstance(value.value, tuple):
        table = Table.grid(padding=(0, 2))
        table.add_column(justify="right")
        table.add_column(justify="right")
        for bound, amount in lines_of(value.value, unit):
            table.add_row(bound, amount)
        console.print(Padding(table, (0, 0, 0, 4)))
    say(console, value.citation)
    unused = "" if value.evidence in IN_FORCE else "; it is shown, never computed with"
    say(console, f"{evidence_text(value)}{unused}")
    if value.note:
        say(console, f"Note: {value.note}")


def days(first: date, last: date | None) -> str:
    """A period as it is read."""
    return f"{first} to {last}" if last is not None else f"from {first}"


def print_names(console: Console, found: Sequence[Parameter], day: date | None) -> None:
    """Print several parameters, with the value of a day, or the last that is in force."""
    count = "1 parameter" if len(found) == 1 else f"{len(found)} parameters"
    when = "with the last value" if day is None else f"on {day}"
    console.print(Text(f"{count}, {when}", style="bold"))
    for each in found:
        value = _value(each, day)
        say(console, f"{each.name}: {_brief(each, value)}", 0)
        say(console, each.title)


def _brief(parameter: Parameter, value: Value | None) -> str:
    if value is None:
        return "no value"
    is_table = isinstance(value.value, tuple)
    text = "a table by value" if is_table else shown(value.value, parameter.unit)
    return f"{text} [{evidence_text(value)}]"


def _value(parameter: Parameter, day: date | None) -> Value | None:
    """The value of a day; the last one where no day is told."""
    known = [each for each in parameter.values if each.evidence in IN_FORCE]
    if day is None:
        return known[-1] if known else None
    return next((each for each in known if each.covers(day)), None)


def print_classes(
    console: Console, tax: str, classes: Iterable[GoodsClass], day: date | None
) -> None:
    """Print the classes of goods of a tax with their HS prefixes."""
    told = [each for each in classes if day is None or each.covers(day)]
    console.print(Text(f"\n{tax}: {len(told)} classes of goods", style="bold"))
    for each in told:
        console.print()
        say(console, f"{each.name}  {days(each.first, each.last)}", 0)
        say(console, each.what)
        say(console, f"HS {' '.join(each.prefixes)}")
        say(console, f"{each.citation} [{evidence_text(each)}]")
        if each.note:
            say(console, f"Note: {each.note}")


def say(console: Console, text: str, indent: int = 4) -> None:
    """Print a text as it is, broken at the width of the console."""
    console.print(Padding(Text(text), (0, 0, 0, indent), expand=False))
