"""The desk for what is asked after a decision: judged and written in one transaction.

Like an officer's act it holds the sequencer's lock from loading to the commit, and leaves a batch
without documents: one event with its notice to the filer, the differences of charges, what changes
of the allowance, the entry itself, and a leaf over them all.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from tumen.documents.check import key_of
from tumen.kernel.clock import Clock
from tumen.law.quoting import NO_BOOKS, Books
from tumen.store.session import Session
from tumen.window import books as table_rows
from tumen.window.acts import legal_day
from tumen.window.affair import Affair, AftercareJudged, Known
from tumen.window.aftercare_asked import TOLD, AftercareAsked, AftercareEntry, Asker, Difference
from tumen.window.aftercare_judging import Bench, judge
from tumen.window.books import Table
from tumen.window.ledger import without_documents
from tumen.window.ledger.affairs import affair
from tumen.window.ledger.balances import allowance_of
from tumen.window.ledger.log import NodeLog
from tumen.window.ledger.standings import Stood, stood
from tumen.window.positive_list import NO_POSITIVE_LIST, PositiveList
from tumen.window.privacy import NodeKeys
from tumen.window.states import Status


@dataclass(frozen=True, slots=True)
class AftercareDone:
    """What was asked for with what was recorded of it."""

    judged: AftercareJudged
    event_id: int | None = None
    receipt: str | None = None


@dataclass(frozen=True, slots=True)
class AftercareDesk:
    """Where it is asked for what comes after a decision.

    Attributes:
        open_session: opens a transaction as the recorder; commits on success.
        asker: who asks: a filer or an officer.
        clock: the recorded time.
        log: where the leaves go.
        keys: by which what a shipment told is opened.
        books: imported tariffs and rates.
        listed: the positive list.
    """

    open_session: Callable[[], AbstractContextManager[Session]]
    asker: Asker
    clock: Clock
    log: NodeLog
    keys: NodeKeys
    books: Books = NO_BOOKS
    listed: PositiveList = NO_POSITIVE_LIST

    def preview(self, asked: AftercareAsked) -> AftercareDone:
        """What would become of it; nothing is recorded."""
        with self.open_session() as session:
            return AftercareDone(self._judged(session, asked)[0])

    def ask(self, asked: AftercareAsked) -> AftercareDone:
        """Do what nothing speaks against, or record that it is asked for."""
        with self.open_session() as session:
            session.sequence()
            judged, found = self._judged(session, asked)
            if judged.known is not None:
                return AftercareDone(judged, judged.known.event_id, judged.known.receipt)
            if judged.entry is None:
                return AftercareDone(judged)
            return self._written(session, judged, found)

    def _judged(self, session: Session, asked: AftercareAsked) -> tuple[AftercareJudged, Stood]:
        found = stood(session, [asked.declaration])
        (standing,) = found.standings
        concerned = None
        if standing is not None:
            kind = found.told["kind"].item()
            concerned = affair(session, standing, kind, self.keys)
        bench = Bench(self.asker, self.books, self.listed, self.clock.now())
        return judge(asked, concerned, self._known(session, asked), bench), found

    def _known(self, session: Session, asked: AftercareAsked) -> Known | None:
        """What is recorded of a request under the same reference."""
        if asked.reference is None:
            return None
        key = _key(self.asker.organisation, asked.reference)
        line = session.read(_KNOWN, {"key": key}, _KNOWN_SCHEMA)
        if line.is_empty():
            return None
        content, event, act, receipt = line.row(0)
        return Known(content, event, AftercareEntry(act), receipt)

    def _written(self, session: Session, judged: AftercareJudged, found: Stood) -> AftercareDone:
        at = self.clock.now()
        stamp = without_documents.stamp(session, self.asker.organisation, at)
        standing, entry = _affair(judged).standing, AftercareEntry(str(judged.entry))
        told = (standing.document_id, judged.status, TOLD.get(entry, ""), legal_day(standing, at))
        frame = pl.DataFrame([told], schema=without_documents.EVENT_SCHEMA, orient="row")
        events = without_documents.noticed(frame, found.told, stamp)
        tables = _tables(session, judged, events, self.asker)
        without_documents.write(session, self.log, events, tables, stamp)
        return AftercareDone(judged, events["event_id"].item(), events["receipt"].item())


_KNOWN: Final = """
    SELECT x.content_hash, x.event_id, x.act, e.receipt
    FROM aftercare_entry x JOIN declaration_event e USING (event_id) WHERE x.key = %(key)s
