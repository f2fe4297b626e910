"""The bench of the log: every arm ends with the same root, and all tables are printed."""

import os
import subprocess
import sys
from pathlib import Path

import log_measure
import pytest

LOG = Path(__file__).parents[2] / "bench/log.py"


def test_all_arms_have_the_root_of_the_bare_tree() -> None:
    entries = log_measure.entries_of(1_300, 20, seed=1)
    root = log_measure.bare_root(entries)
    assert log_measure.in_memory(entries, 300) == root == log_measure.to_disk(entries, 300)
    assert log_measure.in_memory(entries[::-1], 300) != root


@pytest.mark.skipif(os.environ.get("TUMEN_FAULTS") != "full", reason="long: in `make bench`")
def test_a_quick_run_ends_with_all_tables() -> None:
    command = [sys.executable, str(LOG), "--quick", "--no-peer"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "| bare tree, hashlib |" in done.stdout
    assert "every file durable on the disk" in done.stdout
    assert "one proof file read and verified" in done.stdout
