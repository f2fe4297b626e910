"""`tumen decide`: release, hold, examine or reject what waits for an officer."""

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Column, Table

from tumen.bootstrap import open_node
from tumen.cli.held_database import HeldDatabaseOption
from tumen.kernel.errors import UsageError
from tumen.window.acts import ZONES, ActAsked, ActDone, Officer, spoken, told
from tumen.window.ledger.acts import OfficerDesk
from tumen.window.states import Act

NumbersArgument = Annotated[
    list[str],
    typer.Argument(help="Numbers of declarations, or # and the number of a document."),
]
ReasonOption = Annotated[str, typer.Option(help="Why; the filer reads it. Nothing personal.")]


def decide(  # noqa: PLR0913 - a parameter is a flag
    act: Annotated[Act, typer.Argument(help="What is to be done; undo takes the last act back.")],
    numbers: NumbersArgument,
    reason: ReasonOption,
    officer: Annotated[str, typer.Option(help="The office's own mark of who acts; no name.")],
    office: Annotated[str, typer.Option(help="The office that acts.")] = "local",
    authority: Annotated[str, typer.Option(help="The economy whose law is applied.")] = "CN",
    security: Annotated[
        str | None, typer.Option(help="The guarantee for goods whose charge is unknown.")
    ] = None,
    preview: Annotated[bool, typer.Option(help="Say what would become; record nothing.")] = False,
    database: HeldDatabaseOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Release, hold, examine or reject what waits for an officer, one or many in one go.

    Every act is an event of the declaration with its leaf in the log and a notice to the filer.
    It can be undone for ten minutes, as long as nothing else happens.
    """
    if authority not in ZONES:
        raise UsageError(f"There is no authority {authority}; there are {', '.join(ZONES)}.")
    node = open_node(database)
    desk = OfficerDesk(
        node.database.session, Officer(authority, office, officer), node.clock, node.log
    )
    asked = [ActAsked(number, act, reason, security) for number in numbers]
    if preview:
        done = [ActDone(each) for each in desk.preview(asked)]
    else:
        done = desk.decide(asked)
        node.publish_log()
    if as_json:
        for each in done:
            typer.echo(json.dumps(told(each), ensure_ascii=False))
    else:
        _print(Console(), done, is_preview=preview)
    if any(each.judged.answer == "rejected" for each in done):
        raise typer.Exit(1)


def _print(console: Console, done: list[ActDone], *, is_preview: bool) -> None:
    table = Table(Column("declaration", overflow="fold"), "was", "is now", "answer", "event")
    for each in done:
        judged = each.judged
        before = "" if judged.standing is None else judged.standing.status
        event = "" if each.event_id is None else str(each.event_id)
        table.add_row(
            judged.asked.declaration, before, judged.status or before, judged.answer, event
        )
    console.print(table)
    for each in done:
        for against in spoken(each.judged.objections):
            number, message = each.judged.asked.declaration, against["message"]
            console.print(f"{number}: {message}\n    {against['fix']}", markup=False)
    if is_preview:
        console.print("Nothing was recorded: this is a preview.")
