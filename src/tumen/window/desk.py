"""The desk: one wave at a time from the store's state to the store's new state.

From loading the counterparts to the commit a node has one sequencer, so that two halves of a
match never miss each other and an allowance is never stale. Everything that a wave leaves is
written in one transaction: it is whole or absent.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from tumen.documents.batch import Batch
from tumen.documents.fields import Kind
from tumen.kernel.clock import Clock
from tumen.kernel.errors import StoreConflict
from tumen.kernel.limits import BATCH_TRIES_MAX
from tumen.kernel.violation import gather, no_violations
from tumen.law.parameters import law_version
from tumen.store.session import Session
from tumen.window import (
    aftercare,
    answers,
    cases,
    decision,
    ledger,
    matching,
    recording,
    shipments,
)
from tumen.window.admission import Admitted, admit
from tumen.window.aftercare import Effects, Targets
from tumen.window.assessment import customs_values
from tumen.window.books import Stamp, Table
from tumen.window.decision import Decided, Policy
from tumen.window.leaves import WaveLeaves, wave_leaves
from tumen.window.ledger.log import NodeLog
from tumen.window.matching import Counterparts
from tumen.window.prepare import Prepared
from tumen.window.recording import ANSWER_SCHEMA, Judged, Outcome
from tumen.window.waves import waves

FIRST_STORED_ROW: Final = 1 << 31
"""Stored declarations are cases with rows from here, beyond those of any batch."""

OpenSession = Callable[[], AbstractContextManager[Session]]


@dataclass(frozen=True, slots=True)
class Desk:
    """Takes prepared batches and records what becomes of them.

    Attributes:
        open_session: opens a transaction as the recorder; commits on success.
        sender: who lodges.
        policy: what this node has chosen.
        clock: tells the recorded time.
        log: where the leaves of all facts go; None keeps no log, for comparisons only.
    """

    open_session: OpenSession
    sender: str
    policy: Policy
    clock: Clock
    log: NodeLog | None = None

    def receive(self, prepared: Prepared) -> Iterator[Outcome]:
        """Take a batch, wave by wave; each outcome is durable when it is given."""
        for wave in waves(prepared.batch):
            yield self._attempt(wave, prepared.person_keys)

    def _attempt(self, wave: Batch, person_keys: pl.DataFrame) -> Outcome:
        """Run a wave; on conflict with another writer reload it and run it again."""
        for _ in range(BATCH_TRIES_MAX - 1):
            try:
                return self._run(wave, person_keys)
            except StoreConflict:
                continue
        return self._run(wave, person_keys)

    def _run(self, wave: Batch, person_keys: pl.DataFrame) -> Outcome:
        """Load, judge and write a wave; the rows are copied while the road goes on."""
        with self.open_session() as session:
            session.sequence()
            stamp = self._stamp(session)
            judged, question = _load(session, wave)
            leaves = None if self.log is None else wave_leaves(judged.answers, stamp)
            early, tables = recording.early(wave, judged, stamp)
            batch = ("batch", self._batch_row(stamp, judged))
            _write(session, [batch, *tables, _person_keys(person_keys, tables, stamp)], leaves)
            if question is not None:
                judged = replace(judged, decided=question.decide(self.policy))
            if judged.shipments is not None:
                shipped = shipments.decide(judged.shipments, wave.items, self.policy)
                judged = replace(judged, decided=shipments.together(judged.decided, shipped))
            told = recording.late(wave, judged, early, stamp)
            is_begun = early is not None
            tables, outcome = recording.compose(wave, judged, told, stamp, is_begun=is_begun)
            _write(session, tables, leaves)
            if self.log is not None and leaves is not None:
                session.settle()
                self.log.append(session, leaves.leaves())
            return _with_earlier_notices(session, _with_earlier_reasons(session, outcome))

    def _stamp(self, session: Session) -> Stamp:
        batch_id = session.next_values("batch_number", 1)
        return Stamp(batch_id, self.sender, self.clock.now(), ledger.next_event(session))

    def _batch_row(self, stamp: Stamp, judged: Judged) -> pl.DataFrame:
        """The batch with the number of documents it records; duplicates leave nothing."""
        recorded = int((judged.answers["answer"] != "duplicate").sum())
        row = pl.DataFrame(
            {
                "batch_id": [stamp.batch_id],
                "sender": [stamp.sender],
                "recorded_at": [stamp.recorded_at],
                "law_version": [law_version()],
                "screening_seed": [self.policy.seed],
                "documents": [recorded],
            }
        )
        return row if recorded else row.clear()


@dataclass(frozen=True, slots=True)
class _Question:
    """Cases to decide, with all that deciding them needs."""

    cases: pl.DataFrame
    items: pl.DataFrame
    counterparts: Counterparts
    balances: pl.DataFrame

    def decide(self, policy: Policy) -> Decided:
        return decision.decide(self.cases, self.items, self.counterparts, self.balances, policy)


def _write(session: Session, tables: Iterable[Table], leaves: WaveLeaves | None) -> None:
    for table, frame in tables:
        session.copy(table, frame, None if leaves is None else leaves.taker(table, frame))


def _load(session: Session, wave: Batch) -> tuple[Judged, _Question | None]:
    """Admission, and all that the store knows of the wave's declarations."""
    admitted = _admit(session, wave)
    answered = _numbered(session, _all_answers(session, wave, admitted))
    accepted = _accepted(wave, answered)
    effects, targets = _follow(session, wave, accepted)
    stored = _pending(session, accepted)
    lodged = recording.numbered_declarations(cases.lodged_heads(accepted), session.next_values)
    told = no_violations() if admitted is None else admitted.violations
    found = gather(wave.violations, told, effects.violations)
    shipped = shipments.lodged(accepted)
    judged = Judged(answered, lodged, effects, pl.concat([stored, targets]), found, shipped)
    return judged, _question(session, wave, accepted, stored)


