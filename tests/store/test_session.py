"""What is written is read back exactly, whole or not at all."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tumen.kernel.errors import OutsideError, StoreConflict, StoreUnavailable, UsageError
from tumen.store import embedded
from tumen.store.database import Database
from tumen.store.literal import bind, literal
from tumen.store.session import INSERTED_VALUES_MAX, Connection, Query

SCHEMA = pl.Schema(
    {
        "number": pl.Int64,
        "text": pl.String,
        "small": pl.Int16,
        "day": pl.Date,
        "at": pl.Datetime("us", "UTC"),
        "bytes": pl.Binary,
        "flag": pl.Boolean,
        "codes": pl.List(pl.String),
    }
)
TABLE = """CREATE TABLE thing (number bigint PRIMARY KEY, text text, small smallint, day date,
           at timestamptz, bytes bytea, flag boolean, codes text[]);
           CREATE SEQUENCE thing_number"""
COUNT = pl.Schema({"count": pl.Int64})

NASTY = ["", " ", "\\.", "a\n\\.\nb", "\\N", "NULL", '"', '""', "'", "''; DROP TABLE thing; --",
         ",", "\r\n", "\t", "%s", "%(a)s", "{}", '{"a"}', "түмэн", "万", "한국", "\u2028", "\x01",
         "\ufeff", "e\u0301", "\U0001f600"]  # fmt: skip

texts = st.sampled_from(NASTY) | st.text(
    st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20
)
rows = st.tuples(
    st.none() | texts,
    st.none() | st.integers(-(2**15), 2**15 - 1),
    st.none() | st.dates(date(1, 1, 1)),
    st.none() | st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC)),  # noqa: DTZ001 - bounds
    st.none() | st.binary(max_size=20),
    st.none() | st.booleans(),
    st.none() | st.lists(texts, max_size=4),
)


class Undone(Exception):
    """Raised to leave a transaction without a trace."""


@pytest.fixture
def things(database: Database) -> Database:
    with psycopg.connect(database.url) as connection:
        connection.execute("SET ROLE tumen_owner")
        connection.execute(TABLE)
    return database


def frame_of(values: list[tuple[object, ...]], first: int = 0) -> pl.DataFrame:
    numbered = [(first + place, *row) for place, row in enumerate(values)]
    return pl.DataFrame(numbered, schema=SCHEMA, orient="row")


def numbers(first: int, count: int) -> pl.DataFrame:
    return pl.DataFrame({"number": range(first, first + count)})


def write(database: Database, *frames: pl.DataFrame) -> None:
    with database.session() as session:
        for frame in frames:
            session.copy("thing", frame)


def count_of(database: Database) -> int:
    with database.session() as session:
        return int(session.read("SELECT count(*) FROM thing", None, COUNT).item())


@pytest.mark.parametrize("padding", [0, INSERTED_VALUES_MAX], ids=["inserted", "copied"])
def test_every_value_comes_back_as_it_was_written(things: Database, padding: int) -> None:
    blank: tuple[object, ...] = (None,) * 7
    with things.connect() as connection:

        @settings(
            max_examples=100,
            deadline=None,
            suppress_health_check=[HealthCheck.function_scoped_fixture],
        )
        @given(values=st.lists(rows, min_size=1, max_size=8))
        def holds(values: list[tuple[object, ...]]) -> None:
            frame = frame_of([*values, *[blank] * padding])
            with suppress(Undone), connection.transaction() as session:
                session.copy("thing", frame)
                found = session.read("SELECT * FROM thing ORDER BY number", None, SCHEMA)
                assert found.equals(frame)
                raise Undone

        holds()


@given(st.lists(texts, max_size=5), texts)
def test_parameters_never_leave_their_quotes(values: list[str], text: str) -> None:
    bound = bind("SELECT %(values)s, %(text)s, '100%%'", {"values": values, "text": text})
    assert bound.startswith("SELECT (SELECT '")
    assert bound.endswith("', '100%'")
    assert bound.count("'") % 2 == 0


def test_nasty_texts_are_found_by_themselves(things: Database) -> None:
    frame = frame_of([(text, *(None,) * 6) for text in NASTY])
    with things.session() as session:
        session.copy("thing", frame)
        query = "SELECT * FROM thing WHERE text = ANY(%(texts)s) ORDER BY number"
        found = session.read(query, {"texts": pl.Series(NASTY)}, SCHEMA)
        one = session.read("SELECT count(*) FROM thing WHERE text = %(t)s", {"t": "\\."}, COUNT)
    assert found.equals(frame)
    assert one.item() == 1


def test_the_parameters_of_every_kind_reach_the_server(things: Database) -> None:
    schema = pl.Schema(
        {"d": pl.Date, "t": pl.Datetime("us", "UTC"), "b": pl.Binary, "n": pl.Int64,
         "l": pl.List(pl.Int64), "e": pl.List(pl.String), "y": pl.Boolean, "u": pl.String}
    )  # fmt: skip
    moment = datetime(2026, 11, 23, 1, 2, 3, 4, tzinfo=UTC)
    values = {"d": moment.date(), "t": moment, "b": b"\0\xff'", "n": -5, "l": [1, -2], "e": [],
              "y": True, "u": "c4ca4238-a0b9-2382-0dcc-509a6f75849b"}  # fmt: skip
    names = ", ".join(f"%({name})s" for name in values).replace("%(u)s", "%(u)s::uuid")
    with things.session() as session:
        found = session.read(f"SELECT {names}", values, schema)  # type: ignore[arg-type]
    assert found.row(0, named=True) == values


def test_a_query_that_finds_nothing_gives_an_empty_frame_of_its_own(things: Database) -> None:
    with things.session() as session:
        first = session.read("SELECT * FROM thing", None, SCHEMA)
        first.insert_column(0, pl.Series("mine", [], pl.String))
        second = session.read("SELECT * FROM thing", None, SCHEMA)
    assert second.schema == SCHEMA
    assert second.is_empty()


def test_text_with_a_zero_character_is_refused_on_both_ways(things: Database) -> None:
    with pytest.raises(UsageError):
        literal("a\0b")
    many = pl.DataFrame({"number": range(100), "text": ["a\0b"] * 100})
    with pytest.raises(UsageError):
        write(things, many)
    assert count_of(things) == 0


@pytest.mark.parametrize("height", [1, INSERTED_VALUES_MAX + 1])
def test_a_row_that_is_there_already_is_a_conflict_and_the_batch_leaves_nothing(
    things: Database, height: int
) -> None:
    write(things, numbers(0, 1))
    with pytest.raises(StoreConflict) as raised:
        write(things, numbers(10, height), numbers(0, height))
    assert raised.value.details == {"table": "thing", "constraint": "thing_pkey"}
    assert count_of(things) == 1


def test_an_error_in_the_block_rolls_everything_back(things: Database) -> None:
    with things.connect() as connection:
        with suppress(Undone), connection.transaction() as session:
            session.copy("thing", numbers(0, 1000))
            raise Undone
        with connection.transaction() as session:
            assert session.read("SELECT count(*) FROM thing", None, COUNT).item() == 0


def test_small_and_large_frames_are_written_in_the_order_they_were_given(things: Database) -> None:
    with things.session() as session:
        session.copy("thing", numbers(0, 2))
        session.copy("thing", numbers(10, 200))
        session.copy("thing", numbers(500, 2))
        session.copy("thing", numbers(0, 0))
        assert session.read("SELECT count(*) FROM thing", None, COUNT).item() == 204
    assert count_of(things) == 204


def test_what_is_given_later_is_not_sent_with_a_copy_that_is_still_on_its_way(
    things: Database,
) -> None:
    is_given = threading.Event()

    def wait(_text: bytes) -> None:
        assert is_given.wait(30)

    with things.session() as session:
        session.read("SELECT count(*) FROM thing", None, COUNT)  # begins the transaction
        session.copy("thing", numbers(0, 1_000), wait)
        session.copy("thing", numbers(2_000, 1_000))
        session.copy("thing", numbers(9_000, 1))
        is_given.set()
    assert count_of(things) == 2_001


def test_rows_that_refer_to_others_are_written_after_them(things: Database) -> None:
    with psycopg.connect(things.url, autocommit=True) as administrator:
        administrator.execute(
            "CREATE TABLE part (thing bigint NOT NULL REFERENCES thing, number bigint);"
            "GRANT ALL ON part TO PUBLIC"
        )
    parts = pl.DataFrame({"thing": [3] * 300, "number": range(300)})

    def write(*, refers: bool) -> None:
        with things.session() as session:
            session.read("SELECT count(*) FROM thing", None, COUNT)  # begins the transaction
            session.copy("thing", numbers(3, 1))
            session.copy("part", parts, refers=refers)

    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        write(refers=False)
    write(refers=True)
    assert count_of(things) == 1


def test_a_copy_that_refers_to_nothing_leaves_its_own_table_in_order(things: Database) -> None:
    with things.session() as session:
        session.copy("thing", numbers(0, 2), refers=False)
        session.copy("thing", numbers(10, 200), refers=False)
        assert session.read("SELECT count(*) FROM thing", None, COUNT).item() == 202
    assert count_of(things) == 202


def test_queries_asked_together_are_answered_each_in_its_own_form(things: Database) -> None:
    count = Query("SELECT count(*) FROM thing", COUNT)
    named = Query(
        "SELECT text FROM thing WHERE number = ANY(%(numbers)s)",
        pl.Schema({"text": pl.String}),
        {"numbers": [7]},
    )
    with things.session() as session:
        before, found = session.sequence(count, named)
        session.copy("thing", pl.DataFrame({"number": [7], "text": ["seven"]}))
        then, after = session.ask(named, count)
    assert (before.item(), found.rows()) == (0, [])
    assert (then.item(), after.item()) == ("seven", 1)


def test_a_swallowed_error_cannot_be_committed(things: Database) -> None:
    def swallow() -> None:
        with things.session() as session:
            session.copy("thing", numbers(0, 1))
            with suppress(psycopg.errors.DivisionByZero):
                session.execute("SELECT 1 / 0")

    with pytest.raises(RuntimeError, match="nothing was committed"):
        swallow()
    assert count_of(things) == 0


def test_the_sequencers_stand_in_line_and_their_numbers_have_no_gaps(things: Database) -> None:
    taken: list[int] = []

    def take() -> None:
        with things.connect() as connection:
            for _ in range(10):
                with connection.transaction() as session:
                    session.sequence()
                    first = session.next_values("thing_number", 3)
                    session.copy("thing", numbers(first, 3))
                    taken.append(first)

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert taken == list(range(1, 121, 3))
    assert count_of(things) == 120


def test_a_client_killed_in_the_middle_leaves_nothing_and_frees_the_line(things: Database) -> None:
    program = """
