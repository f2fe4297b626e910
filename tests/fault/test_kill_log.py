"""Killing `tumen clear` under load: the log never goes back, and every rerun proves the same."""

import os
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from running import started, summary, tumen
from tumen.simulation import Plan, simulate
from tumen.store.database import Database
from tumen.trust.published import head_of

KILLS = 1_000 if os.environ.get("TUMEN_FAULTS") == "full" else 3
BUNDLES = 1_500
SECONDS_MAX = 6.0
SEED = 5


def checkpoints(database: Database) -> list[bytes]:
    """All that were signed and committed, in their order."""
    with psycopg.connect(database.url) as connection:
        query = "SELECT checkpoint FROM log_append ORDER BY origin_id, first_leaf"
        return [bytes(each) for (each,) in connection.execute(query).fetchall()]


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return simulate(Plan(BUNDLES, 41), tmp_path_factory.mktemp("made") / "out").documents


def test_no_kill_takes_anything_back_that_was_signed(
    documents: Path,
    database: Database,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    record_property("kills", KILLS)
    chance = random.Random(SEED)
    before: list[bytes] = []
    acknowledged: set[str] = set()
    for kill in range(KILLS):
        out = tmp_path / f"out-{kill}"
        arguments = ("--database", database.url, "--sender", f"s{kill % 7}", "--out", out)
        process = started(tmp_path, "clear", documents, *arguments)
        time.sleep(chance.random() * SECONDS_MAX)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        now = checkpoints(database)
        assert now[: len(before)] == before
        sizes = [head_of(each).size for each in now]
        assert sizes == sorted(set(sizes))
        before = now
        told = out / "receipts.ndjson"
        if told.exists():  # the last line may be half a line
            acknowledged |= set(told.read_text("utf-8", errors="replace").split("\n")[:-1])
    summary(tmp_path, "clear", documents, "--database", database.url, "--out", tmp_path / "all")
    receipts = set((tmp_path / "all/receipts.ndjson").read_text("utf-8").splitlines())
    assert acknowledged <= receipts
    audited = tumen(tmp_path, "log", "audit", "--database", database.url)
    assert audited.returncode == 0, audited.stdout
    published = next(tmp_path.rglob("checkpoint")).read_bytes()
    assert published == checkpoints(database)[-1]


def test_two_commands_at_once_write_one_tree(
    documents: Path, database: Database, tmp_path: Path
) -> None:
    running = [started(tmp_path, "clear", documents, "--database", database.url) for _ in range(2)]
    for process in running:
        _, told = process.communicate()
        assert process.returncode == 0, told
    audited = tumen(tmp_path, "log", "audit", "--database", database.url)
    assert audited.returncode == 0, audited.stdout
