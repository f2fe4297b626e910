"""Pools of connections: a thread whose connection was cut takes another, and nobody is told."""

import asyncio
from collections.abc import Iterator

import polars as pl
import psycopg
import pytest

from tumen.store.database import Database, Role
from tumen.store.session import Session
from tumen.web.pool import Pool

PROCESS = pl.Schema({"process": pl.Int64})


@pytest.fixture
def pool(shared_database: Database) -> Iterator[Pool]:
    made = Pool(shared_database, Role.RECORDER, "tests", threads=1, waiting_max=0)
    yield made
    made.close()


def process(session: Session) -> int:
    return int(session.read("SELECT pg_backend_pid()", None, PROCESS).item())


def test_a_connection_that_was_cut_is_replaced(pool: Pool, shared_database: Database) -> None:
    first = asyncio.run(pool.run(process))
    assert asyncio.run(pool.run(process)) == first, "a thread keeps its connection"
    with psycopg.connect(shared_database.url) as administrator:
        administrator.execute("SELECT pg_terminate_backend(%s, 5000)", (first,))
    assert asyncio.run(pool.run(process)) != first
