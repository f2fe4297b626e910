"""What the log says was appended, and the rows of the facts below, in parts of bounded size."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from tumen.store.session import Session
from tumen.window.leaves import KEYS

LEAVES_AT_ONCE: Final = 20_000
"""Leaves whose rows the audit holds at a time; more where one append has more."""

LOWEST: Final = -(1 << 63)
HIGHEST: Final = (1 << 63) - 1

_APPEND_SCHEMA: Final = pl.Schema(
    {
        "origin": pl.Int32(), "first_leaf": pl.Int64(), "leaves": pl.Int32(), "kind": pl.String(),
        "subject": pl.Int64(), "first_document": pl.Int64(), "documents": pl.Int32(),
        "first_event": pl.Int64(), "events": pl.Int32(), "commitments": pl.Binary(),
        "facts": pl.Binary(), "checkpoint": pl.Binary(), "seed": pl.Binary(),
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Append:
    """One row of ``log_append``."""

    origin: int
    first_leaf: int
    leaves: int
    kind: str
    subject: int
    first_document: int
    documents: int
    first_event: int
    events: int
    commitments: bytes
    facts: bytes
    checkpoint: bytes
    seed: bytes | None

    @property
    def size(self) -> int:
        """The size of the tree after it."""
        return self.first_leaf + self.leaves


_SIZES: Final = "SELECT first_leaf, leaves FROM log_append WHERE origin_id = {} ORDER BY first_leaf"
_PART: Final = """
    SELECT origin_id, first_leaf, leaves, kind, subject, first_document, documents, first_event,
           events, commitments, facts, checkpoint, seed
    FROM log_append WHERE origin_id = {} AND first_leaf >= {} AND first_leaf <= {}
    ORDER BY first_leaf
"""


def parts(session: Session, origin: int) -> Iterator[list[Append]]:
    """All appends of a log in their order, some at a time."""
    schema = pl.Schema({"first_leaf": pl.Int64(), "leaves": pl.Int32()})
    sizes = session.read(_SIZES.format(origin), None, schema)
    bounds: list[tuple[int, int]] = []
    held = LEAVES_AT_ONCE
    for first, leaves in sizes.iter_rows():
        if held + leaves > LEAVES_AT_ONCE:
            bounds.append((first, first))
            held = 0
        bounds[-1] = (bounds[-1][0], first)
        held += leaves
    for low, high in bounds:
        found = session.read(_PART.format(origin, low, high), None, _APPEND_SCHEMA)
        yield [Append(*row) for row in found.iter_rows()]


def rows(
    session: Session, table: str, column: str, low: int, high: int, also: str = "true"
) -> list[bytes]:
    """The lines of a table where a number is from ``low`` to ``high``, in the order of its key."""
    if low > high:  # the number before the lowest is none that the server knows
        return []
    keys = KEYS[table]
    order = ", ".join(f"{key}" + _collated(key) for key in keys)
    query = f"""SELECT * FROM {table} WHERE {column} >= {_bound(low)}
                AND {column} <= {_bound(high)} AND {also} ORDER BY {order}"""  # noqa: S608
    return session.text(query).splitlines()


def _collated(key: str) -> str:
    return ' COLLATE "C"' if key in ("code", "entry_id", "name", "hs_code", "unit") else ""


def _bound(number: int) -> str:
    return f"'{number}'::bigint"


def columns(session: Session, tables: Sequence[str]) -> dict[str, list[str]]:
    """The columns of tables in their order."""
    return {table: session.columns(table) for table in tables}


def tiles(session: Session, origin: int) -> int:
    """How many full tiles the store has of a log."""
    query = f"SELECT count(*) FROM log_tile WHERE origin_id = {origin:d}"  # noqa: S608
    return int(session.read(query, None, pl.Schema({"count": pl.Int64()})).item())


def stored_tile(session: Session, origin: int, level: int, index: int) -> tuple[bytes, bytes]:
    """The hashes and the root of a full tile; empty where there is none."""
    query = f"""SELECT hashes, root FROM log_tile
                WHERE origin_id = {origin:d} AND level = {level:d} AND index = {index:d}"""  # noqa: S608
    found = session.read(query, None, pl.Schema({"hashes": pl.Binary(), "root": pl.Binary()}))
    return (b"", b"") if found.is_empty() else found.row(0)
