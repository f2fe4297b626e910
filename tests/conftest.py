"""One embedded server for each test process, and a fresh migrated database for each test."""

import itertools
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from hypothesis import settings

from tumen.store import embedded
from tumen.store.database import Database

settings.register_profile("sample", deadline=None, derandomize=True)
settings.register_profile("full", deadline=None, max_examples=1_000)
settings.load_profile("full" if os.environ.get("TUMEN_FAULTS") == "full" else "sample")

_numbers = itertools.count(1)


ID_LENGTH_MAX = 80
"""A longer text is no name."""


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name a case of bytes or of a long text by its place: it may hold a key or the second it was
    made in, and two workers would collect different tests."""
    is_long = isinstance(val, str) and len(val) > ID_LENGTH_MAX
    return argname if isinstance(val, bytes) or is_long else None


@pytest.fixture
def server_folder() -> Iterator[Path]:
    """A folder for an embedded server of the test's own, ``server`` below it; stopped at the end.

    It lies outside pytest's own folder: a pytest that starts meanwhile closes that to other
    users, the server's among them.
    """
    with tempfile.TemporaryDirectory(prefix="tumen-", ignore_cleanup_errors=True) as name:
        try:
            yield Path(name)
        finally:
            _put_out(Path(name) / "server")


PUT_OUT_SECONDS_MAX = 60


def _put_out(directory: Path) -> None:
    """End a server whose data are thrown away, without the checkpoint that stopping it writes."""
    server = embedded.status(directory)
    if server is None:
        return
    os.kill(server.process_id, signal.SIGQUIT)
    until = time.monotonic() + PUT_OUT_SECONDS_MAX
    while (directory / "data/postmaster.pid").exists() and time.monotonic() < until:
        time.sleep(0.02)


@pytest.fixture(scope="session")
def database_location() -> Iterator[str]:
    """The directory of a running server, migrated; stopped and removed at the end."""
    root = Path(tempfile.mkdtemp(prefix="tumen-", dir=_in_memory()))
    location = root / "postgres"
    try:
        Database.from_location(str(location))
        _need_no_disk(embedded.start(location).url("postgres"))
        yield str(location)
    finally:
        _put_out(location)
        shutil.rmtree(root, ignore_errors=True)


MEMORY = Path("/dev/shm")  # noqa: S108 - what lies in it is made by mkdtemp
MEMORY_BYTES_MIN = 4 << 30


def _in_memory() -> Path | None:
    """A folder in memory with much room, where there is one: hundreds of databases come and go."""
    try:
        is_roomy = shutil.disk_usage(MEMORY).free >= MEMORY_BYTES_MIN
    except OSError:
        return None
    return MEMORY if is_roomy else None


def _need_no_disk(url: str) -> None:
    """Let the server promise nothing to a disk: no test of its databases turns off the machine.

    Making and dropping a database for each test waits for the disk more than for anything else.
    """
    with psycopg.connect(url, autocommit=True) as administrator:
        administrator.execute("ALTER SYSTEM SET fsync = off")
        administrator.execute("ALTER SYSTEM SET full_page_writes = off")
        administrator.execute("SELECT pg_reload_conf()")


@contextmanager
def fresh_database(location: str) -> Iterator[Database]:
    """A migrated and empty database, dropped at the end."""
    directory = Path(location)
    server = embedded.start(directory)
    name = f"test_{next(_numbers)}"
    with psycopg.connect(server.url("postgres"), autocommit=True) as administrator:
        administrator.execute(f"CREATE DATABASE {name} TEMPLATE tumen STRATEGY file_copy")
    yield Database(server.url(name), directory)
    with psycopg.connect(
        embedded.start(directory).url("postgres"), autocommit=True
    ) as administrator:
        administrator.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def database(database_location: str) -> Iterator[Database]:
    """A migrated and empty database of its own, dropped after the test."""
    with fresh_database(database_location) as database:
        yield database


@pytest.fixture(scope="module")
def shared_database(database_location: str) -> Iterator[Database]:
    """A database for tests of one module that leave nothing in it."""
    with fresh_database(database_location) as database:
        yield database
