"""Goods that are held for want of a guarantee, in the store: held, and found again."""

from collections.abc import Sequence
from typing import Final

import polars as pl

from tumen.kernel.limits import GUARANTEE_EVENTS_MAX
from tumen.store.session import Session
from tumen.window.decision import Decided
from tumen.window.guaranteed import SHORT, covered, held_for_guarantee
from tumen.window.ledger.guarantees import add_up, added_up, free_of

_GUARANTOR: Final = """
    SELECT document_id, guarantor_code FROM declaration
    WHERE document_id = ANY(%(documents)s) AND coalesce(guarantor_code, '') <> ''
"""
_GUARANTOR_SCHEMA: Final = pl.Schema({"document_id": pl.Int64(), "guarantor": pl.String()})

_IS_SHORT: Final = f"'{SHORT}' = ANY(string_to_array(s.codes, ','))"
_EVER_SHORT: Final = f"""
    SELECT s.document_id FROM declaration_event s
    WHERE s.document_id = ANY(%(documents)s) AND {_IS_SHORT} LIMIT 1
"""  # noqa: S608 - our own constant

_WAITING: Final = f"""
    SELECT d.document_id, d.guarantor_code, coalesce((
               SELECT sum(c.amount_fen) FROM declaration_event x JOIN charge c USING (event_id)
               WHERE x.document_id = d.document_id), 0)::bigint,
           w.status, w.codes
    FROM declaration_event w JOIN declaration d USING (document_id)
    WHERE w.status IN ('held', 'examination')
      AND NOT EXISTS (SELECT FROM declaration_event later
                      WHERE later.document_id = w.document_id AND later.event_id > w.event_id)
      AND coalesce(d.guarantor_code, '') <> ''
      AND EXISTS (SELECT FROM declaration_event s
                  WHERE s.document_id = d.document_id AND {_IS_SHORT})
    ORDER BY d.document_id
"""  # noqa: S608 - our own constant
_WAITING_SCHEMA: Final = pl.Schema(
    {
        "document_id": pl.Int64(), "guarantor": pl.String(), "charged_minor": pl.Int64(),
        "status": pl.String(), "codes": pl.String(),
    }
)  # fmt: skip


def with_guarantees(
    session: Session, decided: Decided, own: pl.DataFrame | None, last_event: int
) -> Decided:
    """What is decided of a wave, with goods held whose guarantee does not suffice.

    Args:
        session: under the sequencer's lock.
        decided: about the cases of the wave.
        own: row and guarantor_code of the wave's own declarations; None where it has none.
        last_event: the last event before the wave.
    """
    guarantors = _guarantors(session, decided.cases, own)
    if not guarantors:
        return decided
    if last_event - added_up(session) > GUARANTEE_EVENTS_MAX:
        add_up(session, last_event)
    return held_for_guarantee(decided, guarantors, free_of(session, guarantors.values()))


def _guarantors(session: Session, cases: pl.DataFrame, own: pl.DataFrame | None) -> dict[int, str]:
    """Who guarantees the taxes of each case; what names nobody is left out."""
    by_row = {} if own is None else dict(own[["row", "guarantor_code"]].iter_rows())
    lines = [*cases[["row", "document_id"]].iter_rows()]
    found = {number: by_row[row] for row, number in lines if by_row.get(row)}
    stored = [number for row, number in lines if row not in by_row]
    if stored:
        asked = {"documents": pl.Series("number", stored, pl.Int64)}
        found |= dict(session.read(_GUARANTOR, asked, _GUARANTOR_SCHEMA).iter_rows())
    return found


def not_covered(session: Session, documents: Sequence[int]) -> set[int]:
    """Of some documents those that wait for a guarantee which does not suffice for them.

    What waits is read only where one of them was ever held for it: mostly none was.
    """
    asked = {"documents": pl.Series("number", documents, pl.Int64)}
    if session.read(_EVER_SHORT, asked, pl.Schema({"document_id": pl.Int64()})).is_empty():
        return set()
    waiting = waiting_for_guarantee(session)
    return {*documents} & {*waiting["document_id"].to_list()} - covered_now(session, waiting)


def waiting_for_guarantee(session: Session) -> pl.DataFrame:
    """What waits and was held for want of a guarantee, with what its last event says."""
    return session.read(_WAITING, None, _WAITING_SCHEMA)


def covered_now(session: Session, waiting: pl.DataFrame) -> set[int]:
    """The documents among these for which the guarantee suffices."""
    if waiting.is_empty():
        return set()
    lines = waiting[["document_id", "guarantor", "charged_minor"]].iter_rows()
    return covered(lines, free_of(session, waiting["guarantor"].to_list()))
