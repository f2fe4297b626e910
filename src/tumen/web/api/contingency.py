"""``/v1/contingencies``: whose decisions are suspended, and the office that suspends its own."""

from datetime import datetime

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody

from tumen.access.caller import Caller
from tumen.access.matrix import Permission
from tumen.store.session import Session
from tumen.web.access.guard import needs
from tumen.web.api.decisions import officer_of
from tumen.web.api.described import problems
from tumen.web.office import Office
from tumen.web.sessions import of_session
from tumen.window.contingency import Turn
from tumen.window.ledger import contingencies
from tumen.window.ledger.deferred import DeferredDesk, Round

TAGS = ["Officers"]


class Suspended(msgspec.Struct, frozen=True):
    """Decisions that are suspended.

    Attributes:
        economy: whose.
        reason: why.
        since: since when.
        awaiting: how many declarations and shipments wait.
    """

    economy: str
    reason: str
    since: datetime
    awaiting: int


class Contingencies(msgspec.Struct, frozen=True):
    """All that are on now."""

    contingencies: list[Suspended]


class ContingencyAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an office says of its own decisions.

    Attributes:
        turn: ``begin`` suspends them, ``end`` takes them up again.
        reason: why; everybody reads it.
        after: of an end: ``last`` of the answer before, so that it goes on from there.
    """

    turn: Turn
    reason: str
    after: int = 0


class ContingencyDone(msgspec.Struct, frozen=True):
    """What became of it.

    Attributes:
        is_on: whether decisions are suspended now. An end decides a bounded number of what
            waited: while this is true, ask for the end again.
        last: where the next request goes on.
        decided: status -> how many were decided now.
    """

    is_on: bool
    last: int
    decided: dict[str, int]


@get(
    "/v1/contingencies", guards=[needs(Permission.SEE_SERVICE)], tags=TAGS,
    summary="Whose decisions are suspended", responses=problems(),
)  # fmt: skip
async def suspended(office: NamedDependency[Office]) -> Contingencies:
    """Since when the decisions of which authority are suspended, why, and how many wait."""
    found = await office.public.run(contingencies.suspensions)
    return Contingencies(
        [Suspended(each.economy, each.reason, each.since, each.awaiting) for each in found]
    )


@post(
    "/v1/contingencies", status_code=200, guards=[needs(Permission.DECIDE)], tags=TAGS,
    summary="Suspend one's own decisions, or take them up again", responses=problems(),
)  # fmt: skip
async def turn(
    data: JSONBody[ContingencyAsked],
    office: NamedDependency[Office],
    caller: NamedDependency[Caller],
) -> ContingencyDone:
    """Begin or end a contingency of the caller's own authority.

    While it is on, documents are received, matched and accepted, and nothing is decided. Its end
    decides what waited in the order of recording, a bounded number with each request.
    """
    officer, node = officer_of(caller), office.node

    def begin(session: Session) -> None:
        contingencies.begin(session, node.log, officer, data.reason, node.clock.now())

    def go_on(session: Session) -> Round:
        policy = office.lists.look().policy
        desk = DeferredDesk(of_session(session), officer, policy, node.clock, node.log)
        return desk.go_on(data.reason, data.after)

    if data.turn is Turn.BEGIN:
        await office.record(begin)
        return ContingencyDone(is_on=True, last=0, decided={})
    done = await office.record(go_on)
    return ContingencyDone(is_on=not done.is_ended, last=done.last, decided=done.decided)


def routes() -> list[HTTPRouteHandler]:
    """The routes of contingencies."""
    return [suspended, turn]
