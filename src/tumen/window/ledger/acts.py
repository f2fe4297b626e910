"""The officer's desk in the store: acts are judged and written in one transaction.

Like a wave of documents it holds the sequencer's lock from loading to the commit. What it leaves
is a batch without documents: events, what they do to charges and allowances, the decisions, and a
leaf for each event with its notice to the filer.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Final

import polars as pl

from tumen.kernel.clock import Clock
from tumen.kernel.errors import UsageError
from tumen.kernel.limits import DECISIONS_MAX
from tumen.law.parameters import law_version
from tumen.store.session import Session, numbers
from tumen.window import answers, books
from tumen.window.acts import (
    TOLD,
    ActAsked,
    ActDone,
    ActJudged,
    Officer,
    Standing,
    judge,
    legal_day,
)
from tumen.window.books import Stamp, Table
from tumen.window.leaves import KEYS, WaveLeaves
from tumen.window.ledger.balances import NEXT_EVENT, allowance_of, charge_balances
from tumen.window.ledger.log import NodeLog
from tumen.window.ledger.standings import Stood, stood
from tumen.window.states import Act, Status

NO_SEED: Final = ""
"""Nothing is drawn at random where a person decides."""


@dataclass(frozen=True, slots=True)
class OfficerDesk:
    """Where an officer decides.

    Attributes:
        open_session: opens a transaction as the recorder; commits on success.
        officer: who acts.
        clock: the recorded time.
        log: where the leaves go.
    """

    open_session: Callable[[], AbstractContextManager[Session]]
    officer: Officer
    clock: Clock
    log: NodeLog

    def preview(self, asked: Sequence[ActAsked]) -> list[ActJudged]:
        """What would become of acts; nothing is recorded."""
        with self.open_session() as session:
            return self._judged(session, asked)[0]

    def decide(self, asked: Sequence[ActAsked]) -> list[ActDone]:
        """Take the acts that nothing speaks against, all in one transaction; each is answered.

        Raises:
            UsageError: they are too many for one request.
        """
        with self.open_session() as session:
            session.sequence()
            judged, found = self._judged(session, asked)
            granted = [each for each in judged if each.answer == "accepted"]
            if not granted:
                return [_repeated(each) for each in judged]
            stamp = self._stamp(session)
            events = _events(granted, found.told, stamp)
            self._write(session, events, _tables(session, granted, events, self.officer), stamp)
        done = {line[0]: line[1:] for line in events.select(_DONE).iter_rows()}
        return [
            ActDone(each, *done[_target(each).document_id])
            if each.answer == "accepted"
            else _repeated(each)
            for each in judged
        ]

    def _judged(self, session: Session, asked: Sequence[ActAsked]) -> tuple[list[ActJudged], Stood]:
        if len(asked) > DECISIONS_MAX:
            raise UsageError(f"One request decides at most {DECISIONS_MAX:,} declarations.")
        found = stood(session, [ask.declaration for ask in asked])
        return judge(asked, found.standings, self.officer, self.clock.now()), found

    def _stamp(self, session: Session) -> Stamp:
        batch, event = session.ask(numbers("batch_number", 1), NEXT_EVENT)
        return Stamp(batch.item(), self.officer.organisation, self.clock.now(), event.item())

    def _write(
        self, session: Session, events: pl.DataFrame, tables: list[Table], stamp: Stamp
    ) -> None:
        """The batch, its events and what is under them, then the leaves."""
        leaves = WaveLeaves(stamp.batch_id, 0, 0, stamp.first_event)
        for name, frame in [_batch(stamp), books.event_rows(events, stamp), *tables]:
            ordered = frame.sort(KEYS[name])
            session.copy(name, ordered, leaves.taker(name, ordered))
        session.settle()
        self.log.append(session, leaves.leaves())


_DONE: Final = ("document_id", "event_id", "receipt")


def _repeated(judged: ActJudged) -> ActDone:
    """An act that left nothing now; one that was taken before is told with its event."""
    event = _target(judged).event_id if judged.is_repeated else None
    return ActDone(judged, event)


def _target(judged: ActJudged) -> Standing:
    assert judged.standing is not None  # noqa: S101 - what has none is refused
    return judged.standing


def _batch(stamp: Stamp) -> Table:
    row = (stamp.batch_id, stamp.sender, stamp.recorded_at, law_version(), NO_SEED, 0)
    return "batch", pl.DataFrame([row], schema=_BATCH, orient="row")


_BATCH: Final = pl.Schema(
    {
        "batch_id": pl.Int64(),
        "sender": pl.String(),
        "recorded_at": pl.Datetime("us", "UTC"),
        "law_version": pl.String(),
        "screening_seed": pl.String(),
        "documents": pl.Int32(),
    }
)


def _events(granted: list[ActJudged], told: pl.DataFrame, stamp: Stamp) -> pl.DataFrame:
    """The events, numbered, with the notice that each filer gets."""
    rows = [
        (target.document_id, each.status, TOLD.get(Status(str(each.status)), ""),
         legal_day(target, stamp.recorded_at))
        for each in granted
        for target in [_target(each)]
    ]  # fmt: skip
    schema = {
        "document_id": pl.Int64,
        "status": pl.String,
        "codes": pl.String,
        "legal_day": pl.Date,
    }
    nothing = pl.lit(None, pl.String)
    numbered = books.with_event_ids(
        pl.DataFrame(rows, schema=schema, orient="row"), stamp.first_event
    ).with_columns(nothing.alias("lane"), nothing.alias("party_hits"))
    known = told.with_columns(shipment="own_reference")  # as receipts of shipments call it
    complete = numbered.join(known, on="document_id", how="left", maintain_order="left")
    notices = answers.notices(complete, stamp.recorded_at)
    return numbered.with_columns(notices)


def _tables(
    session: Session, granted: list[ActJudged], events: pl.DataFrame, officer: Officer
) -> list[Table]:
    """What stands under the events, table by table."""
    placed = dict(events.select("document_id", "event_id").iter_rows())
    tables = [
        ("charge", _charges(session, granted, events)),
        ("allowance_entry", _allowance(session, granted, events)),
        ("decision", _decisions(granted, placed, officer)),
    ]
    return [(name, frame) for name, frame in tables if not frame.is_empty()]


def _decisions(granted: list[ActJudged], placed: dict[int, int], officer: Officer) -> pl.DataFrame:
    rows = [
        {
            "event_id": placed[target.document_id],
            "document_id": target.document_id,
            "act": str(each.asked.act),
            "authority": officer.authority,
            "organisation": officer.organisation,
            "officer": officer.mark,
            "reason": each.asked.why,
            "security": each.asked.guarantee,
            "undoes": target.event_id if each.asked.act is Act.UNDO else None,
        }
        for each in granted
        for target in [_target(each)]
    ]
    numbers = dict.fromkeys(("event_id", "document_id", "undoes"), pl.Int64)
    return pl.DataFrame(rows, schema_overrides=numbers).cast({"security": pl.String})


def _of(granted: list[ActJudged], wanted: Callable[[ActJudged], bool]) -> pl.Series:
    numbers = [_target(each).document_id for each in granted if wanted(each)]
    return pl.Series("document_id", numbers, pl.Int64)


def _is_unrejected(judged: ActJudged) -> bool:
    return judged.asked.act is Act.UNDO and _target(judged).status == Status.REJECTED


def _charges(session: Session, granted: list[ActJudged], events: pl.DataFrame) -> pl.DataFrame:
    """What a rejection takes off, and what undoing it puts back."""
    rejected = _of(granted, lambda each: each.asked.act is Act.REJECT)
    reversed_ = charge_balances(session, rejected).filter(pl.col("outstanding_fen") > 0)
    restored = session.read(_TAKEN_OFF, {"events": _undone_rejections(granted)}, _TAKEN_OFF_SCHEMA)
    amounts = [
        reversed_.select("document_id", "position", "code", amount_fen=-pl.col("outstanding_fen")),
        restored.with_columns(amount_fen=-pl.col("amount_fen")),
    ]
    nothing = pl.lit(None, pl.Int64)
    changed = pl.concat(amounts).with_columns(base_fen=nothing, rate_ppm=nothing)
    return books.charge_rows(changed, events)[1]


_TAKEN_OFF: Final = """
    SELECT e.document_id, c.position, c.code, c.amount_fen
    FROM charge c JOIN declaration_event e USING (event_id) WHERE e.event_id = ANY(%(events)s)
