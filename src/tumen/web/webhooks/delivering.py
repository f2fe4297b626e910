"""Delivers events to webhooks beside the service, from the cursor of each.

1. Now and then a process asks which webhooks have something to be told, or tried again.
2. One process takes a webhook, by a lock of the store; others leave it alone meanwhile.
3. What its organisation may see after its cursor is read under row-level security, as a batch.
   A batch that failed is sent again as it was, and nothing after it overtakes it.
4. It is sent, and what came of it is the webhook's next turn. A process that dies in between has
   sent what another one sends again, under the same id.

Nothing is written for an event: what is due follows from two numbers.
"""

import random
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from typing import Final

from tumen.access import organisations, webhooks
from tumen.access.caller import Caller
from tumen.access.matrix import Permission
from tumen.access.roles import Reach
from tumen.access.viewing import viewer_of
from tumen.access.webhooks import TurnKind, Webhook
from tumen.bootstrap import Node
from tumen.kernel.errors import StoreConflict, UsageError
from tumen.kernel.limits import LIST_ROWS_MAX
from tumen.kernel.webhook_limits import (
    WEBHOOK_BATCHES_MAX,
    WEBHOOK_EVENTS_MAX,
    WEBHOOK_PAUSE_SECONDS,
    WEBHOOK_THREADS,
)
from tumen.store.session import Session
from tumen.store.viewer import session_for
from tumen.web import metrics
from tumen.web.records import described, log
from tumen.web.webhooks.addresses import read_address
from tumen.web.webhooks.batches import Batch, Line, batch_of, type_of
from tumen.web.webhooks.posting import Answer, Fault, post
from tumen.web.webhooks.retrying import following
from tumen.web.webhooks.signing import headers
from tumen.window.ledger import docket

_CHANCE: Final = random.SystemRandom()

NEEDED: Final = (Permission.KEEP_WEBHOOKS, Permission.READ_EVENTS)
"""What an organisation may, so that events are sent to it."""


