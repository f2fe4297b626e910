"""Lists and consignments: what was lodged, what waits, and all about one."""

from dataclasses import replace
from functools import partial
from typing import Annotated, Any, Final

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter

from tumen.access.caller import Caller
from tumen.access.matrix import Permission
from tumen.access.roles import Reach
from tumen.access.viewing import filer_of
from tumen.kernel.limits import LIST_ROWS_MAX, ORPHANS_MAX
from tumen.settings import queue_targets
from tumen.web.access.guard import needs
from tumen.web.api.described import problems
from tumen.web.api.parameters import (
    AnyReference,
    DueWanted,
    LaneWanted,
    LodgedSince,
    Reference,
    StatusWanted,
)
from tumen.web.office import Office
from tumen.web.problem import Refusal
from tumen.window.ledger import docket
from tumen.window.ledger import orphans as left_alone
from tumen.window.ledger.consignment import consignment
from tumen.window.ledger.docket import Chosen
from tumen.window.ledger.stretches import Lines
from tumen.window.service_level import timed
from tumen.window.story import plain

TAGS: Final = ["Declarations"]
PAGE_ROWS: Final = 100

After = Annotated[int, QueryParameter(ge=0, le=2**63 - 1, description="Go on after this number.")]
Limit = Annotated[int, QueryParameter(ge=1, le=LIST_ROWS_MAX, description="Lines of one page.")]


class Line(msgspec.Struct, frozen=True):
    """One declaration or shipment in a list.

    Attributes:
        document_id: its document.
        kind: ``declaration`` or ``shipment``.
        number: by which an officer names it.
        sender: who lodged it.
        economy: the authority it is before.
        order_number: of a declaration.
        waybill_number: of a declaration.
        declaration_number: that customs gave it; null for a shipment.
        own_reference: the filer's own.
        event_id: its last event.
        status: of its last event.
        lane: in which the screening put it.
        reasons: the codes of its last event.
        legal_day: the day of its last event for the law.
        since: when it was recorded.
        lodged_at: when the declaration was recorded; null where its batch is another's.
        waiting_since: since when it waits for an officer without a break; null where it does not.
        due_at: by when the node means to have decided; null where its lane has no target.
        due: ``overdue`` or ``in_time``; null for what waits for nobody.
    """

    document_id: int
    kind: str
    number: str
    sender: str
    economy: str
    order_number: str | None
    waybill_number: str | None
    declaration_number: str | None
    own_reference: str | None
    event_id: int
    status: str
    lane: str | None
    reasons: list[str]
    legal_day: str
    since: str
    lodged_at: str | None
    waiting_since: str | None = None
    due_at: str | None = None
    due: str | None = None


class Page(msgspec.Struct, frozen=True):
    """A page of a list; ``next`` is the cursor of the one after it, null at the end.

    A page is full or the last, but where 20,000 were looked at and fewer of them fit the filters:
    then it has fewer lines, or none, and its cursor goes on.
    """

    items: list[Line]
    next: int | None


def _page(found: Lines) -> Page:
    lines = [{name: plain(value) for name, value in line.items()} for line in found.lines]
    return Page(msgspec.convert(lines, list[Line]), found.next)


@get(
    "/v1/declarations", guards=[needs(Permission.READ_DOCUMENTS)], tags=TAGS,
    summary="Declarations by filters", responses=problems(),
)  # fmt: skip
async def declarations(  # noqa: PLR0913 - a parameter is a filter
    office: NamedDependency[Office],
    caller: NamedDependency[Caller],
    status: StatusWanted = None,
    lane: LaneWanted = None,
    since: LodgedSince = None,
    after: After = 0,
    limit: Limit = PAGE_ROWS,
) -> Page:
    """Own declarations and shipments, for an authority those before it, in the order of lodging.

    The cursor is the number of the document: whoever goes on from the last one misses none.
    """
    chosen = Chosen(status=status, lane=lane, since=since, sender=filer_of(caller))
    ask = partial(docket.declarations, chosen=chosen, after=after, limit=limit)
    return _page(await office.read_as(caller, ask))


