"""Corrections, returns and revocations of declarations, and what officers answer."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Annotated, Any, Final, Literal

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody, QueryParameter

from tumen.access.caller import Caller
from tumen.access.matrix import Permission
from tumen.access.roles import Reach
from tumen.kernel.limits import LIST_ROWS_MAX
from tumen.store.session import Session
from tumen.web.access.guard import needs
from tumen.web.api.decisions import officer_of
from tumen.web.api.described import problems
from tumen.web.api.parameters import DeclarationNumber
from tumen.web.office import Office
from tumen.web.sessions import of_session
from tumen.web.speaking import Reader
from tumen.window.aftercare_asked import (
    NOTHING_STATED,
    AftercareAsked,
    AftercareStep,
    Asker,
    ItemStated,
    Stated,
)
from tumen.window.aftercare_told import told
from tumen.window.ledger import aftercare_list
from tumen.window.ledger.aftercare import AftercareDesk, AftercareDone

TAGS: Final = ["After the decision"]

After = Annotated[int, QueryParameter(ge=0, le=2**63 - 1, description="Go on after this event.")]
Limit = Annotated[int, QueryParameter(ge=1, le=LIST_ROWS_MAX, description="Lines of one page.")]
Answer = Literal["grant", "refuse", "goods_back", "lapse"]


class CorrectionAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is true in the place of what was declared.

    Attributes:
        reference: the asker's own, once for each request.
        reason: why; officers and the filer read it.
        freight: of the whole.
        insurance: of the whole.
        items: the goods items that are wrong, each with the fields that are.
        basis: the act of law by which an officer gives something back.
        seen_event: the last event that was seen of the declaration.
        preview: whether only to say what would become.
    """

    reference: str
    reason: str
    freight: str | None = None
    insurance: str | None = None
    items: list[ItemStated] = []
    basis: str | None = None
    seen_event: int | None = None
    preview: bool = False


class ReturnAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Goods of a shipment that come back.

    Attributes:
        reference: the filer's own, once for each request.
        reason: why.
        items: each with its place and how much comes back.
        preview: whether only to say what would become.
    """

    reference: str
    reason: str
    items: list[ItemStated]
    preview: bool = False


class RevocationAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A shipment that is taken back before its release.

    Attributes:
        reference: the asker's own for this request.
        reason: why, which the other side reads.
        preview: only look what would become of it.
    """

    reference: str
    reason: str
    preview: bool = False


