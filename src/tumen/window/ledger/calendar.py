"""The calendar of examinations: those that are not over, the next appointment first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple, Self

import polars as pl

from tumen.kernel.limits import LIST_ROWS_MAX
from tumen.store.session import Session
from tumen.window.examinations import WAITING, Entry, Examination
from tumen.window.ledger.examinations import entries_by_declaration

NUMBER_DIGITS: Final = 19
"""Digits of the first number that no document can have."""

UNAPPOINTED: Final = "infinity"
"""Where those stand that have no appointment: behind all others."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the calendar, behind which the next page begins.

    Attributes:
        starts_at: the time of an appointment as PostgreSQL reads it.
        declaration: the number of the document.
    """

    starts_at: str
    declaration: int

    @classmethod
    def read(cls, cursor: str) -> Self:
        """The place that a cursor names.

        Raises:
            ValueError: it names none.

        >>> Place.read("2026-12-01T09:00:00+00:00/17").declaration
        17
        """
        at, _, number = cursor.rpartition("/")
        if at != UNAPPOINTED:
            datetime.fromisoformat(at).astimezone(UTC)
        if not (number.isascii() and number.isdigit() and len(number) < NUMBER_DIGITS):
            raise ValueError(cursor)
        return cls(at, int(number))

    def __str__(self) -> str:
        return f"{self.starts_at}/{self.declaration}"


BEGINNING: Final = Place("-infinity", 0)


class Calendar(NamedTuple):
    """A page of the calendar.

    Attributes:
        lines: declaration, economy, matters, open, place, starts_at of each examination.
        next: behind which the next page begins; None at the end.
    """

    lines: list[dict[str, Any]]
    next: Place | None


_ORDERED: Final = f"""
    SELECT declaration, starts_at FROM (
        SELECT x.declaration, (
            SELECT a.starts_at FROM examination_entry a
            WHERE a.declaration = x.declaration AND a.entry = '{Entry.APPOINTED}'
            ORDER BY a.document_id DESC LIMIT 1
        ) AS starts_at
        FROM (SELECT DISTINCT declaration FROM examination_entry) x
        WHERE (SELECT e.status FROM declaration_event e WHERE e.document_id = x.declaration
               ORDER BY e.event_id DESC LIMIT 1) = ANY(%(waiting)s)
    ) o
    WHERE (coalesce(starts_at, 'infinity'), declaration)
          > (%(starts_at)s::timestamptz, %(declaration)s)
    ORDER BY starts_at NULLS LAST, declaration LIMIT %(limit)s
"""  # noqa: S608 - a word of ours
_ORDERED_SCHEMA: Final = pl.Schema(
    {"declaration": pl.Int64(), "starts_at": pl.Datetime("us", "UTC")}
)


def calendar(session: Session, after: Place = BEGINNING, limit: int = LIST_ROWS_MAX) -> Calendar:
    """The examinations that are not over, those with the earliest appointment first.

    Args:
        session: what it may see is told.
        after: behind which the page begins.
        limit: how many it has at most.
    """
    asked: dict[str, Any] = {
        "waiting": [str(each) for each in WAITING], "starts_at": after.starts_at,
        "declaration": after.declaration, "limit": limit + 1,
    }  # fmt: skip
    found = session.read(_ORDERED, asked, _ORDERED_SCHEMA).rows()
    shown = found[:limit]
    return Calendar(_told(session, shown), _place(*shown[-1]) if len(found) > limit else None)


def _place(declaration: int, starts_at: datetime | None) -> Place:
    return Place(UNAPPOINTED if starts_at is None else starts_at.isoformat(), declaration)


def _told(session: Session, ordered: Sequence[tuple[int, datetime | None]]) -> list[dict[str, Any]]:
    """What was required of declarations and found, in their order."""
    known: dict[int, Examination] = {}
    authorities: dict[int, str] = {}
    for line in entries_by_declaration(session, [number for number, _ in ordered]):
        known.setdefault(line["declaration"], Examination(None)).add(line)
        authorities[line["declaration"]] = line["authority"]
    return [
        {
            "declaration": f"#{number}", "economy": authorities[number],
            "matters": known[number].matters, "open": known[number].open,
            "place": known[number].place,
            "starts_at": None if starts_at is None else starts_at.isoformat(),
        }
        for number, starts_at in ordered
    ]  # fmt: skip