@get(
    "/v1/queue", guards=[needs(Permission.READ_QUEUE)], tags=["Officers"],
    summary="What waits for an officer", responses=problems(),
)  # fmt: skip
async def queue(
    office: NamedDependency[Office],
    caller: NamedDependency[Caller],
    lane: LaneWanted = None,
    due: DueWanted = None,
    after: After = 0,
    limit: Limit = PAGE_ROWS,
) -> Page:
    """What waits before the caller's authority, the longest waiting first, with the reasons.

    The cursor is the number of the event since which it waits. How long it may wait is the node's
    target for its lane: ask for ``due=overdue`` first.
    """
    level, now = queue_targets(), office.node.clock.now()
    chosen = Chosen(
        lane=lane, economy=caller.economy, due=due, overdue_before=level.overdue_before(now)
    )
    ask = partial(docket.queue, chosen=chosen, after=after, limit=limit)
    found = await office.read_as(caller, ask)
    return _page(replace(found, lines=[timed(line, level, now) for line in found.lines]))


class Orphan(msgspec.Struct, frozen=True):
    """A document whose counterpart is missing.

    Attributes:
        document_id: its number, which is the cursor.
        kind: of the document.
        key: its key.
        missing: what it waits for.
        since: when it was recorded.
    """

    document_id: int
    kind: str
    key: str
    missing: str
    since: str


class Orphans(msgspec.Struct, frozen=True):
    """A page of them; ``next`` is the cursor of the one after it, null at the end."""

    items: list[Orphan]
    next: int | None


@get(
    "/v1/orphans", guards=[needs(Permission.READ_ORPHANS)], tags=TAGS,
    summary="Documents whose counterpart is missing", responses=problems(),
)  # fmt: skip
async def orphans(
    office: NamedDependency[Office],
    caller: NamedDependency[Caller],
    after: After = 0,
    limit: Limit = ORPHANS_MAX,
) -> Orphans:
    """Own documents that wait, the oldest first; for customs those of every sender.

    The counterpart is often another sender's: whether it is there is told, not what it says. A
    page looks at 20,000 documents at most: it may hold fewer lines than asked for, or none, and yet
    not be the last.
    """
    is_customs = caller.reach(Permission.READ_ORPHANS) is Reach.ECONOMY
    if is_customs and caller.economy != "CN":
        return Orphans([], None)  # only the Chinese messages have counterparts
    sender = None if is_customs else caller.sender
    ask = partial(left_alone.orphans, limit=limit, after=after, sender=sender)
    found = await office.surveys.run(ask)
    lines = [{**line, "since": plain(line["since"])} for line in found.lines.to_dicts()]
    return Orphans(msgspec.convert(lines, list[Orphan]), found.next)


@get(
    "/v1/consignments/{reference:str}", guards=[needs(Permission.READ_CONSIGNMENTS)], tags=TAGS,
    summary="All about one consignment", responses=problems(404),
)  # fmt: skip
async def one_consignment(
    office: NamedDependency[Office], caller: NamedDependency[Caller], reference: Reference
) -> dict[str, Any]:
    """Documents, match, assessment, charges explained, allowance and history, by any number of it.

    What the caller may not see is left out; of personal values it says only whether they are
    equal.
    """
    return await _told(office, caller, reference)


@get(
    "/v1/consignments", guards=[needs(Permission.READ_CONSIGNMENTS)], tags=TAGS,
    summary="All about one consignment, by any reference", responses=problems(404),
)  # fmt: skip
async def consignment_by_reference(
    office: NamedDependency[Office], caller: NamedDependency[Caller], reference: AnyReference
) -> dict[str, Any]:
    """The same by a reference that no path can hold, such as `T-1/export`, which has a slash."""
    return await _told(office, caller, reference)


async def _told(office: Office, caller: Caller, reference: str) -> dict[str, Any]:
    """All that the caller may see of a consignment.

    Raises:
        Refusal: that is nothing.
    """
    must = office.node.policy.payer_must_be_buyer
    ask = partial(consignment, reference=reference, payer_must_be_buyer=must)
    told = await office.read_as(caller, ask)
    if told is None:
        raise Refusal("NOT_FOUND", "Nothing that you may see is recorded under this number.")
    return told


def routes() -> list[HTTPRouteHandler]:
    """The routes of lists and consignments."""
    return [declarations, queue, orphans, one_consignment, consignment_by_reference]
