"""`make bench`, the index: how long 10,000 draws of its choices take, and the reading before.

Nothing here asserts a time. Every run must give the same standings, else it ends with an error.
"""

from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Any, Final

import report

from tumen.observatory.index.divide import RESAMPLES, divide
from tumen.observatory.index.framework import read_framework
from tumen.observatory.indicators.collection import read_collection
from tumen.observatory.indicators.registry import SHIPPED

RUNS: Final = 7


def timed(work: Callable[[], Any]) -> tuple[list[float], list[Any]]:
    """Seconds and results of each run."""
    seconds, results = [], []
    for _ in range(RUNS):
        begun = perf_counter()
        results.append(work())
        seconds.append(perf_counter() - begun)
    return seconds, results


def main() -> None:
    """Measure, and print the table."""
    reading, collections = timed(lambda: read_collection(SHIPPED))
    held, framework = collections[0], read_framework()
    drawing, found = timed(lambda: divide(held, framework))
    if any(each.standings != found[0].standings for each in found):
        raise SystemExit("Two runs differ: no result.")
    rows = [
        (name, f"{median(seconds):.2f}", f"{max(seconds):.2f}")
        for name, seconds in (
            (f"read {held.observations.height:,} observations", reading),
            (f"index with {RESAMPLES:,} draws", drawing),
        )
    ]
    print(report.table(("what", "seconds", "slowest"), rows))


if __name__ == "__main__":
    main()
