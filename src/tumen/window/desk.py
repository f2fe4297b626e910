"""The desk: one wave at a time from the store's state to the store's new state.

From loading the counterparts to the commit a node has one sequencer, so that two halves of a
match never miss each other and an allowance is never stale. Everything that a wave leaves is
written in one transaction: it is whole or absent.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import polars as pl

from tumen.documents.batch import Batch
from tumen.documents.fields import Kind
from tumen.kernel.chains import in_order, is_among, kept, repeated, stacked, taken
from tumen.kernel.clock import Clock
from tumen.kernel.errors import StoreConflict
from tumen.kernel.limits import BATCH_TRIES_MAX
from tumen.kernel.violation import gather, no_violations
from tumen.store.session import Session, numbers
from tumen.window import (
    aftercare,
    answers,
    cases,
    contingency,
    decision,
    ledger,
    numbering,
    recording,
    shipments,
)
from tumen.window.admission import Admitted, admit
from tumen.window.aftercare import NO_EFFECTS, Effects
from tumen.window.assessment import customs_values
from tumen.window.books import SHARED, Stamp, Table, batch_row
from tumen.window.decision import Decided, Policy
from tumen.window.leaves import WaveLeaves, wave_leaves
from tumen.window.ledger.freezes import frozen_among
from tumen.window.ledger.guaranteed import with_guarantees
from tumen.window.ledger.log import WRITTEN_ON, NodeLog
from tumen.window.ledger.repeats import with_earlier_notices, with_earlier_reasons
from tumen.window.matching import Counterparts
from tumen.window.prepare import Prepared
from tumen.window.recording import ANSWER_SCHEMA, EARLY, Judged, Outcome
from tumen.window.states import LODGED

FIRST_STORED_ROW: Final = 1 << 31
"""Stored declarations are cases with rows from here, beyond those of any batch."""

OpenSession = Callable[[], AbstractContextManager[Session]]


class _Undone(Exception):
    """Ends a transaction whose work is not to stay."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Takes prepared batches and records what becomes of them.

    Attributes:
        open_session: opens a transaction as the recorder; commits on success.
        policy: what this node has chosen.
        clock: tells the recorded time.
        log: where the leaves of all facts go; None keeps no log, for comparisons only.
        is_trial: whether it is only asked what would become of a wave: what others lodged and what
            a buyer has used before then decide nothing, or the answer would tell it.
    """

    open_session: OpenSession
    policy: Policy
    clock: Clock
    log: NodeLog | None = None
    is_trial: bool = False

    def receive(self, prepared: Prepared) -> Iterator[Outcome]:
        """Take a batch, wave by wave; each outcome is durable when it is given."""
        for wave in prepared.waves:
            yield self._attempt(wave, prepared.person_keys)

    def foresee(self, prepared: Prepared) -> list[Outcome]:
        """What would become of a batch if it came now; nothing of it stays but used numbers."""
        outcomes: list[Outcome] = []
        with suppress(_Undone), self.open_session() as session:
            here = replace(self, open_session=lambda: nullcontext(session), log=None, is_trial=True)
            outcomes += [here._run(each, prepared.person_keys) for each in prepared.waves]
            raise _Undone
        return outcomes

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
            opening = _open(session, wave)
            stamp = Stamp(opening.batch_id, _lodger(wave), self.clock.now(), opening.first_event)
            judged, question = _load(session, wave, opening)
            leaves = None if self.log is None else wave_leaves(judged.answers, stamp)
            write = partial(_write, session, leaves)
            contents = recording.contents(wave, judged, stamp)
            keys = _person_keys(person_keys, contents, stamp)
            write([self._batch(stamp, judged), *contents, keys])
            early = recording.early(wave, judged, stamp)
            begun = () if early is None else EARLY
            if early is not None:
                write(recording.heads(wave, early, stamp, begun))
            judged = self._decided(session, wave, judged, question, opening)
            told = recording.late(wave, judged, early, stamp)
            write(recording.heads(wave, told, stamp, {*Kind}.difference(begun)))
            tables, outcome = recording.compose(judged, told, stamp)
            write(tables)
            if self.log is not None and leaves is not None:
                session.settle()
                self.log.append(session, leaves.leaves(), opening.log)
            if not (outcome.answers["answer"] == "duplicate").any():
                return outcome
            return with_earlier_notices(session, with_earlier_reasons(session, outcome))

    def _decided(
        self, session: Session, wave: Batch, judged: Judged, question: "_Question | None",
        opening: "_Opening",
    ) -> Judged:  # fmt: skip
        """The wave with what is decided about its declarations and shipments."""
        decided = None
        if question is not None and self.is_trial:
            question = question.of_the_asker()
        if question is not None:
            decided = question.decide(self.policy)
            if self.policy.guarantee_must_suffice and not self.is_trial:
                lists, last = wave.heads.get(Kind.DECLARATION), opening.first_event - 1
                decided = with_guarantees(session, decided, lists, last)
        if judged.shipments is not None:
            # A trial does not tell whose number is frozen, or anybody could ask.
            buyers = judged.shipments["buyer_index"]
            frozen = frozen_among(session, buyers.clear() if self.is_trial else buyers)
            shipped = shipments.decide(judged.shipments, wave.items, self.policy, frozen)
            decided = shipments.together(decided, shipped)
        if not self.is_trial:
            decided = contingency.suspended(decided, judged.shipments, opening.suspended)
        return replace(judged, decided=decided)

    def _batch(self, stamp: Stamp, judged: Judged) -> Table:
        """The batch with the number of documents it records; duplicates leave nothing."""
        recorded = int((judged.answers["answer"] != "duplicate").sum())
        table, row = batch_row(stamp, self.policy.seed, recorded)
        return table, row if recorded else row.clear()


@dataclass(frozen=True, slots=True)
class _Opening:
    """What is read as soon as this is the sequencer.

    Attributes:
        batch_id: the number of the batch.
        first_event: the number that its first event would have.
        versions: what is recorded under the keys of the wave; None where it has no document.
        unread: the wave's rows that became no document.
        refused: those of them that were answered before; None where there are none.
        suspended: the economies in whose name nothing is decided.
        log: the newest checkpoint.
    """

    batch_id: int
    first_event: int
    versions: pl.DataFrame | None
    unread: pl.DataFrame
    refused: pl.DataFrame | None
    suspended: frozenset[str]
    log: pl.DataFrame


def _lodger(wave: Batch) -> str:
    """The sender of all rows of a wave; where there are several, the mark that stands for them."""
    senders = set(wave.rows["sender"].to_list())
    return senders.pop() if len(senders) == 1 else SHARED


def _open(session: Session, wave: Batch) -> _Opening:
    """Wait in line to be the sequencer, and read what is known of the wave, in one message."""
    unread = answers.unread(wave)
    asked = {
        "batch": numbers("batch_number", 1), "event": ledger.NEXT_EVENT,
        "suspended": ledger.SUSPENDED, "log": WRITTEN_ON,
    }  # fmt: skip
    if wave.heads:
        keys = {kind: head["key"] for kind, head in wave.heads.items()}
        asked["versions"] = ledger.versions(keys)
    if not unread.is_empty():
        asked["refused"] = ledger.refusals(unread["digest"])
    found = dict(zip(asked, session.sequence(*asked.values()), strict=True))
    return _Opening(
        int(found["batch"].item()), int(found["event"].item()), found.get("versions"), unread,
        found.get("refused"), frozenset(found["suspended"]["economy"].to_list()),
        found["log"],
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Question:
    """Cases to decide, with all that deciding them needs."""

    cases: pl.DataFrame
    items: pl.DataFrame
    counterparts: Counterparts
    balances: pl.DataFrame

    def of_the_asker(self) -> "_Question | None":
        """The wave's own cases, as if their buyers had used nothing of the year; None without."""
        own = self.cases.filter(pl.col("origin") == LODGED)
        unused = self.balances.remove("is_frozen").with_columns(balance_fen=pl.lit(0, pl.Int64))
        return None if own.is_empty() else replace(self, cases=own, balances=unused)

    def decide(self, policy: Policy) -> Decided:
        return decision.decide(self.cases, self.items, self.counterparts, self.balances, policy)


