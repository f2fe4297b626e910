"""``/v1/allowances``: a person's own, by a pass; and for the customs that keeps it."""

from dataclasses import asdict
from functools import partial
from typing import Final, Literal

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody

from tumen.access.caller import Caller
from tumen.access.matrix import Permission
from tumen.kernel.access_limits import SIGN_IN_BYTES_MAX
from tumen.web import guarding
from tumen.web.access.door import Door
from tumen.web.access.guard import needs
from tumen.web.api.declarations import After
from tumen.web.api.described import problems
from tumen.web.api.parameters import DisputeNumber
from tumen.web.guarding import Own
from tumen.web.office import Office
from tumen.web.speaking import Reader
from tumen.window.acts import spoken
from tumen.window.ledger.persons import PersonDesk, StepDone, open_disputes
from tumen.window.persons import Ground, Step
from tumen.window.story import plain
from tumen.window.tally import yuan

TAGS: Final = ["Allowance"]
GUARDING: Final = [needs(Permission.GUARD_ALLOWANCE)]
IDENTIFYING: Final = [needs(Permission.IDENTIFY_PERSONS)]


class DisputeOfUse(msgspec.Struct, frozen=True):
    """How a use is disputed.

    Attributes:
        number: of the dispute.
        ground: why.
        outcome: ``upheld`` or ``refused``; null while an officer has not judged it.
        reason: the officer's.
    """

    number: int
    ground: str
    outcome: str | None
    reason: str | None


class UseTold(msgspec.Struct, frozen=True):
    """What a declaration uses of the allowance.

    Attributes:
        use: by which a dispute names it.
        order_number: of the order.
        platform: where it was ordered.
        merchant: who sold it.
        declaration_number: that customs gave it.
        status: where the declaration stands.
        year: whose allowance it uses.
        used: what it used at most, in yuan.
        held: what of that it holds now.
        day: the legal day of the declaration's last event.
        event: the number of the event that changed the use last.
        is_new: whether that is later than the person's last look.
        can_be_disputed: whether it holds anything, and was not disputed before.
        dispute: of it; null where there is none.
    """

    use: int
    order_number: str | None
    platform: str | None
    merchant: str | None
    declaration_number: str | None
    status: str
    year: int
    used: str
    held: str
    day: str
    event: int
    is_new: bool
    can_be_disputed: bool
    dispute: DisputeOfUse | None


class AllowanceTold(msgspec.Struct, frozen=True):
    """The yearly allowance of a person, in yuan, and what used it.

    Attributes:
        year: of the figures.
        limit: of the year.
        used: of it, or reserved.
        left: of it.
        is_frozen: whether further uses are held.
        looked_at: when the person looked last.
        uses: the last change last; up to 500.
        next: from where the list goes on; null at its end.
    """

    year: int
    limit: str
    used: str
    left: str
    is_frozen: bool
    looked_at: str | None
    uses: list[UseTold]
    next: int | None


class StepTold(msgspec.Struct, frozen=True):
    """What became of what was asked for.

    Attributes:
        answer: ``accepted``, ``duplicate`` where it was so already, or ``rejected``.
        number: of the fact that was recorded.
        violations: why it was refused.
    """

    answer: str
    number: int | None
    violations: list[dict[str, str | None]]


class Freezing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whether the allowance is to be frozen."""

    frozen: bool


class Disputing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The use that is disputed, and why: of a list, so that nothing personal is kept."""

    use: int
    ground: Ground


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Up to which event the person has seen the uses."""

    event: int


class PersonNamed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A person, by the number in the papers: in a body, so that it stands in no address."""

    number: str


class PassAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A person whose papers the officer has seen, and which they were, without a number."""

    number: str
    reason: str


class FreezingFor(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a person asked for at the counter.

    Attributes:
        number: of the papers that the officer has seen.
        frozen: whether the allowance is to be frozen.
        reason: why, such as that it was asked for at the counter; nothing personal.
    """

    number: str
    frozen: bool
    reason: str