def _question(
    session: Session, wave: Batch, accepted: cases.Accepted, stored: pl.DataFrame
) -> _Question | None:
    """The cases of the wave with their items, counterparts and balances; None without cases."""
    to_decide = cases.together(cases.lodged(accepted), cases.waiting(stored, FIRST_STORED_ROW))
    if to_decide is None:
        return None
    own = cases.own_items(accepted, wave.items)
    items = [] if own is None else [own]
    if not stored.is_empty():
        items.append(ledger.declaration_items(session, stored["document_id"]))
    counterparts = _counterparts(session, wave, accepted, to_decide)
    balances = ledger.balances(session, to_decide["person"].unique())
    return _Question(to_decide, pl.concat(items), counterparts, balances)


def _with_earlier_reasons(session: Session, outcome: Outcome) -> Outcome:
    """Duplicates of refused documents are told again why, in the list of refused rows."""
    again = outcome.answers.filter(
        (pl.col("answer") == "duplicate")
        & ((pl.col("original_answer") == "rejected") | (pl.col("life") == "rejected"))
    ).select("row", "source", "place", "kind", "key", original_id="document_id")
    if again.is_empty():
        return outcome
    earlier = ledger.violations_of(session, again["original_id"].unique()).join(
        again, on="original_id", how="inner"
    )
    told = pl.concat([outcome.violations, earlier.select(outcome.violations.columns)])
    return replace(outcome, violations=told)


def _with_earlier_notices(session: Session, outcome: Outcome) -> Outcome:
    """Whoever lodges a document again is told again what it brought about."""
    again = outcome.answers.filter(
        (pl.col("answer") == "duplicate") & pl.col("original_batch").is_not_null()
    ).with_columns(order_key=cases.ORDER_KEY)
    if again.is_empty():
        return outcome
    is_waybill = pl.col("kind") == Kind.WAYBILL
    orders = again.filter(~is_waybill)["order_key"].drop_nulls().unique()
    waybills = again.filter(is_waybill)["key"].unique()
    earlier = ledger.notices_of(session, orders, waybills, again)
    return replace(outcome, notices=pl.concat([outcome.notices, earlier]))


def _person_keys(person_keys: pl.DataFrame, tables: list[Table], stamp: Stamp) -> Table:
    """The keys of the persons whose data this wave records."""
    recorded = [frame["person"] for name, frame in tables if name == "personal_data"]
    if not recorded:
        return "person_key", person_keys.clear()
    persons = pl.concat(recorded).unique()
    return "person_key", person_keys.filter(pl.col("person").is_in(persons.implode())).select(
        "person", pl.lit(stamp.batch_id).alias("batch_id"), "wrapped"
    )


def _admit(session: Session, wave: Batch) -> Admitted | None:
    """What becomes of the wave's documents; None where it has none."""
    heads = {kind: head for kind, head in wave.heads.items() if not head.is_empty()}
    if not heads:
        return None
    keys = {kind: head["key"].unique() for kind, head in heads.items()}
    return admit(heads, ledger.versions(session, keys))


def _all_answers(session: Session, wave: Batch, admitted: Admitted | None) -> pl.DataFrame:
    """The answers so far, of documents and of unreadable rows, in the order of rows."""
    parts = [pl.DataFrame(schema=ANSWER_SCHEMA)]
    if admitted is not None:
        parts.append(admitted.answers)
    unread = answers.unread(wave)
    if not unread.is_empty():
        known = ledger.refusals(session, unread["digest"])
        is_repeat = pl.col("original_id").is_not_null() | ~pl.col("digest").is_first_distinct()
        parts.append(
            unread.join(known, on="digest", how="left", maintain_order="left").with_columns(
                answer=pl.when(is_repeat).then(pl.lit("duplicate")).otherwise(pl.lit("rejected")),
                original_answer=pl.lit("rejected"),
                is_unread=pl.lit(value=True),
            )
        )
    return pl.concat(parts, how="diagonal").sort("row")


