"""`tumen queue`, `tumen decide` and `tumen track`, as an officer and a buyer use them."""

import json
import random
import time
from pathlib import Path
from typing import Any

import psycopg
import pytest

from running import started, tumen
from tumen.simulation import Plan, simulate
from tumen.store.database import Database

WHY = ("--reason", "papers in order", "--officer", "A-17")


@pytest.fixture
def folder(tmp_path: Path, database: Database) -> Path:
    """A node with four consignments whose goods are called a gift."""
    made = simulate(Plan(4, 3, fault="vague_description"), tmp_path / "made")
    done = tumen(tmp_path, "clear", made.documents, "--database", database.url)
    assert done.returncode == 0, done.stderr
    return tmp_path


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def waiting(folder: Path, database: Database) -> list[dict[str, Any]]:
    return lines(tumen(folder, "queue", "--json", "--database", database.url).stdout)


def decide(folder: Path, database: Database, *said: str) -> list[dict[str, Any]]:
    return lines(tumen(folder, "decide", *said, "--json", "--database", database.url).stdout)


def test_an_officer_previews_releases_and_undoes_and_the_log_stays_whole(
    folder: Path, database: Database
) -> None:
    numbers = [line["number"] for line in waiting(folder, database)]
    assert len(numbers) == 4
    preview = decide(folder, database, "release", *numbers, *WHY, "--preview")
    assert [(each["status"], each["event"]) for each in preview] == [("released", None)] * 4
    assert len(waiting(folder, database)) == 4
    done = decide(folder, database, "release", *numbers[:2], *WHY)
    assert [each["answer"] for each in done] == ["accepted", "accepted"]
    assert [line["number"] for line in waiting(folder, database)] == numbers[2:]
    undone = decide(folder, database, "undo", numbers[0], "--reason", "a slip", "--officer", "A-17")
    assert undone[0]["status"] == "held"
    shown = tumen(folder, "show", numbers[0], "--database", database.url).stdout
    assert "the officer: papers in order" in shown
    assert tumen(folder, "log", "audit", "--database", database.url).returncode == 0


def test_what_cannot_be_done_is_told_with_its_remedy_and_a_code_of_exit(
    folder: Path, database: Database
) -> None:
    told = tumen(folder, "decide", "release", "nothing", *WHY, "--database", database.url)
    assert told.returncode == 1
    assert "no declaration under this number" in " ".join(told.stdout.split())
    wrong = tumen(folder, "decide", "hold", "1", *WHY, "--authority", "FR", "--database",
                  database.url)  # fmt: skip
    assert (wrong.returncode, "CN, JP, KR, MN, RU" in wrong.stderr) == (2, True)


def test_anybody_tracks_a_journey_by_the_waybills_number(folder: Path, database: Database) -> None:
    number = waiting(folder, database)[0]["waybill_number"]
    told = tumen(folder, "track", number, "--database", database.url)
    assert "customs looks at the papers" in told.stdout
    epcis = json.loads(tumen(folder, "track", number, "--epcis", "--database", database.url).stdout)
    assert epcis["epcisBody"]["eventList"][0]["bizStep"] == "holding"
    absent = tumen(folder, "track", "W-404", "--database", database.url)
    assert (absent.returncode, "W-404" in absent.stderr) == (2, True)


def test_an_act_whose_process_is_killed_is_whole_or_absent(
    folder: Path, database: Database
) -> None:
    numbers = [line["number"] for line in waiting(folder, database)]
    draw = random.Random(5)
    for _ in range(3):
        killed = started(folder, "decide", "reject", *numbers, *WHY, "--database", database.url)
        time.sleep(draw.uniform(0.5, 2.0))
        killed.kill()
        killed.communicate()
    decide(folder, database, "reject", *numbers, *WHY)
    with psycopg.connect(database.url) as connection:
        told = connection.execute(
            "SELECT count(*), count(DISTINCT document_id) FROM decision WHERE act = 'reject'"
        ).fetchall()
        owed = connection.execute("SELECT sum(amount_fen)::bigint FROM charge").fetchall()
    assert told == [(4, 4)]
    assert owed == [(0,)]
    assert tumen(folder, "log", "audit", "--database", database.url).returncode == 0
