"""An organisation's own webhooks, as it keeps them: by the API and on a page."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from tumen.access import webhooks
from tumen.access.caller import Caller
from tumen.access.matrix import Permission
from tumen.access.webhooks import Turn, TurnKind, Webhook, WebhookWanted
from tumen.kernel.errors import UsageError
from tumen.settings import webhook_private
from tumen.store.session import Session
from tumen.web.office import Office
from tumen.web.webhooks.addresses import read_address
from tumen.web.webhooks.batches import TYPES
from tumen.web.webhooks.signing import shown
from tumen.window.ledger import docket


@dataclass(frozen=True, slots=True)
class Asked:
    """What a new webhook is to be.

    Attributes:
        address: where events are sent.
        types: the types of events; all where none are named.
        after: events after this number are sent; None for those from now on.
    """

    address: str
    types: Iterable[str] = ()
    after: int | None = None


async def listed(office: Office, caller: Caller) -> list[Webhook]:
    """The webhooks of the caller's organisation, the oldest first."""
    return await office.door.run(lambda session: webhooks.listed(session, caller.sender))


async def seen(office: Office, caller: Caller, mark: str) -> tuple[Webhook, list[Turn]]:
    """One of them with its last turns, the newest first.

    Raises:
        PathAbsent: the organisation has none with this mark.
    """

    def work(session: Session) -> tuple[Webhook, list[Turn]]:
        return webhooks.needed(session, caller.sender, mark), webhooks.turns(session, mark)

    return await office.door.run(work)


async def made(office: Office, caller: Caller, asked: Asked) -> tuple[Webhook, str]:
    """Make a webhook; it is told what the organisation may see.

    Returns:
        It, and its secret, which is told this once.

    Raises:
        UsageError: address, types or number do not fit, or there are as many as may be.
    """
    caller.need(Permission.READ_EVENTS)
    read_address(asked.address, is_private_allowed=webhook_private())
    types, at = _types(set(asked.types)), office.node.clock.now()
    by = caller.person or caller.credential or ""
    last = await office.public.run(docket.last_event)
    cursor = last if asked.after is None else _need_past(asked.after, last)
    wanted = WebhookWanted(asked.address, types, cursor)
    key = office.node.keys.webhooks
    found, secret = await office.act(
        lambda session: webhooks.make(session, caller.sender, wanted, key, at, by)
    )
    return found, shown(secret)


async def replayed(office: Office, caller: Caller, mark: str, after: int) -> Webhook:
    """Send the events after a number again, and then what comes; a disabled one lives again.

    Raises:
        PathAbsent: the organisation has none with this mark.
        UsageError: no event has this number yet.
    """
    caller.need(Permission.READ_EVENTS)
    cursor = _need_past(after, await office.public.run(docket.last_event))
    at = office.node.clock.now()
    work = partial(webhooks.replay, organisation=caller.sender, mark=mark, cursor=cursor, at=at)
    return await office.act(work)


async def ended(office: Office, caller: Caller, mark: str) -> None:
    """End a webhook; a delivery under way may still arrive.

    Raises:
        PathAbsent: the organisation has none with this mark.
    """
    by, at = caller.person or caller.credential or "", office.node.clock.now()
    await office.act(lambda session: webhooks.end(session, caller.sender, mark, at, by))


def state_of(webhook: Webhook) -> str:
    """How a webhook is: ``active``, ``failing`` or ``disabled``."""
    if webhook.last.kind is TurnKind.DISABLED:
        return "disabled"
    return "failing" if webhook.last.kind is TurnKind.FAILED else "active"


def _types(names: set[str]) -> frozenset[str]:
    if not names <= set(TYPES):
        raise UsageError(
            "There is no such type of events.", next_step=f"Choose of: {', '.join(TYPES)}."
        )
    return frozenset(names or TYPES)


def _need_past(after: int, last: int) -> int:
    """Refuse a cursor that no event has yet: what came until then would be left out."""
    if after > last:
        raise UsageError(
            f"No event has this number yet; the last one is {last}.",
            next_step="Take a number that an event had, or 0 for all.",
        )
    return after