def _write(session: Session, leaves: WaveLeaves | None, tables: Iterable[Table]) -> None:
    for table, frame in tables:
        taker = None if leaves is None else leaves.taker(table, frame)
        session.copy(table, frame, taker, refers=False)


def _load(session: Session, wave: Batch, opening: _Opening) -> tuple[Judged, _Question | None]:
    """Admission, and all that the store knows of the wave's declarations."""
    admitted = _admit(wave, opening)
    answered = _all_answers(admitted, opening)
    accepted = cases.accepted(wave, answered)
    taken, stored = _numbers_and_pending(session, answered, accepted)
    answered = numbering.numbered(answered, taken.first_document)
    accepted = numbering.with_numbers(accepted, answered)
    effects, targets = _follow(session, wave, accepted)
    lodged = recording.numbered_declarations(cases.lodged_heads(accepted), taken.first_serial)
    told = no_violations() if admitted is None else admitted.violations
    found = gather(wave.violations, told, effects.violations)
    shipped = shipments.lodged(accepted)
    known = stored if targets.is_empty() else pl.concat([stored, targets])
    judged = Judged(answered, lodged, effects, known, found, shipped)
    return judged, _question(session, wave, accepted, stored)


@dataclass(frozen=True, slots=True)
class _Taken:
    """The first numbers that the wave takes; 0 where it needs none."""

    first_document: int
    first_serial: int


