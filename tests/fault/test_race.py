"""Two processes or two desks at once: no half of a match is missed, no allowance overdrawn."""

import json
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psycopg
import pytest

from clearing import Clearing
from running import started
from tumen.simulation import Plan, bundles, scenario, simulate
from tumen.store.database import Database

ANNUAL_LIMIT_FEN = 2_600_000


def documents_of(made: Sequence[Any], *kinds: str) -> list[dict[str, Any]]:
    return [each for bundle in made for each in bundle.documents if each["kind"] in kinds]


def at_once(*work: Any) -> None:
    """Run functions in threads at the same moment; errors are raised."""
    errors: list[BaseException] = []
    barrier = threading.Barrier(len(work))

    def run(function: Any) -> None:
        barrier.wait()
        try:
            function()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(each,)) for each in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


@pytest.mark.parametrize("documents_max", [3, 40])
def test_both_halves_of_matches_at_the_same_moment_leave_nothing_pending(
    documents_max: int, database: Database, tmp_path: Path
) -> None:
    made = list(bundles(Plan(30, 21, share=0.0)))
    left, right = Clearing(database, sender="left"), Clearing(database, sender="right")
    for name in ("left", "right"):
        (tmp_path / name).mkdir()
    at_once(
        lambda: left.documents(
            documents_of(made, "order", "payment"), tmp_path / "left", documents_max
        ),
        lambda: right.documents(
            documents_of(made, "waybill", "declaration"), tmp_path / "right", documents_max
        ),
    )
    status = left.status()
    assert len(status) == 30
    assert set(status.values()) <= {"released", "examination"}


def test_the_same_files_in_two_processes_are_recorded_once(
    database: Database, tmp_path: Path
) -> None:
    written = simulate(Plan(150, 22, share=0.0), tmp_path / "made")
    running = [
        started(tmp_path, "clear", written.documents, "--database", database.url, "--json",
                "--out", tmp_path / f"out-{number}")
        for number in (1, 2)
    ]  # fmt: skip
    found = [json.loads(process.communicate()[0])["documents"] for process in running]
    for kind in ("order", "payment", "waybill", "declaration"):
        assert sum(each[kind]["accepted"] for each in found) == 150
        assert sum(each[kind]["duplicate"] for each in found) == 150
    receipts = [
        sorted((tmp_path / f"out-{number}/receipts.ndjson").read_text("utf-8").splitlines())
        for number in (1, 2)
    ]
    assert receipts[0] == receipts[1]


def test_one_persons_orders_in_two_desks_never_overdraw_the_allowance(
    database: Database, tmp_path: Path
) -> None:
    made = scenario("over_annual", 23)
    halves = (made[::2], made[1::2])
    desks = []
    for number, half in enumerate(halves):
        folder = tmp_path / str(number)
        folder.mkdir()
        clearing = Clearing(database, sender=str(number))
        documents = documents_of(half, "order", "payment", "waybill", "declaration")
        desks.append(lambda c=clearing, d=documents, f=folder: c.documents(d, f, 4))
    at_once(*desks)
    with psycopg.connect(database.url) as connection:
        totals = connection.execute(
            "SELECT sum(amount_fen) FROM allowance_entry GROUP BY person, year"
        ).fetchall()
    assert totals
    assert all(total <= ANNUAL_LIMIT_FEN for (total,) in totals)
    status = list(Clearing(database).status().values())
    assert len(status) == len(made)
    assert status.count("rejected") == 1
