"""`tumen bills make|state|guarantee`: what an authority does with bills and guarantees."""

import json
from datetime import date, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import msgspec
import typer

from tumen.bootstrap import Node, open_node
from tumen.cli.held_database import HeldDatabaseOption
from tumen.kernel.errors import UsageError
from tumen.window.acts import ZONES, spoken
from tumen.window.bill_statements import BillStated, GuaranteeChange, GuaranteeStated
from tumen.window.billing import BillEntry
from tumen.window.ledger.bill_statements import StatementDesk
from tumen.window.ledger.billing import BillDesk
from tumen.window.ledger.guarantee_desk import GuaranteeDesk
from tumen.window.ledger.reports import ReportDesk
from tumen.window.reports import ReportDone

OfficeOption = Annotated[str, typer.Option(help="The office that acts.")]
AuthorityOption = Annotated[str, typer.Option(help="The economy whose authority it is.")]
DayOption = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="When it happened; the authority's today."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="As JSON.")]


def make(
    authority: AuthorityOption = "CN",
    office: OfficeOption = "local",
    database: HeldDatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Bill what is owed today and was not billed yet; run it every day, or again at any time."""
    node = open_node(database)
    desk = BillDesk(*_desk(node, authority, office))
    steps = [desk.make()]
    while not steps[-1].is_last:
        steps.append(desk.make())
    node.publish_log()
    told = {name: sum(getattr(each, name) for each in steps) for name in _COUNTED}
    if as_json:
        typer.echo(json.dumps(told))
        return
    typer.echo(f"{told['made']:,} bills were made by {authority}.")
    if told["later"]:
        typer.echo(f"{told['later']:,} declarations are billed later: their days have not come.")
    if told["unknown"]:
        typer.echo(f"{told['unknown']:,} are not billed: a charge of theirs is unknown.")


_COUNTED = ("made", "later", "unknown")


def _desk(node: Node, authority: str, office: str) -> tuple[ReportDesk, str, date]:
    if authority not in ZONES:
        raise UsageError(f"There is no authority {authority}; there are {', '.join(ZONES)}.")
    reports = ReportDesk(node.database.session, office, node.clock, node.log)
    return reports, authority, node.clock.now().astimezone(ZoneInfo(ZONES[authority])).date()


def state(  # noqa: PLR0913 - a parameter is a flag
    entry: Annotated[BillEntry, typer.Argument(help="What is stated.")],
    reference: Annotated[str, typer.Argument(help="Of the notice, the payment or the act.")],
    payer: Annotated[str | None, typer.Option(help="Whose bills are summed up.")] = None,
    month: Annotated[str | None, typer.Option(help="In which they were made: 2026-12.")] = None,
    own: Annotated[bool, typer.Option("--own", help="The payer's own, not as guarantor.")] = False,
    bill: Annotated[str | None, typer.Option(help="A bill that is paid, or void.")] = None,
    notice: Annotated[str | None, typer.Option(help="The notice that is paid.")] = None,
    amount: Annotated[str | None, typer.Option(help="What was paid, in whole units.")] = None,
    reason: Annotated[str | None, typer.Option(help="Why a bill is void.")] = None,
    day: DayOption = None,
    authority: AuthorityOption = "CN",
    office: OfficeOption = "local",
    database: HeldDatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """State that bills are summed up in a notice, that it or one is paid, or that one is void."""
    told = BillStated(
        reference, entry, payer, month, not own, bill, notice, amount, _date(day), reason
    )
    node = open_node(database)
    done = StatementDesk(*_desk(node, authority, office)).state(told)
    _end(node, told, done, as_json=as_json)


def guarantee(  # noqa: PLR0913 - a parameter is a flag
    entry: Annotated[GuaranteeChange, typer.Argument(help="What happened.")],
    reference: Annotated[str, typer.Argument(help="The office's own number of it.")],
    guarantor: Annotated[str, typer.Option(help="The code by which declarations name it.")],
    amount: Annotated[str, typer.Option(help="In whole yuan.")],
    deed: Annotated[str | None, typer.Option(help="The number of the deed.")] = None,
    day: DayOption = None,
    office: OfficeOption = "local",
    database: HeldDatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """State what a guarantor of Chinese lists deposited, or took back."""
    told = GuaranteeStated(reference, guarantor, entry, amount, _date(day), deed)
    node = open_node(database)
    done = GuaranteeDesk(*_desk(node, "CN", office)).state(told)
    _end(node, told, done, as_json=as_json)


def _date(day: datetime | None) -> date | None:
    return None if day is None else day.date()


def _end(node: Node, told: msgspec.Struct, done: ReportDone, *, as_json: bool) -> None:
    """Say what became of a statement; exit 1 where it was refused."""
    if done.answer == "accepted":
        node.publish_log()
    against: list[dict[str, Any]] = spoken(done.objections)
    if as_json:
        kept = {"answer": done.answer, "number": done.document_id, "receipt": done.receipt}
        typer.echo(json.dumps({**kept, "violations": against}, ensure_ascii=False))
    else:
        number = "" if done.document_id is None else f" as document {done.document_id}"
        typer.echo(f"{told.reference}: {done.answer}{number}")  # type: ignore[attr-defined]
        for each in against:
            typer.echo(f"  {each['message']}\n    {each['fix']}")
    if done.answer == "rejected":
        raise typer.Exit(1)
