"""The calendar of examinations: what agencies require, the one appointment, what each found."""

from datetime import datetime
from functools import partial
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromQuery

from tumen.access.caller import Caller
from tumen.access.matrix import Permission
from tumen.access.roles import Reach, Role
from tumen.codelist.matters import Matter
from tumen.store.session import Session
from tumen.web.access.guard import caller_of, needs
from tumen.web.api.declarations import PAGE_ROWS
from tumen.web.api.examinations import place_of, speaks_in, taken
from tumen.web.office import Office
from tumen.web.portal import remarks
from tumen.web.portal.form import Form, faults_of
from tumen.web.portal.page import AnyRequest, language_of, page
from tumen.web.problem import Refusal
from tumen.window.acts import ZONES
from tumen.window.examinations import Entry, ExaminationReport
from tumen.window.ledger.calendar import BEGINNING, Calendar, Place, calendar
from tumen.window.ledger.lodged import references
from tumen.window.reports import ReportDone

FIELDS: Final = ("reference", "declaration", "entry", "matter", "place", "starts_at", "evidence")
INITIAL: Final = {"entry": Entry.APPOINTED}
EMPTY: Final = Form({}, initial=INITIAL)
NUMBER_MARK: Final = "#"
NUMBER_LENGTH_MAX: Final = 100


@get(
    "/examinations", guards=[needs(Permission.READ_EXAMINATIONS)], include_in_schema=False
)  # fmt: skip
async def examinations(
    request: AnyRequest,
    office: NamedDependency[Office],
    declaration: FromQuery[str] = "",
    after: FromQuery[str] = "",
) -> Response[str]:
    """The examinations that are not over, the next appointment first."""
    known = Form({}, initial={**INITIAL, "declaration": declaration[:NUMBER_LENGTH_MAX]})
    return await _page(request, office, known, None, place_of(after))


@post(
    "/examinations", guards=[needs(Permission.RECORD_EXAMINATIONS)], status_code=200,
    include_in_schema=False,
)  # fmt: skip
async def record(request: AnyRequest, office: NamedDependency[Office]) -> Response[str]:
    """Record one entry, and show the calendar with it."""
    form = Form({name: str(value) for name, value in (await request.form()).items()})
    (done,) = await taken(office, caller_of(request), [entry_of(form, caller_of(request))])
    language = language_of(request)
    told = [remarks.told(language, each.code, each.path, _values(each)) for each in done.objections]
    shown = Form(form.values, faults_of(told)) if told else EMPTY
    return await _page(request, office, shown, done)


def _values(objection: Any) -> dict[str, Any]:
    return {"value": objection.value, "expected": objection.expected}


def entry_of(form: Form, caller: Caller) -> ExaminationReport:
    """The entry of a form; a time without its distance to UTC is that of the authority.

    Raises:
        Refusal: it names no entry, or a matter that is none.
    """
    filled = {name: form.filled(name) for name in FIELDS}
    filled["starts_at"] = _zoned(filled["starts_at"], caller.economy)
    known = {name: value for name, value in filled.items() if value is not None}
    try:
        return msgspec.convert({"reference": "", "declaration": "", **known}, ExaminationReport)
    except msgspec.ValidationError as error:
        raise Refusal("REQUEST_INVALID") from error


def _zoned(text: str | None, economy: str | None) -> str | None:
    """A moment as a browser writes it, with the distance to UTC of an authority's clock."""
    if text is None or economy not in ZONES:
        return text
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return moment.replace(tzinfo=moment.tzinfo or ZoneInfo(ZONES[economy])).isoformat()


def _planned(session: Session, after: Place) -> Calendar:
    """A page of the calendar, with the reference by which each consignment is found."""
    found = calendar(session, after, PAGE_ROWS)
    numbers = [int(each["declaration"].removeprefix(NUMBER_MARK)) for each in found.lines]
    known = references(session, numbers)
    lines = [
        {**each, "consignment": known.get(number)}
        for each, number in zip(found.lines, numbers, strict=True)
    ]
    return found._replace(lines=lines)


async def _page(
    request: AnyRequest,
    office: Office,
    form: Form,
    done: ReportDone | None,
    after: Place = BEGINNING,
) -> Response[str]:
    caller = caller_of(request)
    found = await office.read_as(caller, partial(_planned, after=after))
    return page(
        request,
        "examinations",
        planned=found.lines,
        later=found.next,
        form=form,
        answer=None if done is None else done.answer,
        may_record=caller.reach(Permission.RECORD_EXAMINATIONS) is not Reach.NONE,
        is_agency=caller.authority is Role.AGENCY,
        entries=[*Entry],
        matters=[each for each in Matter if each in speaks_in(caller)],
    )


def routes() -> list[HTTPRouteHandler]:
    """The routes of examinations."""
    return [examinations, record]
