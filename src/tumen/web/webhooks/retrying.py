"""What a try leads to: on, again later, or no further. A pure table of time.

After a failure a webhook waits, four times as long each time and at most six hours, shortened by
chance so that many receivers that failed together do not come back together. It waits longer
where the receiver asks for it. Gone (410) disables it, and so does failing for three days.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from tumen.access.webhooks import Turn, TurnKind
from tumen.kernel.webhook_limits import (
    WEBHOOK_FAILING_SECONDS_MAX,
    WEBHOOK_RETRY_GROWTH,
    WEBHOOK_RETRY_SECONDS_MAX,
    WEBHOOK_RETRY_SECONDS_MIN,
)
from tumen.web.webhooks.batches import Batch
from tumen.web.webhooks.posting import Answer

GONE: Final = 410
_SHORTENED_MOST: Final = 0.25


def following(last: Turn, batch: Batch, answer: Answer, at: datetime, chance: float) -> Turn:
    """The turn that a try leads to.

    Args:
        last: the turn before it.
        batch: what was sent.
        answer: what came of it.
        at: the recorded time.
        chance: from 0 to 1.
    """
    tried = replace(
        last, turn=last.turn + 1, at=at, next_at=at, until=batch.until, message=batch.message,
        events=batch.events, status=answer.status, fault=answer.fault,
    )  # fmt: skip
    if answer.is_success:
        return replace(
            tried, kind=TurnKind.DELIVERED, cursor=batch.until, failures=0, failing_since=None
        )
    failures, since = last.failures + 1, last.failing_since or at
    tried = replace(tried, failures=failures, failing_since=since)
    if answer.status == GONE or at - since >= timedelta(seconds=WEBHOOK_FAILING_SECONDS_MAX):
        return replace(tried, kind=TurnKind.DISABLED)
    wait = max(pause(failures, chance), min(answer.retry_after or 0, WEBHOOK_RETRY_SECONDS_MAX))
    return replace(tried, kind=TurnKind.FAILED, next_at=at + timedelta(seconds=wait))


def pause(failures: int, chance: float) -> float:
    """Seconds to wait after so many failures in a row, of which there is at least one."""
    growth = WEBHOOK_RETRY_GROWTH ** min(failures - 1, WEBHOOK_RETRY_SECONDS_MAX.bit_length())
    whole = min(WEBHOOK_RETRY_SECONDS_MIN * growth, WEBHOOK_RETRY_SECONDS_MAX)
    return float(whole * (1 - _SHORTENED_MOST * chance))
