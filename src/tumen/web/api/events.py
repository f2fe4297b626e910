"""``GET /v1/events``: what happened to declarations, by a cursor that skips nothing."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from typing import Annotated, Any, Final

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import HeaderParameter, QueryParameter
from litestar.response import ServerSentEvent
from litestar.response.sse import ServerSentEventMessage

from tumen.access.caller import Caller
from tumen.access.matrix import Permission
from tumen.access.viewing import filer_of
from tumen.kernel.errors import Overloaded
from tumen.kernel.limits import (
    LIST_ROWS_MAX,
    STREAM_PAUSE_SECONDS,
    STREAM_ROUNDS_MAX,
    STREAMS_BY_SENDER_MAX,
    STREAMS_MAX,
)
from tumen.web.access.guard import needs
from tumen.web.api.declarations import After, Limit
from tumen.web.api.described import problems
from tumen.web.office import Office
from tumen.web.shares import Shares
from tumen.window.ledger import docket
from tumen.window.story import plain

TAGS: Final = ["Events"]
NEEDED: Final = [needs(Permission.READ_EVENTS)]
PAGE_ROWS: Final = 100


class Event(msgspec.Struct, frozen=True):
    """One step in a declaration's life.

    Attributes:
        event_id: its number, which is the cursor.
        document_id: of the declaration or shipment.
        status: the new status.
        lane: in which the screening put it.
        legal_day: the day for the law.
        recorded_at: when it was recorded.
        act: what an officer did, where one did.
        reason: why.
        declaration_number: null for a shipment.
        reference: the order's number, or a shipment's reference.
    """

    event_id: int
    document_id: int
    status: str
    lane: str | None
    legal_day: str
    recorded_at: str
    act: str | None
    reason: str | None
    declaration_number: str | None
    reference: str | None


class Events(msgspec.Struct, frozen=True):
    """Events in their order; ``next`` is the cursor to go on from, now or later."""

    events: list[Event]
    next: int


async def _after(office: Office, caller: Caller, after: int, limit: int) -> Events:
    """A page, and the cursor after it.

    The last event of the node is asked for first: numbers up to it are all committed, so that a
    reader with few events of its own need not look through those of others again.
    """
    last = await office.public.run(docket.last_event)
    ask = partial(docket.events, after=after, limit=limit, sender=filer_of(caller), last=last)
    found = await office.read_as(caller, ask)
    lines = [{name: plain(value) for name, value in line.items()} for line in found]
    end = found[-1]["event_id"] if found else after
    is_full = len(found) == limit
    return Events(msgspec.convert(lines, list[Event]), end if is_full else max(end, last))


@get("/v1/events", guards=NEEDED, tags=TAGS, summary="What happened", responses=problems())
async def events(
    office: NamedDependency[Office],
    caller: NamedDependency[Caller],
    after: After = 0,
    limit: Limit = PAGE_ROWS,
) -> Events:
    """What happened to own declarations, for an authority to those before it, after a cursor.

    Numbers are given in the order of commits, so that whoever goes on from the last one misses
    none, however long it was away.
    """
    return await _after(office, caller, after, limit)


Since = Annotated[int | None, QueryParameter(ge=0, le=2**63 - 1, description="Go on after this.")]
LastEventId = Annotated[
    int | None, HeaderParameter(name="Last-Event-ID", ge=0, le=2**63 - 1, description="The same.")
]


@get(
    "/v1/events/stream", guards=NEEDED, tags=TAGS, summary="The same as it happens (SSE)",
    responses=problems(),
)  # fmt: skip
async def stream(
    office: NamedDependency[Office],
    caller: NamedDependency[Caller],
    after: Since = None,
    last_event_id: LastEventId = None,
) -> ServerSentEvent:
    """Server-sent events; a browser that was cut off goes on where it was by Last-Event-ID.

    The stream ends now and then, so that who is no longer let in does not follow for ever.
    """
    _following.need_room(caller.organisation)
    if _following.total >= STREAMS_MAX:
        raise Overloaded("Too many follow the events of this process.")
    start = last_event_id if last_event_id is not None else after or 0
    return ServerSentEvent(_told(office, caller, start))


_following: Final = Shares(STREAMS_BY_SENDER_MAX, "As many of yours follow as may.")
"""Who follows the events of this process."""


async def _told(
    office: Office, caller: Caller, after: int
) -> AsyncIterator[ServerSentEventMessage]:
    """Events as they happen; a comment where nothing did, so that a broken line is noticed."""
    with _following.one(caller.organisation):
        for _ in range(STREAM_ROUNDS_MAX):
            found = await _after(office, caller, after, LIST_ROWS_MAX)
            after = found.next
            for each in found.events:
                yield _message(each)
            if not found.events:
                yield ServerSentEventMessage(comment="nothing new")
                await asyncio.sleep(STREAM_PAUSE_SECONDS)


def _message(event: Event) -> ServerSentEventMessage:
    told: dict[str, Any] = {"id": event.event_id, "event": event.status}
    return ServerSentEventMessage(**told, data=msgspec.json.encode(event).decode())


def routes() -> list[HTTPRouteHandler]:
    """The routes of events."""
    return [events, stream]
