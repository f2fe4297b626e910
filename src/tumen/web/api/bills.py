"""``/v1/bills``: what is due, from when and until when, and what was stated of it."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody, QueryParameter

from tumen.access.caller import Caller
from tumen.access.matrix import Permission
from tumen.access.viewing import filer_of
from tumen.kernel.limits import PAYER_LENGTH_MAX
from tumen.store.session import Session
from tumen.web.access.guard import needs
from tumen.web.api.bills_told import (
    BillItem,
    BillLate,
    BillPage,
    BillShown,
    BillSum,
    bill_told,
)
from tumen.web.api.declarations import PAGE_ROWS, After, Limit
from tumen.web.api.described import problems
from tumen.web.api.parameters import BillNumber
from tumen.web.api.tracking import Answered, answered
from tumen.web.legal_day import today
from tumen.web.office import Office
from tumen.web.problem import Refusal
from tumen.web.sessions import of_session
from tumen.web.speaking import Reader
from tumen.web.spreadsheet import table
from tumen.window.acts import ZONES
from tumen.window.bill_statements import BillStated, Month
from tumen.window.billing import BillState
from tumen.window.lateness import lateness, on_weekend
from tumen.window.ledger import bills as stored
from tumen.window.ledger.bill_statements import StatementDesk
from tumen.window.ledger.billing import BillDesk, BillsMade
from tumen.window.ledger.bills import ChosenBills, in_units
from tumen.window.ledger.reports import ReportDesk
from tumen.window.ledger.stretches import Line
from tumen.window.ledger.tax_messages import tax_bills_of
from tumen.window.reports import ReportDone
from tumen.window.tax_messages import tax_bills, tax_statuses

TAGS: Final = ["Bills"]
CSV: Final = "text/csv"
XML: Final = "application/xml"
READ: Final = [needs(Permission.READ_BILLS)]
RECORD: Final = [needs(Permission.RECORD_BILLS)]

_MONTH: Final = QueryParameter(
    pattern=r"^20[0-9][0-9]-(0[1-9]|1[0-2])$",
    description="The month in which bills were made, such as 2026-12.",
)
MonthText = Annotated[str, _MONTH]
AnyMonth = Annotated[str | None, _MONTH]
State = Annotated[
    BillState | None, QueryParameter(name="state", description="Only bills in this state.")
]
Payer = Annotated[
    str | None,
    QueryParameter(max_length=PAYER_LENGTH_MAX, description="Only bills of this payer."),
]


@get("/v1/bills", guards=READ, tags=TAGS, summary="Bills by filters", responses=problems())
async def list_bills(  # noqa: PLR0913 - a parameter is a filter
    office: NamedDependency[Office],
    caller: NamedDependency[Caller],
    standing: State = None,
    payer: Payer = None,
    month: AnyMonth = None,
    after: After = 0,
    limit: Limit = PAGE_ROWS,
) -> BillPage:
    """Own bills, those that the caller pays, for customs those of its economy, oldest first."""
    own, days = filer_of(caller), None if month is None else month_of(month)
    chosen = ChosenBills(standing, payer, month=days, own=own)
    ask = partial(stored.bills, chosen=chosen, after=after, limit=limit)
    found = await office.read_as(caller, ask)
    day = today(office.node.clock)
    return BillPage([bill_told(line, day) for line in found.lines], found.next)


def month_of(text: str) -> Month:
    """A month that a caller names.

    Raises:
        Refusal: it is none.
    """
    found = Month.of(text)
    if found is None:
        raise Refusal("REQUEST_INVALID", "A month is written like 2026-12.")
    return found


@get(
    "/v1/bills/summary", guards=READ, tags=TAGS, summary="The bills of a month, summed up",
    responses=problems(),
)  # fmt: skip
async def bill_summary(
    office: NamedDependency[Office], caller: NamedDependency[Caller], month: MonthText,
    payer: Payer = None,
) -> list[BillSum]:  # fmt: skip
    """By the day on which they were made, payer, currency and state; returns are taken off."""
    return msgspec.convert(await _summed(office, caller, month, payer), list[BillSum])


@get(
    "/v1/bills/summary.csv", guards=READ, tags=TAGS, summary="The same as a CSV file",
    responses=problems(), media_type=CSV,
)  # fmt: skip
async def bill_summary_file(
    office: NamedDependency[Office], caller: NamedDependency[Caller], month: MonthText,
    payer: Payer = None,
) -> Response[bytes]:  # fmt: skip
    """A table that a spreadsheet may open."""
    lines = await _summed(office, caller, month, payer)
    headers = attached(f"bills-{month}.csv")
    return Response(summary_file(lines), media_type=CSV, headers=headers)


async def _summed(
    office: Office, caller: Caller, month: str, payer: str | None
) -> list[dict[str, Any]]:
    own = filer_of(caller)
    ask = partial(stored.month_of_bills, month=month_of(month), payer=payer, own=own)
    return [in_units(line) for line in await office.read_as(caller, ask)]


def summary_file(lines: list[dict[str, Any]]) -> bytes:
    """The summary of a month as a file."""
    names = stored.MONTH_COLUMNS
    return table(names, [[line[name] for name in names] for line in lines])


def attached(name: str) -> dict[str, str]:
    """The headers of a file that is kept."""
    return {
        "content-disposition": f'attachment; filename="{name}"',
        "cache-control": "no-store",
    }


@get(
    "/v1/bills/{number:str}", guards=READ, tags=TAGS, summary="One bill with its charges",
    responses=problems(404),
)  # fmt: skip
async def one_bill(
    office: NamedDependency[Office], caller: NamedDependency[Caller], number: BillNumber
) -> BillShown:
    """A bill, its charges, and the receipt of its making."""
    line = await found_bill(office, caller, number)
    items = [in_units({**each, "currency": line["currency"]}) for each in line["items"]]
    day = today(office.node.clock)
    late = lateness(line, day)
    return BillShown(
        bill_told(line, day), msgspec.convert(items, list[BillItem]), line["receipt"],
        None if late is None else msgspec.convert(late, BillLate, from_attributes=True),
        on_weekend(line["due_by"]),
    )  # fmt: skip


async def found_bill(office: Office, caller: Caller, number: str) -> Line:
    """A bill that the caller may see.

    Raises:
        Refusal: there is none.
    """
    found = await office.read_as(caller, partial(stored.one_bill, number=number))
    if found is None:
        raise Refusal("NOT_FOUND", "No bill that you may see has this number.")
    return found


@get(
    "/v1/bills/{number:str}/ceb816", guards=READ, tags=TAGS, summary="A bill as CEB816",
    responses=problems(404), media_type=XML,
)  # fmt: skip
async def bill_as_message(
    office: NamedDependency[Office], caller: NamedDependency[Caller], number: BillNumber
) -> Response[bytes]:
    """The electronic tax bill of a Chinese list in the form of the specification of 202205."""
    return await _message(office, caller, number, tax_bills, "CEB816")


@get(
    "/v1/bills/{number:str}/ceb818", guards=READ, tags=TAGS, summary="Its state as CEB818",
    responses=problems(404), media_type=XML,
)  # fmt: skip
async def state_as_message(
    office: NamedDependency[Office], caller: NamedDependency[Caller], number: BillNumber
) -> Response[bytes]:
    """Where the bill stands: made, summed up in a notice, or void."""
    return await _message(office, caller, number, tax_statuses, "CEB818")


async def _message(
    office: Office, caller: Caller, number: str, render: Callable[..., bytes], name: str
) -> Response[bytes]:
    line = await found_bill(office, caller, number)
    found = await office.read_as(caller, partial(tax_bills_of, lines=[line]))
    if not found.bills:
        raise Refusal("NOT_FOUND", "Only the first bill of a Chinese list has such a message.")
    body = render(found.bills, office.node.clock.now())
    return Response(body, media_type=XML, headers=attached(f"{name}-{number}.xml"))


@post(
    "/v1/bills", status_code=200, guards=RECORD, tags=TAGS, summary="Make the bills that are due",
    responses=problems(),
)  # fmt: skip
async def make_bills(office: NamedDependency[Office], caller: NamedDependency[Caller]) -> BillsMade:
    """Bills what is owed before the caller's authority by its own day, a step at a time.

    Ask again until ``is_last`` is true. Nothing is billed twice.
    """
    return await made(office, caller)


async def made(office: Office, caller: Caller) -> BillsMade:
    """A step of the run of the caller's authority."""

    def work(session: Session) -> BillsMade:
        return BillDesk(*desk_of(office, caller, session)).make()

    return await office.record(work)


