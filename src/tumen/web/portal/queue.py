"""The officer's queue: what waits, why, and acts on one or many, with a preview before them."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromQuery

from tumen.access.caller import Caller
from tumen.access.matrix import Permission
from tumen.access.roles import Reach
from tumen.kernel.limits import DECISION_UNDO_SECONDS_MAX, PAGE_ROWS_MAX
from tumen.settings import queue_targets
from tumen.store.session import Session
from tumen.web.access.guard import caller_of, needs
from tumen.web.api.decisions import officer_of
from tumen.web.office import Office
from tumen.web.portal import figures, remarks
from tumen.web.portal.page import AnyRequest, language_of, page
from tumen.web.portal.remarks import Told
from tumen.web.portal.words import N_
from tumen.web.problem import Refusal
from tumen.web.sessions import of_session
from tumen.window.acts import ActAsked, ActDone
from tumen.window.ledger import docket
from tumen.window.ledger.acts import OfficerDesk
from tumen.window.ledger.docket import Chosen
from tumen.window.ledger.stretches import Lines
from tumen.window.service_level import Due, timed
from tumen.window.states import Act, Lane

ACTS: Final = {
    Act.RELEASE: N_("Release"),
    Act.HOLD: N_("Hold"),
    Act.EXAMINE: N_("Examine"),
    Act.REJECT: N_("Reject"),
    Act.UNDO: N_("Undo"),
}
"""Acts, as the buttons name them."""

WAITING: Final = (Act.RELEASE, Act.HOLD, Act.EXAMINE, Act.REJECT)
ALL: Final = "all"
"""Stands in the address for what waits, whether it is overdue or not."""

SEPARATOR: Final = "|"
"""Between the number of a declaration and the event that the officer saw, in a box of the form."""


@get("/queue", guards=[needs(Permission.READ_QUEUE)], include_in_schema=False)
async def queue(
    request: AnyRequest,
    office: NamedDependency[Office],
    lane: FromQuery[str] = "",
    due: FromQuery[str] = Due.OVERDUE,
    after: FromQuery[int] = 0,
) -> Response[str]:
    """What waits before the caller's authority: what is overdue first, then what is in time."""
    caller, level, now = caller_of(request), queue_targets(), office.node.clock.now()
    chosen = Chosen(
        lane=lane if lane in set(Lane) else None,
        economy=caller.economy,
        due=None if due == ALL else Due(due) if due in set(Due) else Due.OVERDUE,
        overdue_before=level.overdue_before(now),
    )
    found, following = await office.read_as(caller, partial(_waiting, chosen=chosen, after=after))
    return page(
        request,
        "queue",
        waiting=[timed(line, level, now) for line in found.lines],
        lane=chosen.lane,
        lanes=(Lane.YELLOW, Lane.RED),
        later=found.next,
        later_due=following or ALL,
        waited=partial(figures.waited, now=now),
        acts=[(act, ACTS[act]) for act in WAITING] if may_decide(caller) else [],
        picked=picked,
    )


def _waiting(session: Session, chosen: Chosen, after: int) -> tuple[Lines, Due | None]:
    """A page, which goes on with what is in time where nothing overdue is left.

    Where much waits only some of it is looked at. If none of that is overdue, the page has what
    waits longest, whether it is overdue or not: nothing is passed over.

    Returns:
        The page, and among what its cursor goes on: one of the two, or all.
    """
    found = docket.queue(session, chosen, after, PAGE_ROWS_MAX)
    if chosen.due is Due.OVERDUE and not found.lines and found.next is not None:
        chosen = replace(chosen, due=None)
        return docket.queue(session, chosen, 0, PAGE_ROWS_MAX), None
    if chosen.due is not Due.OVERDUE or found.next is not None:
        return found, chosen.due
    left = PAGE_ROWS_MAX - len(found.lines)
    if not left:
        return replace(found, next=0), Due.IN_TIME
    more = docket.queue(session, replace(chosen, due=Due.IN_TIME), 0, left)
    return Lines(found.lines + more.lines, more.next), Due.IN_TIME


def may_decide(caller: Caller) -> bool:
    """Whether a caller may act at all; on what, the desk says."""
    return caller.reach(Permission.DECIDE) is not Reach.NONE


def picked(number: str, event: int) -> str:
    """What a box of the form says: a declaration, and the last event that was seen of it."""
    return f"{number}{SEPARATOR}{event}"


@post("/queue", guards=[needs(Permission.DECIDE)], status_code=200, include_in_schema=False)
async def decide(request: AnyRequest, office: NamedDependency[Office]) -> Response[str]:
    """What would become of the chosen declarations, or what became of them."""
    form = await request.form()
    asked = asked_of(form)
    is_preview = "preview" in form

    def work(session: Session) -> Sequence[ActDone]:
        officer = officer_of(caller_of(request))
        desk = OfficerDesk(of_session(session), officer, office.node.clock, office.node.log)
        if is_preview:
            return [ActDone(each) for each in desk.preview(asked)]
        return desk.decide(asked)

    done = await (office.act(work) if is_preview else office.record(work))
    return page(
        request,
        "decided",
        is_preview=is_preview,
        done=[_line(each, language_of(request)) for each in done],
        act=asked[0].act,
        act_name=ACTS[asked[0].act],
        reason=asked[0].reason,
        security=asked[0].security or "",
        can_go_on=any(each.judged.answer == "accepted" for each in done),
        undo=Act.UNDO,
        undo_minutes=DECISION_UNDO_SECONDS_MAX // 60,
    )


def asked_of(form: Any) -> list[ActAsked]:
    """The acts of a form.

    Raises:
        Refusal: it names no act, or no declaration.
    """
    try:
        act = Act(str(form.get("act", "")))
        boxes = [str(each).rpartition(SEPARATOR) for each in form.getall("pick", [])]
        if not boxes:
            raise Refusal("REQUEST_INVALID", "No declaration was chosen.")
        reason, security = str(form.get("reason", "")), str(form.get("security", "")).strip()
        return [
            ActAsked(number, act, reason, security or None, int(event))
            for number, _, event in boxes
        ]
    except ValueError as error:
        raise Refusal("REQUEST_INVALID") from error


def _line(done: ActDone, language: str) -> dict[str, Any]:
    """One declaration: where it stood, where it stands, what speaks against it."""
    judged, standing = done.judged, done.judged.standing
    event = done.event_id or (None if standing is None else standing.event_id)
    return {
        "number": judged.asked.declaration,
        "pick": picked(judged.asked.declaration, judged.asked.seen_event or 0),
        "undo_pick": None if event is None else picked(judged.asked.declaration, event),
        "answer": judged.answer,
        "before": None if standing is None else standing.status,
        "status": judged.status,
        "against": [_told(each, language) for each in judged.objections],
    }


def _told(objection: Any, language: str) -> Told:
    values = {"value": objection.value, "expected": objection.expected}
    return remarks.told(language, objection.code, objection.path, values)


def routes() -> list[HTTPRouteHandler]:
    """The routes of the officer's queue."""
    return [queue, decide]
