"""Reports in the store: each a document of its own, with a receipt and a leaf in the log."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from tumen.documents.check import key_of
from tumen.kernel.clock import Clock
from tumen.kernel.errors import UsageError
from tumen.kernel.limits import REPORTS_MAX
from tumen.store.session import Session
from tumen.window.acts import Objection
from tumen.window.books import Stamp, batch_row
from tumen.window.leaves import WaveLeaves
from tumen.window.ledger.log import NodeLog
from tumen.window.reports import Report, ReportDone, ReportKind, refused, row

Judge = Callable[[Session, Sequence[Report]], Sequence[Sequence[Objection]]]
"""What speaks against reports by what is recorded; asked under the sequencer's lock."""

_COMMON: Final[Mapping[str, Any]] = {
    "sender": pl.String,
    "digest": pl.String,
    "content_hash": pl.Binary,
    "answer": pl.String,
    "status": pl.Int32,
    "receipt": pl.String,
    "own_reference": pl.String,
}
_TEXT: Final = pl.String
_MOMENT: Final = pl.Datetime("us", "UTC")

_OWN: Final[Mapping[ReportKind, Mapping[str, Any]]] = {
    ReportKind.JOURNEY: {
        "waybill_number": _TEXT, "step": _TEXT, "happened_at": _MOMENT, "zone_offset": _TEXT,
        "economy": _TEXT, "place": _TEXT,
    },
    ReportKind.CARRIER: {"waybill_number": _TEXT, "carrier": _TEXT, "entry": _TEXT},
    ReportKind.EXAMINATION: {
        "declaration": pl.Int64, "authority": _TEXT, "entry": _TEXT, "matter": _TEXT,
        "place": _TEXT, "starts_at": _MOMENT, "reference": _TEXT,
    },
    ReportKind.BILL: {
        "declaration": pl.Int64, "economy": _TEXT, "regime": _TEXT, "filer": _TEXT, "payer": _TEXT,
        "is_guaranteed": pl.Boolean, "kind": _TEXT, "released_on": pl.Date, "made_on": pl.Date,
        "due_from": pl.Date, "due_by": pl.Date, "citation": _TEXT, "is_verified": pl.Boolean,
        "currency": _TEXT, "charged_minor": pl.Int64, "total_minor": pl.Int64,
    },
    ReportKind.BILL_STATEMENT: {
        "authority": _TEXT, "entry": _TEXT, "payer": _TEXT, "is_guaranteed": pl.Boolean,
        "currency": _TEXT, "first_bill": pl.Int64, "last_bill": pl.Int64, "bills": pl.Int32,
        "amount_minor": pl.Int64, "happened_on": pl.Date, "reference": _TEXT, "reason": _TEXT,
    },
    ReportKind.GUARANTEE: {
        "authority": _TEXT, "guarantor": _TEXT, "entry": _TEXT, "currency": _TEXT,
        "amount_minor": pl.Int64, "happened_on": pl.Date, "reference": _TEXT,
    },
}  # fmt: skip

_ITEMS: Final[Mapping[ReportKind, Mapping[str, Any]]] = {
    ReportKind.BILL: {"goods_item": pl.Int16, "code": _TEXT, "amount_minor": pl.Int64},
}


