"""The allowance of one person: every entry, in the order of recording."""

from typing import Any, Final

import polars as pl

from tumen.store.session import Session

_USES: Final = """
    SELECT a.event_id, a.year, a.entry, a.amount_fen,
           sum(a.amount_fen) OVER (PARTITION BY a.year ORDER BY a.event_id)::bigint,
           d.order_number, e.legal_day
    FROM allowance_entry a JOIN declaration d USING (document_id)
    JOIN declaration_event e USING (event_id)
    WHERE a.person = %(person)s::uuid ORDER BY a.event_id
"""
_SCHEMA: Final = pl.Schema(
    {
        "event_id": pl.Int64(),
        "year": pl.Int32(),
        "entry": pl.String(),
        "amount_fen": pl.Int64(),
        "used_after_fen": pl.Int64(),
        "order_number": pl.String(),
        "legal_day": pl.Date(),
    }
)


def uses(session: Session, person: str) -> list[dict[str, Any]]:
    """What a person used, reserved and was given back, with the sum after each in its year.

    Args:
        session: what it may see is told.
        person: the blind index of the person's number.
    """
    return session.read(_USES, {"person": person}, _SCHEMA).rows(named=True)
