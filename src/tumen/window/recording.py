"""From what is decided about a wave to its answers, receipts and table rows. Pure.

The caller gives numbers (documents have theirs already) and writes the tables.
"""

from collections import Counter
from collections.abc import Container, Iterator
from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from tumen.documents.batch import Batch
from tumen.documents.fields import Kind
from tumen.kernel.chains import (
    beside,
    collected,
    in_line,
    in_order,
    is_there,
    kept,
    matched,
    repeated,
    without,
)
from tumen.kernel.columns import chosen, from_rows
from tumen.kernel.violation import VIOLATION_SCHEMA, gather
from tumen.window import answers, books, numbering, shipments
from tumen.window.aftercare import Effects
from tumen.window.books import Stamp, Table
from tumen.window.decision import Columns, Decided
from tumen.window.events import events_of
from tumen.window.leaves import KEYS

ANSWER_SCHEMA: Final[Columns] = {
    "row": pl.UInt32,
    "kind": pl.String,
    "key": pl.String,
    "digest": pl.String,
    "answer": pl.String,
    "status": pl.Int32,
    "replaces": pl.Int64,
    "life": pl.String,
    "original_id": pl.Int64,
    "original_batch": pl.Int64,
    "original_answer": pl.String,
    "receipt": pl.String,
    "is_unread": pl.Boolean,
}
"""An answer before its document is numbered; what does not apply is null."""


EARLY: Final[tuple[Kind, ...]] = (Kind.ORDER, Kind.PAYMENT, Kind.WAYBILL)
"""Kinds whose answers are final once they are admitted, before declarations are decided."""

TOLD_AT_ONCE_MAX: Final = 512
"""Waves of up to this many rows are answered all at once: nothing is written beside deciding."""


