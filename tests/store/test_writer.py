"""Rows are sent beside the road: what else is done with their text waits for no server."""

import polars as pl
import psycopg
import pytest

from tumen.store.database import Database
from tumen.store.session import INSERTED_VALUES_MAX, WRITTEN_IN_LINE_MAX

INSERTED, IN_LINE, ASIDE = 1, INSERTED_VALUES_MAX + 1, WRITTEN_IN_LINE_MAX + 1
COUNT = pl.Schema({"count": pl.Int64})


class Refused(Exception):
    """Raised by a taker that takes nothing."""


@pytest.fixture
def things(database: Database) -> Database:
    with psycopg.connect(database.url) as connection:
        connection.execute("SET ROLE tumen_owner")
        connection.execute("CREATE TABLE thing (number bigint PRIMARY KEY)")
    return database


def numbers(first: int, count: int) -> pl.DataFrame:
    return pl.DataFrame({"number": range(first, first + count)})


def count_of(database: Database) -> int:
    with database.session() as session:
        return int(session.read("SELECT count(*) FROM thing", None, COUNT).item())


def test_takers_have_their_rows_while_the_server_still_waits_for_them(things: Database) -> None:
    taken: list[bytes] = []
    with psycopg.connect(things.url) as other, things.session() as session:
        session.execute("SET LOCAL lock_timeout = '20s'")
        other.execute("LOCK TABLE thing IN EXCLUSIVE MODE")
        for first in (0, 1_000, 2_000):
            session.copy("thing", numbers(first, 1_000), taken.append)
        session.settle()
        assert [text.splitlines()[0] for text in taken] == [b"0", b"1000", b"2000"]
        other.rollback()
    assert count_of(things) == 3_000


def test_where_a_taker_refuses_its_rows_nothing_is_written(things: Database) -> None:
    def refuse(_text: bytes) -> None:
        raise Refused

    def write(height: int) -> None:
        with things.session() as session:
            session.copy("thing", numbers(0, ASIDE))
            session.copy("thing", numbers(1_000, height), refuse)
            session.copy("thing", numbers(3_000, ASIDE))

    for height in (INSERTED, IN_LINE, ASIDE):
        with pytest.raises(Refused):
            write(height)
    assert count_of(things) == 0
