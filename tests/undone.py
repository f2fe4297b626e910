"""A transaction that is taken back at its end, so that many tests share one database."""

from collections.abc import Iterator
from contextlib import contextmanager

from tumen.store.database import Database
from tumen.store.session import Session


class Undo(Exception):
    """What ends the transaction without a commit."""


@contextmanager
def undone(database: Database) -> Iterator[Session]:
    """One transaction of the recorder, of which nothing stays."""
    with database.connect() as connection:
        transaction = connection.transaction()
        yield transaction.__enter__()
        transaction.__exit__(Undo, Undo(), None)
