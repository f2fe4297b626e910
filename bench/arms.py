"""The two arms: the whole road, and a bare COPY of the same rows.

1. The road runs as `tumen clear` runs it, and every frame that it hands to the store is kept,
   transaction by transaction, in the order in which it was written.
2. The bare arm appends the same frames to a fresh database of the same migrations, so with the
   same tables, columns, indexes and constraints, in the same transactions, each durable before
   the next begins, by the store's own ``Session.copy``.
3. The prepared arm does so with the bytes of the rows made beforehand: what is left is the time
   of PostgreSQL alone.

All three must leave the same rows: a fingerprint of each table is compared.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from weakref import WeakKeyDictionary

import polars as pl
import psycopg
from arena import fresh_node, query
from psycopg import sql
from rich.console import Console
from verdict import check

from tumen.bootstrap import DEFAULT_SENDER, Node
from tumen.cli.clear import run
from tumen.documents.formats.sources import find
from tumen.store import session as store_session
from tumen.store.database import Role
from tumen.store.rows import copy_text
from tumen.store.session import Session, Taken
from tumen.window.desk import Desk, OpenSession

QUIET: Final = Console(quiet=True)
LOG_TABLES: Final = ("log_append", "log_tile")
"""What the road writes beside its rows: each node signs with a key of its own."""

Transaction = list[tuple[str, pl.DataFrame]]


@contextmanager
def replaced(owner: Any, name: str, value: object) -> Iterator[None]:
    """Put another value in an attribute's place while this lasts."""
    plain = getattr(owner, name)
    setattr(owner, name, value)
    try:
        yield
    finally:
        setattr(owner, name, plain)


@dataclass
class Capture:
    """What the store was given.

    Attributes:
        transactions: the tables and frames of each, in the order of the commits.
    """

    transactions: list[Transaction] = field(default_factory=list)
    _open: WeakKeyDictionary[Session, Transaction] = field(default_factory=WeakKeyDictionary)
    """Of sessions that have not committed; what is rolled back is forgotten with its session."""

    @contextmanager
    def on(self) -> Iterator[None]:
        """Keep every frame that any session of this process appends and commits."""
        copy, commit = Session.copy, Session.commit

        def kept(
            session: Session,
            table: str,
            frame: pl.DataFrame,
            taken: Taken | None = None,
            *,
            refers: bool = True,
        ) -> None:
            if not frame.is_empty() and table not in LOG_TABLES:
                self._open.setdefault(session, []).append((table, frame))
            copy(session, table, frame, taken, refers=refers)

        def committed(session: Session) -> None:
            commit(session)
            self.transactions += filter(None, [self._open.pop(session, None)])

        with replaced(Session, "copy", kept), replaced(Session, "commit", committed):
            yield

    @property
    def tables(self) -> list[str]:
        """The names of the tables that were written."""
        return sorted({table for written in self.transactions for table, _ in written})

    @property
    def rows(self) -> int:
        """How many rows were written."""
        return sum(frame.height for written in self.transactions for _, frame in written)


def clear(node: Node, simulation: Path, out: Path | None = None) -> tuple[float, dict[str, Any]]:
    """Clear a simulation as `tumen clear` does; the seconds it took, and its summary."""
    started = time.perf_counter()
    sources = find([simulation / "documents"])
    summary = run(node, sources, sender=DEFAULT_SENDER, out=out, console=QUIET)
    return time.perf_counter() - started, summary


def clear_without_log(node: Node, simulation: Path) -> tuple[float, dict[str, Any]]:
    """Clear a simulation with no leaf and nothing published: what the log is held against."""

    def desk(node: Node, open_session: OpenSession) -> Desk:
        return Desk(open_session, node.policy, node.clock)

    with replaced(Node, "desk", desk), replaced(Node, "publish_log", lambda node: None):
        return clear(node, simulation)


def bare_copy(node: Node, capture: Capture) -> float:
    """Append the captured frames as the road did; the seconds it took."""
    started = time.perf_counter()
    with node.database.connect() as connection:
        for written in capture.transactions:
            with connection.transaction() as session:
                for table, frame in written:
                    session.copy(table, frame)
    return time.perf_counter() - started


def prepare_bytes(node: Node, capture: Capture) -> list[list[tuple[sql.Composed, bytes]]]:
    """The COPY command and the text of every frame."""
    kinds: dict[str, dict[str, str]] = {}
    for name, column, kind in query(node, store_session._COLUMNS):
        kinds.setdefault(name, {})[column] = kind
    return [
        [(_command(table, frame), copy_text(frame, kinds[table])) for table, frame in written]
        for written in capture.transactions
    ]


def _command(table: str, frame: pl.DataFrame) -> sql.Composed:
    columns = sql.SQL(", ").join(map(sql.Identifier, frame.columns))
    return sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), columns)


def prepared_copy(node: Node, made: list[list[tuple[sql.Composed, bytes]]]) -> float:
    """Append bytes that were made beforehand; the seconds it took."""
    started = time.perf_counter()
    with psycopg.connect(node.database.url, options=f"-c role={Role.RECORDER}") as connection:
        for written in made:
            with connection.transaction(), connection.cursor() as cursor:
                for command, body in written:
                    with cursor.copy(command) as target:
                        target.write(body)
    return time.perf_counter() - started


FINGERPRINT: Final = """
    SELECT count(*), coalesce(sum(hashtextextended(each::text, 0)), 0)::text FROM "{}" each
"""


def fingerprint(node: Node, tables: list[str]) -> dict[str, tuple[object, ...]]:
    """Rows of each table and the sum of their hashes, whatever their order."""
    return {table: query(node, FINGERPRINT.format(table))[0] for table in tables}


def pair(simulation: Path, bundles: int) -> dict[str, Any]:
    """Run the road and both bare arms on fresh databases, one after the other."""
    capture = Capture()
    with fresh_node(simulation) as node:
        with capture.on():
            road, summary = clear(node, simulation)
        drawn = check(node, simulation, summary)
        written = fingerprint(node, capture.tables)
        made = prepare_bytes(node, capture)
    with fresh_node(simulation) as node:
        bare = bare_copy(node, capture)
        same = fingerprint(node, capture.tables) == written
    with fresh_node(simulation) as node:
        prepared = prepared_copy(node, made)
        same = same and fingerprint(node, capture.tables) == written
    return {
        "bundles": bundles, "road": road, "bare": bare, "prepared": prepared, "drawn": drawn,
        "same_rows": same, "rows": capture.rows, "tables": len(capture.tables),
        "transactions": len(capture.transactions),
        "copied_bytes": sum(len(body) for transaction in made for _, body in transaction),
    }  # fmt: skip
