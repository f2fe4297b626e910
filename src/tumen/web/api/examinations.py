"""``/v1/examinations``: one examination for all agencies."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Final

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody, QueryParameter

from tumen.access.caller import Caller
from tumen.access.matrix import Permission
from tumen.access.roles import Role
from tumen.codelist.matters import Matter
from tumen.kernel.limits import REPORTS_MAX
from tumen.settings import recognised
from tumen.store.session import Session
from tumen.web.access.guard import needs
from tumen.web.api.declarations import PAGE_ROWS, Limit
from tumen.web.api.described import problems
from tumen.web.api.tracking import Answered, answered, lodged
from tumen.web.office import Office
from tumen.web.problem import Refusal
from tumen.web.sessions import of_session
from tumen.web.speaking import Reader
from tumen.window.examinations import ExaminationReport, read_entry
from tumen.window.ledger.calendar import BEGINNING, Place, calendar
from tumen.window.ledger.examinations import ExaminationDesk
from tumen.window.ledger.reports import ReportDesk
from tumen.window.reports import Report, ReportDone

TAGS: Final = ["Officers"]
CURSOR_LENGTH_MAX: Final = 60


class Planned(msgspec.Struct, frozen=True):
    """An examination that is not over.

    Attributes:
        declaration: ``#`` and the number of its document.
        economy: whose agencies examine.
        matters: the last entry of each matter.
        open: the matters that keep the goods from being released.
        place: of the appointment; null while there is none.
        starts_at: of the appointment, in UTC.
    """

    declaration: str
    economy: str
    matters: dict[str, str]
    open: list[str]
    place: str | None
    starts_at: str | None


class PlannedPage(msgspec.Struct, frozen=True):
    """A page of examinations.

    Attributes:
        items: the examinations.
        next: the cursor of the page after it; null at the end.
    """

    items: list[Planned]
    next: str | None


After = Annotated[
    str, QueryParameter(max_length=CURSOR_LENGTH_MAX, description="Go on after this place.")
]


@get(
    "/v1/examinations", guards=[needs(Permission.READ_EXAMINATIONS)], tags=TAGS,
    summary="Examinations that are not over", responses=problems(),
)  # fmt: skip
async def examinations(
    office: NamedDependency[Office],
    caller: NamedDependency[Caller],
    after: After = "",
    limit: Limit = PAGE_ROWS,
) -> PlannedPage:
    """Of own declarations, for an authority of those before it; the next appointment first.

    The cursor is a place in that order: an appointment that is moved while pages are read is told
    where it stands then.
    """
    ask = partial(calendar, after=place_of(after), limit=limit)
    found = await office.read_as(caller, ask)
    return msgspec.convert(
        {"items": found.lines, "next": None if found.next is None else str(found.next)},
        PlannedPage,
    )


def place_of(cursor: str) -> Place:
    """The place in the calendar that a cursor names.

    Raises:
        Refusal: it names none.
    """
    if not cursor:
        return BEGINNING
    try:
        return Place.read(cursor)
    except (ValueError, OverflowError) as error:
        raise Refusal("REQUEST_INVALID", "No place in the calendar has this cursor.") from error


@post(
    "/v1/examinations", status_code=200, guards=[needs(Permission.RECORD_EXAMINATIONS)],
    tags=TAGS, summary="Require, appoint, record, recognise", responses=problems(413),
)  # fmt: skip
async def lodge_entries(
    data: JSONBody[list[ExaminationReport]], office: NamedDependency[Office],
    caller: NamedDependency[Caller], reader: NamedDependency[Reader],
) -> list[Answered]:  # fmt: skip
    """What agencies of the caller's economy require, appoint and find, each with a receipt.

    Customs speaks in every matter, another agency in those it is in charge of.

    Requirements of several agencies share one appointment. The other side's result may be
    recognised where the node's table names an agreement.
    """
    done = await taken(office, caller, data)
    return [answered(told.reference, each, reader) for told, each in zip(data, done, strict=True)]


async def taken(
    office: Office, caller: Caller, entries: Sequence[ExaminationReport]
) -> list[ReportDone]:
    """Record entries of a caller's agency; each is answered by itself, in their order.

    Raises:
        Refusal: they are too many for one request.
    """
    if len(entries) > REPORTS_MAX:
        raise Refusal("TOO_LARGE", f"At most {REPORTS_MAX:,} entries at once.")
    read = [read_entry(each, office.node.clock.now()) for each in entries]
    return await lodged(office, read, partial(_recorded, office=office, caller=caller))


def speaks_in(caller: Caller) -> frozenset[str]:
    """The matters in which a caller may require and record: all of them for customs."""
    return frozenset(Matter) if caller.authority is Role.CUSTOMS else caller.matters


def _recorded(
    session: Session, entries: list[Report], *, office: Office, caller: Caller
) -> list[ReportDone]:
    node = office.node
    reports = ReportDesk(of_session(session), caller.sender, node.clock, node.log)
    desk = ExaminationDesk(reports, caller.economy or "", recognised(), speaks_in(caller))
    return desk.lodge(entries)


def routes() -> list[HTTPRouteHandler]:
    """The routes of examinations."""
    return [examinations, lodge_entries]