def _numbered(session: Session, answered: pl.DataFrame) -> pl.DataFrame:
    """Give every document that is recorded its number, in the order of arrival."""
    is_new = answered["answer"] != "duplicate"
    count = int(is_new.sum())
    first = session.next_values("document_number", count) if count else 0
    number = is_new.cast(pl.Int64).cum_sum() + (first - 1)
    return answered.with_columns(
        pl.when(is_new).then(number).otherwise("original_id").alias("document_id")
    )


def _accepted(wave: Batch, answered: pl.DataFrame) -> cases.Accepted:
    """The heads of accepted, declared documents, with their numbers."""
    chosen = answered.filter((pl.col("answer") == "accepted") & (pl.col("status") == 120)).select(
        "row", "document_id"
    )
    accepted = {}
    for kind, head in wave.heads.items():
        joined = head.join(chosen, on="row", how="inner", maintain_order="left")
        if not joined.is_empty():
            accepted[kind] = joined
    return accepted


def _pending(session: Session, accepted: cases.Accepted) -> pl.DataFrame:
    """Stored declarations that the counterparts of this wave may complete."""
    own = accepted.get(Kind.DECLARATION)
    nothing = pl.Series("key", [], pl.String)
    lodged = nothing if own is None else own["key"]
    lodged_waybills = nothing if own is None else own.select(cases.WAYBILL_KEY).to_series()
    orders, payments, waybills = (
        accepted.get(kind) for kind in (Kind.ORDER, Kind.PAYMENT, Kind.WAYBILL)
    )
    order_keys = pl.concat(
        [
            nothing if orders is None else orders["key"],
            nothing if payments is None else payments.select(key=cases.ORDER_KEY)["key"],
        ]
    )
    waybill_keys = nothing if waybills is None else waybills["key"]
    return ledger.pending(
        session, cases.absent(order_keys, lodged), cases.absent(waybill_keys, lodged_waybills)
    )


def _counterparts(
    session: Session, wave: Batch, accepted: cases.Accepted, to_decide: pl.DataFrame
) -> Counterparts:
    """Those of this wave, and the stored ones that it does not bring itself."""
    own = cases.own_counterparts(accepted, wave.items)
    gone = cases.deleted(accepted)
    orders = _completed(
        own.orders, cases.absent(to_decide["key"], own.orders["key"], gone[Kind.ORDER]),
        lambda keys: ledger.orders(session, keys),
    )  # fmt: skip
    named = matching.choose(own.payments, orders).filter("is_named")["key"]
    payments = _completed(
        own.payments, cases.absent(to_decide["key"], named),
        lambda keys: cases.untouched(ledger.payments(session, keys), accepted),
    )  # fmt: skip
    waybills = _completed(
        own.waybills,
        cases.absent(to_decide["waybill_key"], own.waybills["key"], gone[Kind.WAYBILL]),
        lambda keys: ledger.waybills(session, keys),
    )
    loaded = orders.height - own.orders.height
    items = own.order_items
    if loaded:
        stored = ledger.order_items(session, orders["document_id"].tail(loaded))
        items = pl.concat([items, stored.select(items.columns)])
    return Counterparts(orders, payments, waybills, items)


def _completed(
    own: pl.DataFrame, missing: pl.Series, load: Callable[[pl.Series], pl.DataFrame]
) -> pl.DataFrame:
    return own if missing.is_empty() else pl.concat([own, load(missing).select(own.columns)])


def _follow(
    session: Session, wave: Batch, accepted: cases.Accepted
) -> tuple[Effects, pl.DataFrame]:
    """Revocations and returns, and the stored declarations that they refer to.

    They never share a wave with the declaration they follow (:mod:`tumen.window.waves`).
    """
    done, targeted = [aftercare.no_effects()], [pl.DataFrame(schema=ledger.DECLARATION_SCHEMA)]
    revocations, returns = accepted.get(Kind.REVOCATION), accepted.get(Kind.RETURN)
    if revocations is not None:
        targets = _targets(session, revocations)
        done.append(aftercare.revoke(revocations, targets))
        targeted.append(targets.declarations)
    if returns is not None:
        targets = _targets(session, returns)
        values = customs_values(targets.declarations, targets.items)
        done.append(aftercare.take_back(returns, wave.items[Kind.RETURN], targets, values))
        targeted.append(targets.declarations)
    return aftercare.together(done), pl.concat(targeted)


def _targets(session: Session, requests: pl.DataFrame) -> Targets:
    keys = requests.select(key=cases.ORDER_KEY)["key"].unique()
    declarations = ledger.declarations(session, keys)
    documents = declarations["document_id"]
    return Targets(
        declarations,
        ledger.declaration_items(session, documents),
        ledger.returned_quantities(session, keys),
        ledger.charge_balances(session, documents),
        ledger.allowance_of(session, documents),
    )
