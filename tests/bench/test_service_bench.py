"""The bench of the service: every arm is answered whole, and its table is printed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import service
from verdict import WrongResult

SERVICE = Path(__file__).parents[2] / "bench/service.py"


def test_an_answer_that_is_missing_is_no_result() -> None:
    found = {"told": {"200": 1, "503": 1}, "bodies": 2, "seconds": 1.0, "requests": [0.1, 0.1]}
    with pytest.raises(WrongResult):
        service._told("singles", 1, found)


@pytest.mark.skipif(os.environ.get("TUMEN_FAULTS") != "full", reason="long: in `make bench`")
def test_a_quick_run_ends_with_the_table_of_its_arm() -> None:
    command = [sys.executable, str(SERVICE), "--quick", "--only", "single documents"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "| single documents | 64 |" in done.stdout
    assert "| one durable write |" in done.stdout
