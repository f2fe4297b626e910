"""Migrations: numbered SQL files, each run once, in one transaction, and never changed.

The first makes the roles and runs as whoever made the database; the others run as
``tumen_owner``. Processes that migrate at once wait for each other on an advisory lock.
"""

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import psycopg

from tumen.kernel.errors import UsageError

MIGRATION_LOCK: Final = 0x6D696772617465  # "migrate"

_NAME: Final = re.compile(r"(\d{4})_([a-z0-9_]+)\.sql")


@dataclass(frozen=True, slots=True)
class Migration:
    """One numbered file.

    Attributes:
        number: its place in the order, from 1; a gap is left for what is merged later.
        name: what it is about.
        sql: its text.
    """

    number: int
    name: str
    sql: str

    @property
    def checksum(self) -> bytes:
        """SHA-256 of the file, by which a later change is seen."""
        return hashlib.sha256(self.sql.encode()).digest()


@cache
def known_migrations() -> tuple[Migration, ...]:
    """The migrations that this version of Tumen brings, in order."""
    found = []
    for file in files("tumen.store").joinpath("migrations").iterdir():
        match = _NAME.fullmatch(file.name)
        if match:
            text = file.read_text(encoding="utf-8")
            found.append(Migration(int(match[1]), match[2], text))
    found.sort(key=lambda migration: migration.number)
    if len({migration.number for migration in found}) != len(found):
        raise RuntimeError("Two migrations have one number.")
    return tuple(found)


def migrate(
    connection: "psycopg.Connection[Any]", known: tuple[Migration, ...] | None = None
) -> None:
    """Run what has not been run yet.

    Args:
        connection: in autocommit, as who may make roles.
        known: the migrations; by default those of this version.

    Raises:
        UsageError: a file was changed after it was run, or the database is of a newer version.
    """
    known = known_migrations() if known is None else known
    if len(_checked(connection, known)) == len(known):
        return
    connection.execute("SELECT pg_advisory_lock(%s)", (MIGRATION_LOCK,))
    try:
        done = len(_checked(connection, known))
        for migration in known[done:]:
            _apply(connection, migration)
    finally:
        if not connection.closed:
            connection.execute("SELECT pg_advisory_unlock(%s)", (MIGRATION_LOCK,))


def applied_migrations(connection: "psycopg.Connection[Any]") -> list[tuple[int, str, bytes]]:
    """Number, name and checksum of what was run in this database, in order."""
    ((is_there,),) = connection.execute("SELECT to_regclass('public.migration') IS NOT NULL")
    if not is_there:
        return []
    query = "SELECT number, name, checksum FROM public.migration ORDER BY number"
    return [(row[0], row[1], bytes(row[2])) for row in connection.execute(query)]


def _checked(
    connection: "psycopg.Connection[Any]", known: tuple[Migration, ...]
) -> list[tuple[int, str, bytes]]:
    applied = applied_migrations(connection)
    if len(applied) > len(known):
        raise UsageError("The database was made by a newer Tumen than this one.")
    for (number, name, checksum), migration in zip(applied, known, strict=False):
        if (number, name, checksum) != (migration.number, migration.name, migration.checksum):
            raise UsageError(
                f"Migration {number:04}_{name} was changed after it was run in this database."
            )
    return applied


def _apply(connection: "psycopg.Connection[Any]", migration: Migration) -> None:
    with connection.transaction():
        if migration.number > 1:
            connection.execute("SET LOCAL ROLE tumen_owner")
        connection.execute(migration.sql.encode())
        connection.execute(
            "INSERT INTO migration (number, name, checksum) VALUES (%s, %s, %s)",
            (migration.number, migration.name, migration.checksum),
        )
