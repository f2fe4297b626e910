"""Runs `tumen law diff` and `tumen law reform`: the same shipments under two laws."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from tumen.cli import law_comparison, law_page
from tumen.cli.assess_in import SUFFIXES, Intake
from tumen.cli.imported_file import bytes_of, text_of
from tumen.cli.location import tariff_folder
from tumen.cli.quote import REGION_AHEAD_OF_UTC
from tumen.cli.rates import folder as rates_folder
from tumen.codelist.spoken import messages
from tumen.documents.formats.sources import Source
from tumen.kernel.clock import SystemClock
from tumen.kernel.errors import UsageError
from tumen.kernel.limits import DOCUMENT_BYTES_MAX, LEGAL_YEAR_MAX, LEGAL_YEAR_MIN
from tumen.law.comparison import Comparison, Outcome, outcome_of
from tumen.law.difference import changes, class_changes
from tumen.law.exchange_import import held
from tumen.law.native.reading import read
from tumen.law.native.shipment import Shipment
from tumen.law.native.told import Told
from tumen.law.parameters import law_version
from tumen.law.proposal import Proposal, proposal_of
from tumen.law.quoting import Books, quoted
from tumen.law.reform import under_both
from tumen.law.ruling import Notice
from tumen.law.samples import sample

BAD_ROWS_SHOWN_MAX: Final = 20
"""Rows that are told one by one; the others are counted."""


class BadRow(NamedTuple):
    """A row that is no shipment: its line or number, and why it is none."""

    line: int
    faults: tuple[Notice, ...]


def difference(first: date, second: date, economy: str | None) -> None:
    """Print what changed between two days, and what that does to the made-up shipments.

    Raises:
        UsageError: a shipment cannot be of one of the days.
    """
    for day in (first, second):
        if not LEGAL_YEAR_MIN <= day.year <= LEGAL_YEAR_MAX:
            raise UsageError(f"{day} is not between {LEGAL_YEAR_MIN} and {LEGAL_YEAR_MAX}.")
    console = Console(highlight=False)
    law_comparison.print_changes(console, changes(first, second, economy), first, second)
    law_comparison.print_class_changes(console, class_changes(first, second, economy))
    law_comparison.print_for_whom(console, [*_on_both(first, second, economy)])


def _on_both(
    first: date, second: date, economy: str | None
) -> Iterator[tuple[str, Outcome, Outcome]]:
    """The made-up shipments by the law of two days; only the day is replaced."""
    for native in sample():
        if economy is None or native["destination"] == economy:
            what = ", ".join(item["description"] for item in native["items"])
            yield what, _on(native, first), _on(native, second)


def _on(native: dict[str, Any], day: date) -> Outcome:
    shipment, faults = read({**native, "date": day})
    assert shipment is not None, faults  # noqa: S101 - the shipments that come along can be read
    return outcome_of(shipment, quoted(shipment, Books(), is_explained=False))


def reform(file: Path, over: Path, *, as_json: bool) -> None:
    """Print what the shipments of a file pay under the law and under a proposal."""
    proposal = proposal_of(text_of(file, bytes_of(file, DOCUMENT_BYTES_MAX)))
    today = (SystemClock().now() + REGION_AHEAD_OF_UTC).date()
    compared, bad = _tried(proposal, over, today)
    if as_json:
        typer.echo(json.dumps(_result(proposal, compared, bad), ensure_ascii=False, indent=2))
        return
    console = Console(highlight=False)
    law_comparison.print_proposal(console, proposal)
    if compared.shipments:
        law_comparison.print_sums(console, compared)
    told = (
        f"{compared.changed:,} of {compared.shipments:,} shipments are treated otherwise; "
        f"{len(bad):,} rows could not be read."
    )
    law_page.say(console, f"\n{told}", 0)
    if proposal.unasked:
        names = ", ".join(proposal.unasked)
        law_page.say(console, f"No shipment asked for {names}: nothing changes by it here.", 0)
    _tell(bad)


def _tried(proposal: Proposal, over: Path, today: date) -> tuple[Comparison, list[BadRow]]:
    """Every shipment of a file under the law and under the proposal, and the rows that are none.

    Raises:
        UsageError: the file's name does not end as files of shipments do.
    """
    if not over.name.lower().endswith(SUFFIXES):
        raise UsageError(f"{over} is none of {', '.join(SUFFIXES)}.")
    compared, bad = Comparison(), list[BadRow]()
    books = Books(tariff_folder(), held(rates_folder()))
    intake = Intake([Source.of(over)])
    columns = (BarColumn(), TextColumn("{task.fields[shipments]:,} shipments"), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as progress:
        task = progress.add_task("", total=intake.size, shipments=0)
        for told in intake.shipments():
            shipment, faults = _read(told, today)
            if shipment is None:
                bad.append(BadRow(told.row, faults))
            else:
                compared.add(*under_both(shipment, proposal, books))
            progress.update(task, completed=intake.taken, shipments=compared.shipments)
    return compared, bad


def _read(told: Told, today: date) -> tuple[Shipment | None, tuple[Notice, ...]]:
    return (None, told.faults) if told.faults else read(told.native, today)


def _tell(bad: list[BadRow]) -> None:
    """Say which rows could not be read, and why."""
    for row in bad[:BAD_ROWS_SHOWN_MAX]:
        for each in _remarks(row):
            told = f"{each['message']} {each['fix']} [{each['code']}]"
            typer.echo(f"line {row.line}: {told}", err=True)
    if len(bad) > BAD_ROWS_SHOWN_MAX:
        typer.echo(f"and {len(bad) - BAD_ROWS_SHOWN_MAX:,} more rows", err=True)


def _remarks(row: BadRow) -> list[dict[str, Any]]:
    plain = [
        {"code": each.code, "path": each.path, "parameters": dict(each.parameters)}
        for each in row.faults
    ]
    return [{**each, **messages(each)} for each in plain]


def _result(proposal: Proposal, compared: Comparison, bad: list[BadRow]) -> dict[str, Any]:
    with proposal.overlay.tried():
        tried = law_version()
    return {
        "law_version": law_version(),
        "proposal_version": tried,
        "proposed": [law_comparison.proposed_table(each) for each in proposal.values],
        "shipments": compared.shipments,
        "changed": compared.changed,
        "not_asked_for": proposal.unasked,
        **law_comparison.comparison_table(compared),
        "unreadable": [{"line": row.line, "violations": _remarks(row)} for row in bad],
    }