@post(
    "/v1/bills/statements", status_code=200, guards=RECORD, tags=TAGS,
    summary="Sum up in a notice, state as paid, or void", responses=problems(413),
)  # fmt: skip
async def state_bills(
    data: JSONBody[BillStated],
    office: NamedDependency[Office],
    caller: NamedDependency[Caller],
    reader: NamedDependency[Reader],
) -> Answered:
    """What the caller's authority states of bills: a document with a receipt and a leaf."""
    return answered(data.reference, await stated(office, caller, data), reader)


async def stated(office: Office, caller: Caller, told: BillStated) -> ReportDone:
    """Record what the caller's authority states of bills."""

    def work(session: Session) -> ReportDone:
        return StatementDesk(*desk_of(office, caller, session)).state(told)

    return await office.record(work)


def desk_of(office: Office, caller: Caller, session: Session) -> tuple[ReportDesk, str, date]:
    """What a desk of the caller's authority works with: the records, the economy, its day."""
    node, economy = office.node, caller.economy or ""
    reports = ReportDesk(of_session(session), caller.sender, node.clock, node.log)
    return reports, economy, node.clock.now().astimezone(ZoneInfo(ZONES[economy])).date()


def routes() -> list[HTTPRouteHandler]:
    """The routes of bills."""
    return [
        list_bills, make_bills, bill_summary, bill_summary_file, one_bill, bill_as_message,
        state_as_message, state_bills,
    ]  # fmt: skip
