"""Kills in the middle of faulty days in both forms: the end is that of a run never killed."""

import os
import random
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from running import started, summary
from tumen.simulation import Plan, simulate
from tumen.store.database import Database

IS_FULL = os.environ.get("TUMEN_FAULTS") == "full"
SEEDS = range(61, 67 if IS_FULL else 62)
KILLS = 8 if IS_FULL else 2
BUNDLES = 400 if IS_FULL else 120
LINES_PER_FILE = 60
SECONDS_MAX = 120

DOCUMENTS = " UNION ALL ".join(
    f"SELECT '{table}', key, digest, answer, receipt FROM {table}"  # noqa: S608 - our own names
    for table in ("trade_order", "payment", "waybill", "declaration", "revocation", "goods_return")
)
"""All that is recorded as a document: kind, key, digest, answer, receipt."""

END_STATE = """
    SELECT d.key, e.status, e.lane, e.codes, a.verdict, a.customs_value_fen,
           (SELECT sum(c.amount_fen) FROM charge c JOIN declaration_event v USING (event_id)
            WHERE v.document_id = d.document_id),
           (SELECT sum(l.amount_fen) FROM allowance_entry l WHERE l.document_id = d.document_id)
    FROM declaration d
    LEFT JOIN LATERAL (SELECT * FROM declaration_event v WHERE v.document_id = d.document_id
                       ORDER BY v.event_id DESC LIMIT 1) e ON true
    LEFT JOIN assessment a ON a.document_id = d.document_id
    ORDER BY d.key, d.digest
"""


def rows(url: str, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(query).fetchall()


def make_day(folder: Path, seed: int) -> Path:
    """Faulty consignments in both forms, in files of different form by turns.

    A batch holds one form only, so every file is a batch of its own.
    """
    day = folder / "day"
    day.mkdir()
    ceb = simulate(Plan(BUNDLES, seed, share=0.5, format="ceb"), folder / "ceb").documents
    native = simulate(Plan(BUNDLES, seed + 500, share=0.5), folder / "native").documents
    lines = [
        line
        for file in sorted(native.rglob("*.ndjson"))
        for line in file.read_text(encoding="utf-8").splitlines(keepends=True)
    ]
    messages = sorted(ceb.rglob("*.xml"))
    for number, message in enumerate(messages):
        shutil.copy(message, day / f"{number:05}-b.xml")
    for number, first in enumerate(range(0, len(lines), LINES_PER_FILE)):
        text = "".join(lines[first : first + LINES_PER_FILE])
        (day / f"{number:05}-a.ndjson").write_text(text, encoding="utf-8")
    return day


def wait_for_batches(url: str, count: int, process: Any) -> None:
    until = time.monotonic() + SECONDS_MAX
    while process.poll() is None and time.monotonic() < until:
        if rows(url, "SELECT count(*) FROM batch")[0][0] >= count:
            return
        time.sleep(0.005)


@pytest.fixture
def reference(database: Database) -> Iterator[str]:
    """Another empty database on the same server, for the run that is not killed."""
    name = f"reference_{os.getpid()}"
    with psycopg.connect(database.url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE tumen")
        yield database.url.replace("/test_", f"/{name}?", 1).split("?")[0] + (
            "?" + database.url.split("?", 1)[1]
        )
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.parametrize("seed", SEEDS)
def test_a_faulty_day_killed_again_and_again_ends_as_one_that_was_not(
    seed: int,
    database: Database,
    reference: str,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    record_property("kills", KILLS)
    day = make_day(tmp_path, seed)
    home = tmp_path / "reference"  # a node has one log: the other database is another node's
    untouched = summary(home, "clear", day, "--database", reference)
    shutil.copy(home / "node.keys", tmp_path)
    chance = random.Random(seed)
    answered: dict[tuple[Any, ...], str] = {}
    for _ in range(KILLS):
        process = started(tmp_path, "clear", day, "--database", database.url)
        recorded = rows(database.url, "SELECT count(*) FROM batch")[0][0]
        wait_for_batches(database.url, recorded + chance.randint(1, 5), process)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        now = receipts(database.url)
        assert answered.items() <= now.items()
        answered = now
    assert 0 < len(answered) < len(receipts(reference))
    out = tmp_path / "out"
    found = summary(tmp_path, "clear", day, "--database", database.url, "--out", out)

    after = receipts(database.url)
    assert answered.items() <= after.items()
    assert after.keys() == receipts(reference).keys()
    assert rows(database.url, END_STATE) == rows(reference, END_STATE)
    lines = (out / "receipts.ndjson").read_text(encoding="utf-8").splitlines()
    assert {text for (kind, *_), text in answered.items() if text.startswith("{")} <= set(lines)
    for kind, answers in untouched["documents"].items():
        assert sum(answers.values()) == sum(found["documents"][kind].values())
    assert found["declarations"] == untouched["declarations"]


def receipts(url: str) -> dict[tuple[Any, ...], str]:
    """(kind, key, digest, answer) -> receipt; each document once."""
    found = rows(url, DOCUMENTS)
    by_document = {tuple(row[:4]): str(row[4]) for row in found}
    assert len(by_document) == len(found)
    return by_document
