"""Sessions: one transaction, read and written in bulk as frames.

Statements travel whole and together where they can: ``BEGIN`` goes with the first of them,
queries that are asked together go in one message, and the rows of small frames wait to go with
the next read or with ``COMMIT``. Large frames are copied in other threads while the caller goes
on; the next read waits for them. All ways of writing give the same rows, and a conflict is raised
at the latest by the commit.
"""

import select
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from types import TracebackType
from typing import Any, Final, Self

import polars as pl
import psycopg

from tumen.kernel.columns import chosen, from_rows
from tumen.store.faults import translated
from tumen.store.literal import Value, bind, identifier, literal
from tumen.store.rows import Kinds, copy_text
from tumen.store.writer import Writer

SEQUENCER_LOCK: Final = 0x74756D656E  # "tumen"
"""The advisory lock of the node's one sequencer: from loading counterparts to the commit."""

INSERTED_VALUES_MAX: Final = 256
"""Frames of up to this many values are inserted with the next statement; larger ones are copied.

A copy costs two round trips, an insertion the reading of every value as SQL: 16 declarations take
0.5 ms as the one and 0.9 ms as the other."""

WRITTEN_IN_LINE_MAX: Final = 512
"""Frames up to this height are copied before ``copy`` returns: a thread would cost more."""


BEGIN: Final = "BEGIN"

Taken = Callable[[bytes], None]
"""Is given the text of rows that were written."""


@dataclass(frozen=True, slots=True)
class Query:
    """A query and the form of its answer.

    Attributes:
        sql: ``%(name)s`` stands for a parameter. Its columns are taken by place.
        schema: names and types; uuid comes as String, bytea as Binary, timestamptz as
            ``Datetime("us", "UTC")``.
        parameters: the values; a list or a series becomes an array.
    """

    sql: str
    schema: pl.Schema
    parameters: Mapping[str, Value] | None = None


Catalogue = dict[str, dict[str, str]]
"""The columns of every table in their order, with their types."""

_COLUMNS: Final = """
    SELECT c.relname, a.attname, a.atttypid::regtype::text
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
      AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY c.relname, a.attnum
"""


def _has_come(number: int) -> bool:
    """Whether something can be read of a file, its end included."""
    look = select.poll()
    look.register(number, select.POLLIN)
    return bool(look.poll(0))


class Connection:
    """A connection of one role; gives one transaction after the other."""

    def __init__(self, connection: "psycopg.Connection[Any]") -> None:
        self._connection = connection
        self._writer = Writer()
        self._catalogue: Catalogue = {}

    @contextmanager
    def transaction(self) -> Iterator["Session"]:
        """A transaction: committed when the block ends, rolled back when it raises."""
        session = Session(self._connection, self._writer, self._catalogue)
        try:
            yield session
            session.commit()
        except BaseException:
            self._writer.abandon()
            with suppress(psycopg.Error):
                self._connection.execute("ROLLBACK")
            raise

    def close(self) -> None:
        """Close the connection; an open transaction is rolled back."""
        self._writer.close()
        self._connection.close()

    @property
    def is_broken(self) -> bool:
        """Whether the server is gone; open another one then. It is asked between transactions.

        A server that left meanwhile has left word of it on the wire, where else there is none.
        """
        return self._connection.closed or _has_come(self._connection.fileno())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()


