"""`make bench`: measures the road against a bare COPY of the same rows, and says where time goes.

Nothing here asserts a time. A run whose results differ from the simulation's truth ends the
bench with an error: its time would mean nothing.
"""

import argparse
import tempfile
from pathlib import Path
from typing import Any, Final

import report
from own_process import measured, say

from tumen.simulation import Plan, simulate

MEASURE: Final = Path(__file__).with_name("measure.py")
BUNDLES: Final = 10_000
RUNS: Final = 3
QUICK_BUNDLES: Final = 1_000
GROWTH: Final = (10_000, 100_000)
GROWTH_FULL: Final = 1_000_000
LATENCY_BUNDLES: Final = 4_000
"""Bundles that arrive in small batches: 64 documents for each of 200 and the warm-up."""

SEED_OF_ARRIVING: Final = 900_000


class Bench:
    """Runs measurements, each in a process of its own, on simulations that it makes once."""

    def __init__(self, folder: Path, seed: int) -> None:
        self._folder = folder
        self._seed = seed

    def simulation(self, bundles: int, form: str = "ndjson", seed: int | None = None) -> str:
        """The folder of a simulation with all faults in their default share."""
        seed = self._seed if seed is None else seed
        folder = self._folder / f"{form}-{bundles}-{seed}"
        if not folder.exists():
            say(f"simulating {bundles:,} bundles as {form}")
            simulate(Plan(bundles, seed, format=form), folder)
        return str(folder)

    def measure(self, name: str, **arguments: Any) -> dict[str, Any]:
        """The result of one measurement.

        Raises:
            SystemExit: it failed, or its results are not those of the truth.
        """
        say(f"{name} {arguments.get('bundles', '')}")
        return measured(MEASURE, name, arguments)

    def roads(
        self, runs: int, bundles: int, form: str = "ndjson", *, out: bool = False
    ) -> list[dict[str, Any]]:
        """The road alone, several times."""
        simulation = self.simulation(bundles, form)
        return [
            self.measure("road", simulation=simulation, bundles=bundles, out=out)
            for _ in range(runs)
        ]


def run(bench: Bench, options: argparse.Namespace) -> dict[str, Any]:
    """All measurements that the options ask for."""
    bundles, runs = options.bundles, options.runs
    found: dict[str, Any] = {"machine": report.machine(), "runs": runs, "shared": options.shared}
    simulation = bench.simulation(bundles)
    found["pairs"] = [
        bench.measure("pair", simulation=simulation, bundles=bundles) for _ in range(runs)
    ]
    if not all(pair["same_rows"] for pair in found["pairs"]):
        raise SystemExit("The arms did not write the same rows: no result.")
    found["trust"] = [
        bench.measure("trust", simulation=simulation, bundles=bundles, log_first=bool(run % 2))
        for run in range(runs)
    ]
    found["out"] = bench.roads(runs, bundles, out=True)
    found["settings"] = found["out"][0]["settings"]
    found["ceb"] = bench.roads(runs, bundles, "ceb")
    found["where"] = bench.measure("where", simulation=simulation, bundles=bundles)
    if not options.quick:
        arriving = bench.simulation(LATENCY_BUNDLES, seed=SEED_OF_ARRIVING)
        found["small"] = bench.measure("small", loaded=simulation, arriving=arriving)
        sizes = (*GROWTH, GROWTH_FULL) if options.full else GROWTH
        found["growth"] = [bench.roads(1, size)[0] for size in sizes]
    return found


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--bundles", type=int, help=f"default {BUNDLES:,}; quick {QUICK_BUNDLES:,}")
    parser.add_argument("--runs", type=int, help=f"of each road; default {RUNS}, quick 1")
    parser.add_argument("--seed", type=int, default=0, help="of the simulation")
    parser.add_argument("--quick", action="store_true", help="no latency, no growth")
    parser.add_argument("--full", action="store_true", help=f"growth to {GROWTH_FULL:,} bundles")
    parser.add_argument("--shared", action="store_true", help="say that the machine was not idle")
    parser.add_argument("--write", type=Path, help="put the tables into this page")
    parser.add_argument("--json", action="store_true", help="print the raw results")
    options = parser.parse_args()
    options.bundles = options.bundles or (QUICK_BUNDLES if options.quick else BUNDLES)
    options.runs = options.runs or (1 if options.quick else RUNS)
    return options


def main() -> None:
    """Run the bench and tell what it found."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="tumen-bench-") as folder:
        found = run(Bench(Path(folder), options.seed), options)
    report.tell(found, report.rendered(found), options)


if __name__ == "__main__":
    main()
