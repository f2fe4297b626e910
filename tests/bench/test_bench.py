"""The bench measures what it says: right results, the same rows in all arms, and no less."""

import json
import os
import subprocess
import sys
from pathlib import Path

import arms
import polars as pl
import pytest
import report
import stations
import verdict
from arena import fresh_node, query

from tumen.simulation import Plan, simulate

ROAD = Path(__file__).parents[2] / "bench/road.py"


@pytest.mark.skipif(os.environ.get("TUMEN_FAULTS") != "full", reason="long: in `make bench`")
def test_the_bare_arm_writes_the_rows_of_the_road_in_its_transactions(tmp_path: Path) -> None:
    simulation = simulate(Plan(120, 3, share=0.5), tmp_path / "simulation").out
    capture = arms.Capture()
    with fresh_node(simulation) as node:
        with capture.on():
            arms.clear(node, simulation)
        road = arms.fingerprint(node, capture.tables)
        ((batches,),) = query(node, "SELECT count(*) FROM batch")
    with fresh_node(simulation) as node:
        arms.bare_copy(node, capture)
        bare = arms.fingerprint(node, capture.tables)
    with fresh_node(simulation) as node:
        arms.prepared_copy(node, arms.prepare_bytes(node, capture))
        prepared = arms.fingerprint(node, capture.tables)
    assert road == bare == prepared
    assert sum(rows for rows, _ in road.values()) == capture.rows
    assert len(capture.transactions) == batches
    assert {"declaration", "charge", "personal_data", "person_key"} <= set(road)


@pytest.mark.skipif(os.environ.get("TUMEN_FAULTS") != "full", reason="long: in `make bench`")
def test_a_run_with_a_wrong_result_is_no_result(tmp_path: Path) -> None:
    simulation = simulate(Plan(40, 3), tmp_path / "simulation").out
    with fresh_node(simulation) as node:
        _, summary = arms.clear(node, simulation)
        verdict.check(node, simulation, summary)
        truth = simulation / "truth.csv"
        right = truth.read_text(encoding="utf-8")
        truth.write_text(right.replace(",released,", ",held,", 1), encoding="utf-8")
        with pytest.raises(verdict.WrongResult, match="is released, not held"):
            verdict.check(node, simulation, summary)
        truth.write_text(right, encoding="utf-8")
        summary["documents"]["order"]["accepted"] += 1
        with pytest.raises(verdict.WrongResult, match=r"documents\.order\.accepted"):
            verdict.check(node, simulation, summary)


def test_the_watch_gives_a_station_no_time_of_another() -> None:
    watch = stations.Stopwatch()
    inner = watch.timed("inner", lambda: sum(range(100_000)))
    outer = watch.timed("outer", lambda: [inner() for _ in range(10)])
    with watch.on("whole"):
        outer()
    assert watch.seconds["outer"] < watch.seconds["inner"]
    assert all(seconds >= 0 for seconds in watch.seconds.values())


def test_a_report_replaces_only_what_is_between_its_marks(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"before\n{report.BEGIN}\nold\n{report.END}\nafter\n", encoding="utf-8")
    report.write("new", page)
    report.write("newer", page)
    text = page.read_text(encoding="utf-8")
    assert text == f"before\n{report.BEGIN}\nnewer\n{report.END}\nafter\n"


@pytest.mark.skipif(os.environ.get("TUMEN_FAULTS") != "full", reason="long: in `make bench`")
def test_a_tiny_run_ends_with_all_tables(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    command = [sys.executable, str(ROAD), "--quick", "--bundles", "60", "--json", "--write", page]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    assert all(pair["same_rows"] for pair in found["pairs"])
    assert set(stations.STATIONS) <= set(found["where"]["stations"])
    text = page.read_text(encoding="utf-8")
    assert "| CEB XML | 60 |" in text
    assert "the same rows" in text
    assert "| the road with its log |" in text
    assert pl.DataFrame(found["pairs"])["road"].min() > 0
