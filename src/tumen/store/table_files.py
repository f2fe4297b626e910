"""The tables of the store as files: copied out of one snapshot, and back into empty tables.

A file holds the rows of a table in COPY's text form, so that any later PostgreSQL reads it and the
owner can read it too. Tables go in an order in which none comes before one that it refers to.
"""

import hashlib
import os
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path
from typing import IO, Final

import msgspec
import polars as pl

from tumen.kernel.errors import OutsideError, SourceUnreadable
from tumen.store.literal import identifier, literal
from tumen.store.session import Session

CHUNK_BYTES: Final = 1 << 20
MIGRATIONS: Final = "migration"
"""The one table that is not copied: running the migrations fills it."""

_OWNER_ONLY: Final = 0o600

_REFERENCES: Final = """
    SELECT c.relname::text AS table, r.relname::text AS referred FROM pg_class c
    LEFT JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'f' AND k.confrelid <> c.oid
    LEFT JOIN pg_class r ON r.oid = k.confrelid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
    ORDER BY c.relname, r.relname
"""
_SEQUENCES: Final = """
    SELECT relname::text FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'S' ORDER BY relname
"""


class TableFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One table as a file.

    Attributes:
        name: of the table.
        columns: in the order of the file.
        rows: how many there are; one is a line.
        size: in bytes.
        sha256: of the file, in hexadecimal digits.
    """

    name: str
    columns: list[str]
    rows: int
    size: int
    sha256: str

    @property
    def file_name(self) -> str:
        """What its file is called."""
        return f"{self.name}.copy"


class SequenceState(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a sequence of numbers stands: its last number, and whether that was given out."""

    name: str
    last: int
    is_given: bool


def tables_in_order(session: Session) -> list[str]:
    """The tables with facts, each after those that it refers to."""
    schema = pl.Schema({"table": pl.String, "referred": pl.String})
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for table, referred in session.read(_REFERENCES, None, schema).iter_rows():
        sorter.add(table, *([] if referred is None else [referred]))
    return [each for each in sorter.static_order() if each != MIGRATIONS]


def sequences(session: Session) -> list[SequenceState]:
    """Where every sequence stands. It is of no snapshot: read it while nobody records."""
    names = session.read(_SEQUENCES, None, pl.Schema({"name": pl.String}))["name"]
    schema = pl.Schema({"last": pl.Int64, "is_given": pl.Boolean})
    found = []
    for name in names:
        query = f"SELECT last_value, is_called FROM {identifier(name)}"  # noqa: S608 - ours
        found.append(SequenceState(name, *session.read(query, None, schema).row(0)))
    return found


def set_sequences(session: Session, states: list[SequenceState]) -> None:
    """Let every sequence go on where it stood."""
    for each in states:
        name = literal(identifier(each.name))
        session.execute(f"SELECT setval({name}, {each.last:d}, {literal(each.is_given)})")


def first_filled(session: Session) -> str | None:
    """A table that has a row; None where all are empty."""
    schema = pl.Schema({"filled": pl.Boolean})
    for table in tables_in_order(session):
        query = f"SELECT EXISTS (SELECT FROM {identifier(table)})"  # noqa: S608 - ours
        if session.read(query, None, schema).item():
            return table
    return None


def write_table(session: Session, table: str, folder: Path) -> TableFile:
    """Copy a table into a new file of a folder, durable on return."""
    columns = session.columns(table)
    digest, rows, size = hashlib.sha256(), 0, 0
    with private_file(folder / f"{table}.copy") as target:
        for chunk in session.copied_out(table, columns):
            target.write(chunk)
            digest.update(chunk)
            rows += chunk.count(b"\n")
            size += len(chunk)
        target.flush()
        os.fsync(target.fileno())
    return TableFile(table, columns, rows, size, digest.hexdigest())


def private_file(path: Path) -> IO[bytes]:
    """A new file that its owner alone may read."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY), "wb")


def need_whole(table: TableFile, folder: Path) -> None:
    """Refuse a file that is not byte for byte the one that was written.

    Raises:
        SourceUnreadable: it is another, or it cannot be read.
    """
    digest = hashlib.sha256()
    for chunk in _chunks(folder / table.file_name):
        digest.update(chunk)
    if digest.hexdigest() != table.sha256:
        raise _other(table)


def read_table(session: Session, table: TableFile, folder: Path) -> None:
    """Copy a file into its empty table; the bytes that go in are hashed once more.

    Raises:
        SourceUnreadable: it is not the file that was written.
        OutsideError: the store took another number of rows.
    """
    digest = hashlib.sha256()

    def hashed() -> Iterator[bytes]:
        for chunk in _chunks(folder / table.file_name):
            digest.update(chunk)
            yield chunk

    rows = session.copy_in(table.name, table.columns, hashed())
    if digest.hexdigest() != table.sha256:
        raise _other(table)
    if rows != table.rows:
        raise OutsideError(f"Of {table.name} {table.rows} rows were written, and {rows} read back.")


def _other(table: TableFile) -> SourceUnreadable:
    return SourceUnreadable(
        f"{table.file_name} is not the file that the backup wrote: its SHA-256 is another.",
        next_step="Nothing was restored. Take another copy of the backup, or an older backup.",
    )


def _chunks(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as source:
            while chunk := source.read(CHUNK_BYTES):
                yield chunk
    except OSError as error:
        raise SourceUnreadable(f"{path} cannot be read: {error.strerror}") from error
