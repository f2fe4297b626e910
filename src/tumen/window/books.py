"""The books: every table row that a batch leaves, made of its decisions. Pure; nothing is written.

Facts are insert-only: a document's row holds its answer and its receipt, a declaration's life
is a chain of events.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import polars as pl

from tumen.documents.batch import Batch
from tumen.kernel.chains import in_line, is_there, kept, matched, repeated, stacked
from tumen.kernel.columns import chosen, column
from tumen.law.parameters import law_version
from tumen.window.decision import ASSESSED_SCHEMA, Columns, Decided
from tumen.window.facts import TABLES, head_columns, item_columns

SHARED: Final = "*"
"""Stands for the sender of a batch that several lodged together; no organisation has this mark."""

Table = tuple[str, pl.DataFrame]
"""A table's name and the rows to append to it."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What all rows of one batch share.

    Attributes:
        batch_id: the batch.
        sender: who lodged it, or :data:`SHARED`.
        recorded_at: when it was recorded, in UTC.
        first_event: the number of the batch's first event; events have no gaps.
    """

    batch_id: int
    sender: str
    recorded_at: datetime
    first_event: int


BATCH_SCHEMA: Final = pl.Schema(
    {
        "batch_id": pl.Int64(),
        "sender": pl.String(),
        "recorded_at": pl.Datetime("us", "UTC"),
        "law_version": pl.String(),
        "screening_seed": pl.String(),
        "documents": pl.Int64(),
    }
)


def batch_row(stamp: Stamp, seed: str, documents: int) -> Table:
    """The batch itself.

    Args:
        stamp: what its rows share.
        seed: of the random selection; empty where nothing is drawn.
        documents: how many it records.
    """
    row = (stamp.batch_id, stamp.sender, stamp.recorded_at, law_version(), seed, documents)
    columns = zip(BATCH_SCHEMA.items(), row, strict=True)
    return "batch", pl.DataFrame([repeated(name, each, 1, kind) for (name, kind), each in columns])


def personal(batch: Batch, answers: pl.DataFrame, stamp: Stamp) -> Table:
    """The sealed personal fields of the documents to record."""
    sealed = [chosen(head, ["row", "person", "sealed"]) for head in batch.heads.values()]
    told = stacked([_NOTHING_SEALED, *sealed])
    placed = matched(told, chosen(answers, ["row", "document_id"]), "row")
    batch_id = repeated("batch_id", stamp.batch_id, placed.height, pl.Int64)
    sealed_rows = chosen(placed, ["document_id", "person", "sealed"])
    return "personal_data", sealed_rows.hstack([batch_id])


_NOTHING_SEALED: Final = pl.DataFrame(
    schema={"row": pl.UInt32, "person": pl.String, "sealed": pl.Binary}
)


def items(batch: Batch, answers: pl.DataFrame) -> Iterator[Table]:
    """The goods items of the documents to record."""
    numbers = chosen(answers, ["row", "document_id"])
    for kind, lines in batch.items.items():
        names = ["document_id", "position", *item_columns(kind)]
        placed = matched(lines, numbers, "row")
        positions = placed["index"].alias("position")
        yield f"{TABLES[kind]}_item", chosen(placed.hstack([positions]), names)


def heads(batch: Batch, told: pl.DataFrame, stamp: Stamp) -> Iterator[Table]:
    """The heads of the documents to record, with their answers.

    Args:
        batch: the wave.
        told: row, sender, document_id, answer, status, receipt, format; other kinds than those of
            the wave's heads, and other rows, are passed over.
        stamp: the batch.
    """
    names = ["row", "sender", "document_id", "answer", "status", "receipt", "format"]
    batch_id = repeated("batch_id", stamp.batch_id, told.height, pl.Int64)
    facts = chosen(told, names).hstack([batch_id])
    for kind, head in batch.heads.items():
        yield TABLES[kind], chosen(matched(head, facts, "row"), head_columns(kind))


def refusals(answers: pl.DataFrame, stamp: Stamp) -> Table:
    """The rows that could not be read as documents."""
    return "refusal", answers.select(
        "document_id",
        pl.lit(stamp.batch_id).alias("batch_id"),
        "sender",
        "digest",
        "receipt",
    )


LATER_POSITIONS: Final = 1_000
"""Violations that a match finds later are numbered from here, after those of the intake."""


def violated(placed: pl.DataFrame, stamp: Stamp) -> Table:
    """Why documents were refused or warned about; stored ones have no source in this wave."""
    start = pl.when(pl.col("source").is_null()).then(LATER_POSITIONS).otherwise(0)
    number = pl.int_range(pl.len(), dtype=pl.Int16).over("document_id")
    return "document_violation", placed.select(
        "document_id",
        (number + start.cast(pl.Int16)).alias("position"),
        "code",
        pl.col("path").fill_null(""),
        "value",
        "expected",
        pl.lit(stamp.batch_id).alias("batch_id"),
    )


def numbers(lodged: pl.DataFrame) -> Table:
    """The numbers that customs assigns to declarations it has accepted."""
    names = ["document_id", "preliminary_number", "declaration_number"]
    return "declaration_number", chosen(lodged, names)


def with_event_ids(events: pl.DataFrame, first: int) -> pl.DataFrame:
    """Number the events of the batch from ``first``."""
    taken = [*range(first, first + events.height)]
    return events.hstack([column("event_id", taken, pl.Int64)])


EVENT_SCHEMA: Final[Columns] = {
    "row": pl.UInt32,
    "document_id": pl.Int64,
    "status": pl.String,
    "lane": pl.String,
    "codes": pl.String,
    "party_hits": pl.String,
    "legal_day": pl.Date,
    "person": pl.String,
    "year": pl.Int32,
    **ASSESSED_SCHEMA,
}
"""An event before it is numbered; what does not apply is null."""


def case_events(decided: Decided) -> pl.DataFrame:
    """The events of cases whose status is new: all lodged ones, and waiting ones decided."""
    new = kept(decided.cases, decided.cases["status"] != decided.cases["origin"])
    return in_line(new, _OF_EVENT)


_LISTED: Final = ("codes", "party_hits")
_OF_EVENT: Final = [
    pl.col(name).list.join(",") if name in _LISTED else pl.col(name) for name in EVENT_SCHEMA
]


def event_rows(events: pl.DataFrame, stamp: Stamp) -> Table:
    """The events themselves."""
    height, kind = events.height, BATCH_SCHEMA["recorded_at"]
    return "declaration_event", in_line(events, _EVENT_ROW).hstack(
        [
            repeated("batch_id", stamp.batch_id, height, pl.Int64),
            repeated("recorded_at", stamp.recorded_at, height, kind),
        ]
    )


_EVENT_ROW: Final = [
    *map(pl.col, ("event_id", "document_id", "status", "lane", "party_hits", "legal_day")),
    pl.col("codes").fill_null(""),
    pl.col("receipt"),
]


def assessment_rows(events: pl.DataFrame) -> Table:
    """What the declarations were assessed at."""
    assessed = kept(events, is_there(events["verdict"]))
    value = assessed["declaration_value_fen"].alias("customs_value_fen")
    names = ["event_id", "document_id", "verdict", "used_before_fen", "missing", "unverified"]
    return "assessment", chosen(assessed, names).hstack([value])


def charge_rows(charges: pl.DataFrame, events: pl.DataFrame) -> Table:
    """The charges, under the event that made them."""
    placed = matched(charges, chosen(events, ["document_id", "event_id"]), "document_id")
    names = ["event_id", "position", "code", "base_fen", "rate_ppm", "amount_fen"]
    return "charge", chosen(placed, names)


def shipment_charge_rows(changed: pl.DataFrame, events: pl.DataFrame) -> Table:
    """By how much the charges on shipments change, under the event that changes them.

    Args:
        changed: document_id, code, currency, amount_minor; base_minor and rate where they are told.
        events: document_id and event_id.
    """
    absent = {
        "base_minor": pl.lit(None, pl.Int64),
        "rate": pl.lit(None, pl.String),
        "missing": pl.lit(None, pl.String),
    }
    untold = {name: null for name, null in absent.items() if name not in changed.columns}
    placed = changed.with_columns(**untold).join(
        events.select("document_id", "event_id"), on="document_id", maintain_order="left"
    )
    return "shipment_charge", placed.select(
        "event_id", "code", "currency", "base_minor", "rate", "amount_minor", "missing"
    )


_ENTRIES: Mapping[str, str] = {"released": "used", "held": "reserved", "examination": "reserved"}


def allowance_rows(events: pl.DataFrame) -> Table:
    """What the decided declarations take of their persons' allowances: nothing, if not counted."""
    entries = [_ENTRIES.get(status) for status in events["status"].to_list()]
    values = events["declaration_value_fen"].to_list()
    is_taking = [None not in each for each in zip(entries, values, strict=True)]
    told = events.hstack([column("entry", entries, pl.String)])
    taking = kept(told, column("", is_taking, pl.Boolean))
    return "allowance_entry", in_line(taking, _TAKEN)


_TAKEN: Final = [
    *map(pl.col, ("event_id", "person", "year", "document_id", "entry")),
    pl.when("is_counted").then("declaration_value_fen").otherwise(0).alias("amount_fen"),
]


def given_back_rows(given_back: pl.DataFrame, events: pl.DataFrame) -> Table:
    """What revocations and returns give back to persons' allowances."""
    placed = given_back.join(events.select("document_id", "event_id"), on="document_id")
    return "allowance_entry", placed.select(
        "event_id",
        "person",
        "year",
        "document_id",
        pl.lit("given_back").alias("entry"),
        "amount_fen",
    )
