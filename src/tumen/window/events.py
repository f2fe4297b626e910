"""Events: what a wave does to declarations, numbered, with the notices to filers. Pure."""

from typing import Final

import polars as pl

from tumen.kernel.chains import added, beside, is_there, kept, repeated
from tumen.kernel.columns import chosen, renamed
from tumen.window import answers, books
from tumen.window.admission import DECLARED
from tumen.window.aftercare import Effects
from tumen.window.books import Stamp
from tumen.window.decision import Columns, Decided
from tumen.window.states import CEB_STORED_DECLARATION, sources

REPLACED_SCHEMA: Final[Columns] = {
    "row": pl.UInt32,
    "document_id": pl.Int64,
    "status": pl.String,
    "legal_day": pl.Date,
}

_NO_EVENT: Final = pl.DataFrame(schema=books.EVENT_SCHEMA)
_NONE_REPLACED: Final = pl.DataFrame(schema=REPLACED_SCHEMA)
_NONE_NUMBERED: Final = pl.DataFrame(
    schema={
        **books.EVENT_SCHEMA,
        "event_id": pl.Int64,
        "status_before": pl.String,
        "origin_batch": pl.Int64,
        "format": pl.String,
        "receipt": pl.String,
    }
)
"""What a wave without events gives."""


def events_of(
    decided: Decided | None,
    effects: Effects,
    stored: pl.DataFrame,
    told: pl.DataFrame,
    stamp: Stamp,
) -> pl.DataFrame:
    """All events of a wave, numbered; those of stored declarations with a notice as receipt.

    Args:
        decided: about declarations and shipments; None where there are none.
        effects: of revocations and returns.
        stored: declarations of the store that took part.
        told: all answers.
        stamp: the number of the first event, and when it is recorded.
    """
    parts = [effects.events, _replacements(told, decided)]
    if decided is not None:
        parts.insert(0, books.case_events(decided))
    there = [part for part in parts if not part.is_empty()]
    if not there:
        return _NONE_NUMBERED
    events = pl.concat([_NO_EVENT, *there], how="diagonal")
    return _noticed(books.with_event_ids(events, stamp.first_event), stored, stamp)


def _replacements(told: pl.DataFrame, decided: Decided | None) -> pl.DataFrame:
    """Declarations that an accepted, declared change or deletion takes the place of."""
    if told["replaces"].null_count() == told.height:
        return _NONE_REPLACED
    changed = told.filter(
        pl.col("kind").is_in(DECLARED)
        & (pl.col("answer") == "accepted")
        & pl.col("replaces").is_not_null()
        & (pl.col("status") != CEB_STORED_DECLARATION)
        & pl.col("life").is_in(sources("amendment"))
    )
    lodged = [] if decided is None else decided.cases["row"].to_list()
    status = pl.when(pl.col("row").is_in(lodged)).then(pl.lit("replaced"))
    return changed.select(
        "row",
        pl.col("replaces").alias("document_id"),
        status.otherwise(pl.lit("revoked")).alias("status"),
        pl.lit(None, pl.Date).alias("legal_day"),
    )


_SHOWN: Final = (
    "document_id", "format", "platform_code", "merchant_code", "order_number", "agent_code",
    "customs_office", "own_reference", "preliminary_number", "declaration_number",
)  # fmt: skip
_KNOWN: Final = {
    "status_before": "status",
    "origin_batch": "batch_id",
    "day_before": "legal_day",
    **dict(zip(_SHOWN, _SHOWN, strict=True)),
}
"""What the store tells of a declaration, and in which of its columns."""


def _noticed(events: pl.DataFrame, stored: pl.DataFrame, stamp: Stamp) -> pl.DataFrame:
    """Give the events of stored declarations their receipts, from what the store holds."""
    known = renamed(stored, _KNOWN)
    if known["document_id"].n_unique() < known.height:
        known = known.unique("document_id")
    today = pl.lit(stamp.recorded_at.date())
    legal_day = pl.coalesce("legal_day", "day_before", today)
    joined = added(beside(events, known, "document_id"), [legal_day])
    is_stored = is_there(joined["status_before"])
    if not is_stored.any():
        return joined.hstack([repeated("receipt", None, joined.height, pl.String)])
    notices = kept(joined, is_stored)
    bodies = answers.notices(notices, stamp.recorded_at)
    if notices is joined:
        return joined.hstack([bodies])
    told = chosen(notices, ["event_id"]).hstack([bodies])
    return beside(joined, told, "event_id")
