"""Every process collects the same tests by the same names, so that several can share the work."""

import os
import subprocess
import sys

from tests.tidy.sources import ROOT

COLLECT = [sys.executable, "-m", "pytest", "--collect-only", "tests/trust"]


def collected(seed: str) -> list[str]:
    """What a process collects where cases are made of keys, times and packed bytes."""
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTEST_ADDOPTS": ""}
    done = subprocess.run(
        COLLECT, cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    return [line for line in done.stdout.splitlines() if "::" in line]


def test_two_processes_collect_the_same_tests() -> None:
    first, second = collected("1"), collected("2")  # one after the other: in another second
    assert first
    assert [each for each in first if each not in set(second)] == []
    assert len(first) == len(set(first)) == len(second)
