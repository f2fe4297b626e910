"""What an audit finds, and how near it comes to naming it (ADR 6).

A leaf has one hash over all its rows, so that hash tells that a row was changed, not which column.
But the leaf's *statement* repeats a few of them: where one of these has few values it may have
had, the audit tries them all, and the one that gives the commitment is the one that was signed.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from hashlib import sha256
from itertools import product
from typing import Any, Final

from tumen.kernel.errors import VerificationError
from tumen.trust import statement
from tumen.trust.statement import DocumentStatement, EventStatement, Statement
from tumen.window.admission import Answer
from tumen.window.books import LATER_POSITIONS
from tumen.window.leaves import (
    BATCH,
    ERASED_KEY,
    EVENT,
    FOUND,
    HEADS,
    PERSON_KEY,
    REFUSAL,
    batch_facts,
)
from tumen.window.states import Lane, Status

ROWS_NAMED: Final = 6
"""Rows of a leaf that a finding names, where any of them may be the one."""

DAYS_TRIED: Final = 4_000
"""Days before and after the one that stands there."""

STATUSES_TRIED: Final = range(-999, 1_000)

Row = tuple[str, bytes]
"""A table and a line."""

_HEADS: Final[Mapping[str, frozenset[str]]] = {
    "document": frozenset({*HEADS, REFUSAL}),
    "event": frozenset({EVENT[0]}),
    "batch": frozenset({"batch"}),
    "list": frozenset({"list"}),
    "artefact": frozenset({"log_artefact"}),
}
_TOLD: Final[Mapping[type[Statement], tuple[str, ...]]] = {
    DocumentStatement: ("content_hash", "answer", "status", "receipt"),
    EventStatement: ("document_id", "status", "lane", "legal_day", "receipt"),
}
"""The columns that a statement repeats."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What does not fit.

    Attributes:
        code: CHANGED, DELETED, INSERTED, … in capitals.
        where: the row or rows, or the part of the log.
        told: what is wrong, in plain words.
    """

    code: str
    where: str
    told: str


@dataclass(frozen=True, slots=True)
class Suspect:
    """A leaf that its rows do not give.

    Attributes:
        kind: ``document``, ``event``, ``batch``, ``list`` or ``artefact``.
        number: which.
        rows: that are there now.
        facts: the hash of those that were there, as the log has it.
        salt: of the leaf.
        commitment: of the leaf.
        stated: what the leaf would say by the rows that are there, with these facts; None where
            they can say nothing.
    """

    kind: str
    number: int
    rows: Sequence[Row]
    facts: bytes
    salt: bytes = field(repr=False)
    commitment: bytes
    stated: Callable[[bytes], Statement | None]

    def diagnosed(self) -> Finding:
        """Which row it was, and which column, as far as the hashes can tell."""
        return self._returned() or self._inserted() or self._deleted() or self._changed()

    def _returned(self) -> Finding | None:
        """A key that is there though its erasure is told."""
        told = {line.split(b"\t")[1] for table, line in self.rows if table == ERASED_KEY}
        for table, line in self.rows:
            if table == PERSON_KEY and line.split(b"\t")[0] in told:
                return Finding(
                    "NOT_ERASED", named((table, line)), "it was erased, and is there: erase it anew"
                )
        return None

    def _inserted(self) -> Finding | None:
        for place, row in enumerate(self.rows):
            if facts_of(self.kind, [*self.rows[:place], *self.rows[place + 1 :]]) == self.facts:
                return Finding("INSERTED", named(row), "it was not there when its leaf was made")
        return None

    def _deleted(self) -> Finding | None:
        if not any(table in _HEADS[self.kind] for table, _ in self.rows):
            where = f"{self.kind} {self.number}"
            return Finding("DELETED", where, "its own row is no longer there")
        positions: dict[str, list[int]] = defaultdict(list)
        for table, line in self.rows:
            if table.endswith("_item") or (table == FOUND and self.kind == "document"):
                positions[table].append(int(line.split(b"\t")[1]))
        for table, found in positions.items():
            absent = sorted({*range(len(found))} - {*found})
            if absent and found[-1] < LATER_POSITIONS:
                where = f"{table} {self.number}, position {absent[0]}"
                return Finding("DELETED", where, "it is no longer there")
        return None

    def _changed(self) -> Finding:
        where = f"{self.kind} {self.number}"
        said = self.stated(self.facts)
        if said is not None and type(said) in _TOLD:
            if self._is_signed(said):
                told = f"none of {', '.join(_TOLD[type(said)])}, but another column: {self._rows()}"
                return Finding("CHANGED", where, told)
            for column, tried in _tried(said):
                if self._is_signed(tried):
                    told = f"it was {_shown(tried, column)} when its leaf was made"
                    return Finding("CHANGED", f"{self._head()}, column {column}", told)
        return Finding("CHANGED", where, f"a row of it was changed or deleted: {self._rows()}")

    def _is_signed(self, said: Statement) -> bool:
        try:
            told = statement.to_bytes(said)
        except VerificationError:
            return False
        return statement.commitment(self.salt, told) == self.commitment

    def _head(self) -> str:
        return named(next(row for row in self.rows if row[0] in _HEADS[self.kind]))

    def _rows(self) -> str:
        told = ", ".join(map(named, self.rows[:ROWS_NAMED]))
        more = f" and {len(self.rows) - ROWS_NAMED} more" if len(self.rows) > ROWS_NAMED else ""
        return f"there are {told}{more}"


def _tried(said: Statement) -> Iterator[tuple[str, Statement]]:
    """What the statement may have been, had one of its columns another value."""
    if isinstance(said, DocumentStatement):
        yield from (("answer", replace(said, answer=str(each))) for each in Answer)
        yield from (("status", replace(said, status=each)) for each in STATUSES_TRIED)
    if isinstance(said, EventStatement):
        yield from (("status", replace(said, status=str(each))) for each in Status)
        yield from (("lane", replace(said, lane=lane)) for lane in (None, *map(str, Lane)))
        yield from (
            ("status and lane", replace(said, status=str(status), lane=lane))
            for status, lane in product(Status, (None, *map(str, Lane)))
        )
        for days in range(-DAYS_TRIED, DAYS_TRIED + 1):
            yield "legal_day", replace(said, day=said.day + timedelta(days))


def _shown(said: Statement, columns: str) -> str:
    value: dict[str, Any] = {each: getattr(said, each, None) for each in columns.split(" and ")}
    if columns == "legal_day":
        return str(getattr(said, "day", None))
    return " and ".join("empty" if each is None else str(each) for each in value.values())


def facts_of(kind: str, rows: Sequence[Row]) -> bytes:
    """The hash of a leaf's rows, as the log has it."""
    lines = [table.encode() + b"\t" + line + b"\n" for table, line in rows]
    if kind != "batch":
        return sha256(b"".join(lines)).digest()
    of: dict[str, list[bytes]] = {table: [] for table in (*BATCH, ERASED_KEY)}
    for (table, _), line in zip(rows, lines, strict=True):
        of[table].append(line)
    return batch_facts(of)


def named(row: Row) -> str:
    """A row by its table and the first of its columns, which are its key; nothing personal."""
    table, line = row
    fields = line.split(b"\t")
    key = b"of batch " + fields[1] if table == PERSON_KEY else fields[0]
    if table.endswith("_item") or table in (FOUND, "charge"):
        key += b", position " + fields[1]
    return f"{table} {key.decode()}"
