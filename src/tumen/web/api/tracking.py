"""Tracking: ``GET /v1/tracking/{number}`` for anybody, reports of carriers, and who carries."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody

from tumen.access.caller import Caller
from tumen.access.matrix import Permission
from tumen.access.roles import Role
from tumen.kernel.limits import REPORTS_MAX
from tumen.store.session import Session
from tumen.web.access.guard import needs
from tumen.web.api.described import UNCHANGED, problems
from tumen.web.api.parameters import JourneyNumber
from tumen.web.office import Office, office_of
from tumen.web.problem import Refusal
from tumen.web.revalidating import OF_JOURNEYS, Revalidating
from tumen.web.sessions import of_session
from tumen.web.speaking import Reader
from tumen.window import epcis, journey
from tumen.window.acts import Objection, spoken
from tumen.window.carriers import CarrierReport, read_carrier
from tumen.window.journey import JourneyReport, read_report
from tumen.window.ledger import journeys
from tumen.window.ledger.reports import Judge, ReportDesk
from tumen.window.reports import Report, ReportDone, ReportKind, refused

TAGS: Final = ["Tracking"]
TRACKED: Final = [needs(Permission.TRACK)]
KEPT: Final = [Revalidating(OF_JOURNEYS)]


class Step(msgspec.Struct, frozen=True):
    """One step of a journey.

    Attributes:
        at: when, in UTC.
        what: the step that was reported, or the status that customs gave.
        means: the same in plain words.
        economy: where.
        place: a town, port or border point by its UN/LOCODE; null for what customs did.
        by: the role of who told it: ``carrier``, ``zone_operator`` or ``customs``.
    """

    at: str
    what: str
    means: str
    economy: str
    place: str | None
    by: str


class Journey(msgspec.Struct, frozen=True):
    """Where goods are, as everybody may know it: no person, no goods, no value.

    Attributes:
        number: the waybill's.
        status: what customs last decided; null while nothing is decided.
        decisions: what each economy's customs last decided.
        place: where the goods were last seen; null where nobody reported it.
        timeline: every step, in the order of time.
    """

    number: str
    status: str | None
    decisions: dict[str, str]
    place: str | None
    timeline: list[Step]


Found = tuple[list[dict[str, Any]], list[dict[str, Any]]]


async def found(office: Office, number: str) -> Found:
    """What is recorded of a journey, in the sessions that are for everybody.

    Raises:
        Refusal: nothing is.
    """
    seen, steps = await office.public.run(partial(journeys.journey, number=number))
    if not seen and not steps:
        raise Refusal("NOT_FOUND", "No journey is known under this number.")
    return seen, steps


@get(
    "/v1/tracking/{number:str}", guards=TRACKED, tags=TAGS, summary="Track a journey",
    responses=problems(404) | UNCHANGED, middleware=KEPT,
)  # fmt: skip
async def track(request: Request[Any, Any, Any], number: JourneyNumber) -> Journey:
    """Status, place and every step of a journey, by the number of its waybill."""
    told = journey.told(number, *await found(office_of(request), number))
    return msgspec.convert(told, Journey)


@get(
    "/v1/tracking/{number:str}/epcis", guards=TRACKED, tags=TAGS,
    summary="A journey as EPCIS 2.0 events", responses=problems(404) | UNCHANGED, middleware=KEPT,
)  # fmt: skip
async def track_as_epcis(
    office: NamedDependency[Office], number: JourneyNumber
) -> Response[dict[str, Any]]:
    """The same as an EPCIS document in JSON-LD; its bytes change only when the journey goes on."""
    seen, steps = await found(office, number)
    last = max([*(line["happened_at"] for line in seen), *(line["recorded_at"] for line in steps)])
    document = epcis.document(number, seen, steps, last)
    return Response(document, media_type=epcis.MEDIA_TYPE)


class Answered(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of one report.

    Attributes:
        reference: the reporter's own.
        answer: ``accepted``, ``duplicate`` or ``rejected``.
        number: of the document that it became.
        receipt: its bytes as text; the same whenever the report is sent again.
        violations: why it was refused.
    """

    reference: str
    answer: str
    number: int | None = None
    receipt: str | None = None
    violations: list[dict[str, str | None]] = []


@post(
    "/v1/tracking", status_code=200, guards=[needs(Permission.REPORT_EVENTS)], tags=TAGS,
    summary="Report where goods are", responses=problems(413),
)  # fmt: skip
async def report(
    data: JSONBody[list[JourneyReport]], office: NamedDependency[Office],
    caller: NamedDependency[Caller], reader: NamedDependency[Reader],
) -> list[Answered]:  # fmt: skip
    """Up to 1,000 reports of a carrier; each is a document with a receipt and a leaf in the log.

    Of a number its own sender reports, and whom that one named as a carrier; a zone operator tells
    what passes a point of its economy. Several of one carrier are recorded together; each is
    answered by itself.
    """
    _need_few(data)
    operates_in = caller.economy if Role.ZONE_OPERATOR in caller.roles else None
    may_report = journeys.may_report(caller.sender, operates_in)
    read = [read_report(each, office.node.clock.now()) for each in data]
    done = await lodged(office, read, _recording(office, caller, ReportKind.JOURNEY, may_report))
    return [answered(told.reference, each, reader) for told, each in zip(data, done, strict=True)]


@post(
    "/v1/carriers", status_code=200, guards=[needs(Permission.LODGE)], tags=TAGS,
    summary="Say which firm carries", responses=problems(413),
)  # fmt: skip
async def name_carriers(
    data: JSONBody[list[CarrierReport]], office: NamedDependency[Office],
    caller: NamedDependency[Caller], reader: NamedDependency[Reader],
) -> list[Answered]:  # fmt: skip
    """Up to 1,000 entries: which firm reports of a number that is one's own, or no more.

    Each is a document with a receipt and a leaf in the log. Whether there is such a firm here is
    not told.
    """
    _need_few(data)
    read = [read_carrier(each) for each in data]
    owns = journeys.owns(caller.sender)
    done = await lodged(office, read, _recording(office, caller, ReportKind.CARRIER, owns))
    return [answered(told.reference, each, reader) for told, each in zip(data, done, strict=True)]


def _need_few(told: Sequence[object]) -> None:
    if len(told) > REPORTS_MAX:
        raise Refusal("TOO_LARGE", f"At most {REPORTS_MAX:,} reports at once.")


Recording = Callable[[Session, list[Report]], list[ReportDone]]


def _recording(office: Office, caller: Caller, kind: ReportKind, judge: Judge) -> Recording:
    """How reports of a caller are recorded: of one kind, each judged."""

    def record(session: Session, reports: list[Report]) -> list[ReportDone]:
        node = office.node
        desk = ReportDesk(of_session(session), caller.sender, node.clock, node.log)
        return desk.lodge(kind, reports, judge)

    return record


async def lodged(
    office: Office, read: Sequence[Report | list[Objection]], record: Recording
) -> list[ReportDone]:
    """What became of reports, each in its place: those that can be read are lodged together."""
    good = [each for each in read if isinstance(each, Report)]
    recorded = iter(await office.record(lambda session: record(session, good)) if good else [])
    return [next(recorded) if isinstance(each, Report) else refused(*each) for each in read]


def answered(reference: str, done: ReportDone, reader: Reader) -> Answered:
    """The answer to a report, in the language of its reader."""
    against = spoken(done.objections, reader.remarks)
    return Answered(reference, done.answer, done.document_id, done.receipt, against)


def routes() -> list[HTTPRouteHandler]:
    """The routes of tracking."""
    return [track, track_as_epcis, report, name_carriers]
