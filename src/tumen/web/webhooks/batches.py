"""What one delivery says: events after each other in one body, and the id of that body."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from tumen.access.webhooks import Webhook
from tumen.window.states import Status
from tumen.window.story import plain

BATCH_TYPE: Final = "declaration.events"
"""The type of every body: it holds events, each with a type of its own."""

TYPES: Final = tuple(f"declaration.{status}" for status in Status)
"""The types of events, of which a webhook chooses."""

Line = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Batch:
    """A delivery as it is sent.

    Attributes:
        message: its id; the same events of the same run have the same id.
        body: its bytes.
        until: the number of its last event.
        events: how many it holds.
    """

    message: str
    body: bytes
    until: int
    events: int


def type_of(event: Line) -> str:
    """The type of an event."""
    return f"declaration.{event['status']}"


def batch_of(webhook: Webhook, events: Sequence[Line]) -> Batch:
    """The batch of some events of a webhook, which are in order.

    Its bytes and its id follow from the events alone, so that a delivery whose outcome was lost is
    sent again as it was. A replay is a run of its own: what was seen before is not taken for it.
    """
    first, last = events[0]["event_id"], events[-1]
    told = [{"type": type_of(each), **_plain(each)} for each in events]
    body = msgspec.json.encode(
        {
            "type": BATCH_TYPE,
            "timestamp": plain(last["recorded_at"]),
            "data": {"webhook": webhook.mark, "events": told, "next": last["event_id"]},
        }
    )
    named = f"{webhook.mark} {webhook.last.run} {first} {last['event_id']} {len(events)}"
    message = "msg_" + hashlib.sha256(named.encode()).hexdigest()[:32]
    return Batch(message, body, last["event_id"], len(events))


def _plain(event: Line) -> Line:
    return {name: plain(value) for name, value in event.items()}
