"""Bills: a month of them, one with its charges, guarantees; what an authority states of them."""

from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery

from tumen.access.caller import Caller
from tumen.access.matrix import Permission
from tumen.access.roles import Reach
from tumen.access.viewing import filer_of
from tumen.kernel.limits import PAGE_ROWS_MAX
from tumen.web.access.guard import caller_of, needs
from tumen.web.api import bills as served
from tumen.web.api.guarantees import guaranteed, guarantees_of
from tumen.web.legal_day import today
from tumen.web.office import Office
from tumen.web.portal import remarks
from tumen.web.portal.form import Form, faults_of
from tumen.web.portal.page import AnyRequest, language_of, page
from tumen.web.problem import Refusal
from tumen.window.bill_statements import BillStated, GuaranteeChange, GuaranteeStated, Month
from tumen.window.billing import BillEntry, BillState
from tumen.window.lateness import late_days, lateness, on_weekend
from tumen.window.ledger import bills as stored
from tumen.window.ledger import guarantees as held
from tumen.window.ledger.bills import ChosenBills, in_units
from tumen.window.ledger.lodged import references
from tumen.window.reports import ReportDone

MONTH_LENGTH: Final = 7
STATEMENT: Final = ("reference", "entry", "payer", "month", "bill", "notice", "amount", "reason")
GUARANTEE: Final = ("reference", "entry", "guarantor", "amount", "deed")
EMPTY: Final = Form({}, initial={"entry": BillEntry.SUMMARISED})
READ: Final = [needs(Permission.READ_BILLS)]
RECORD: Final = [needs(Permission.RECORD_BILLS)]


@get("/bills", guards=READ, include_in_schema=False)
async def bills(
    request: AnyRequest,
    office: NamedDependency[Office],
    month: FromQuery[str] = "",
    stands: FromQuery[str] = "",
    after: FromQuery[int] = 0,
) -> Response[str]:
    """The bills of a month, summed up and one by one; those of this month where none is named."""
    return await _page(request, office, Shown(month, stands, after))


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page shows, and what was just done on it.

    Attributes:
        month: of the bills; this one where it names none.
        stands: only bills in this state.
        after: the number of the last bill that was seen.
        form: what was filled in.
        done: what became of a statement.
        made: how many bills were just made.
    """

    month: str = ""
    stands: str = ""
    after: int = 0
    form: Form = EMPTY
    done: ReportDone | None = None
    made: int | None = None


async def _page(request: AnyRequest, office: Office, shown: Shown) -> Response[str]:
    caller = caller_of(request)
    day = today(office.node.clock)
    current = str(day)[:MONTH_LENGTH]
    month = shown.month if Month.of(shown.month) else current
    days = served.month_of(month)
    state = BillState(shown.stands) if shown.stands in set(BillState) else None
    own = filer_of(caller)
    chosen = ChosenBills(state, month=days, own=own)
    ask = partial(stored.bills, chosen=chosen, after=shown.after, limit=PAGE_ROWS_MAX)
    found = await office.read_as(caller, ask)
    sums = await office.read_as(caller, partial(stored.month_of_bills, month=days, own=own))
    return page(
        request,
        "bills",
        month=month,
        stands=state,
        states=[*BillState],
        bills=[{**in_units(line), "late_days": late_days(line, day)} for line in found.lines],
        sums=[in_units(line) for line in sums[:PAGE_ROWS_MAX]],
        later=found.next,
        guarantees=(await guarantees_of(office, caller))[:PAGE_ROWS_MAX],
        may_record=may_record(caller),
        may_guarantee=may_record(caller) and caller.economy == held.AUTHORITY,
        entries=[*BillEntry],
        changes=[*GuaranteeChange],
        form=shown.form,
        answer=None if shown.done is None else shown.done.answer,
        made=shown.made,
    )


def may_record(caller: Caller) -> bool:
    """Whether a caller may make bills and state things of them at all."""
    return caller.reach(Permission.RECORD_BILLS) is not Reach.NONE


@get("/bills/{number:str}", guards=READ, include_in_schema=False)
async def bill(
    request: AnyRequest, office: NamedDependency[Office], number: FromPath[str]
) -> Response[str]:
    """A bill, its charges, its days and where they stand in the law."""
    caller = caller_of(request)
    line = await office.read_as(caller, partial(stored.one_bill, number=number))
    if line is None:
        return page(request, "absent", status=404)
    document = line["declaration"]
    known = await office.read_as(caller, partial(references, numbers=[document]))
    items = [in_units({**each, "currency": line["currency"]}) for each in line["items"]]
    return page(
        request, "bill", bill={**in_units(line), "items": items}, consignment=known.get(document),
        late=lateness(line, today(office.node.clock)),
        due_on_weekend=on_weekend(line["due_by"]),
        has_messages=(line["economy"], line["regime"], line["kind"]) == ("CN", "cbec", "assessed"),
    )  # fmt: skip


@post("/bills", guards=RECORD, status_code=200, include_in_schema=False)
async def make(request: AnyRequest, office: NamedDependency[Office]) -> Response[str]:
    """Make the bills that are due, a step of the run; the page says whether more are waiting."""
    done = await served.made(office, caller_of(request))
    return await _page(request, office, Shown(made=done.made))


@post("/bills/statements", guards=RECORD, status_code=200, include_in_schema=False)
async def state(request: AnyRequest, office: NamedDependency[Office]) -> Response[str]:
    """Record what is stated of bills, and show the month with it."""
    form = Form({name: str(value) for name, value in (await request.form()).items()})
    told = _told(form, STATEMENT, BillStated)
    told = msgspec.structs.replace(told, is_guaranteed=form.value("whose") != "own")
    done = await served.stated(office, caller_of(request), told)
    return await _answered(request, office, form, done)


@post("/bills/guarantees", guards=RECORD, status_code=200, include_in_schema=False)
async def guarantee(request: AnyRequest, office: NamedDependency[Office]) -> Response[str]:
    """Record what a guarantor deposited or took back."""
    form = Form({name: str(value) for name, value in (await request.form()).items()})
    told = _told(form, GUARANTEE, GuaranteeStated)
    done = await guaranteed(office, caller_of(request), told)
    return await _answered(request, office, form, done)


def _told(form: Form, names: tuple[str, ...], kind: Any) -> Any:
    """What a form states; what was left empty is not stated.

    Raises:
        Refusal: it states nothing that there is.
    """
    empty = dict.fromkeys(("reference", "guarantor", "amount"), "")
    required = {name: text for name, text in empty.items() if name in _REQUIRED[kind]}
    filled = {name: form.filled(name) for name in names}
    known = {name: text for name, text in filled.items() if text is not None}
    try:
        return msgspec.convert({**required, **known}, kind)
    except msgspec.ValidationError as error:
        raise Refusal("REQUEST_INVALID") from error


_REQUIRED: Final = {
    BillStated: ("reference",),
    GuaranteeStated: ("reference", "guarantor", "amount"),
}


async def _answered(
    request: AnyRequest, office: Office, form: Form, done: ReportDone
) -> Response[str]:
    language = language_of(request)
    told = [
        remarks.told(language, each.code, each.path,
                     {"value": each.value, "expected": each.expected})
        for each in done.objections
    ]  # fmt: skip
    left = Form(form.values, faults_of(told)) if told else EMPTY
    return await _page(request, office, Shown(form.value("month"), form=left, done=done))


def routes() -> list[HTTPRouteHandler]:
    """The routes of bills."""
    return [bills, bill, make, state, guarantee]
