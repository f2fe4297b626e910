"""Up to where a person has seen the uses of the own allowance, so that new ones can be told."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import polars as pl

from tumen.access.rows import MOMENT, append, rows
from tumen.store.session import Session

_LAST: Final = """
    SELECT seen_event, at FROM person_look WHERE person = %(person)s::uuid
    ORDER BY entry DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Look:
    """When a person looked last, and up to which event; ``at`` is None for who never did."""

    seen_event: int = 0
    at: datetime | None = None


def last_look(session: Session, person: str) -> Look:
    """The last look of a person."""
    found = rows(session, _LAST, {"person": person}, {"seen_event": pl.Int64(), "at": MOMENT})
    return Look(**found[0]) if found else Look()


def note_look(session: Session, person: str, seen_event: int, at: datetime) -> None:
    """Write down that a person has seen all up to an event; what was seen stays so."""
    if seen_event > last_look(session, person).seen_event:
        append(session, "person_look", person=person, seen_event=seen_event, at=at)
