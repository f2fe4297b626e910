"""Submissions whose senders fetch the answer later: that they came, what became of each row."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import polars as pl

from tumen.store.session import Session
from tumen.window.facts import TABLES
from tumen.window.ledger.lodged import UNREADABLE

Row = tuple[int, int, str, int | None]
"""Place, number of the document, answer, status."""

_MOMENT: Final = pl.Datetime("us", "UTC")
_FOUND: Final = """
    SELECT s.documents, s.received_at, e.ended_at, e.fault, e.answers
    FROM submission s LEFT JOIN submission_end e USING (submission_id)
    WHERE s.submission_id = %(name)s
"""
_FOUND_SCHEMA: Final = pl.Schema(
    {
        "documents": pl.Int64(),
        "received_at": _MOMENT,
        "ended_at": _MOMENT,
        "fault": pl.String(),
        "answers": pl.String(),
    }
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A submission as it is recorded.

    Attributes:
        documents: how many rows it has at most.
        received_at: when it came.
        ended_at: when it was answered, or failed; None before.
        fault: the code of what failed; None where nothing did.
        rows: what became of each row.
    """

    documents: int
    received_at: datetime
    ended_at: datetime | None
    fault: str | None
    rows: Sequence[Row]


def receive(session: Session, name: str, sender: str, documents: int, at: datetime) -> None:
    """Record that a submission came."""
    row = {"submission_id": name, "sender": sender, "documents": documents, "received_at": at}
    _write(session, "submission", row)


def answer(session: Session, name: str, sender: str, rows: Sequence[Row], at: datetime) -> None:
    """Record what became of each row of a submission."""
    told = json.dumps(rows, separators=(",", ":"))
    _end(session, name, sender, at, answers=told)


def fail(session: Session, name: str, sender: str, fault: str, at: datetime) -> None:
    """Record that a submission was not answered, and by which code."""
    _end(session, name, sender, at, fault=fault)


def _end(
    session: Session, name: str, sender: str, at: datetime,
    *, answers: str | None = None, fault: str | None = None,
) -> None:  # fmt: skip
    row = {"submission_id": name, "sender": sender, "fault": fault, "answers": answers}
    _write(session, "submission_end", {**row, "ended_at": at})


def _write(session: Session, table: str, row: dict[str, object]) -> None:
    texts = dict.fromkeys(("fault", "answers"), pl.String())
    moments = dict.fromkeys(("received_at", "ended_at"), _MOMENT)
    kinds = {name: kind for name, kind in {**texts, **moments}.items() if name in row}
    session.copy(table, pl.DataFrame([row], schema_overrides=kinds))


def kept(session: Session, name: str) -> Kept | None:
    """A submission by its name; None where the session sees none."""
    found = session.read(_FOUND, {"name": name}, _FOUND_SCHEMA)
    if found.is_empty():
        return None
    documents, received_at, ended_at, fault, answers = found.row(0)
    rows = [tuple(each) for each in json.loads(answers or "[]")]
    return Kept(documents, received_at, ended_at, fault, rows)


TOLD_SCHEMA: Final = pl.Schema(
    {"document_id": pl.Int64(), **dict.fromkeys(("kind", "key", "receipt"), pl.String())}
)


def told(session: Session, numbers: Sequence[int]) -> pl.DataFrame:
    """Kind, key and receipt of documents and of rows that became none, by their numbers."""
    parts = [
        f"SELECT document_id, '{kind}', key, receipt FROM {table}"  # noqa: S608 - our own constants
        for kind, table in TABLES.items()
    ]
    parts.append(f"SELECT document_id, '{UNREADABLE}', NULL, receipt FROM refusal")  # noqa: S608
    query = " UNION ALL ".join(f"{part} WHERE document_id = ANY(%(numbers)s)" for part in parts)
    return session.read(query, {"numbers": pl.Series(numbers, dtype=pl.Int64)}, TOLD_SCHEMA)
