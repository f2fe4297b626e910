"""Batches without documents: the events of what people decide, what stands under them, the leaves.

Like a wave of documents such a batch is written under the sequencer's lock, in one transaction.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import polars as pl

from tumen.store.session import Session, numbers
from tumen.window import answers, books
from tumen.window.books import Stamp, Table
from tumen.window.leaves import KEYS, WaveLeaves
from tumen.window.ledger.balances import NEXT_EVENT
from tumen.window.ledger.log import NodeLog

NO_SEED: Final = ""
"""Nothing is drawn at random where a person decides."""

EVENT_SCHEMA: Final = pl.Schema(
    {
        "document_id": pl.Int64(),
        "status": pl.String(),
        "codes": pl.String(),
        "legal_day": pl.Date(),
    }
)
"""An event that a person makes, before it is numbered."""


def stamp(session: Session, sender: str, at: datetime) -> Stamp:
    """Take the numbers of a batch and of its first event."""
    batch, event = session.ask(numbers("batch_number", 1), NEXT_EVENT)
    return Stamp(batch.item(), sender, at, event.item())


def noticed(events: pl.DataFrame, told: pl.DataFrame, given: Stamp) -> pl.DataFrame:
    """The events, numbered, with the notice that each filer gets.

    Args:
        events: :data:`EVENT_SCHEMA`.
        told: document_id, and what notices repeat of the declarations.
        given: the number of the first event, and when it is recorded.
    """
    nothing = pl.lit(None, pl.String)
    numbered = books.with_event_ids(events, given.first_event).with_columns(
        nothing.alias("lane"), nothing.alias("party_hits")
    )
    known = told.with_columns(shipment="own_reference")  # as receipts of shipments call it
    complete = numbered.join(known, on="document_id", how="left", maintain_order="left")
    return numbered.with_columns(answers.notices(complete, given.recorded_at))


def write(
    session: Session, log: NodeLog, events: pl.DataFrame, tables: Sequence[Table], given: Stamp,
    seed: str = NO_SEED,
) -> None:  # fmt: skip
    """The batch, its events and what is under them, then the leaves."""
    leaves = WaveLeaves(given.batch_id, 0, 0, given.first_event)
    batch = books.batch_row(given, seed, 0)
    for name, frame in [batch, books.event_rows(events, given), *tables]:
        if not frame.is_empty():
            ordered = frame.sort(KEYS[name])
            session.copy(name, ordered, leaves.taker(name, ordered))
    session.settle()
    log.append(session, leaves.leaves())
