"""The officer's desk in the store: acts are judged and written in one transaction.

Like a wave of documents it holds the sequencer's lock from loading to the commit. What it leaves
is a batch without documents: events, what they do to charges and allowances, the decisions, and a
leaf for each event with its notice to the filer.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from tumen.kernel.clock import Clock
from tumen.kernel.errors import UsageError
from tumen.kernel.limits import DECISIONS_MAX
from tumen.store.session import Session
from tumen.window import books
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
from tumen.window.ledger import without_documents
from tumen.window.ledger.balances import (
    allowance_of,
    charge_balances,
    shipment_balances,
)
from tumen.window.ledger.guaranteed import not_covered
from tumen.window.ledger.log import NodeLog
from tumen.window.ledger.standings import Stood, stood
from tumen.window.states import Act, Status


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
            sender, at = self.officer.organisation, self.clock.now()
            stamp = without_documents.stamp(session, sender, at)
            events = _events(granted, found.told, stamp)
            tables = _tables(session, granted, events, self.officer)
            without_documents.write(session, self.log, events, tables, stamp)
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
        pairs = zip(asked, found.standings, strict=True)
        released = [at.document_id for ask, at in pairs if at and ask.act is Act.RELEASE]
        short = not_covered(session, released) if released else set()
        standings = [
            replace(at, is_guarantee_short=True) if at and at.document_id in short else at
            for at in found.standings
        ]
        return judge(asked, standings, self.officer, self.clock.now()), found


_DONE: Final = ("document_id", "event_id", "receipt")


def _repeated(judged: ActJudged) -> ActDone:
    """An act that left nothing now; one that was taken before is told with its event."""
    event = _target(judged).event_id if judged.is_repeated else None
    return ActDone(judged, event)


def _target(judged: ActJudged) -> Standing:
    assert judged.standing is not None  # noqa: S101 - what has none is refused
    return judged.standing


def _events(granted: list[ActJudged], told: pl.DataFrame, stamp: Stamp) -> pl.DataFrame:
    """The events, numbered, with the notice that each filer gets."""
    rows = [
        (target.document_id, each.status, TOLD.get(Status(str(each.status)), ""),
         legal_day(target, stamp.recorded_at))
        for each in granted
        for target in [_target(each)]
    ]  # fmt: skip
    events = pl.DataFrame(rows, schema=without_documents.EVENT_SCHEMA, orient="row")
    return without_documents.noticed(events, told, stamp)


def _tables(
    session: Session, granted: list[ActJudged], events: pl.DataFrame, officer: Officer
) -> list[Table]:
    """What stands under the events, table by table."""
    placed = dict(events.select("document_id", "event_id").iter_rows())
    tables = [
        ("charge", _charges(session, granted, events)),
        ("shipment_charge", _shipment_charges(session, granted, events)),
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
    reversed_ = session.ask(charge_balances(rejected))[0].filter(pl.col("outstanding_fen") > 0)
    restored = session.read(_TAKEN_OFF, {"events": _undone_rejections(granted)}, _TAKEN_OFF_SCHEMA)
    amounts = [
        reversed_.select("document_id", "position", "code", amount_fen=-pl.col("outstanding_fen")),
        restored.with_columns(amount_fen=-pl.col("amount_fen")),
    ]
    nothing = pl.lit(None, pl.Int64)
    changed = pl.concat(amounts).with_columns(base_fen=nothing, rate_ppm=nothing)
    return books.charge_rows(changed, events)[1]


def _shipment_charges(
    session: Session, granted: list[ActJudged], events: pl.DataFrame
) -> pl.DataFrame:
    """The same of shipments, which are charged on the whole."""
    rejected = _of(granted, lambda each: each.asked.act is Act.REJECT)
    reversed_ = shipment_balances(session, rejected).filter(pl.col("outstanding_minor") > 0)
    undone = {"events": _undone_rejections(granted)}
    restored = session.read(_SHIPMENT_TAKEN_OFF, undone, _SHIPMENT_TAKEN_OFF_SCHEMA)
    names = ("document_id", "code", "currency")
    changed = pl.concat(
        [
            reversed_.select(*names, amount_minor=-pl.col("outstanding_minor")),
            restored.with_columns(amount_minor=-pl.col("amount_minor")),
        ]
    )
    return books.shipment_charge_rows(changed, events)[1]


_TAKEN_OFF: Final = """
    SELECT e.document_id, c.position, c.code, c.amount_fen
    FROM charge c JOIN declaration_event e USING (event_id) WHERE e.event_id = ANY(%(events)s)
"""
_TAKEN_OFF_SCHEMA: Final = pl.Schema(
    {"document_id": pl.Int64, "position": pl.Int32, "code": pl.String, "amount_fen": pl.Int64}
)


_SHIPMENT_TAKEN_OFF: Final = """
    SELECT e.document_id, c.code, c.currency, c.amount_minor
    FROM shipment_charge c JOIN declaration_event e USING (event_id)
    WHERE e.event_id = ANY(%(events)s)
"""
_SHIPMENT_TAKEN_OFF_SCHEMA: Final = pl.Schema(
    {
        "document_id": pl.Int64,
        "code": pl.String,
        "currency": pl.String,
        "amount_minor": pl.Int64,
    }
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
    held = session.ask(allowance_of(documents))[0].join(
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
