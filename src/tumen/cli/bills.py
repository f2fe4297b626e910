"""`tumen bills`: what is due, from when and until when; a month summed up; messages of it."""

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.table import Column, Table

from tumen.bootstrap import open_store
from tumen.cli import bills_stated
from tumen.cli.groups import command_group
from tumen.cli.held_database import HeldDatabaseOption
from tumen.cli.location import NOT_RECORDED
from tumen.kernel.clock import SystemClock
from tumen.kernel.errors import UsageError
from tumen.kernel.limits import BILL_MESSAGE_BILLS_MAX
from tumen.store.session import Session
from tumen.web.legal_day import today
from tumen.web.spreadsheet import table
from tumen.window.bill_statements import Month
from tumen.window.billing import BillState
from tumen.window.lateness import Lateness, late_days, lateness
from tumen.window.ledger import bills as stored
from tumen.window.ledger import guarantees as held
from tumen.window.ledger.bills import ChosenBills, in_units
from tumen.window.ledger.stretches import Line
from tumen.window.ledger.tax_messages import tax_bills_of
from tumen.window.tax_messages import tax_bills, tax_statuses

app = command_group()
app.command("make")(bills_stated.make)
app.command("state")(bills_stated.state)
app.command("guarantee")(bills_stated.guarantee)

MonthArgument = Annotated[str, typer.Argument(help="The month in which they were made: 2026-12.")]
PayerOption = Annotated[str | None, typer.Option(help="Only those that this one pays.")]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
COUNTED: Final = ("bills", "charged", "taken_off", "total")


@app.callback()
def bills() -> None:
    """Make bills of what is due, list them, sum them up, and state what was paid."""


