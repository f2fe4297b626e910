"""A backup of a node: one snapshot of its facts as files, with a manifest that says what they are.

The snapshot is taken between two batches: whoever writes one waits for the moment in which it is
opened, and no longer. The manifest is written last, so that a folder without one is no backup.
"""

import os
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from tumen.kernel.errors import OutsideError, PathAbsent, SourceUnreadable, UsageError
from tumen.store.database import Database
from tumen.store.migration import Migration, known_migrations
from tumen.store.session import Session
from tumen.store.table_files import (
    SequenceState,
    TableFile,
    first_filled,
    need_whole,
    private_file,
    read_table,
    sequences,
    set_sequences,
    tables_in_order,
    write_table,
)
from tumen.trust.published import head_of
from tumen.trust.tree import edge_at, root
from tumen.window.ledger.balances import known_mark
from tumen.window.ledger.log import StoredLog, newest, origins

FORMAT: Final = "tumen.backup.v1"
MANIFEST: Final = "manifest.json"
MANIFEST_BYTES_MAX: Final = 16 << 20

_SNAPSHOT: Final = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"


class RunMigration(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A migration that the copied database had run."""

    number: int
    name: str
    sha256: str


class CopiedLog(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of the node's logs as the snapshot has it; without a leaf it has no checkpoint."""

    number: int
    origin: str
    size: int
    root: str
    checkpoint: str


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a backup is of, and what its files must be."""

    format: str
    version: str
    taken_at: datetime
    node: str | None
    migrations: list[RunMigration]
    logs: list[CopiedLog]
    sequences: list[SequenceState]
    tables: list[TableFile]
    keys: list[str]

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(each.rows for each in self.tables)

    @property
    def size(self) -> int:
        """Bytes of all tables."""
        return sum(each.size for each in self.tables)


def write(
    database: Database, folder: Path, version: str, taken_at: datetime, keys: list[str]
) -> Manifest:
    """Write the facts of a node into an empty folder, and the manifest last.

    Args:
        database: the node's.
        folder: where; it is there and holds no file of ours.
        version: of Tumen.
        taken_at: the recorded time.
        keys: the names of the key files that were put beside.
    """
    with database.connect() as connection, connection.transaction() as session:
        with database.session() as gate:
            gate.sequence()
            session.execute(_SNAPSHOT)
            stands = sequences(session)
        tables = [write_table(session, name, folder) for name in tables_in_order(session)]
        manifest = Manifest(
            FORMAT, version, taken_at, known_mark(session), _run(database), _logs(session),
            stands, tables, keys,
        )  # fmt: skip
    with private_file(folder / MANIFEST) as target:
        target.write(msgspec.json.format(msgspec.json.encode(manifest)) + b"\n")
        target.flush()
        os.fsync(target.fileno())
    return manifest


def _run(database: Database) -> list[RunMigration]:
    count = len(database.migrations())
    return [RunMigration(m.number, m.name, m.checksum.hex()) for m in known_migrations()[:count]]


def _logs(session: Session) -> list[CopiedLog]:
    found = []
    for each in origins(session):
        signed = newest(session, each.number)
        if signed is None:
            found.append(CopiedLog(each.number, each.name, 0, "", ""))
            continue
        head = head_of(signed)
        found.append(CopiedLog(each.number, each.name, head.size, head.root.hex(), signed.decode()))
    return found


def manifest_of(folder: Path) -> Manifest:
    """The manifest of a backup.

    Raises:
        PathAbsent: there is none.
        SourceUnreadable: it is none of ours.
    """
    try:
        with (folder / MANIFEST).open("rb") as source:
            found = msgspec.json.decode(source.read(MANIFEST_BYTES_MAX), type=Manifest)
    except FileNotFoundError as error:
        raise PathAbsent(
            f"There is no backup in {folder}: it has no {MANIFEST}, which is written last.",
            next_step="Name a folder that `tumen backup` finished.",
        ) from error
    except (OSError, msgspec.MsgspecError) as error:
        raise SourceUnreadable(
            f"{folder / MANIFEST} is no manifest of a backup: {error}"
        ) from error
    if found.format != FORMAT:
        raise SourceUnreadable(f"The backup is of the form {found.format}, and not {FORMAT}.")
    return found


def migrations_of(manifest: Manifest) -> tuple[Migration, ...]:
    """The migrations that a database must have run, and no more, before the files go in.

    Raises:
        UsageError: the backup is of a newer Tumen, or of one with other migrations.
    """
    known = known_migrations()[: len(manifest.migrations)]
    ours = [RunMigration(each.number, each.name, each.checksum.hex()) for each in known]
    if ours != manifest.migrations:
        raise UsageError(
            f"The backup is of Tumen {manifest.version}, whose database this one cannot make.",
            next_step="Restore it with that version or a newer one.",
        )
    return known


def need_files(manifest: Manifest, folder: Path) -> None:
    """Refuse a backup of which a file is missing or is not what was written.

    Raises:
        SourceUnreadable: with the file.
    """
    for each in manifest.tables:
        need_whole(each, folder)


def load(database: Database, manifest: Manifest, folder: Path) -> None:
    """Put the facts into a database that has run their migrations and holds nothing, or nothing.

    Raises:
        UsageError: the database holds something.
        OutsideError: what was read back is not what the manifest says.
    """
    with database.session() as session:
        session.sequence()
        _need_empty(session)
        if tables_in_order(session) != [each.name for each in manifest.tables]:
            raise SourceUnreadable("The manifest does not name the tables of its migrations.")
        for each in manifest.tables:
            read_table(session, each, folder)
        set_sequences(session, manifest.sequences)
        if _logs(session) != manifest.logs or known_mark(session) != manifest.node:
            raise OutsideError("The logs that were read back are not those of the manifest.")
        for log in manifest.logs:
            _need_tree(session, log)


def _need_empty(session: Session) -> None:
    filled = first_filled(session)
    if filled is not None:
        raise UsageError(
            f"The database is not empty: its table {filled} has rows.",
            next_step="Name a new directory, or an address with a new database. Nothing is ever"
            " restored over facts.",
        )


def _need_tree(session: Session, log: CopiedLog) -> None:
    """See that the tiles that were read back have the root that was signed."""
    if log.size == 0:
        return
    found = root(edge_at(log.size, StoredLog(session, log.number).tile))
    if found.hex() != log.root:
        raise OutsideError(
            f"The tree of {log.origin} that was read back has another root than was signed.",
            next_step="Nothing was restored. The backup was made of a damaged log: take an older.",
        )
