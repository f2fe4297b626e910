"""Killing the command or the database in the middle: batches are whole or absent."""

import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from running import started, summary, tumen
from tumen.simulation import Plan, simulate
from tumen.store import embedded
from tumen.store.database import Database

KILLS = 5 if os.environ.get("TUMEN_FAULTS") == "full" else 1
BUNDLES = 26_000 if KILLS > 1 else 6_000
DOCUMENTS = 4 * BUNDLES
SECONDS_MAX = 120

RECORDED = """
    SELECT batch_id, count(*) FROM (
        SELECT batch_id FROM trade_order UNION ALL SELECT batch_id FROM payment
        UNION ALL SELECT batch_id FROM waybill UNION ALL SELECT batch_id FROM declaration
    ) AS document GROUP BY batch_id ORDER BY batch_id
"""


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Clean consignments, enough for several batches."""
    return simulate(Plan(BUNDLES, 31, share=0.0), tmp_path_factory.mktemp("made") / "out").documents


def wait_for_a_batch(url: str, more_than: int = 0) -> None:
    """Wait until more batches are recorded than there were."""
    until = time.monotonic() + SECONDS_MAX
    with psycopg.connect(url, autocommit=True) as connection:
        while time.monotonic() < until:
            ((count,),) = connection.execute("SELECT count(*) FROM batch").fetchall()
            if count > more_than:
                return
            time.sleep(0.02)
    raise AssertionError("no batch was recorded in time")


def batches(url: str) -> tuple[dict[int, int], dict[int, int]]:
    """What each batch says it holds, and what it holds."""
    with psycopg.connect(url) as connection:
        said = connection.execute("SELECT batch_id, documents FROM batch").fetchall()
        return dict(said), dict(connection.execute(RECORDED).fetchall())


def recorded_receipts(url: str) -> set[str]:
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT receipt FROM trade_order UNION ALL SELECT receipt FROM payment"
            " UNION ALL SELECT receipt FROM waybill UNION ALL SELECT receipt FROM declaration"
        ).fetchall()
    return {receipt for (receipt,) in rows}


def assert_whole(url: str) -> None:
    said, held = batches(url)
    assert said == held


def assert_complete(url: str, folder: Path, before: set[str]) -> None:
    """Everything is recorded once, and what was answered before is answered alike."""
    said, held = batches(url)
    assert said == held
    assert sum(held.values()) == DOCUMENTS
    lines = (folder / "receipts.ndjson").read_text(encoding="utf-8").splitlines()
    assert len(lines) == DOCUMENTS
    assert before <= set(lines)
    assert set(lines) == recorded_receipts(url)


def test_a_killed_command_leaves_whole_batches_and_the_next_run_goes_on(
    documents: Path,
    database: Database,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    record_property("kills", KILLS)
    for kill in range(KILLS):
        process = started(tmp_path, "clear", documents, "--database", database.url)
        wait_for_a_batch(database.url, more_than=kill)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert_whole(database.url)
    before = recorded_receipts(database.url)
    assert before
    found = summary(
        tmp_path, "clear", documents, "--database", database.url, "--out", tmp_path / "out"
    )
    assert_complete(database.url, tmp_path / "out", before)
    orders = found["documents"]["order"]
    assert orders["accepted"] + orders["duplicate"] == BUNDLES


@pytest.fixture
def own_server(server_folder: Path) -> Path:
    """An embedded server that a test may kill."""
    directory = server_folder / "server"
    Database.from_location(str(directory))
    return directory


def test_a_killed_database_ends_the_command_with_one_and_the_next_run_goes_on(
    documents: Path, own_server: Path, tmp_path: Path
) -> None:
    url = Database.from_location(str(own_server)).url
    process = started(tmp_path, "clear", documents, "--database", own_server)
    wait_for_a_batch(url)
    server = embedded.status(own_server)
    assert server is not None
    os.kill(server.process_id, signal.SIGKILL)
    _, told = process.communicate(timeout=SECONDS_MAX)
    assert process.returncode == 1
    assert "Traceback" not in told
    found = tumen(tmp_path, "clear", documents, "--database", own_server, "--json",
                  "--out", tmp_path / "out")  # fmt: skip
    assert found.returncode == 0, found.stderr
    assert json.loads(found.stdout)["documents"]["order"]["rejected"] == 0
    assert_complete(Database.from_location(str(own_server)).url, tmp_path / "out", set())


def test_killing_one_command_does_not_disturb_another(
    documents: Path, database: Database, tmp_path: Path
) -> None:
    other = started(tmp_path, "clear", documents, "--database", database.url, "--sender", "other")
    killed = started(tmp_path, "clear", documents, "--database", database.url, "--sender", "other")
    wait_for_a_batch(database.url)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    _, told = other.communicate(timeout=SECONDS_MAX)
    assert other.returncode == 0, told
    assert_whole(database.url)
    assert sum(batches(database.url)[1].values()) == DOCUMENTS