def _numbers_and_pending(
    session: Session, answered: pl.DataFrame, accepted: cases.Accepted
) -> tuple[_Taken, pl.DataFrame]:
    """Take the numbers of documents and declarations; the stored declarations that wait for them.

    What waits for the counterparts that the wave brings may be decided now.
    """
    new = answered.height - int((answered["answer"] == "duplicate").sum())
    lodged = cases.lodged_heads(accepted)
    serials = 0 if lodged is None else lodged.height
    asked = {"document_number": new, "customs_serial": serials}
    taking = {name: numbers(name, count) for name, count in asked.items() if count}
    pending = ledger.pending(*cases.waited_for(accepted))
    found = session.ask(*taking.values(), *pending)
    first = {name: int(each.item()) for name, each in zip(taking, found, strict=False)}
    stored = [each for each in found[len(taking) :] if not each.is_empty()]
    return (
        _Taken(first.get("document_number", 0), first.get("customs_serial", 0)),
        _each_once(stacked(stored)) if stored else _NONE_STORED,
    )


def _each_once(stored: pl.DataFrame) -> pl.DataFrame:
    """Declarations that were found by their orders, and those found by their waybills."""
    first: dict[int, int] = {}
    for place, document in enumerate(stored["document_id"].to_list()):
        first.setdefault(document, place)
    return stored if len(first) == stored.height else taken(stored, [*first.values()])


_NONE_STORED: Final = pl.DataFrame(schema=ledger.DECLARATION_SCHEMA)


def _question(
    session: Session, wave: Batch, accepted: cases.Accepted, stored: pl.DataFrame
) -> _Question | None:
    """The cases of the wave with their items, counterparts and balances; None without cases."""
    to_decide = cases.together(cases.lodged(accepted), cases.waiting(stored, FIRST_STORED_ROW))
    if to_decide is None:
        return None
    own = cases.own_counterparts(accepted, wave.items)
    asked = {"balances": ledger.balances(to_decide["person"])}
    if not stored.is_empty():
        asked["items"] = ledger.items_of_declarations(stored["document_id"])
    asked |= ledger.counterparts_of(cases.missing(to_decide, own, accepted))
    found = dict(zip(asked, session.ask(*asked.values()), strict=True))
    lines = cases.own_items(accepted, wave.items)
    items = [each for each in (lines, found.get("items")) if each is not None]
    return _Question(
        to_decide, stacked(items),
        cases.completed(own, found, accepted), found["balances"],
    )  # fmt: skip


def _person_keys(person_keys: pl.DataFrame, tables: list[Table], stamp: Stamp) -> Table:
    """The keys of the persons whose data this wave records."""
    recorded = [frame["person"] for name, frame in tables if name == "personal_data"]
    if not recorded:
        return "person_key", person_keys.clear()
    persons = set(pl.concat(recorded).to_list())
    lines = kept(person_keys, is_among(person_keys["person"], persons))
    batch_id = repeated("batch_id", stamp.batch_id, lines.height, pl.Int64)
    return "person_key", lines.hstack([batch_id])


def _admit(wave: Batch, opening: _Opening) -> Admitted | None:
    """What becomes of the wave's documents; None where it has none."""
    return None if opening.versions is None else admit(wave.heads, opening.versions)


def _all_answers(admitted: Admitted | None, opening: _Opening) -> pl.DataFrame:
    """The answers so far, of documents and of unreadable rows, in the order of rows."""
    parts = [_NO_ANSWERS]
    if admitted is not None:
        parts.append(admitted.answers)
    if opening.refused is not None:
        is_repeat = pl.col("original_id").is_not_null() | ~pl.col("digest").is_first_distinct()
        parts.append(
            opening.unread.join(
                opening.refused, on="digest", how="left", maintain_order="left"
            ).with_columns(
                answer=pl.when(is_repeat).then(pl.lit("duplicate")).otherwise(pl.lit("rejected")),
                original_answer=pl.lit("rejected"),
                is_unread=pl.lit(value=True),
            )
        )
    return in_order(pl.concat(parts, how="diagonal"), "row")


_NO_ANSWERS: Final = pl.DataFrame(schema=ANSWER_SCHEMA)


def _follow(
    session: Session, wave: Batch, accepted: cases.Accepted
) -> tuple[Effects, pl.DataFrame]:
    """Revocations and returns, and the stored declarations that they refer to.

    They never share a wave with the declaration they follow (:mod:`tumen.window.waves`).
    """
    revocations, returns = accepted.get(Kind.REVOCATION), accepted.get(Kind.RETURN)
    if revocations is None and returns is None:
        return NO_EFFECTS, _NONE_STORED
    done, targeted = [NO_EFFECTS], [_NONE_STORED]
    if revocations is not None:
        targets = ledger.targets(session, revocations)
        done.append(aftercare.revoke(revocations, targets))
        targeted.append(targets.declarations)
    if returns is not None:
        targets = ledger.targets(session, returns)
        values = customs_values(targets.declarations, targets.items)
        done.append(aftercare.take_back(returns, wave.items[Kind.RETURN], targets, values))
        targeted.append(targets.declarations)
    return aftercare.together(done), pl.concat(targeted)