"""
_KNOWN_SCHEMA: Final = pl.Schema(
    {"content": pl.Binary(), "event": pl.Int64(), "act": pl.String(), "receipt": pl.String()}
)


def _key(organisation: str, reference: str) -> str:
    named = pl.DataFrame({"organisation": [organisation], "reference": [reference]})
    return str(named.select(key_of("organisation", "reference")).item())


def _affair(judged: AftercareJudged) -> Affair:
    assert judged.affair is not None  # noqa: S101 - what has none is refused
    return judged.affair


def _tables(
    session: Session, judged: AftercareJudged, events: pl.DataFrame, asker: Asker
) -> list[Table]:
    """What stands under the event, table by table."""
    is_change = judged.entry not in (
        AftercareEntry.CORRECTION_ASKED,
        AftercareEntry.RETURN_ASKED,
    )
    tables = [
        *(_changes(session, judged, events) if is_change else []),
        ("aftercare_entry", _entry(judged, events, asker)),
    ]
    return [(name, frame) for name, frame in tables if not frame.is_empty()]


def _changes(session: Session, judged: AftercareJudged, events: pl.DataFrame) -> list[Table]:
    """Differences of charges, and what the allowance gives or takes."""
    concerned = _affair(judged)
    if judged.entry is AftercareEntry.RETURN_LAPSED:
        return _lapsed(session, concerned, events)
    changed = judged.changed
    charges = _charges(concerned, changed.differences, events)
    assessment = _assessment(concerned, changed.assessment, events)
    return [charges, assessment, _allowance(session, concerned, changed.allowance_fen, events)]


def _charges(concerned: Affair, changed: Sequence[Difference], events: pl.DataFrame) -> Table:
    lines = [
        {
            "document_id": concerned.standing.document_id,
            "position": each.position,
            "code": each.code,
            "currency": each.currency,
            "base": each.base_minor,
            "rate": each.rate,
            "amount": each.amount_minor,
        }
        for each in changed
    ]
    frame = pl.DataFrame(lines, schema=_LINES)
    if concerned.is_list:
        rate = pl.col("rate").cast(pl.Int64).alias("rate_ppm")
        named = frame.rename({"base": "base_fen", "amount": "amount_fen"}).with_columns(rate)
        return table_rows.charge_rows(named, events)
    named = frame.rename({"base": "base_minor", "amount": "amount_minor"})
    return table_rows.shipment_charge_rows(named, events)


_LINES: Final = pl.Schema(
    {
        "document_id": pl.Int64(),
        "position": pl.Int32(),
        "code": pl.String(),
        "currency": pl.String(),
        "base": pl.Int64(),
        "rate": pl.String(),
        "amount": pl.Int64(),
    }
)


def _assessment(concerned: Affair, found: Mapping[str, Any] | None, events: pl.DataFrame) -> Table:
    """What a corrected list was assessed at."""
    number, event = concerned.standing.document_id, events["event_id"].item()
    lines = [] if found is None else [{"event_id": event, "document_id": number, **found}]
    return "assessment", pl.DataFrame(lines, schema=_ASSESSMENT)


_ASSESSMENT: Final = pl.Schema(
    {
        "event_id": pl.Int64(),
        "document_id": pl.Int64(),
        "verdict": pl.String(),
        "customs_value_fen": pl.Int64(),
        "used_before_fen": pl.Int64(),
        "missing": pl.String(),
        "unverified": pl.String(),
    }
)


def _allowance(
    session: Session, concerned: Affair, changed_fen: int, events: pl.DataFrame
) -> Table:
    """What a person's year gives or takes: used where the goods are out, else reserved."""
    if not changed_fen:
        return "allowance_entry", pl.DataFrame()
    number = concerned.standing.document_id
    held = session.ask(allowance_of(pl.Series("document_id", [number], pl.Int64)))[0]
    taken = (
        "used" if concerned.standing.status in (Status.RELEASED, Status.RETURNED) else "reserved"
    )
    entry = "given_back" if changed_fen < 0 else taken
    return "allowance_entry", held.select(
        pl.lit(events["event_id"].item(), pl.Int64).alias("event_id"), "person", "year",
        "document_id", pl.lit(entry).alias("entry"), pl.lit(changed_fen).alias("amount_fen"),
    )  # fmt: skip


