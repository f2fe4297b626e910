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

from tumen.cli.groups import command_group
from tumen.cli.imported_file import bytes_of, reason_of, tell_refused
from tumen.cli.location import tariff_folder
from tumen.codelist.hs_names import name_of
from tumen.codelist.violations import is_rejecting, violation
from tumen.kernel.clock import SystemClock
from tumen.kernel.errors import UsageError
from tumen.kernel.limits import TARIFF_BYTES_MAX
from tumen.law.consignment import TariffRate
from tumen.law.ruling import Notice
from tumen.law.tariff.english import written
from tumen.law.tariff.table import Edition
from tumen.law.tariff_import import Rows, decoded, first_day, read_rows, save
from tumen.law.tariffs import CODE_DIGITS, code_problem, rates_of, unit_of

UNKNOWN: Final = "not known"

app = command_group("Show what a tariff says of a code, and import official tariffs.")


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
        rows = read_rows(decoded(bytes_of(file, TARIFF_BYTES_MAX)), economy)
    if not rows.lines:
        _tell(rows)
        raise UsageError(f"{file} has no row that can be taken: nothing was imported.")
    day = first.date() if first is not None else _first_day(rows)
    of_file = Edition(edition or file.name, day, "confirmed", "imported by the user")
    target = save(tariff_folder(), economy, of_file, rows.lines)
    codes = len({line.code for line in rows.lines})
    whole = f", {rows.rows - rows.refused:,} of them as they stand" if rows.refused else ""
    typer.echo(f"{economy}: {rows.rows:,} rows read{whole}; {codes:,} codes, from {day}: {target}")
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
        table.add_row(
            rate.column, rate.text, UNKNOWN if rate.terms is None else written(rate.terms)
        )
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


def _first_day(rows: Rows) -> date:
    """The earliest day in the file.

    Raises:
        UsageError: no row has one.
    """
    found = first_day(rows.lines)
    if found is None:
        raise UsageError("No row says from when it holds: name the tariff's first day with --from.")
    return found


def _tell(rows: Rows) -> None:
    """Say which rows were not taken as they are, and how many of each kind there were."""
    tell_refused([f"row {each.row}: {reason_of(each.code, each.value)}" for each in rows.remarks])
    for code, count in Counter(remark.code for remark in rows.remarks).most_common():
        typer.echo(f"  {code}: {count:,} rows. {violation(code).fix}", err=True)
