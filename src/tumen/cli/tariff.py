"""`tumen tariff`: show what a tariff says of a code, and import official tariffs."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from tumen.cli.location import tariff_folder
from tumen.codelist.hs_names import name_of
from tumen.codelist.violations import is_rejecting, violation
from tumen.kernel.clock import SystemClock
from tumen.kernel.errors import SourceUnreadable, UsageError
from tumen.kernel.limits import TARIFF_BYTES_MAX
from tumen.law.consignment import TariffRate
from tumen.law.duty import AdValorem, Duty, Lowest, Specific, Total
from tumen.law.ruling import Notice
from tumen.law.tariff.plain import decimal
from tumen.law.tariff.rows import Remark
from tumen.law.tariff.table import Edition
from tumen.law.tariff_import import Rows, decoded, first_day, read_rows, save
from tumen.law.tariffs import CODE_DIGITS, code_problem, rates_of, unit_of

REMARKS_SHOWN_MAX: Final = 20
"""Remarks that are told one by one; the others are counted."""

UNIT_WORDS: Final = {
    "l": "litre",
    "l_pure_alcohol": "litre of pure alcohol",
    "m": "metre",
    "m2": "square metre",
    "m3": "cubic metre",
    "cm3": "cm3 of engine volume",
}
UNKNOWN: Final = "not known"

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Show what a tariff says of a code, and import official tariffs.",
)


@app.command("show")
def show(
    economy: Annotated[str, typer.Argument(help="CN, RU, JP, KR or MN.")],
    code: Annotated[str, typer.Argument(help="A commodity code; six digits at least.")],
    at: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The legal date; default today.")
    ] = None,
) -> None:
    """Show the rates of a code on a day: as printed, in plain words, and how well we know them."""
    economy, folder = _economy(economy), tariff_folder()
    hs = "".join(letter for letter in code if letter not in " .-")
    day = (at or SystemClock().now()).date()
    problem = code_problem(economy, hs, "the code", folder)
    if problem is not None and is_rejecting(problem.code):
        raise UsageError(_told(problem))
    console = Console(highlight=False)
    console.print(f"{economy} {hs} on {day}: {name_of(hs) or 'no name'}", markup=False)
    if problem is not None:
        console.print(_told(problem), markup=False)
        return
    _print_rates(console, rates_of(economy, hs, day, folder), unit_of(economy, hs, folder))


@app.command("import")
def import_tariff(
    file: Annotated[Path, typer.Argument(help="CSV, with commas or tabulators.")],
    economy: Annotated[str, typer.Option(help="CN, RU, JP, KR or MN.")],
    edition: Annotated[
        str | None, typer.Option(help="What the tariff calls itself; default the file's name.")
    ] = None,
    first: Annotated[
        datetime | None,
        typer.Option(
            "--from",
            formats=["%Y-%m-%d"],
            help="Its first day; default the earliest day in the file.",
        ),
    ] = None,
) -> None:
    """Import an official tariff; from now on it is asked instead of the one that came along."""
    economy = _economy(economy)
    with Console(stderr=True).status(f"Reading {file.name}"):
        rows = read_rows(decoded(_bytes(file)), economy)
    if not rows.lines:
        _tell(rows)
        raise UsageError(f"{file} has no row that can be taken: nothing was imported.")
    day = first.date() if first is not None else _first_day(rows)
    of_file = Edition(edition or file.name, day, "confirmed", "imported by the user")
    target = save(tariff_folder(), economy, of_file, rows.lines)
    codes = len({line.code for line in rows.lines})
    typer.echo(f"{economy}: {rows.rows:,} rows imported, {codes:,} codes, from {day}: {target}")
    _tell(rows)


def _economy(text: str) -> str:
    """An economy's letters.

    Raises:
        UsageError: there is no such economy.
    """
    if text.upper() not in CODE_DIGITS:
        raise UsageError(f"There is no tariff of {text}: {', '.join(CODE_DIGITS)}.")
    return text.upper()


def _told(notice: Notice) -> str:
    entry = violation(notice.code)
    message = entry.message.format(path=notice.path, **notice.parameters)
    return f"{notice.code}: {message} {entry.fix}"


def _print_rates(console: Console, rates: Mapping[str, TariffRate], unit: str | None) -> None:
    if not rates:
        console.print("No rate of this code is in force on that day.")
        return
    table = Table("column", box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("as printed", overflow="fold")
    table.add_column("in words")
    for rate in rates.values():
        table.add_row(rate.column, rate.text, UNKNOWN if rate.terms is None else words(rate.terms))
    console.print(table)
    for note, columns in _by_note(rates).items():
        console.print(f"{', '.join(columns)}: {note}", markup=False)
    for edition in dict.fromkeys(f"{rate.edition} ({rate.evidence})" for rate in rates.values()):
        console.print(f"edition: {edition}", markup=False)
    if unit is not None:
        console.print(f"supplementary unit: {unit}", markup=False)


def _by_note(rates: Mapping[str, TariffRate]) -> dict[str, list[str]]:
    """The columns to which each note belongs."""
    found: dict[str, list[str]] = {}
    for rate in rates.values():
        if rate.note:
            found.setdefault(rate.note, []).append(rate.column)
    return found


def words(duty: Duty) -> str:
    """The terms of a rate as a person says them.

    >>> from tumen.law.duty_text import read
    >>> words(read("RU", "10, но не менее 2,25 евро за 1 кг"))
    '10% or 2.25 EUR per kg, whichever is more'
    """
    if isinstance(duty, AdValorem):
        return f"{decimal(duty.rate * 100)}%" if duty.rate else "free"
    if isinstance(duty, Specific):
        return f"{_amount(duty)} {duty.currency} per {UNIT_WORDS.get(duty.per, duty.per)}"
    parts = [f"({words(each)})" if _is_choice(each) else words(each) for each in duty.of]
    if isinstance(duty, Total):
        return " plus ".join(parts)
    which = "less" if isinstance(duty, Lowest) else "more"
    return f"{' or '.join(parts)}, whichever is {which}"


def _is_choice(duty: Duty) -> bool:
    return not isinstance(duty, AdValorem | Specific | Total)


def _amount(duty: Specific) -> str:
    whole, point, decimals = decimal(duty.amount).partition(".")
    return f"{int(whole):,}{point}{decimals}" if whole.isdigit() else whole


def _first_day(rows: Rows) -> date:
    """The earliest day in the file.

    Raises:
        UsageError: no row has one.
    """
    found = first_day(rows.lines)
    if found is None:
        raise UsageError("No row says from when it holds: name the tariff's first day with --from.")
    return found


def _bytes(file: Path) -> bytes:
    """The bytes of a file.

    Raises:
        SourceUnreadable: it cannot be read, or is larger than a tariff may be.
    """
    try:
        with file.open("rb") as opened:
            data = opened.read(TARIFF_BYTES_MAX + 1)
    except OSError as error:
        raise SourceUnreadable(f"{file} cannot be read: {error.strerror}") from error
    if len(data) > TARIFF_BYTES_MAX:
        raise SourceUnreadable(f"{file} is larger than {TARIFF_BYTES_MAX:,} bytes")
    return data


def _tell(rows: Rows) -> None:
    """Say which rows were not taken as they are, and how many of each kind there were."""
    for remark in rows.remarks[:REMARKS_SHOWN_MAX]:
        typer.echo(f"  row {remark.row}: {_message(remark)}", err=True)
    if len(rows.remarks) > REMARKS_SHOWN_MAX:
        typer.echo(f"  and {len(rows.remarks) - REMARKS_SHOWN_MAX:,} more", err=True)
    for code, count in Counter(remark.code for remark in rows.remarks).most_common():
        typer.echo(f"  {code}: {count:,} rows. {violation(code).fix}", err=True)


def _message(remark: Remark) -> str:
    message = violation(remark.code).message.format(path="", value=remark.value, expected="")
    return f"{remark.code}: {message}"