@app.command("list")
def list_bills(  # noqa: PLR0913 - a parameter is a flag
    state: Annotated[BillState | None, typer.Option(help="Only those that stand there.")] = None,
    payer: PayerOption = None,
    month: Annotated[str | None, typer.Option(help="Only those made in it: 2026-12.")] = None,
    after: Annotated[int, typer.Option(min=0, help="Go on after this number.")] = 0,
    limit: Annotated[int, typer.Option(min=1, max=1_000, help="How many to list.")] = 100,
    database: HeldDatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """List bills in the order of their making: payer, days, amount, state."""
    chosen = ChosenBills(state, payer, month=None if month is None else month_of(month))
    with open_store(database).session() as session:
        found = stored.bills(session, chosen, after, limit)
    day = today(SystemClock())
    _print(
        [{**in_units(line), "late_days": late_days(line, day) or 0} for line in found.lines],
        {"number": "number", "payer": "payer", "made_on": "made", "due_by": "due by",
         "late_days": "late", "total": "total", "currency": "", "state": "state"},
        "There is no bill.", as_json=as_json,
    )  # fmt: skip
    if found.next is not None and not as_json:
        Console().print(f"There may be more: go on with --after {found.next}.")


def month_of(text: str) -> Month:
    """A month as it is typed.

    Raises:
        UsageError: it is none.
    """
    found = Month.of(text)
    if found is None:
        raise UsageError(f"{text} is no month; write it like 2026-12.")
    return found


@app.command("show")
def show(
    number: Annotated[str, typer.Argument(help="The number of a bill.")],
    database: HeldDatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show a bill: what it is made of, its days and where they stand in the law."""
    with open_store(database).session() as session:
        found = stored.one_bill(session, number)
    if found is None:
        raise UsageError(f"There is no bill {number}.", next_step=NOT_RECORDED)
    late = lateness(found, today(SystemClock()))
    line = {**in_units(found), "items": [*_items(found)], "late": _late(late)}
    if as_json:
        typer.echo(json.dumps(line, ensure_ascii=False))
        return
    for text in _told(line):
        typer.echo(text)


def _late(late: Lateness | None) -> Line | None:
    if late is None:
        return None
    names = ("days", "rate_per_day", "per_day", "so_far", "citation", "is_verified")
    return {name: getattr(late, name) for name in names}


def _items(found: Line) -> Iterator[Line]:
    for each in found["items"]:
        told = in_units({**each, "currency": found["currency"]})
        yield {name: told[name] for name in ("goods_item", "code", "amount")}


def _told(line: Line) -> Iterator[str]:
    yield f"{line['number']}  {line['kind']}, {line['state']}"
    yield f"  of #{line['declaration']} by {line['filer']}, released on {line['released_on']}"
    guarantees = " as its guarantor" if line["is_guaranteed"] else ""
    yield f"  paid by {line['payer']}{guarantees}"
    yield f"  {_days(line)}"
    if line["late"]:
        rate = line["late"]["rate_per_day"]
        late = line["late"]
        adds = (
            f"the law adds {rate} of it a day, {late['so_far']} {line['currency']} so far before "
            "any rounding"
            if rate
            else "what the law adds is not held"
        )
        yield f"  late by {late['days']} days; {adds}"
    if line["notice"]:
        yield f"  summed up in notice {line['notice']}"
    if line["paid_on"]:
        yield f"  paid on {line['paid_on']}"
    if line["reason"]:
        yield f"  void: {line['reason']}"
    for item in line["items"]:
        place = "" if item["goods_item"] is None else f"item {item['goods_item'] + 1}, "
        yield f"    {place}{item['code']}  {item['amount']}"
    yield f"  total {line['total']} {line['currency']} of {line['charged']} charged"


def _days(line: Line) -> str:
    if line["due_by"] is None:
        return f"made on {line['made_on']}; the law that is held names no day of payment"
    begin = "at once" if line["due_from"] is None else f"from {line['due_from']}"
    doubt = "" if line["is_verified"] else ", not verified"
    return f"made on {line['made_on']}; {begin} until {line['due_by']} ({line['citation']}{doubt})"


@app.command("summary")
def summary(
    month: MonthArgument,
    payer: PayerOption = None,
    database: HeldDatabaseOption = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="As a CSV table.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Sum up the bills of a month by day, payer, currency and state; returns are taken off."""
    with open_store(database).session() as session:
        found = stored.month_of_bills(session, month_of(month), payer)
    lines = [in_units(line) for line in found]
    if as_csv:
        rows = [[line[name] for name in stored.MONTH_COLUMNS] for line in lines]
        typer.echo(table(stored.MONTH_COLUMNS, rows).decode("utf-8-sig"), nl=False)
        return
    hidden = ("is_guaranteed", "currency")
    names = {
        name: name.replace("_", " ") for name in stored.MONTH_COLUMNS if name not in hidden
    } | {"currency": ""}
    _print(lines, names, "There is no bill in this month.", as_json=as_json)


@app.command("messages")
def messages(
    month: MonthArgument,
    out: Annotated[Path, typer.Option(help="The folder to write them into.")],
    database: HeldDatabaseOption = None,
) -> None:
    """Write the bills of Chinese lists of a month as CEB816, and their states as CEB818."""
    out.mkdir(parents=True, exist_ok=True)
    at = SystemClock().now()
    with open_store(database).session() as session:
        written = left_out = 0
        for number, lines in enumerate(_pages(session, month_of(month)), start=1):
            found = tax_bills_of(session, lines)
            written, left_out = written + len(found.bills), left_out + found.left_out
            if not found.bills:
                continue
            for name, render in (("ceb816", tax_bills), ("ceb818", tax_statuses)):
                file = out / f"{name}-{month}-{number:04d}.xml"
                file.write_bytes(render(found.bills, at))
    typer.echo(f"{written:,} bills were written to {out}.")
    if left_out:
        told = "they are of shipments, or tell a difference, for which there is no such message"
        typer.echo(f"{left_out:,} were left out: {told}.")


def _pages(session: Session, month: Month) -> Iterator[list[Line]]:
    ask = partial(stored.bills, session, ChosenBills(month=month), limit=BILL_MESSAGE_BILLS_MAX)
    found = ask()
    yield found.lines
    while found.next is not None:
        found = ask(after=found.next)
        yield found.lines


@app.command("guarantees")
def list_guarantees(database: HeldDatabaseOption = None, as_json: JsonOption = False) -> None:
    """List what each guarantor has deposited, what is reserved of it, and what is free."""
    with open_store(database).session() as session:
        found = held.guarantees(session)
    lines = [in_units({**line, "currency": held.CURRENCY}) for line in found.to_dicts()]
    names = {name: name for name in ("guarantor", "deposited", "reserved", "free", "currency")}
    _print(lines, names, "No guarantor is known.", as_json=as_json)


def _print(lines: list[Line], columns: dict[str, str], nothing: str, *, as_json: bool) -> None:
    """Lines as a table, or as JSON; days that the law does not name are told as unknown."""
    if as_json:
        for line in lines:
            typer.echo(json.dumps(line, ensure_ascii=False))
        return
    console = Console()
    if not lines:
        console.print(nothing)
        return
    amounts = {*COUNTED, "deposited", "reserved", "free"}
    whole = amounts | {"made_on", "due_by", "number", "state", "currency"}
    shown = Table(
        *(Column(told, justify="right" if name in amounts else "left", no_wrap=name in whole)
          for name, told in columns.items()),
        box=None, pad_edge=False,
    )  # fmt: skip
    for line in lines:
        shown.add_row(*(_cell(line[name]) for name in columns))
    console.print(shown)


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "unknown" if value is None else str(value)