"""
_TAKEN_OFF_SCHEMA: Final = pl.Schema(
    {"document_id": pl.Int64, "position": pl.Int32, "code": pl.String, "amount_fen": pl.Int64}
)


def _undone_rejections(granted: list[ActJudged]) -> pl.Series:
    events = [_target(each).event_id for each in granted if _is_unrejected(each)]
    return pl.Series("event_id", events, pl.Int64)


def _allowance(session: Session, granted: list[ActJudged], events: pl.DataFrame) -> pl.DataFrame:
    """What the acts do to persons' allowances.

    What was reserved is used on release, given back on rejection, and reserved again where one of
    these is undone.
    """
    documents = _of(granted, lambda each: each.asked.act in (Act.RELEASE, Act.REJECT, Act.UNDO))
    held = allowance_of(session, documents).join(
        pl.DataFrame([*_entries(granted)], schema=_ENTRY, orient="row"), on="document_id"
    )
    given = session.read(_GIVEN_BACK, {"events": _undone_rejections(granted)}, _GIVEN_SCHEMA)
    amounts = held.join(given, on="document_id", how="left", maintain_order="left").with_columns(
        amount_fen=pl.when(pl.col("entry") == "given_back")
        .then(-pl.col("held_fen"))
        .otherwise(pl.col("restored_fen").fill_null(0))
    )
    is_idle = (pl.col("entry") == "given_back") & (pl.col("amount_fen") >= 0)
    return (
        amounts.filter(~is_idle)
        .join(events.select("document_id", "event_id"), on="document_id")
        .select("event_id", "person", "year", "document_id", "entry", "amount_fen")
    )


_ENTRY: Final = pl.Schema({"document_id": pl.Int64, "entry": pl.String})
_GIVEN_SCHEMA: Final = pl.Schema({"document_id": pl.Int64, "restored_fen": pl.Int64})
_GIVEN_BACK: Final = """
    SELECT document_id, (-amount_fen)::bigint FROM allowance_entry WHERE event_id = ANY(%(events)s)
"""


def _entries(granted: list[ActJudged]) -> Iterator[tuple[int, str]]:
    """What each act makes of the allowance that is held: used, given back, reserved again."""
    for each in granted:
        act, target = each.asked.act, _target(each)
        if act in (Act.RELEASE, Act.REJECT):
            yield target.document_id, "used" if act is Act.RELEASE else "given_back"
        elif act is Act.UNDO and target.status in (Status.RELEASED, Status.REJECTED):
            yield target.document_id, "reserved"
