"""Restores a backup of a test database, for tests of what a node does then."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from tumen.store.database import Database


@contextmanager
def copied(database: Database) -> Iterator[Database]:
    """A backup of a database as it is now, restored under another name."""
    server, place = database.url.rsplit("/test_", 1)
    name, _, options = place.partition("?")
    copy = f"test_{name}_copy"
    maintenance = f"{server}/postgres?{options}"
    with psycopg.connect(maintenance, autocommit=True) as administrator:
        administrator.execute(f"CREATE DATABASE {copy} TEMPLATE test_{name}")
    try:
        yield Database(f"{server}/{copy}?{options}")
    finally:
        with psycopg.connect(maintenance, autocommit=True) as administrator:
            administrator.execute(f"DROP DATABASE {copy} WITH (FORCE)")