import sys, time
import polars as pl
from tumen.store.database import Database
with Database(sys.argv[1]).session() as session:
    session.sequence()
    session.copy("thing", pl.DataFrame({"number": range(1000)}))
    print("written", flush=True)
    time.sleep(600)
"""
    command = [sys.executable, "-c", program, things.url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as client:
        assert client.stdout is not None
        assert client.stdout.readline() == "written\n"
        client.send_signal(signal.SIGKILL)
    with things.session() as session:
        session.sequence()
        assert session.read("SELECT count(*) FROM thing", None, COUNT).item() == 0


def test_a_connection_that_was_cut_is_reported_as_unavailable(things: Database) -> None:
    process_schema = pl.Schema({"process": pl.Int64})

    def cut(connection: Connection) -> None:
        with connection.transaction() as session:
            process = session.read("SELECT pg_backend_pid()", None, process_schema).item()
            with psycopg.connect(things.url) as administrator:
                administrator.execute("SELECT pg_terminate_backend(%s, 5000)", (process,))
            session.copy("thing", numbers(0, 5000))

    with things.connect() as connection:
        with pytest.raises(StoreUnavailable):
            cut(connection)
        assert connection.is_broken
    assert count_of(things) == 0


def test_a_connection_that_was_cut_while_nothing_was_asked_is_known_to_be_broken(
    things: Database,
) -> None:
    process_schema = pl.Schema({"process": pl.Int64})
    with things.connect() as connection:
        with connection.transaction() as session:
            process = session.read("SELECT pg_backend_pid()", None, process_schema).item()
        assert not connection.is_broken
        with psycopg.connect(things.url) as administrator:
            administrator.execute("SELECT pg_terminate_backend(%s, 5000)", (process,))
        assert connection.is_broken


def test_a_server_killed_during_a_batch_keeps_what_was_acknowledged_and_no_more(
    things: Database, database_location: str
) -> None:
    write(things, numbers(0, 100))
    server = embedded.status(Path(database_location))
    assert server is not None

    def kill_it_in_the_middle() -> None:
        with things.session() as session:
            session.copy("thing", numbers(1000, 5000))
            os.kill(server.process_id, signal.SIGKILL)
            for first in range(10_000, 100_000, 5_000):
                session.copy("thing", numbers(first, 5000))
            session.execute("SELECT pg_sleep(30)")

    with pytest.raises(StoreUnavailable):
        kill_it_in_the_middle()
    Database.from_location(database_location)
    assert count_of(things) == 100


@pytest.fixture
def small_disk() -> Iterator[Path]:
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    place = Path(tempfile.mkdtemp(prefix="tumen-small-"))
    command = ["mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", str(place)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("this machine does not allow a small disk to be mounted")
    place.chmod(0o755)
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)
    place.rmdir()


def test_a_full_disk_is_said_plainly_and_the_batch_leaves_nothing(
    things: Database, small_disk: Path
) -> None:
    with psycopg.connect(things.url, autocommit=True) as connection:
        folder = small_disk / "space"
        folder.mkdir()
        shutil.chown(folder, embedded.ROOT_USER)
        connection.execute(f"CREATE TABLESPACE small LOCATION '{folder}'")
        connection.execute("ALTER TABLE thing SET TABLESPACE small")
    wide = pl.DataFrame({"number": range(100_000), "text": ["x" * 900] * 100_000})
    with pytest.raises(OutsideError, match="disk of the database is full"):
        write(things, wide)
    assert count_of(things) == 0
    with psycopg.connect(things.url, autocommit=True) as connection:
        connection.execute("DROP TABLE thing")
        connection.execute("DROP TABLESPACE small")
