"""Where the store is: an embedded server's directory or the address of any PostgreSQL 18."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, Self

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.types.string import TextLoader

from tumen.kernel.errors import UsageError
from tumen.store import embedded
from tumen.store.faults import translated
from tumen.store.migration import Migration, applied_migrations, migrate
from tumen.store.session import Connection, Session

DATABASE_NAME: Final = "tumen"
MAINTENANCE_DATABASE: Final = "postgres"
SERVER_VERSION_MIN: Final = 180_000
"""PostgreSQL 18: older ones end a COPY at a line of ``\\.`` even inside a quoted text."""

CONNECT_SECONDS_MAX: Final = 600
CONNECT_PAUSE_SECONDS: Final = 0.1
CLIENT_CHECK_MILLISECONDS: Final = 2_000
"""How soon the server sees that a client that waits for a lock was killed."""

READER: Final = "tumen_web"
"""Whom the embedded server knows the application as. At an address, TUMEN_READER_URL says it."""

_SETTINGS: Final = (
    "-c timezone=UTC -c datestyle=ISO -c standard_conforming_strings=on -c search_path=public"
    f" -c client_connection_check_interval={CLIENT_CHECK_MILLISECONDS}"
)


class Role(StrEnum):
    """What a connection works as; none of them may update or delete a fact."""

    APP = "tumen_app"
    """Reads, under row-level security, the rows of the sender in ``tumen.sender``."""
    RECORDER = "tumen_recorder"
    """Reads and appends everything: COPY is refused under row-level security."""


@dataclass(frozen=True, slots=True)
class Database:
    """A migrated database.

    Attributes:
        url: how to connect to it as who may make roles and migrate.
        directory: of the embedded server; None where an address was given.
    """

    url: str
    directory: Path | None = None

    @classmethod
    def from_location(
        cls, location: str | None = None, known: tuple[Migration, ...] | None = None
    ) -> Self:
        """Find or start the server, make the database if it is missing, and migrate it.

        Args:
            location: ``postgresql://…`` or a directory; by default ``TUMEN_DATABASE_URL``,
                else ``$TUMEN_HOME/postgres``, else ``~/.local/share/tumen/postgres``.
            known: the migrations to run; by default those of this version.

        Raises:
            UsageError: the directory or the database is not one of ours.
            StoreUnavailable: the server would not start or answer.
        """
        url, directory = resolve(location)
        if directory is not None:
            url = embedded.start(directory).url(DATABASE_NAME)
        database = cls(url, directory)
        database.prepare(known)
        return database

    def prepare(self, known: tuple[Migration, ...] | None = None) -> None:
        """Make the database if it is missing, and run the migrations it lacks."""
        with translated(), self._migrator() as connection:
            if connection.info.server_version < SERVER_VERSION_MIN:
                raise UsageError("Tumen needs PostgreSQL 18 or newer.")
            migrate(connection, known)

    def migrations(self) -> list[str]:
        """The migrations that were run, such as ``0001_roles``."""
        with translated(), _patient_connection(self.url) as connection:
            return [f"{number:04}_{name}" for number, name, _ in applied_migrations(connection)]

    def connect(
        self, role: Role = Role.RECORDER, *, statement_seconds_max: float | None = None
    ) -> Connection:
        """A connection in a role, to be closed by the caller.

        Args:
            role: what it works as.
            statement_seconds_max: how long a statement may take before the server ends it; any
                time where nothing is said, for recording waits for the sequencer.
        """
        url = self._url_for(role)
        given = conninfo_to_dict(url)
        options = f"{given.get('options') or ''} {_SETTINGS} -c role={role}".strip()
        if statement_seconds_max is not None:
            options += f" -c statement_timeout={round(statement_seconds_max * 1_000)}"
        with translated():
            connection = psycopg.connect(
                make_conninfo(url, options=options), autocommit=True, prepare_threshold=None
            )
        connection.adapters.register_loader("uuid", TextLoader)
        return Connection(connection)

    def _url_for(self, role: Role) -> str:
        """Whom the server knows a connection as: who reads for others can be nothing else."""
        if role is not Role.APP:
            return self.url
        if self.directory is not None:
            return make_conninfo(self.url, user=READER)
        return os.environ.get("TUMEN_READER_URL") or self.url

    @contextmanager
    def session(self, role: Role = Role.RECORDER) -> Iterator[Session]:
        """One transaction on a connection of its own."""
        with self.connect(role) as connection, connection.transaction() as session:
            yield session

    @contextmanager
    def _migrator(self) -> "Iterator[psycopg.Connection[Any]]":
        try:
            connection = _patient_connection(self.url)
        except psycopg.OperationalError:
            _create_database(self.url)
            connection = _patient_connection(self.url)
        with connection:
            yield connection


def resolve(location: str | None = None) -> tuple[str, Path | None]:
    """What a location means: an address and None, or an empty text and a directory."""
    text = location or os.environ.get("TUMEN_DATABASE_URL") or ""
    if text.startswith(("postgresql://", "postgres://")):
        if not conninfo_to_dict(text).get("dbname"):
            text = make_conninfo(text, dbname=DATABASE_NAME)
        return text, None
    if not text:
        return "", embedded.default_directory()
    return "", Path(text).expanduser().absolute()


def _patient_connection(url: str) -> "psycopg.Connection[Any]":
    """Connect, waiting for a server that is still replaying its log after a crash."""
    until = time.monotonic() + CONNECT_SECONDS_MAX
    while True:
        try:
            return psycopg.connect(url, autocommit=True)
        except psycopg.OperationalError as error:
            if "starting up" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(CONNECT_PAUSE_SECONDS)


def _create_database(url: str) -> None:
    name = str(conninfo_to_dict(url).get("dbname") or DATABASE_NAME)
    with _patient_connection(make_conninfo(url, dbname=MAINTENANCE_DATABASE)) as connection:
        query = "SELECT 1 FROM pg_database WHERE datname = %s"
        if connection.execute(query, (name,)).fetchone() is None:
            try:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            except (psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
                return  # another process was first
