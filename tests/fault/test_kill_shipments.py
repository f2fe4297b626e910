"""Killing a command that clears native shipments: batches are whole, and the rerun goes on."""

import json
import signal
import time
from pathlib import Path

import psycopg
from shipments import shipments, write_ndjson

from running import started, summary
from tumen.store.database import Database

COUNT = 4_500  # a first batch, and a second one that the kill comes into
SECONDS_MAX = 120
RECORDED = """
    SELECT b.documents, count(s.document_id) FROM batch b
    LEFT JOIN goods_shipment s USING (batch_id) GROUP BY b.batch_id, b.documents
"""


def recorded_receipts(url: str) -> set[str]:
    with psycopg.connect(url) as connection:
        return {body for (body,) in connection.execute("SELECT receipt FROM goods_shipment")}


def wait_for_receipts(url: str) -> None:
    """Wait until a batch is recorded."""
    until = time.monotonic() + SECONDS_MAX
    while not recorded_receipts(url):
        assert time.monotonic() < until, "no batch was recorded in time"
        time.sleep(0.05)


def test_a_rerun_after_a_kill_gives_the_same_receipts(database: Database, tmp_path: Path) -> None:
    told = ({"shipment": f"S-{n}", **each} for n, each in enumerate(shipments(COUNT, 5)))
    file = write_ndjson(tmp_path / "day.ndjson", told)
    process = started(tmp_path, "clear", file, "--database", database.url)
    wait_for_receipts(database.url)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    with psycopg.connect(database.url) as connection:
        assert all(said == held for said, held in connection.execute(RECORDED))
    before = recorded_receipts(database.url)
    found = summary(tmp_path, "clear", file, "--database", database.url, "--out", tmp_path / "out")
    again = (tmp_path / "out" / "receipts.ndjson").read_text(encoding="utf-8").splitlines()
    assert [json.loads(body)["shipment"] for body in again] == [f"S-{n}" for n in range(COUNT)]
    assert before <= {*again} == recorded_receipts(database.url)
    assert found["documents"]["shipment"]["duplicate"] == len(before) > 0
    assert sum(found["documents"]["shipment"].values()) == COUNT
    assert sum(found["declarations"].values()) == COUNT
    accepted = [body for body in again if json.loads(body)["answer"] == "accepted"]
    with psycopg.connect(database.url) as connection:
        events = connection.execute("SELECT count(*) FROM declaration_event").fetchall()
    assert events == [(len(accepted),)]


def test_two_commands_at_once_record_each_shipment_once(database: Database, tmp_path: Path) -> None:
    told = ({"shipment": f"S-{n}", **each} for n, each in enumerate(shipments(300, 6)))
    file = write_ndjson(tmp_path / "day.ndjson", told)
    both = [
        started(tmp_path, "clear", file, "--database", database.url, "--out", tmp_path / name)
        for name in ("one", "two")
    ]
    for process in both:
        _, problems = process.communicate(timeout=SECONDS_MAX)
        assert process.returncode == 0, problems
    one, two = (
        (tmp_path / name / "receipts.ndjson").read_text(encoding="utf-8").splitlines()
        for name in ("one", "two")
    )
    assert len(one) == 300
    assert one == two
    assert {*one} == recorded_receipts(database.url)
