"""``/v1/webhooks``: where an organisation is told of events, and what came of it."""

from datetime import datetime
from typing import Annotated, Final

import msgspec
from litestar import delete, get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody

from tumen.access.caller import Caller
from tumen.access.matrix import Permission
from tumen.access.webhooks import Turn, TurnKind, Webhook
from tumen.kernel.access_limits import SIGN_IN_BYTES_MAX
from tumen.web.access.guard import needs
from tumen.web.api.described import nothing, problems
from tumen.web.api.parameters import WebhookMark
from tumen.web.office import Office
from tumen.web.webhooks import keeping
from tumen.web.webhooks.keeping import Asked

TAGS: Final = ["Webhooks"]
NEEDED: Final = [needs(Permission.KEEP_WEBHOOKS)]

Cursor = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]


class WebhookAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a new webhook is to be.

    Attributes:
        address: where events are sent, by https.
        types: the types of events, such as ``declaration.released``; all where none are named.
        after: events after this number are sent; those from now on where it is left out.
    """

    address: str
    types: list[str] = []
    after: Cursor | None = None


class Replay(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From where events are sent again.

    Attributes:
        after: the number of the last event that is not sent again; 0 for all.
    """

    after: Cursor


class Delivery(msgspec.Struct, frozen=True):
    """What came of a webhook at one time.

    Attributes:
        turn: its number.
        kind: ``began``, ``delivered``, ``failed``, ``disabled`` or ``replayed``.
        at: when it was.
        message: the ``webhook-id`` under which events were sent.
        events: how many were sent.
        until: the last event that was sent.
        status: of the receiver's answer; null where none came.
        fault: why none came.
    """

    turn: int
    kind: str
    at: datetime
    message: str | None
    events: int
    until: int | None
    status: int | None
    fault: str | None


class WebhookShown(msgspec.Struct, frozen=True):
    """A webhook as it is now; its secret is not shown again.

    Attributes:
        webhook: by which it is named.
        address: where events are sent.
        types: the types of events that are sent.
        state: ``active``, ``failing`` or ``disabled``; a replay sets a disabled one going again.
        cursor: events up to this number are delivered.
        failures: how many tries failed in a row.
        failing_since: when the first of them was.
        next_try_at: when what failed is tried again.
        made_at: when it was made.
        last: what came of it last.
    """

    webhook: str
    address: str
    types: list[str]
    state: str
    cursor: int
    failures: int
    failing_since: datetime | None
    next_try_at: datetime | None
    made_at: datetime
    last: Delivery


class WebhookSeen(msgspec.Struct, frozen=True):
    """A webhook with its last deliveries, the newest first."""

    webhook: WebhookShown
    deliveries: list[Delivery]


class WebhookMade(msgspec.Struct, frozen=True):
    """A new webhook; its secret is shown this once.

    Attributes:
        webhook: the webhook.
        secret: by which deliveries are verified: ``whsec_`` and base64.
    """

    webhook: WebhookShown
    secret: str


@get("/v1/webhooks", guards=NEEDED, tags=TAGS, summary="Own webhooks", responses=problems())
async def list_webhooks(
    office: NamedDependency[Office], caller: NamedDependency[Caller]
) -> list[WebhookShown]:
    """The webhooks of the caller's organisation, the oldest first, with what came of them last."""
    return [_shown(each) for each in await keeping.listed(office, caller)]


@get(
    "/v1/webhooks/{mark:str}", guards=NEEDED, tags=TAGS, summary="One, with its last deliveries",
    responses=problems(404),
)  # fmt: skip
async def show_webhook(
    mark: WebhookMark, office: NamedDependency[Office], caller: NamedDependency[Caller]
) -> WebhookSeen:
    """A webhook of the caller's organisation, and what came of its last deliveries."""
    found, turns = await keeping.seen(office, caller, mark)
    return WebhookSeen(_shown(found), [_delivery(turn) for turn in turns])


@post(
    "/v1/webhooks", guards=NEEDED, tags=TAGS, summary="Say where events are to be sent",
    request_max_body_size=SIGN_IN_BYTES_MAX, responses=problems(413),
)  # fmt: skip
async def make_webhook(
    data: JSONBody[WebhookAsked], office: NamedDependency[Office], caller: NamedDependency[Caller]
) -> WebhookMade:
    """Makes a webhook of the caller's organisation; it is told what the organisation may see."""
    made, secret = await keeping.made(office, caller, Asked(data.address, data.types, data.after))
    return WebhookMade(_shown(made), secret)


@delete(
    "/v1/webhooks/{mark:str}", status_code=204, guards=NEEDED, tags=TAGS, summary="End a webhook",
    responses=problems(404) | nothing("Ended"),
)  # fmt: skip
async def end_webhook(
    mark: WebhookMark, office: NamedDependency[Office], caller: NamedDependency[Caller]
) -> None:
    """Ends a webhook of the caller's organisation; a delivery under way may still arrive."""
    await keeping.ended(office, caller, mark)


@post(
    "/v1/webhooks/{mark:str}/replay", status_code=200, guards=NEEDED, tags=TAGS,
    summary="Send events again", request_max_body_size=SIGN_IN_BYTES_MAX,
    responses=problems(404, 413),
)  # fmt: skip
async def replay_webhook(
    mark: WebhookMark, data: JSONBody[Replay], office: NamedDependency[Office],
    caller: NamedDependency[Caller],
) -> WebhookShown:  # fmt: skip
    """Sends the events after a cursor again, and then what comes; a disabled one lives again."""
    return _shown(await keeping.replayed(office, caller, mark, data.after))


def _shown(webhook: Webhook) -> WebhookShown:
    last = webhook.last
    is_failing = last.kind is TurnKind.FAILED
    return WebhookShown(
        webhook.mark, webhook.address, sorted(webhook.types), keeping.state_of(webhook),
        last.cursor, last.failures, last.failing_since, last.next_at if is_failing else None,
        webhook.made_at, _delivery(last),
    )  # fmt: skip


def _delivery(turn: Turn) -> Delivery:
    return Delivery(
        turn.turn, str(turn.kind), turn.at, turn.message, turn.events, turn.until, turn.status,
        turn.fault,
    )  # fmt: skip


def routes() -> list[HTTPRouteHandler]:
    """The routes of webhooks."""
    return [list_webhooks, show_webhook, make_webhook, end_webhook, replay_webhook]