class PassMade(msgspec.Struct, frozen=True):
    """A pass; it is shown this once.

    Attributes:
        answer: ``accepted`` or ``rejected``.
        holder_pass: what the person shows as ``Authorization: Bearer PASS``, or on /my-allowance.
        expires_at: until when it is believed.
        violations: why none was made.
    """

    answer: str
    holder_pass: str | None = None
    expires_at: str | None = None
    violations: list[dict[str, str | None]] = []


class OpenDispute(msgspec.Struct, frozen=True):
    """A dispute that nobody has judged. No person is told.

    Attributes:
        number: by which it is named.
        ground: why.
        recorded_at: since when it waits.
        document_id: of the declaration.
        order_number: of the order.
        platform_name: where it was ordered.
        merchant_name: who sold it.
        declaration_number: that customs gave it.
        status: where the declaration stands.
        held: what it holds of the allowance, in yuan.
    """

    number: int
    ground: str
    recorded_at: str
    document_id: int
    order_number: str | None
    platform_name: str | None
    merchant_name: str | None
    declaration_number: str | None
    status: str
    held: str


class Judging(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a dispute is judged, and why: the person and, of an upheld one, the filer read it."""

    outcome: Literal["upheld", "refused"]
    reason: str


@get(
    "/v1/allowances/own", guards=GUARDING, tags=TAGS, summary="One's own allowance",
    responses=problems(),
)  # fmt: skip
async def own(
    office: NamedDependency[Office], caller: NamedDependency[Caller], after: After = 0
) -> AllowanceTold:
    """Every use of the allowance of whose pass is shown; ``after`` an event, only what is newer.

    Whoever asks again from the last ``event`` is told each later use once.
    """
    return _told(await guarding.told(office, guarding.holder_of(caller), after))


@post(
    "/v1/allowances/own/freeze", status_code=200, guards=GUARDING, tags=TAGS,
    summary="Freeze one's own allowance, or unfreeze it", responses=problems(),
)  # fmt: skip
async def freeze(
    data: JSONBody[Freezing],
    office: NamedDependency[Office],
    caller: NamedDependency[Caller],
    reader: NamedDependency[Reader],
) -> StepTold:
    """While it is frozen, whatever states the person's number is held."""
    person = guarding.holder_of(caller)
    work = partial(PersonDesk.freeze, person=person, is_frozen=data.frozen)
    return _done(await guarding.by_person(office, work), reader)


@post(
    "/v1/allowances/own/disputes", status_code=200, guards=GUARDING, tags=TAGS,
    summary="Dispute a use", responses=problems(),
)  # fmt: skip
async def dispute(
    data: JSONBody[Disputing],
    office: NamedDependency[Office],
    caller: NamedDependency[Caller],
    reader: NamedDependency[Reader],
) -> StepTold:
    """An officer judges it: where it is upheld, what the use holds is given back."""
    person = guarding.holder_of(caller)
    return _done(
        await guarding.by_person(office, lambda desk: desk.dispute(person, data.use, data.ground)),
        reader,
    )


@post(
    "/v1/allowances/own/seen", status_code=204, guards=GUARDING, tags=TAGS,
    summary="Say up to where the uses were seen", responses=problems(),
)  # fmt: skip
async def seen(
    data: JSONBody[Seen], office: NamedDependency[Office], caller: NamedDependency[Caller]
) -> None:
    """Uses that change later are new."""
    await guarding.seen(office, guarding.holder_of(caller), data.event)


@post(
    "/v1/allowances/lookup", status_code=200, guards=[needs(Permission.READ_ALLOWANCE)], tags=TAGS,
    summary="A person's allowance, for customs", responses=problems(),
    request_max_body_size=SIGN_IN_BYTES_MAX,
)  # fmt: skip
async def lookup(
    data: JSONBody[PersonNamed], office: NamedDependency[Office], caller: NamedDependency[Caller]
) -> AllowanceTold:
    """The same as the person sees, by the number in the papers."""
    guarding.need_keeper(caller)
    return _told(await guarding.told(office, guarding.concealed(office, data.number)))


@post(
    "/v1/allowances/passes", status_code=200, guards=IDENTIFYING, tags=TAGS,
    summary="Hand a pass to a person", responses=problems(),
    request_max_body_size=SIGN_IN_BYTES_MAX,
)  # fmt: skip
async def hand_out(
    data: JSONBody[PassAsked], office: NamedDependency[Office], caller: NamedDependency[Caller],
    reader: NamedDependency[Reader], door: NamedDependency[Door],
) -> PassMade:  # fmt: skip
    """Records that the officer saw the papers; the person's pass before it ends."""
    person = guarding.concealed(office, data.number)
    found = await guarding.identified(office, door, caller, person, data.reason)
    if isinstance(found, StepDone):
        return PassMade("rejected", violations=spoken(found.objections, reader.remarks))
    return PassMade("accepted", found.text, found.expires_at.isoformat())


@post(
    "/v1/allowances/freeze", status_code=200, guards=IDENTIFYING, tags=TAGS,
    summary="Freeze a person's allowance at the counter", responses=problems(),
    request_max_body_size=SIGN_IN_BYTES_MAX,
)  # fmt: skip
async def freeze_for(
    data: JSONBody[FreezingFor],
    office: NamedDependency[Office],
    caller: NamedDependency[Caller],
    reader: NamedDependency[Reader],
) -> StepTold:
    """Or unfreeze it: as the person asked for who came to the office."""
    person = guarding.concealed(office, data.number)
    work = partial(PersonDesk.freeze, person=person, is_frozen=data.frozen, reason=data.reason)
    return _done(await guarding.by_officer(office, caller, work), reader)


@get(
    "/v1/disputes", guards=[needs(Permission.DECIDE)], tags=TAGS,
    summary="Disputes that wait for an officer", responses=problems(),
)  # fmt: skip
async def disputes(
    office: NamedDependency[Office], caller: NamedDependency[Caller], after: After = 0
) -> list[OpenDispute]:
    """The longest waiting first, up to 100; the cursor is the number of a dispute."""
    guarding.need_keeper(caller)
    found = await office.public.run(partial(open_disputes, after=after))
    lines = [
        {
            **{name: plain(value) for name, value in line.items()},
            "held": yuan(line["held_fen"] or 0),
        }
        for line in found
    ]
    return msgspec.convert(lines, list[OpenDispute])


@post(
    "/v1/disputes/{number:int}", status_code=200, guards=[needs(Permission.DECIDE)], tags=TAGS,
    summary="Judge a dispute", responses=problems(),
)  # fmt: skip
async def judge(
    number: DisputeNumber, data: JSONBody[Judging], office: NamedDependency[Office],
    caller: NamedDependency[Caller], reader: NamedDependency[Reader],
) -> StepTold:  # fmt: skip
    """Uphold it, so that the amount is given back and the filer is told, or refuse it."""
    outcome = Step(data.outcome)
    return _done(
        await guarding.by_officer(
            office, caller, lambda desk: desk.judge(number, outcome, data.reason)
        ),
        reader,
    )


def _told(found: Own) -> AllowanceTold:
    looked_at = None if found.looked_at is None else plain(found.looked_at)
    return msgspec.convert({**asdict(found), "looked_at": looked_at}, AllowanceTold)


def _done(done: StepDone, reader: Reader) -> StepTold:
    if done.objections:
        return StepTold("rejected", None, spoken(done.objections, reader.remarks))
    return StepTold("duplicate" if done.number is None else "accepted", done.number, [])


def routes() -> list[HTTPRouteHandler]:
    """The routes of allowances and disputes."""
    return [own, freeze, dispute, seen, lookup, hand_out, freeze_for, disputes, judge]
