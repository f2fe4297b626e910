"""``POST /v1/decisions``: an officer's acts, one or many, with a preview."""

from typing import Any, Final

import msgspec
from litestar import post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody

from tumen.access.caller import Caller
from tumen.access.matrix import Permission
from tumen.kernel.limits import DECISIONS_MAX
from tumen.store.session import Session
from tumen.web.access.guard import needs
from tumen.web.api.described import problems
from tumen.web.office import Office
from tumen.web.problem import Refusal
from tumen.web.sessions import of_session
from tumen.web.speaking import Reader
from tumen.window.acts import ActAsked, ActDone, Officer, told
from tumen.window.ledger.acts import OfficerDesk
from tumen.window.states import Act

TAGS: Final = ["Officers"]


class Named(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A declaration that is decided.

    Attributes:
        number: its number, or ``#`` and the number of its document, as the queue tells it.
        seen_event: the last event that the officer saw: where another one has happened since,
            nothing is done.
    """

    number: str
    seen_event: int | None = None


class DecisionsAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Acts that are asked for.

    Attributes:
        act: what is to be done with all of them.
        declarations: up to 1,000.
        reason: why; the filers read it.
        security: the guarantee under which goods with an unknown charge are released.
        preview: whether only to say what would become.
    """

    act: Act
    declarations: list[Named]
    reason: str
    security: str | None = None
    preview: bool = False


class DecisionTold(msgspec.Struct, frozen=True):
    """What became of one declaration, or would.

    Attributes:
        declaration: as it was named.
        act: what was asked for.
        answer: ``accepted``, ``duplicate`` or ``rejected``.
        status_before: where it stood.
        status: where it stands now.
        event: the number of the event that was recorded.
        receipt: the notice that the filer gets.
        violations: why it was refused.
    """

    declaration: str
    act: str
    answer: str
    status_before: str | None
    status: str | None
    event: int | None
    receipt: str | None
    violations: list[dict[str, str | None]]


class Decisions(msgspec.Struct, frozen=True):
    """All of them, in the order of the request; whether nothing was recorded."""

    preview: bool
    decisions: list[DecisionTold]


@post(
    "/v1/decisions", status_code=200, guards=[needs(Permission.DECIDE)], tags=TAGS,
    summary="Release, hold, examine, reject, or undo", responses=problems(413),
)  # fmt: skip
async def decide(
    data: JSONBody[DecisionsAsked],
    office: NamedDependency[Office],
    caller: NamedDependency[Caller],
    reader: NamedDependency[Reader],
) -> Decisions:
    """Decide what waits before the caller's own authority; each is answered by itself.

    What nothing speaks against is recorded in one transaction. The same request again is told
    the same, and records nothing twice.
    """
    if len(data.declarations) > DECISIONS_MAX:
        raise Refusal("TOO_LARGE", f"At most {DECISIONS_MAX:,} declarations at once.")
    asked = [
        ActAsked(each.number, data.act, data.reason, data.security, each.seen_event)
        for each in data.declarations
    ]

    def work(session: Session) -> list[ActDone]:
        desk = OfficerDesk(
            of_session(session), officer_of(caller), office.node.clock, office.node.log
        )
        if data.preview:
            return [ActDone(each) for each in desk.preview(asked)]
        return desk.decide(asked)

    done = await (office.act(work) if data.preview else office.record(work))
    plain: list[dict[str, Any]] = [told(each, reader.remarks) for each in done]
    return Decisions(data.preview, msgspec.convert(plain, list[DecisionTold]))


def officer_of(caller: Caller) -> Officer:
    """Who acts: the person who is signed in, or the key that speaks for the office."""
    mark = caller.person or caller.credential or caller.sender
    return Officer(caller.economy or "", caller.sender, mark)


def routes() -> list[HTTPRouteHandler]:
    """The route of decisions."""
    return [decide]
