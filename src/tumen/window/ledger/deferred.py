"""What waited for an authority is decided: in the order of recording, by the law of its day.

1. Under the sequencer's lock the next documents that wait are taken, in the order of their numbers.
2. Declarations are matched with what is in force now, assessed, screened and decided like those of
   a wave; of shipments the ruling of their legal day is there, and they are screened.
3. Events, assessments, charges, allowances and notices are written as one batch without documents.
4. Once nothing waits, the end of the contingency is entered in the same transaction, so that no
   document comes between.

A contingency is ended by and by: what is lodged meanwhile waits behind what waited before.
"""

from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Final

import msgspec
import polars as pl

from tumen.documents.fields import Kind
from tumen.kernel.clock import Clock
from tumen.kernel.errors import UsageError
from tumen.kernel.limits import DEFERRED_AT_ONCE
from tumen.law.answer import Answer
from tumen.store.session import Session
from tumen.window import answers, books, cases, decision, shipments
from tumen.window.acts import Officer
from tumen.window.books import Stamp, Table
from tumen.window.contingency import Turn, marked, need_words
from tumen.window.decision import Decided, Policy
from tumen.window.ledger import contingencies, without_documents
from tumen.window.ledger.balances import balances
from tumen.window.ledger.counterparts import (
    awaiting_declarations,
    counterparts_of,
    items_of_declarations,
)
from tumen.window.ledger.docket import last_event
from tumen.window.ledger.freezes import frozen_among
from tumen.window.ledger.guaranteed import with_guarantees
from tumen.window.ledger.log import NodeLog
from tumen.window.ledger.standings import NO_NUMBER, stood
from tumen.window.shipment_reading import RULED_SCHEMA, ruled_by
from tumen.window.states import Status

FIRST_ROW: Final = 1 << 30
"""Stored cases have no row; they are counted from here."""


@dataclass(frozen=True, slots=True)
class Round:
    """What one transaction decided.

    Attributes:
        decided: status -> how many.
        last: the number of the last document that was looked at.
        is_ended: whether nothing waits any more, and the contingency is over.
    """

    decided: dict[str, int]
    last: int
    is_ended: bool


@dataclass(frozen=True, slots=True)
class DeferredDesk:
    """Decides what waited.

    Attributes:
        open_session: opens a transaction as the recorder; commits on success.
        officer: who ends the contingency, for its authority.
        policy: what the node has chosen, with the lists in force.
        clock: the recorded time.
        log: where the leaves go.
    """

    open_session: Callable[[], AbstractContextManager[Session]]
    officer: Officer
    policy: Policy
    clock: Clock
    log: NodeLog

    def ended(
        self, reason: str, tell: Callable[[Counter[str]], None] = lambda _: None
    ) -> Counter[str]:
        """Go on, round by round, until nothing waits any more; how many got which status.

        Args:
            reason: why it ends, for everybody.
            tell: is told after each round what was decided so far.
        """
        decided: Counter[str] = Counter()
        last, is_ended = 0, False
        while not is_ended:
            done = self.go_on(reason, last)
            decided.update(done.decided)
            last, is_ended = done.last, done.is_ended
            tell(decided)
        return decided

    def go_on(self, reason: str, after: int = 0, limit: int = DEFERRED_AT_ONCE) -> Round:
        """Decide the next of what waits; where nothing does, end the contingency.

        Args:
            reason: why it ends, for everybody.
            after: the last document of the round before; 0 looks at all.
            limit: how many at most.

        Raises:
            UsageError: no contingency is on, or the reason cannot be shown.
        """
        economy, told = self.officer.authority, need_words(self.officer.authority, reason)
        with self.open_session() as session:
            session.sequence()
            if not contingencies.is_suspended(session, economy):
                raise UsageError(
                    f"The decisions of {economy} are not suspended.",
                    next_step="`GET /v1/contingencies`, or `tumen contingency status`,"
                    " tells whose are.",
                )
            waiting = contingencies.awaiting(session, economy, after, limit)
            decided = {} if waiting.is_empty() else self._decide(session, waiting)
            is_ended = after == 0 and len(waiting) < limit  # all that waited was looked at
            if is_ended:
                now = self.clock.now()
                contingencies.enter(session, self.log, self.officer, Turn.END, told, now)
            last = 0 if waiting.is_empty() else int(waiting[-1])
            return Round(decided, last, is_ended)

    def _decide(self, session: Session, waiting: pl.Series) -> dict[str, int]:
        decided = _decided(session, waiting, self.policy)
        stamp = without_documents.stamp(session, self.officer.organisation, self.clock.now())
        events = _events(session, decided, stamp)
        tables = _tables(decided, events, stamp)
        without_documents.write(session, self.log, events, tables, stamp, self.policy.seed)
        return dict(events.group_by("status").len().iter_rows())