class Deliveries:
    """Delivers for a node while it is served by this process.

    Args:
        node: the open node.
        is_private_allowed: whether it sends into private networks.
        chance: gives numbers from 0 to 1, for the pauses.
    """

    def __init__(
        self, node: Node, *, is_private_allowed: bool,
        chance: Callable[[], float] = _CHANCE.random,
    ) -> None:  # fmt: skip
        self._node = node
        self._is_private_allowed = is_private_allowed
        self._chance = chance
        self._looked: dict[str, tuple[int, int]] = {}
        self._under_way: set[str] = set()
        self._posts = ThreadPoolExecutor(WEBHOOK_THREADS, thread_name_prefix="webhooks")
        self._is_closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="webhooks", daemon=True)

    def start(self) -> None:
        """Deliver from now on."""
        self._thread.start()

    def close(self) -> None:
        """Let what is under way end, and deliver no more."""
        self._is_closed.set()
        if self._thread.ident is not None:
            self._thread.join()
        self._posts.shutdown(wait=True)

    def round(self) -> list["Future[bool]"]:
        """Begin what is due and not under way; each tells whether something was sent."""
        with self._node.database.session() as session:
            last = docket.last_event(session)
            due = webhooks.due(session, self._node.clock.now(), last)
        begun = [each for each in due if self._is_to_be_begun(each, last)]
        self._under_way.update(each.mark for each in begun)
        return [self._posts.submit(self._delivered, each.mark, last) for each in begun]

    def _run(self) -> None:
        while not self._is_closed.wait(WEBHOOK_PAUSE_SECONDS):
            try:
                self.round()
            except Exception as error:  # the store is away: the next round may find it
                log.error("webhooks not looked at", **described(error))

    def _is_to_be_begun(self, webhook: Webhook, last: int) -> bool:
        if webhook.mark in self._under_way:
            return False
        return webhook.last.kind is TurnKind.FAILED or self._looked_to(webhook) < last

    def _looked_to(self, webhook: Webhook) -> int:
        """Up to where this process found nothing for it; a replay makes all of that untold."""
        run, to = self._looked.get(webhook.mark, (0, 0))
        return to if run == webhook.last.run else 0

    def _delivered(self, mark: str, last: int) -> bool:
        """Whether anything was sent: some batches after each other, while they are taken."""
        sent = None
        try:
            for _ in range(WEBHOOK_BATCHES_MAX):
                sent, before = self._deliver(mark, last), sent
                if sent is not TurnKind.DELIVERED or self._is_closed.is_set():
                    return (sent or before) is not None
            return True
        except StoreConflict:  # it was replayed meanwhile: what is due is seen anew
            return True
        except Exception as error:
            log.error("webhook not delivered", webhook=mark, **described(error))
            return False
        finally:
            self._under_way.discard(mark)

    def _deliver(self, mark: str, last: int) -> TurnKind | None:
        """What came of the next batch of a webhook that is due; None where nothing was sent."""
        with self._node.database.session() as session:
            held = webhooks.find(session, mark)
            if held is None or not webhooks.take(session, held):
                return None
            held = webhooks.find(session, mark)  # as whoever had it before has left it
            if held is None or not _is_due(held, self._node.clock.now()):
                return None
            caller = _caller(session, held)
            batch = None if caller is None else self._batch(held, caller, last)
            if batch is None:
                return None
            return self._record(session, held, batch, self._sent(held, batch))

    def _record(self, session: Session, held: Webhook, batch: Batch, answer: Answer) -> TurnKind:
        turn = following(held.last, batch, answer, self._node.clock.now(), self._chance())
        webhooks.record(session, held.mark, turn)
        metrics.WEBHOOK_TRIES.labels(str(turn.kind)).inc()
        if turn.kind is TurnKind.DISABLED:
            log.warning("webhook disabled", webhook=held.mark, organisation=held.organisation)
        return turn.kind

    def _sent(self, held: Webhook, batch: Batch) -> Answer:
        secret = webhooks.secret_of(held, self._node.keys.webhooks)
        if secret is None:
            raise RuntimeError("The secret of a webhook does not open: row or key was changed.")
        try:
            address = read_address(held.address, is_private_allowed=self._is_private_allowed)
        except UsageError:  # the node's setting was changed since
            return Answer(None, Fault.ADDRESS_REFUSED)
        signed = headers(secret, batch.message, self._node.clock.now(), batch.body)
        return post(address, batch.body, signed, is_private_allowed=self._is_private_allowed)

    def _batch(self, held: Webhook, caller: Caller, last: int) -> Batch | None:
        """What a webhook is to be told next; None where there is nothing for it."""
        again = held.last.until if held.last.kind is TurnKind.FAILED else None
        after = max(held.last.cursor, self._looked_to(held))
        with session_for(self._node.database, viewer_of(caller)) as session:
            chosen = _chosen(session, held, after, again, last)
        if not chosen:
            self._looked[held.mark] = (held.last.run, last)
            return None
        return batch_of(held, chosen)


def _is_due(held: Webhook, at: datetime) -> bool:
    return held.last.kind is not TurnKind.DISABLED and held.last.next_at <= at


def _caller(session: Session, held: Webhook) -> Caller | None:
    """The organisation of a webhook, as one that asks; None where it may not be told."""
    found = organisations.find(session, held.organisation)
    if found is None or not found.is_active:
        return None
    caller = Caller(found.mark, found.name, found.roles, found.economy, matters=found.matters)
    is_let = all(caller.reach(needed) is not Reach.NONE for needed in NEEDED)
    return caller if is_let else None


def _chosen(
    session: Session, held: Webhook, after: int, again: int | None, last: int
) -> list[Line]:
    """The next events that a webhook chose; with ``again`` those up to that number."""
    chosen: list[Line] = []
    while True:
        page = docket.events(session, after, LIST_ROWS_MAX, sender=held.organisation, last=last)
        chosen += [each for each in page if type_of(each) in held.types]
        if again is not None:
            chosen = [each for each in chosen if each["event_id"] <= again]
        if len(page) < LIST_ROWS_MAX:
            break
        after = page[-1]["event_id"]
        if after >= again if again is not None else chosen:
            break
    return chosen[:WEBHOOK_EVENTS_MAX]
