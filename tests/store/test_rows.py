"""The text of rows is what the server gives back, byte for byte, in every table."""

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
import psycopg
import pytest

from tumen.store.database import Database
from tumen.store.rows import WRITTEN_BY_HAND_MAX
from tumen.store.session import Session

NASTY = ["", " ", "\\", "\\.", "\\N", "a\\nb", "\n", "\r\n", "\t", "\b\f\v", "\x01\x7f", "NULL",
         '"', "''", ",", "{}", "түмэн", "万", "\u2028", "\ufeff", "\U0001f600"]  # fmt: skip
NUMERICS = ["0", "0.5", "12", "1.50", "123456789012345678901234567890.00000001", "-7"]
SEED = 6


def uuid_of(chance: random.Random) -> str:
    return f"{chance.getrandbits(128):032x}"


def moment_of(chance: random.Random) -> datetime:
    fraction = chance.choice([0, 1, 100_000, 120_300, 999_999])
    day = datetime(1, 1, 2, tzinfo=UTC) + timedelta(days=chance.randrange(3_000_000))
    return day + timedelta(seconds=chance.randrange(86_400), microseconds=fraction)


KINDS: dict[str, tuple[Any, Callable[[random.Random], object]]] = {
    "bigint": (pl.Int64, lambda r: r.choice([0, 1, -1, 2**63 - 1, -(2**63)])),
    "integer": (pl.Int32, lambda r: r.choice([0, -5, 2**31 - 1, -(2**31)])),
    "smallint": (pl.Int16, lambda r: r.choice([0, -5, 2**15 - 1, -(2**15)])),
    "text": (pl.String, lambda r: "".join(r.choices([*NASTY, "plain"], k=r.randrange(4)))),
    "uuid": (pl.String, uuid_of),
    "bytea": (pl.Binary, lambda r: r.randbytes(r.randrange(5))),
    "boolean": (pl.Boolean, lambda r: r.random() < 0.5),
    "date": (pl.Date, lambda r: date(1, 1, 1) + timedelta(days=r.randrange(3_000_000))),
    "timestamp with time zone": (pl.Datetime("us", "UTC"), moment_of),
    "numeric": (pl.String, lambda r: r.choice(NUMERICS)),
}

COLUMNS = """
    SELECT c.relname, a.attname, a.atttypid::regtype::text, a.attnotnull
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
      AND a.attnum > 0 AND NOT a.attisdropped ORDER BY c.relname, a.attnum
"""


def frame_of(
    columns: list[tuple[str, str, bool]], rows: int, chance: random.Random
) -> pl.DataFrame:
    """Rows with nasty values, and nulls where the table takes them."""
    made = {}
    for name, kind, is_filled in columns:
        dtype, value = KINDS[kind]
        values = [
            None if not is_filled and chance.random() < 0.2 else value(chance) for _ in range(rows)
        ]
        made[name] = pl.Series(name, values, dtype)
    return pl.DataFrame(made)


def given_back(database: Database, table: str, columns: list[str]) -> bytes:
    named = ", ".join(f'"{name}"' for name in columns)
    query = f"COPY (SELECT {named} FROM {table} ORDER BY nth_row) TO STDOUT"  # noqa: S608
    with (
        psycopg.connect(database.url, options="-c timezone=UTC") as connection,
        connection.cursor().copy(query.encode()) as source,
    ):
        return b"".join(map(bytes, source))


@pytest.mark.parametrize("rows", [WRITTEN_BY_HAND_MAX, 600], ids=["by hand", "in columns"])
def test_the_server_gives_every_row_of_every_table_back_as_it_was_hashed(
    rows: int, database: Database
) -> None:
    tables: dict[str, list[tuple[str, str, bool]]] = {}
    with psycopg.connect(database.url) as connection:
        for table, *column in connection.execute(COLUMNS).fetchall():
            tables.setdefault(table, []).append(tuple(column))
        connection.execute("SET ROLE tumen_owner")
        for table in tables:  # without constraints, which nasty values would not fulfil
            connection.execute(f"CREATE TABLE like_{table} (LIKE {table})".encode())
            connection.execute(f"ALTER TABLE like_{table} ADD nth_row serial".encode())
    chance = random.Random(SEED)
    assert len(tables) > 25
    with database.connect() as opened:
        for table, columns in tables.items():
            frame = frame_of(columns, rows, chance)
            shuffled = frame.select(chance.sample(frame.columns, frame.width))
            taken: list[bytes] = []
            with opened.transaction() as session:
                session.copy(f"like_{table}", shuffled, taken.append)
            found = given_back(database, f"like_{table}", frame.columns)
            assert b"".join(taken) == found, table
            assert found.count(b"\n") == rows


def test_plain_texts_are_not_looked_at_twice_and_give_the_same(database: Database) -> None:
    """A frame whose texts need no escape, with nulls and bytes, takes the shorter way."""
    with psycopg.connect(database.url) as connection:
        connection.execute("SET ROLE tumen_owner")
        connection.execute("CREATE TABLE plain (nth_row int, text text, body bytea, id uuid)")
    frame = pl.DataFrame(
        {
            "nth_row": pl.Series(range(600), dtype=pl.Int32),
            "text": ["a", None, ""] * 200,
            "body": [b"\0\xff", None, b""] * 200,
            "id": ["0" * 32, None, "f" * 32] * 200,
        }
    )
    taken: list[bytes] = []
    with database.session() as session:
        session.copy("plain", frame, taken.append)
    assert b"".join(taken) == given_back(database, "plain", frame.columns)


def test_rows_are_taken_in_the_order_in_which_they_were_given(database: Database) -> None:
    """A small frame after a large one waits for the thread that writes the large one."""
    with psycopg.connect(database.url) as connection:
        connection.execute("SET ROLE tumen_owner")
        connection.execute("CREATE TABLE plain (number int)")
    taken: list[int] = []

    def write(session: Session, first: int, count: int) -> None:
        frame = pl.DataFrame({"number": pl.Series(range(first, first + count), dtype=pl.Int32)})
        session.copy("plain", frame, lambda text: taken.extend(map(int, text.split())))

    with database.session() as session:
        for first, count in ((0, 5), (5, 5_000), (5_005, 3), (5_008, 100)):
            write(session, first, count)
    assert taken == [*range(5_108)]