class Session:
    """One transaction, as ``Connection.transaction`` and ``Database.session`` give it."""

    def __init__(
        self, connection: "psycopg.Connection[Any]", writer: Writer, catalogue: Catalogue
    ) -> None:
        self._connection = connection
        self._writer = writer
        self._catalogue = catalogue
        self._waiting = [BEGIN]
        self._after: list[Callable[[], None]] = []

    def read(
        self, sql: str, parameters: Mapping[str, Value] | None, schema: pl.Schema
    ) -> pl.DataFrame:
        """The rows of a query as a frame; see :class:`Query`."""
        return self.ask(Query(sql, schema, parameters))[0]

    def ask(self, *queries: Query) -> list[pl.DataFrame]:
        """The rows of each query as a frame, in one message; each sees what those before it did."""
        if not queries:
            return []
        cursor = self._run(*(bind(query.sql, query.parameters) for query in queries))
        found = []
        for place, query in enumerate(queries, start=-len(queries)):
            cursor.set_result(place)
            found.append(_frame(cursor.fetchall(), query.schema))
        return found

    def copy(
        self,
        table: str,
        frame: pl.DataFrame,
        taken: Taken | None = None,
        *,
        refers: bool = True,
    ) -> None:
        """Append the rows of a frame to a table; the frame's columns are the table's by name.

        Null and the empty string stay apart. Lists are of text and hold no null. A large frame
        may still be on its way on return; what fails then is raised by the next statement.

        Args:
            table: the table.
            frame: the rows.
            taken: is given the rows as the server would copy them out again, its columns in the
                order of the table: one frame after another, maybe in another thread.
            refers: whether the rows may refer to those of other tables that were given before;
                if not, they need not wait for them.
        """
        if frame.is_empty():
            return
        kinds = self._kinds(table)
        frame = chosen(frame, _ordered(table, frame, kinds))
        if frame.height * frame.width <= INSERTED_VALUES_MAX:
            self._waiting.append(_insertion(table, frame))
            if taken is not None:
                self._take(taken, frame, kinds)
            return
        waiting = self._before(table, refers=refers)

        def send(text: bytes) -> None:
            if waiting:
                self._send(waiting)
            self._copy(table, frame.columns, text)

        if frame.height <= WRITTEN_IN_LINE_MAX and not self._writer.is_busy:
            text = copy_text(frame, kinds)
            send(text)
            if taken is not None:
                taken(text)
            return
        making, sending = self._writer.making, self._writer.sending
        made = making.put(lambda: copy_text(frame, kinds))
        sending.put(lambda: send(made.result()))
        if taken is not None:
            making.put(lambda: taken(made.result()))

    def _before(self, table: str, *, refers: bool) -> list[str]:
        """Of what waits, all that must be sent before a copy to a table: all, or nothing."""
        insertion = _inserting(table)
        waiting = self._waiting
        if not refers and waiting[:1] != [BEGIN]:
            waiting = [each for each in waiting if each.startswith(insertion)]
        if not waiting:
            return []  # not the list itself: what is given later would be sent with this copy too
        waiting, self._waiting = self._waiting, []
        return waiting

    def _take(self, taken: Taken, frame: pl.DataFrame, kinds: Kinds) -> None:
        """Give the text of rows to their taker now, or after what is still to be given."""
        if self._writer.making.is_busy:
            self._writer.making.put(lambda: taken(copy_text(frame, kinds)))
        else:
            taken(copy_text(frame, kinds))

    def _copy(self, table: str, names: list[str], text: bytes) -> None:
        command = f"COPY {identifier(table)} ({_listed(names)}) FROM STDIN"
        with translated(), self._connection.cursor().copy(command.encode()) as target:
            target.write(text)

    def _kinds(self, table: str) -> Kinds:
        """The columns of a table, read once for a connection.

        Raises:
            RuntimeError: there is no such table.
        """
        if table not in self._catalogue:
            for name, column, kind in self._run(_COLUMNS):
                self._catalogue.setdefault(name, {})[column] = kind
        if table not in self._catalogue:
            raise RuntimeError(f"The database has no table {table}.")
        return self._catalogue[table]

    def text(self, query: str) -> bytes:
        """The rows of a query as :meth:`copy` takes them: COPY's text format."""
        self._run("SELECT")  # what waits is written before it is read
        command = f"COPY ({query}) TO STDOUT"
        with translated(), self._connection.cursor().copy(command.encode()) as source:
            return b"".join(map(bytes, source))

    def copied_out(self, table: str, columns: Sequence[str]) -> Iterator[bytes]:
        """The rows of a table in COPY's text form, piece by piece: it may be larger than memory."""
        self._run("SELECT")
        command = f"COPY {identifier(table)} ({_listed(columns)}) TO STDOUT"
        with translated(), self._connection.cursor().copy(command.encode()) as source:
            yield from map(bytes, source)

    def copy_in(self, table: str, columns: Sequence[str], text: Iterable[bytes]) -> int:
        """Append rows in COPY's text form, piece by piece; how many the server took."""
        self._run("SELECT")
        command = f"COPY {identifier(table)} ({_listed(columns)}) FROM STDIN"
        cursor = self._connection.cursor()
        with translated(), cursor.copy(command.encode()) as target:
            for piece in text:
                target.write(piece)
        return cursor.rowcount

    def columns(self, table: str) -> list[str]:
        """The columns of a table in their order."""
        return [*self._kinds(table)]

    def settle(self) -> None:
        """Wait until all rows were given to their takers; some may not have reached the server."""
        self._writer.making.settle()

    def execute(self, sql: str, parameters: Mapping[str, Value] | None = None) -> None:
        """Run a statement that gives no rows."""
        self._run(bind(sql, parameters))

    def sequence(self, *queries: Query) -> list[pl.DataFrame]:
        """Wait in line to be the node's one sequencer; held until the transaction ends.

        What is asked with it is read once the wait is over, and sees all that others committed.
        """
        lock = f"SELECT pg_advisory_xact_lock({SEQUENCER_LOCK})"
        if queries:
            self._waiting.append(lock)
        else:
            self._run(lock)
        return self.ask(*queries)

    def next_values(self, sequence: str, count: int) -> int:
        """The first of ``count`` numbers in a row. Only the sequencer may take them."""
        return int(self.ask(numbers(sequence, count))[0].item())

    def commit(self) -> None:
        """End the transaction; what waits is written with it, and is durable on return."""
        if self._run("COMMIT").statusmessage != "COMMIT":
            raise RuntimeError("An error of a statement was swallowed: nothing was committed.")
        for work in self._after:
            work()

    def once_durable(self, work: Callable[[], None]) -> None:
        """Do something once the transaction is committed; never where it is rolled back."""
        self._after.append(work)

    def _run(self, *statements: str) -> "psycopg.Cursor[Any]":
        """Send what waits and the statements in one message; the last one's result."""
        self._writer.settle()
        waiting, self._waiting = self._waiting, []
        return self._send([*waiting, *statements])

    def _send(self, statements: list[str]) -> "psycopg.Cursor[Any]":
        cursor = self._connection.cursor()
        with translated():
            cursor.execute(";\n".join(statements).encode())
            cursor.set_result(-1)
        return cursor


