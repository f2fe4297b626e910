"""A full disk, of the answers or of the database: said plainly, and the next run goes on."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from running import summary, tumen
from small_disk import mounted, resize
from tumen.simulation import Plan, simulate
from tumen.store import embedded
from tumen.store.database import Database

BUNDLES = 6_000
DOCUMENTS = 4 * BUNDLES

HELD = """
    SELECT batch_id, count(*) FROM (
        SELECT batch_id FROM trade_order UNION ALL SELECT batch_id FROM payment
        UNION ALL SELECT batch_id FROM waybill UNION ALL SELECT batch_id FROM declaration
    ) AS document GROUP BY batch_id
"""


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Clean consignments, enough for several batches."""
    return simulate(Plan(BUNDLES, 51, share=0.0), tmp_path_factory.mktemp("made") / "out").documents


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A mounted disk of 1 MiB; its size may be changed with :func:`resize`."""
    with mounted(1) as place:
        yield place


def assert_whole(url: str) -> int:
    """Every batch holds what it says; how many documents there are."""
    with psycopg.connect(url) as connection:
        said = dict(connection.execute("SELECT batch_id, documents FROM batch").fetchall())
        held = dict(connection.execute(HELD).fetchall())
    assert said == held
    return sum(held.values())


def assert_told(done: "subprocess.CompletedProcess[str]") -> None:
    """Exit code 1, the cause and the next step, no trace of the program."""
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert "again" in done.stderr
    assert not done.stdout


def assert_goes_on(location: object, documents: Path, folder: Path, out: Path) -> None:
    """The same command finishes: every row has its receipt, and every document one record."""
    found = summary(folder, "clear", documents, "--database", location, "--out", out)
    orders = found["documents"]["order"]
    assert (orders["accepted"] + orders["duplicate"], orders["rejected"]) == (BUNDLES, 0)
    lines = (out / "receipts.ndjson").read_text(encoding="utf-8").splitlines()
    assert len(lines) == DOCUMENTS


def test_a_full_disk_for_the_answers_ends_with_one_and_the_next_run_gives_them_all(
    documents: Path, database: Database, small_disk: Path, tmp_path: Path
) -> None:
    out = small_disk / "out"
    arguments = ("clear", documents, "--database", database.url, "--out", out, "--json")
    done = tumen(tmp_path, *arguments)
    assert_told(done)
    assert "No space left" in done.stderr
    assert_whole(database.url)
    resize(small_disk, 64)
    assert_goes_on(database.url, documents, tmp_path, out)
    assert assert_whole(database.url) == DOCUMENTS


@pytest.fixture
def crowded(database: Database, small_disk: Path) -> Iterator[Database]:
    """A database whose declarations lie on the small disk."""
    space = small_disk / "space"
    space.mkdir()
    shutil.chown(space, embedded.ROOT_USER)
    with psycopg.connect(database.url, autocommit=True) as connection:
        connection.execute(f"CREATE TABLESPACE crowded LOCATION '{space}'")
        connection.execute("ALTER TABLE declaration SET TABLESPACE crowded")
        yield database
        connection.execute("ALTER TABLE declaration SET TABLESPACE pg_default")
        connection.execute("DROP TABLESPACE crowded")


def test_a_full_disk_for_a_table_leaves_whole_batches_and_the_next_run_goes_on(
    documents: Path, crowded: Database, small_disk: Path, tmp_path: Path
) -> None:
    resize(small_disk, 5)  # room for the declarations of the first batch, not for all
    done = tumen(tmp_path, "clear", documents, "--database", crowded.url, "--json")
    assert_told(done)
    assert "disk of the database is full" in done.stderr
    assert 0 < assert_whole(crowded.url) < DOCUMENTS
    resize(small_disk, 200)
    assert_goes_on(crowded.url, documents, tmp_path, tmp_path / "out")
    assert assert_whole(crowded.url) == DOCUMENTS


@pytest.mark.skipif(os.environ.get("TUMEN_FAULTS") != "full", reason="long: in `make faults`")
def test_a_full_disk_for_the_log_of_the_database_stops_it_and_the_next_run_goes_on(
    documents: Path, small_disk: Path, tmp_path: Path
) -> None:
    resize(small_disk, 90)
    location = small_disk / "postgres"
    try:
        done = tumen(tmp_path, "clear", documents, "--database", location, "--json")
        assert_told(done)
        resize(small_disk, 600)
        url = Database.from_location(str(location)).url
        assert assert_whole(url) < DOCUMENTS
        assert_goes_on(location, documents, tmp_path, tmp_path / "out")
        assert assert_whole(url) == DOCUMENTS
    finally:
        embedded.stop(location)