class AnswerGiven(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an officer answers.

    Attributes:
        declaration: its number, or ``#`` and the number of its document.
        act: ``grant`` or ``refuse`` what was asked for; ``goods_back`` where returned goods are
            back in time, ``lapse`` where they are not.
        reason: why; the filer reads it.
        basis: the act of law by which something is given back.
        happened_on: the day on which the goods were back; today where it is not named.
        seen_event: the last event that the officer saw.
        preview: whether only to say what would become.
    """

    declaration: str
    act: Answer
    reason: str
    basis: str | None = None
    happened_on: date | None = None
    seen_event: int | None = None
    preview: bool = False


class DifferenceTold(msgspec.Struct, frozen=True):
    """By how much a charge changes: above zero a supplementary assessment, below it a refund.

    Attributes:
        item: the goods item, from 1; null where the charge is on the whole.
        code: the charge.
        currency: of the amounts.
        before: what was due; null where that was unknown.
        after: what is due.
        difference: between them.
    """

    item: int | None
    code: str
    currency: str
    before: str | None
    after: str | None
    difference: str | None


class AftercareAnswered(msgspec.Struct, frozen=True):
    """What became of a request, or would.

    Attributes:
        declaration: as it was named.
        reference: the asker's own.
        answer: ``accepted``, ``waiting`` (an officer must grant it), ``duplicate``, ``rejected``.
        entry: what was recorded.
        status_before: where the declaration stood.
        status: where it stands now.
        event: the number of the event that was recorded.
        receipt: the notice of it.
        differences: of the charges; of an application, what they would be.
        allowance_change: what is taken of the person's year besides, or given back, in yuan.
        doubts: parameters of the law that it rests on and nobody verified.
        violations: why it was refused.
    """

    declaration: str
    reference: str | None
    answer: str
    entry: str | None
    status_before: str | None
    status: str | None
    event: int | None
    receipt: str | None
    differences: list[DifferenceTold]
    allowance_change: str | None
    doubts: list[str]
    violations: list[dict[str, str | None]]


class Waiting(msgspec.Struct, frozen=True):
    """What waits for an officer's answer.

    Attributes:
        event: the event that told of it; the cursor.
        number: the declaration, as an officer names it.
        consignment: by which all about it is found.
        document_id: its document.
        entry: ``correction_asked`` or ``return_asked``.
        reference: the filer's own.
        reason: the filer's.
        stated: what is to be changed, or comes back.
        legal_day: the day of the request for the law.
        recorded_at: when it was recorded.
    """

    event: int
    number: str
    consignment: str | None
    document_id: int
    entry: str
    reference: str | None
    reason: str
    stated: dict[str, Any] | None
    legal_day: str
    recorded_at: str


class WaitingPage(msgspec.Struct, frozen=True):
    """A page of them; ``next`` is the cursor of the one after it, null at the end."""

    items: list[Waiting]
    next: int | None


def asker_of(caller: Caller) -> Asker:
    """As what a caller asks: an officer for its authority, anybody else for its own."""
    is_officer = caller.reach(Permission.CORRECT) is Reach.ECONOMY
    return Asker(caller.sender, officer_of(caller) if is_officer else None)


async def done(
    office: Office, caller: Caller, asked: AftercareAsked, *, preview: bool
) -> AftercareDone:
    """Let what is asked for be judged, and recorded unless it is only looked at."""

    def work(session: Session) -> AftercareDone:
        node = office.lists.look()
        desk = AftercareDesk(
            of_session(session), asker_of(caller), node.clock, node.log, node.keys, office.books,
            node.policy.positive_list,
        )  # fmt: skip
        return desk.preview(asked) if preview else desk.ask(asked)

    return await (office.act(work) if preview else office.record(work))


async def _answered(
    office: Office, caller: Caller, asked: AftercareAsked, reader: Reader, *, preview: bool
) -> AftercareAnswered:
    found = await done(office, caller, asked, preview=preview)
    plain = told(found.judged, found.event_id, found.receipt, reader.remarks)
    return msgspec.convert(plain, AftercareAnswered)


@post(
    "/v1/declarations/{number:str}/corrections", status_code=200,
    guards=[needs(Permission.CORRECT)], tags=TAGS, summary="Correct a declaration",
    responses=problems(),
)  # fmt: skip
async def correct(
    number: DeclarationNumber, data: JSONBody[CorrectionAsked], office: NamedDependency[Office],
    caller: NamedDependency[Caller], reader: NamedDependency[Reader],
) -> AftercareAnswered:  # fmt: skip
    """State what is true; the law of the declaration's day is asked again.

    What is due besides is due at once. What would be given back waits for an officer, and so does
    what comes after the time of the law. What was charged stays; the differences are recorded.
    """
    stated = Stated(data.freight, data.insurance, tuple(data.items))
    asked = AftercareAsked(
        number, AftercareStep.CORRECT, data.reason, data.reference, stated, data.basis,
        seen_event=data.seen_event,
    )  # fmt: skip
    return await _answered(office, caller, asked, reader, preview=data.preview)


@post(
    "/v1/declarations/{number:str}/returns", status_code=200, guards=[needs(Permission.LODGE)],
    tags=TAGS, summary="Return goods of a shipment", responses=problems(),
)  # fmt: skip
async def give_back(
    number: DeclarationNumber, data: JSONBody[ReturnAsked], office: NamedDependency[Office],
    caller: NamedDependency[Caller], reader: NamedDependency[Reader],
) -> AftercareAnswered:  # fmt: skip
    """Goods of a released shipment come back; lists are returned by their message (CEB 625)."""
    stated = Stated(items=tuple(data.items))
    asked = AftercareAsked(number, AftercareStep.RETURN, data.reason, data.reference, stated)
    return await _answered(office, caller, asked, reader, preview=data.preview)


@post(
    "/v1/declarations/{number:str}/revocations", status_code=200,
    guards=[needs(Permission.LODGE)], tags=TAGS, summary="Take a shipment back before its release",
    responses=problems(),
)  # fmt: skip
async def revoke(
    number: DeclarationNumber, data: JSONBody[RevocationAsked], office: NamedDependency[Office],
    caller: NamedDependency[Caller], reader: NamedDependency[Reader],
) -> AftercareAnswered:  # fmt: skip
    """A shipment that is held or examined is taken back, and may be lodged anew."""
    asked = AftercareAsked(
        number, AftercareStep.REVOKE, data.reason, data.reference, NOTHING_STATED
    )
    return await _answered(office, caller, asked, reader, preview=data.preview)


@get(
    "/v1/applications", guards=[needs(Permission.CORRECT)], tags=TAGS,
    summary="What waits for an officer's answer", responses=problems(),
)  # fmt: skip
async def applications(
    office: NamedDependency[Office], caller: NamedDependency[Caller], after: After = 0,
    limit: Limit = 100,
) -> WaitingPage:  # fmt: skip
    """Own requests, for customs those before it, that are not answered, in recorded order."""
    ask = partial(aftercare_list.applications, after=after, limit=limit)
    found: Sequence[dict[str, Any]] = await office.read_as(caller, ask)
    last = found[-1]["event"] if len(found) == limit else None
    return WaitingPage(msgspec.convert(found, list[Waiting]), last)


@post(
    "/v1/applications/answers", status_code=200, guards=[needs(Permission.DECIDE)], tags=TAGS,
    summary="Grant, refuse, record what came back", responses=problems(),
)  # fmt: skip
async def answer(
    data: JSONBody[AnswerGiven],
    office: NamedDependency[Office],
    caller: NamedDependency[Caller],
    reader: NamedDependency[Reader],
) -> AftercareAnswered:
    """Answer what a filer asked for, or say whether returned goods are back in time."""
    asked = AftercareAsked(
        data.declaration, AftercareStep(data.act), data.reason, None, NOTHING_STATED, data.basis,
        data.happened_on, data.seen_event,
    )  # fmt: skip
    return await _answered(office, caller, asked, reader, preview=data.preview)


def routes() -> list[HTTPRouteHandler]:
    """The routes of what comes after a decision."""
    return [correct, give_back, revoke, applications, answer]