def _decided(session: Session, waiting: pl.Series, policy: Policy) -> Decided:
    """What becomes of the documents, marked."""
    shipped = _shipments(session, waiting)
    declared = waiting.filter(~waiting.is_in(shipped["document_id"].implode()))
    parts: list[Decided] = []
    if not declared.is_empty():
        parts.append(_declarations(session, declared, policy))
    if not shipped.is_empty():
        goods = _goods(session, shipped)
        frozen = frozen_among(session, shipped["buyer_index"])
        items = {Kind.SHIPMENT: goods}
        parts.append(shipments.decide(shipped, items, policy, frozen, Status.AWAITING))
    found = parts[0] if len(parts) == 1 else shipments.together(parts[0], parts[1])
    return marked(found)


def _declarations(session: Session, documents: pl.Series, policy: Policy) -> Decided:
    """Match, assess and screen declarations by what is in force now."""
    stored = session.ask(awaiting_declarations(documents))[0]
    to_decide = cases.together(cases.waiting(stored, FIRST_ROW, Status.AWAITING))
    assert to_decide is not None  # noqa: S101 - what waits is in force
    own = cases.own_counterparts({}, {})
    asked = {
        "balances": balances(to_decide["person"]),
        "items": items_of_declarations(documents),
        **counterparts_of(cases.missing(to_decide, own, {})),
    }
    found = dict(zip(asked, session.ask(*asked.values()), strict=True))
    there = cases.completed(own, found, {})
    decided = decision.decide(to_decide, found["items"], there, found["balances"], policy)
    if not policy.guarantee_must_suffice:
        return decided
    return with_guarantees(session, decided, None, last_event(session))


_HEADS: Final = """
    SELECT s.document_id, s.key, s.destination, s.dispatch, s.regime_asked, a.regime, s.legal_day,
           encode(uuid_send(s.buyer_index), 'hex') AS buyer_index, a.ruling,
           (SELECT e.party_hits FROM declaration_event e
            WHERE e.document_id = s.document_id ORDER BY e.event_id DESC LIMIT 1)
    FROM goods_shipment s JOIN shipment_assessment a USING (document_id)
    WHERE s.document_id = ANY(%(documents)s) ORDER BY s.document_id
"""
_HEAD_SCHEMA: Final = pl.Schema(
    {
        "document_id": pl.Int64(),
        **dict.fromkeys(("key", "destination", "dispatch", "regime_asked", "regime"), pl.String()),
        "legal_day": pl.Date(),
        "buyer_index": pl.String(),
        "ruling": pl.String(),
        "party_hits": pl.String(),
    }
)


def _shipments(session: Session, documents: pl.Series) -> pl.DataFrame:
    """The heads of stored shipments with what the law said of them, as the reader gives it."""
    heads = session.read(_HEADS, {"documents": documents}, _HEAD_SCHEMA)
    rulings = [ruled_by(msgspec.json.decode(each, type=Answer)) for each in heads["ruling"]]
    ruled = [
        pl.Series(name, [each[name] for each in rulings], RULED_SCHEMA[name])
        for name in RULED_SCHEMA
    ]
    return (
        heads.drop("ruling").hstack(ruled)
        .with_columns(pl.col("party_hits").str.split(","))
        .with_row_index("row", offset=FIRST_ROW << 1)
    )  # fmt: skip


_GOODS: Final = """
    SELECT document_id, description FROM goods_shipment_item
    WHERE document_id = ANY(%(documents)s) ORDER BY document_id, position
"""


def _goods(session: Session, shipped: pl.DataFrame) -> pl.DataFrame:
    """The descriptions of the shipments' goods, by row."""
    schema = pl.Schema({"document_id": pl.Int64(), "description": pl.String()})
    found = session.read(_GOODS, {"documents": shipped["document_id"]}, schema)
    return found.join(shipped.select("row", "document_id"), on="document_id").drop("document_id")


def _events(session: Session, decided: Decided, stamp: Stamp) -> pl.DataFrame:
    """The events, numbered, with the notice that each filer gets."""
    events = books.with_event_ids(books.case_events(decided), stamp.first_event)
    references = [f"{NO_NUMBER}{number}" for number in events["document_id"]]
    told = stood(session, references).told.with_columns(shipment="own_reference")
    complete = events.join(told, on="document_id", how="left", maintain_order="left")
    return events.hstack([answers.notices(complete, stamp.recorded_at)])


def _tables(decided: Decided, events: pl.DataFrame, stamp: Stamp) -> list[Table]:
    """What stands under the events, and why cases were refused."""
    found = decided.violations.join(
        decided.cases.select("row", "document_id"), on="row", maintain_order="left"
    ).with_columns(source=pl.lit(None, pl.String))
    return [
        books.assessment_rows(events),
        books.charge_rows(decided.charges, events),
        books.allowance_rows(events),
        books.violated(found, stamp),
    ]
