"""The observatory: a build from nothing, one after a changed cell, one of nothing new, the audit.

Each is a process of its own, as a person starts it, so that Python's start-up is in it. Nothing
here asserts a time.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Final

import report
from own_process import say

RUNS: Final = 5
STUDY: Final = Path(__file__).parents[1] / "src/tumen/observatory/data/song-2023"
CHANGED: Final = ("table04.csv", "imd_rank,CN,2021,15,", "imd_rank,CN,2021,16,")
"""The cell that is changed: one picture shows it, one page of conclusions, one table."""

NAMES: Final = {
    "build": "`observe build`, a new folder",
    "changed": "again, after one changed cell",
    "same": "again, nothing changed",
    "audit": "`observe audit`",
}


def run(runs: int) -> dict[str, list[tuple[float, float]]]:
    """Wall and CPU seconds of every kind, by round."""
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in NAMES}
    for number in range(1, runs + 1):
        say(f"round {number} of {runs}")
        with tempfile.TemporaryDirectory() as folder:
            for name, seconds in _round(Path(folder)):
                found[name].append(seconds)
    return found


def _round(folder: Path) -> Iterator[tuple[str, tuple[float, float]]]:
    study = folder / "study"
    shutil.copytree(STUDY, study)
    build = ("build", str(study / "study.toml"), "--out", str(folder / "site"))
    yield "build", _timed(*build)
    file, old, new = CHANGED
    text = (study / file).read_text(encoding="utf-8")
    if old not in text:
        raise SystemExit(f"{file} has no {old!r}: nothing would be changed.")
    (study / file).write_text(text.replace(old, new), encoding="utf-8")
    yield "changed", _timed(*build)
    yield "same", _timed(*build)
    yield "audit", _timed("audit", str(study / "study.toml"))


def _timed(*arguments: str) -> tuple[float, float]:
    """Wall and CPU seconds of one command, with those of its children."""
    before, started = os.times(), time.perf_counter()
    command = (sys.executable, "-c", "from tumen.cli import main; main()", "observe", *arguments)
    done = subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
    if done.returncode:
        raise SystemExit(f"observe {arguments[0]} failed: no result.")
    wall, after = time.perf_counter() - started, os.times()
    cpu = after.children_user + after.children_system
    return wall, cpu - before.children_user - before.children_system


def rendered(found: dict[str, list[tuple[float, float]]]) -> str:
    """The tables of a run."""
    facts = report.machine()
    kept = ("processor", "cores", "memory", "load before the run", "revision", "Python")
    rows = [
        [NAMES[name], f"{median(wall for wall, _ in seconds):.2f}",
         f"{max(wall for wall, _ in seconds):.2f}", f"{median(cpu for _, cpu in seconds):.2f}"]
        for name, seconds in found.items()
    ]  # fmt: skip
    return "\n\n".join(
        (
            report.table(("machine", "value"), [[name, facts[name]] for name in kept]),
            report.table(("command", "seconds", "slowest", "CPU seconds"), rows),
        )
    )


def main() -> None:
    """Measure and show."""
    parser = argparse.ArgumentParser(prog="bench/observatory.py", description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS, help=f"rounds; default {RUNS}")
    parser.add_argument("--write", type=Path, help="put the tables into this page")
    options = parser.parse_args()
    text = rendered(run(options.runs))
    print(text)
    if options.write:
        report.write(text, options.write)


if __name__ == "__main__":
    main()
