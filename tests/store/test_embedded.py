"""The embedded server has a life of its own and survives what is done to it."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from tumen.kernel.errors import StoreUnavailable, UsageError
from tumen.store import embedded
from tumen.store.database import Database
from tumen.store.tuning import SHARED_BUFFERS_MB_MAX, SHARED_BUFFERS_MB_MIN, tuning

STARTER = (
    "import sys; from tumen.store.database import Database; Database.from_location(sys.argv[1])"
)


@pytest.fixture
def location() -> Iterator[Path]:
    root = Path(tempfile.mkdtemp(prefix="tumen-"))
    yield root / "postgres"
    for lock in root.rglob("lock"):
        embedded.stop(lock.parent)
    shutil.rmtree(root, ignore_errors=True)


def start_in_a_process(location: Path) -> None:
    subprocess.run([sys.executable, "-c", STARTER, str(location)], check=True, timeout=120)


def kill_server(location: Path) -> None:
    server = embedded.status(location)
    assert server is not None
    os.kill(server.process_id, signal.SIGKILL)
    for _ in range(200):
        if embedded.status(location) is None:
            return
        time.sleep(0.05)
    pytest.fail("the killed server still answers")


def test_two_processes_that_start_at_once_share_one_server_that_outlives_them(
    location: Path,
) -> None:
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(start_in_a_process, [location, location]))
    server = embedded.status(location)
    assert server is not None
    assert embedded.start(location) == server
    assert Database(server.url("tumen")).migrations()[0] == "0001_roles"


def test_a_server_that_was_stopped_is_gone_and_can_be_started_again(location: Path) -> None:
    embedded.start(location)
    assert embedded.stop(location)
    assert embedded.status(location) is None
    assert not embedded.stop(location)
    assert embedded.start(location).answers
    assert embedded.size_bytes(location) > 0


def test_a_killed_server_is_started_again_with_all_that_was_committed(location: Path) -> None:
    database = Database.from_location(str(location))
    with psycopg.connect(database.url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    kill_server(location)
    with Database.from_location(str(location)).session() as session:
        session.execute("SELECT 1")
    with psycopg.connect(database.url) as connection:
        assert connection.execute("SELECT number FROM kept").fetchone() == (7,)


def test_a_stale_file_with_the_number_of_another_program_does_not_stop_a_start(
    location: Path,
) -> None:
    embedded.start(location)
    kill_server(location)
    file = location / "data/postmaster.pid"
    lines = file.read_text().splitlines()
    file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    assert embedded.start(location).answers


def test_an_initialisation_that_was_cut_off_is_made_again(location: Path) -> None:
    (location / "data.new").mkdir(parents=True)
    (location / "data.new/PG_VERSION").write_text("18\n")
    assert embedded.start(location).answers


def test_a_directory_too_long_for_a_socket_still_serves(location: Path) -> None:
    long = location / ("x" * 120)
    assert Database.from_location(str(long)).migrations()
    embedded.stop(long)


def test_a_directory_with_other_files_is_refused_and_left_alone(location: Path) -> None:
    location.mkdir()
    (location / "letters.txt").write_text("mine")
    with pytest.raises(UsageError, match="other files"):
        embedded.start(location)
    assert [path.name for path in location.iterdir()] == ["letters.txt"]


def test_a_file_is_refused_as_a_location(location: Path) -> None:
    location.write_text("a file")
    with pytest.raises(UsageError, match="is a file"):
        embedded.start(location)


def test_data_of_another_version_is_refused(location: Path) -> None:
    (location / "data").mkdir(parents=True)
    (location / "data/PG_VERSION").write_text("16\n")
    with pytest.raises(UsageError, match="another PostgreSQL"):
        embedded.start(location)


def test_a_broken_configuration_is_reported_with_the_end_of_the_log(location: Path) -> None:
    embedded.start(location)
    embedded.stop(location)
    with (location / "data/tumen.conf").open("a") as configuration:
        configuration.write("shared_buffers = 'many'\n")
    with pytest.raises(StoreUnavailable, match="shared_buffers"):
        embedded.start(location)


def test_an_address_where_nobody_answers_is_reported_as_unavailable(location: Path) -> None:
    location.mkdir()
    with pytest.raises(StoreUnavailable):
        Database.from_location(f"postgresql://postgres@/tumen?host={location}")


def test_the_settings_keep_commits_durable_and_fit_the_machine() -> None:
    lines = tuning().splitlines()
    assert "fsync = on" in lines
    assert "synchronous_commit = on" in lines
    (buffers,) = [line for line in lines if line.startswith("shared_buffers")]
    size = int(buffers.removeprefix("shared_buffers = ").removesuffix("MB"))
    assert SHARED_BUFFERS_MB_MIN <= size <= SHARED_BUFFERS_MB_MAX


def test_the_server_runs_with_the_settings_it_was_made_with(location: Path) -> None:
    with psycopg.connect(embedded.start(location).url("postgres")) as connection:
        query = "SELECT name, setting FROM pg_settings WHERE sourcefile LIKE '%/tumen.conf'"
        settings = dict(connection.execute(query).fetchall())
    assert settings["fsync"] == "on"
    assert settings["jit"] == "off"
    assert settings["max_wal_size"] == "4096"