_LAPSED_CHARGES: Final = """
    SELECT position, code, (-sum(amount_fen))::bigint FROM charge
    WHERE event_id = ANY(%(events)s) GROUP BY 1, 2 HAVING sum(amount_fen) <> 0
"""
_LAPSED_SHIPMENT: Final = """
    SELECT NULL::int, code, (-sum(amount_minor))::bigint, currency FROM shipment_charge
    WHERE event_id = ANY(%(events)s) GROUP BY 2, 4 HAVING sum(amount_minor) <> 0
"""
_LAPSED_ALLOWANCE: Final = """
    SELECT coalesce(-sum(amount_fen), 0)::bigint FROM allowance_entry
    WHERE event_id = ANY(%(events)s)
"""
_LAPSED_SCHEMA: Final = pl.Schema(
    {"position": pl.Int32(), "code": pl.String(), "amount": pl.Int64()}
)


def _lapsed(session: Session, concerned: Affair, events: pl.DataFrame) -> list[Table]:
    """What returns took off that were not back in time: it is due, and used, again."""
    returns = [each.event_id for each in concerned.open_returns]
    known = {"events": pl.Series("event_id", returns, pl.Int64)}
    if concerned.is_list:
        lines = session.read(_LAPSED_CHARGES, known, _LAPSED_SCHEMA)
        lines = lines.with_columns(currency=pl.lit("CNY"))
    else:
        schema = pl.Schema({**_LAPSED_SCHEMA, "currency": pl.String()})
        lines = session.read(_LAPSED_SHIPMENT, known, schema)
    differences = [
        Difference(line["position"], line["code"], line["currency"], None, 0, line["amount"])
        for line in lines.iter_rows(named=True)
    ]
    restored = session.read(_LAPSED_ALLOWANCE, known, pl.Schema({"fen": pl.Int64()})).item()
    return [
        _charges(concerned, differences, events),
        _allowance(session, concerned, int(restored), events),
    ]


def _entry(judged: AftercareJudged, events: pl.DataFrame, asker: Asker) -> pl.DataFrame:
    """The row of the entry itself."""
    asked, concerned = judged.asked, _affair(judged)
    line = {
        "event_id": events["event_id"].item(),
        "document_id": concerned.standing.document_id,
        "act": str(judged.entry),
        "organisation": asker.organisation,
        "authority": asker.authority,
        "officer": None if asker.officer is None else asker.officer.mark,
        "own_reference": asked.reference,
        "key": None if asked.reference is None else _key(asker.organisation, asked.reference),
        "content_hash": asked.content_hash,
        "reason": asked.why,
        "basis": asked.ground,
        "answers": _answers(judged, concerned),
        "stated": _stated(judged, concerned),
        "ruling": judged.changed.ruling if judged.entry is AftercareEntry.CORRECTION else None,
        "doubts": ",".join(judged.doubts) or None,
    }
    return pl.DataFrame([line], schema=_ENTRY)


_ANSWERING: Final = (
    AftercareEntry.CORRECTION,
    AftercareEntry.CORRECTION_REFUSED,
    AftercareEntry.RETURN,
    AftercareEntry.RETURN_REFUSED,
)


def _is_answer(judged: AftercareJudged, concerned: Affair) -> bool:
    is_by_officer = judged.asked.reference is None
    return is_by_officer and judged.entry in _ANSWERING and concerned.application is not None


def _answers(judged: AftercareJudged, concerned: Affair) -> int | None:
    """The event that it answers: of the application, or of the last return."""
    if _is_answer(judged, concerned) and concerned.application is not None:
        return concerned.application.event_id
    if judged.entry in (AftercareEntry.GOODS_BACK, AftercareEntry.RETURN_LAPSED):
        return concerned.open_returns[-1].event_id
    return None


def _stated(judged: AftercareJudged, concerned: Affair) -> str | None:
    """What is true from then on: as it is stated, or as it was in the application."""
    stated = judged.asked.stated
    if _is_answer(judged, concerned) and concerned.application is not None:
        stated = concerned.application.stated
    told = stated.to_json()
    return None if told == "{}" else told


_ENTRY: Final = pl.Schema(
    {
        "event_id": pl.Int64(),
        "document_id": pl.Int64(),
        **dict.fromkeys(
            ("act", "organisation", "authority", "officer", "own_reference", "key"), pl.String()
        ),
        "content_hash": pl.Binary(),
        "reason": pl.String(),
        "basis": pl.String(),
        "answers": pl.Int64(),
        **dict.fromkeys(("stated", "ruling", "doubts"), pl.String()),
    }
)