@dataclass(frozen=True, slots=True)
class ReportDesk:
    """Where reports are lodged.

    Attributes:
        open_session: opens a transaction as the recorder; commits on success.
        sender: who reports.
        clock: the recorded time.
        log: where the leaves go.
    """

    open_session: Callable[[], AbstractContextManager[Session]]
    sender: str
    clock: Clock
    log: NodeLog

    def lodge(
        self, kind: ReportKind, reports: Sequence[Report], judge: Judge | None = None
    ) -> list[ReportDone]:
        """Record reports in one transaction; each is answered, and nothing is recorded twice.

        Args:
            kind: of all of them.
            reports: what may be recorded.
            judge: asks what is recorded; None where nothing there can speak against one.

        Raises:
            UsageError: they are too many for one request.
        """
        if len(reports) > REPORTS_MAX:
            raise UsageError(f"One request lodges at most {REPORTS_MAX:,} reports.")
        with self.open_session() as session:
            session.sequence()
            known = self.known(session, kind, reports)
            unknown = [each for each in reports if each.own_reference not in known]
            verdicts = iter(judge(session, unknown) if judge else [()] * len(unknown))
            against = [() if each.own_reference in known else next(verdicts) for each in reports]
            fresh = _fresh(reports, known, against)
            numbers = self.record(session, kind, fresh) if fresh else {}
        done = {**known, **numbers}
        return [
            answer(report, done, objections, is_known=report.own_reference in known)
            for report, objections in zip(reports, against, strict=True)
        ]

    def lodge_one(
        self, kind: ReportKind, report: Report, placed: Callable[[Session], Report | Objection]
    ) -> ReportDone:
        """Record a report; sent again, it is answered as it was at first.

        Args:
            kind: of the report.
            report: what was told.
            placed: the report with what is recorded besides, or what speaks against it; asked
                under the sequencer's lock, where nothing is recorded under the reference.
        """
        with self.open_session() as session:
            session.sequence()
            known = self.known(session, kind, [report])
            if known:
                return answer(report, known, (), is_known=True)
            found = placed(session)
            if isinstance(found, Objection):
                return refused(found)
            return answer(found, self.record(session, kind, [found]), (), is_known=False)

    def known(
        self, session: Session, kind: ReportKind, reports: Sequence[Report]
    ) -> dict[str, tuple[int, bytes, str]]:
        """What is recorded under the references: number, content hash, receipt."""
        query = f"""SELECT own_reference, document_id, content_hash, receipt FROM {kind}
                    WHERE key = ANY(%(keys)s)"""  # noqa: S608 - our own table
        references = pl.DataFrame({"own_reference": [each.own_reference for each in reports]})
        keys = references.with_columns(sender=pl.lit(self.sender)).select(
            key_of("sender", "own_reference").alias("key")
        )["key"]
        schema = pl.Schema(
            {"own": pl.String, "number": pl.Int64, "content": pl.Binary, "receipt": pl.String}
        )
        found = session.read(query, {"keys": keys}, schema)
        return {own: (number, content, receipt) for own, number, content, receipt in found.rows()}

    def record(
        self, session: Session, kind: ReportKind, fresh: Sequence[Report]
    ) -> dict[str, tuple[int, bytes, str]]:
        """Write a batch of reports with its leaves, under the lock; none of them is recorded yet.

        Returns:
            By the sender's own reference: number, content hash, receipt.
        """
        stamp = Stamp(session.next_values("batch_number", 1), self.sender, self.clock.now(), 0)
        first = session.next_values("document_number", len(fresh))
        lines = [row(kind, each, self.sender, stamp.recorded_at) for each in fresh]
        frame = pl.DataFrame(lines, schema={**_COMMON, **_OWN[kind]}).with_columns(
            pl.int_range(pl.len(), dtype=pl.Int64).alias("document_id") + first,
            pl.lit(stamp.batch_id).alias("batch_id"),
            key_of("sender", "own_reference").alias("key"),
        )
        leaves = WaveLeaves(stamp.batch_id, first, len(fresh), 0)
        batch = batch_row(stamp, "", len(fresh))
        items = _items(kind, fresh, frame["document_id"])
        for table, rows in (batch, *items, (str(kind), frame)):
            session.copy(table, rows, leaves.taker(table, rows))
        session.settle()
        self.log.append(session, leaves.leaves())
        told = frame.select("own_reference", "document_id", "content_hash", "receipt").rows()
        return {own: (number, content, receipt) for own, number, content, receipt in told}


def _items(
    kind: ReportKind, reports: Sequence[Report], numbers: pl.Series
) -> Iterator[tuple[str, pl.DataFrame]]:
    """The rows of the table of items, where the kind has one."""
    if kind not in _ITEMS:
        return
    rows = [
        {"document_id": number, "position": position, **item}
        for number, report in zip(numbers, reports, strict=True)
        for position, item in enumerate(report.items)
    ]
    schema = {"document_id": pl.Int64, "position": pl.Int16, **_ITEMS[kind]}
    yield f"{kind}_item", pl.DataFrame(rows, schema=schema)


def _fresh(
    reports: Sequence[Report], known: Mapping[str, Any], against: Sequence[Sequence[Objection]]
) -> list[Report]:
    """The reports to record: unknown, unopposed, and the first under its reference."""
    fresh: dict[str, Report] = {}
    for report, objections in zip(reports, against, strict=True):
        if not objections and report.own_reference not in known:
            fresh.setdefault(report.own_reference, report)
    return list(fresh.values())


def answer(
    report: Report,
    done: Mapping[str, tuple[int, bytes, str]],
    objections: Sequence[Objection],
    *,
    is_known: bool,
) -> ReportDone:
    """What became of a report.

    Args:
        report: what was lodged.
        done: what is recorded, by reference: number, content hash, receipt.
        objections: what speaks against it.
        is_known: whether it was recorded before.
    """
    recorded = done.get(report.own_reference)
    if recorded is None:
        return refused(*objections)
    number, content, receipt = recorded
    if content != report.content_hash:
        return refused(Objection("REPORT_EXISTS", "reference", report.own_reference))
    return ReportDone("duplicate" if is_known else "accepted", number, receipt)