UNTOLD: Final = ("SCREEN_LISTED_PARTY",)
"""Reasons that no receipt names: a filer must not learn that a watch list was hit."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A wave on its way: who is answered how, and what is decided.

    Attributes:
        answers: :data:`ANSWER_SCHEMA` and document_id.
        lodged: row, document_id, preliminary_number, declaration_number of new declarations.
        effects: of revocations and returns.
        stored: declarations of the store that took part: pending ones and targets.
        found: all violations but those of the decisions.
        shipments: the heads of accepted native shipments; None where there are none.
        decided: about declarations and shipments; None until they are, and where there are none.
    """

    answers: pl.DataFrame
    lodged: pl.DataFrame
    effects: Effects
    stored: pl.DataFrame
    found: pl.DataFrame
    shipments: pl.DataFrame | None
    decided: Decided | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one wave.

    Attributes:
        batch_id: under which it was recorded.
        answers: row, source, place, format, message, kind, key, answer, status, receipt, digest,
            document_id, original_batch, original_answer, replaces, life.
        violations: row, code, path, value, expected; with source, place, kind and key of the
            document, source and place null where another wave brought it.
        events: document_id, origin_batch (null where it was lodged in this wave), status_before,
            status, receipt: declarations whose status is new.
        charges: code, status, currency, amount_minor: what is known of charges made and taken
            off, by the status of the goods when it was (on release, on hold).
        notices: event_id, format, receipt of events told to filers; those of duplicates again.
    """

    batch_id: int
    answers: pl.DataFrame
    violations: pl.DataFrame
    events: pl.DataFrame
    charges: pl.DataFrame
    notices: pl.DataFrame


def contents(wave: Batch, judged: Judged, stamp: Stamp) -> list[Table]:
    """What is written as soon as documents are numbered: sealed fields and goods items."""
    recorded = _fresh(judged.answers)
    return [books.personal(wave, recorded, stamp), *books.items(wave, recorded)]


def early(wave: Batch, judged: Judged, stamp: Stamp) -> pl.DataFrame | None:
    """The answers that are final before declarations are decided: to orders, payments, waybills.

    None where there are none, and where the wave is small.
    """
    if judged.answers.height <= TOLD_AT_ONCE_MAX:
        return None
    asked = judged.answers.filter(pl.col("kind").is_in(EARLY))
    return None if asked.is_empty() else _told(wave, judged, asked, stamp)


def heads(wave: Batch, told: pl.DataFrame, stamp: Stamp, kinds: Container[Kind]) -> Iterator[Table]:
    """The heads of documents of some kinds that are recorded now, with their answers."""
    wanted = {kind: head for kind, head in wave.heads.items() if kind in kinds}
    return books.heads(replace(wave, heads=wanted), _fresh(told), stamp)


def late(wave: Batch, judged: Judged, early: pl.DataFrame | None, stamp: Stamp) -> pl.DataFrame:
    """All answers, once declarations are decided, in the order of the rows."""
    if early is None:
        return _told(wave, judged, judged.answers, stamp)
    if early.height == judged.answers.height:
        return early
    others = judged.answers.filter(~pl.col("kind").is_in(EARLY).fill_null(value=False))
    told = _told(wave, judged, others, stamp)
    return pl.concat([early, told.select(early.columns)]).sort("row")


def compose(judged: Judged, told: pl.DataFrame, stamp: Stamp) -> tuple[list[Table], Outcome]:
    """The rows beside those of documents, and what became of the wave.

    Args:
        judged: what is decided about the wave.
        told: all answers.
        stamp: batch, sender and the number of the first event.
    """
    events = events_of(judged.decided, judged.effects, judged.stored, told, stamp)
    recorded = _fresh(told)
    found = gather(judged.found, *([judged.decided.violations] if judged.decided else []))
    placed = _NONE_PLACED
    if not found.is_empty():
        placed = matched(found, _places(recorded, judged), "row")
    tables = []
    if recorded["is_unread"].null_count() < recorded.height:
        unread = recorded.filter(pl.col("is_unread").is_not_null())
        tables.append(books.refusals(unread, stamp))
    if not placed.is_empty():
        tables.append(books.violated(placed, stamp))
    tables += [books.numbers(judged.lodged), *_event_tables(judged, events, stamp)]
    outcome = Outcome(
        stamp.batch_id, told, without(placed, "document_id"), events, _charge_totals(judged),
        _notices(events),
    )  # fmt: skip
    return tables, outcome


_NONE_PLACED: Final = pl.DataFrame(
    schema={
        **VIOLATION_SCHEMA,
        "document_id": pl.Int64,
        **dict.fromkeys(("source", "place", "kind", "key"), pl.String),
        "place": pl.UInt32,
    }
)


def _notices(events: pl.DataFrame) -> pl.DataFrame:
    """What the events tell the filers of declarations that were answered before."""
    notices = chosen(events, ["event_id", "format", "receipt"])
    if not notices["receipt"].null_count():
        return notices
    return kept(notices, is_there(notices["receipt"]))


def _fresh(told: pl.DataFrame) -> pl.DataFrame:
    """The answers to documents that are recorded now."""
    return kept(told, told["answer"] != "duplicate")


def _places(recorded: pl.DataFrame, judged: Judged) -> pl.DataFrame:
    """Which document a violation's row stands for: this wave's own, and stored cases."""
    columns = ["row", "document_id", "source", "place", "kind", "key"]
    own = chosen(recorded, columns)
    if judged.decided is None:
        return own
    stored = kept(judged.decided.cases, judged.decided.cases["origin"] != "lodged")
    kind = repeated("kind", str(Kind.DECLARATION), stored.height, pl.String)
    cases = chosen(stored, ["row", "document_id", "key"]).hstack([kind])
    return pl.concat([own, cases], how="diagonal").select(columns)


LODGED_SCHEMA: Final[Columns] = {
    "row": pl.UInt32,
    "document_id": pl.Int64,
    "preliminary_number": pl.String,
    "declaration_number": pl.String,
}


_NONE_LODGED: Final = pl.DataFrame(schema=LODGED_SCHEMA)


def numbered_declarations(lodged: pl.DataFrame | None, first: int) -> pl.DataFrame:
    """The numbers of the declarations that customs accepts, as ``LODGED_SCHEMA``.

    Args:
        lodged: row, document_id, declared_on, customs_office; None where there are none.
        first: the first of their serial numbers.
    """
    if lodged is None:
        return _NONE_LODGED
    return lodged.select_seq(
        "row", "document_id", numbering.preliminary(first), numbering.declaration(first)
    )


def _told(wave: Batch, judged: Judged, asked: pl.DataFrame, stamp: Stamp) -> pl.DataFrame:
    """The final answers with their receipts; a duplicate has the bytes of its original."""
    case_status, found = _NO_CASES, judged.found
    if judged.decided is not None:
        case_status = in_line(judged.decided.cases, _CASE_STATUS)
        found = gather(found, judged.decided.violations)
    numbers = chosen(judged.lodged, ["row", "preliminary_number", "declaration_number"])
    told = beside(answers.concluded(asked, found, case_status), answers.details(wave), "row")
    full = beside(beside(told, numbers, "row"), without(wave.rows, "kind"), "row")
    full = full.hstack([full["message"].alias("source_message")])
    is_fresh = full["answer"] != "duplicate"
    if is_fresh.all():
        receipts = answers.rendered(full, stamp.recorded_at)
        return full.with_columns_seq(receipts, _ORIGINAL_ANSWER)
    return _with_repeats(full, kept(full, is_fresh), stamp)


_NO_CASES: Final = pl.DataFrame(
    schema={"row": pl.UInt32, "case_status": pl.String, "case_codes": pl.List(pl.String)}
)
_CASE_STATUS: Final = [
    pl.col("row"),
    pl.col("status").alias("case_status"),
    pl.col("codes").list.set_difference(pl.lit([*UNTOLD])).alias("case_codes"),
]
_ORIGINAL_ANSWER: Final = pl.coalesce("original_answer", "answer")


def _with_repeats(full: pl.DataFrame, fresh: pl.DataFrame, stamp: Stamp) -> pl.DataFrame:
    """All answers with their receipts; what is said twice in one wave is answered once."""
    rendered = fresh.lazy().select(
        "digest", answers.rendered(fresh, stamp.recorded_at).alias("fresh_receipt"),
        pl.col("document_id").alias("fresh_id"), pl.col("answer").alias("fresh_answer"),
    ).unique("digest", keep="first", maintain_order=True)  # fmt: skip
    told = full.lazy().join(rendered, on="digest", how="left", maintain_order="left")
    return collected(
        told.with_columns(
            pl.coalesce("receipt", "fresh_receipt").alias("receipt"),
            pl.coalesce("document_id", "fresh_id").alias("document_id"),
            pl.coalesce("original_answer", "fresh_answer").alias("original_answer"),
        ).drop("fresh_receipt", "fresh_id", "fresh_answer")
    )


def _event_tables(judged: Judged, events: pl.DataFrame, stamp: Stamp) -> list[Table]:
    """The rows under events, each table once and in the order of its key."""
    if events.is_empty():
        return []
    tables = [books.event_rows(events, stamp)]
    if judged.decided is not None:
        tables += [
            books.assessment_rows(events),
            books.charge_rows(judged.decided.charges, events),
            books.allowance_rows(events),
        ]
    if judged.shipments is not None:
        tables += shipments.tables(judged.shipments, events)
    effects = judged.effects
    if not effects.charges.is_empty():
        refunds = effects.charges.with_columns(
            base_fen=pl.lit(None, pl.Int64), rate_ppm=pl.lit(None, pl.Int64)
        )
        tables.append(books.charge_rows(refunds, events))
    if not effects.allowance.is_empty():
        tables.append(books.given_back_rows(effects.allowance, events))
    return [(name, in_order(frame, *KEYS[name])) for name, frame in _together(tables).items()]


def _together(tables: list[Table]) -> dict[str, pl.DataFrame]:
    """The rows of each table in one frame."""
    parts: dict[str, list[pl.DataFrame]] = {}
    for name, frame in tables:
        if not frame.is_empty():
            parts.setdefault(name, []).append(frame)
    return {name: _stacked(frames) for name, frames in parts.items()}


def _stacked(frames: list[pl.DataFrame]) -> pl.DataFrame:
    first, *others = frames
    if not others:
        return first
    return pl.concat([first, *(each[first.columns] for each in others)], how="vertical_relaxed")


_NO_TOTALS: Final = pl.DataFrame(
    schema={
        "code": pl.String, "status": pl.String, "currency": pl.String, "amount_minor": pl.Int64,
    }
)  # fmt: skip


def _charge_totals(judged: Judged) -> pl.DataFrame:
    """What the wave charged and took off, by code and by where the goods stood.

    An unknown amount is left out and never summed as zero; the event says that it is missing.
    """
    is_charged = judged.decided is not None and not judged.decided.charges.is_empty()
    if not is_charged and judged.effects.charges.is_empty() and judged.shipments is None:
        return _NO_TOTALS
    placed = [(judged.effects.charges, judged.stored)]
    if judged.decided is not None:
        placed.append((judged.decided.charges, judged.decided.cases))
    sums: Counter[tuple[str, str | None]] = Counter()
    for charges, declarations in placed:
        columns = (declarations[name].to_list() for name in ("document_id", "status"))
        status = dict(zip(*columns, strict=True))
        names = ["document_id", "code", "amount_fen"]
        for document, code, amount in chosen(charges, names).rows():
            if amount is not None:
                sums[code, status.get(document)] += amount
    rows = [(code, status, "CNY", amount) for (code, status), amount in sums.items()]
    totals = from_rows(rows, _NO_TOTALS.schema)
    if judged.shipments is None or judged.decided is None:
        return totals
    own = shipments.totals(judged.shipments, judged.decided.cases)
    return pl.concat([totals, own.select(totals.columns)])