def numbers(sequence: str, count: int) -> Query:
    """The first of ``count`` numbers in a row of a sequence, which is left behind the last."""
    name = literal(identifier(sequence))
    query = f"SELECT setval({name}, nextval({name}) + {count:d} - 1) - {count:d} + 1"
    return Query(query, _NUMBER)


_NUMBER: Final = pl.Schema({"first": pl.Int64()})


def _frame(rows: Sequence[tuple[Any, ...]], schema: pl.Schema) -> pl.DataFrame:
    if not rows:
        return _empty(tuple(schema.items())).clear()
    return from_rows(rows, schema)


@cache
def _empty(columns: tuple[tuple[str, pl.DataType], ...]) -> pl.DataFrame:
    """Made once: a batch of one finds nothing in most tables, and a new frame costs 0.1 ms."""
    return pl.DataFrame(schema=dict(columns))


def _ordered(table: str, frame: pl.DataFrame, kinds: Kinds) -> list[str]:
    """The columns of a frame in the order of its table.

    Raises:
        ValueError: the table has not all of them.
    """
    there = {*frame.columns}
    names = [name for name in kinds if name in there]
    if len(names) < frame.width:
        raise ValueError(f"{table} has no column {sorted(there.difference(kinds))}")
    return names


def _listed(names: Sequence[str]) -> str:
    return ", ".join(map(identifier, names))


def _insertion(table: str, frame: pl.DataFrame) -> str:
    columns = _listed(frame.columns)
    rows = ",\n".join(f"({', '.join(map(literal, row))})" for row in frame.rows())
    return f"{_inserting(table)}({columns}) VALUES\n{rows}"


def _inserting(table: str) -> str:
    return f"INSERT INTO {identifier(table)} "
