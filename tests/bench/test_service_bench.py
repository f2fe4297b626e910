"""The bench of the service: every arm is answered whole, and its table is printed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import service
import service_figure
from verdict import WrongResult

SERVICE = Path(__file__).parents[2] / "bench/service.py"


def test_an_answer_that_is_missing_is_no_result() -> None:
    found = {"told": {"200": 1, "503": 1}, "bodies": 2, "seconds": 1.0, "requests": [0.1, 0.1]}
    with pytest.raises(WrongResult):
        service._told("singles", 1, found)


def test_the_figure_tells_what_the_table_tells() -> None:
    measured = {"bodies": 3, "seconds": 0.5, "requests": [0.1, 0.2, 0.4]}
    lodged = {"200": 3, "accepted": 2, "rejected": 1}
    found = {
        "arms": [
            service._told("single documents", 4, {**measured, "told": lodged}),
            service._told("the same quote", 16, {**measured, "told": {"200": 3}}),
        ],
        "machine": {}, "sync": 1.0,
    }  # fmt: skip
    figure, table = service_figure.drawn(found), service.rendered(found)
    assert "| single documents | 4 | 6 | 6 | 200.0 | 360.0 | 396.0 |" in table
    assert "| the same quote | 16 | 6 | – | 200.0 | 360.0 | 396.0 |" in table
    for told in ("single documents", "documents a second", "the same quote", "p50", "p90", "p99"):
        assert f">{told}</text>" in figure, told
    assert figure.count(">6</text>") >= 2  # a second, above its point, of both


@pytest.mark.skipif(os.environ.get("TUMEN_FAULTS") != "full", reason="long: in `make bench`")
def test_a_quick_run_ends_with_the_table_of_its_arm() -> None:
    command = [sys.executable, str(SERVICE), "--quick", "--only", "single documents"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "| single documents | 64 |" in done.stdout
    assert "| one durable write |" in done.stdout
