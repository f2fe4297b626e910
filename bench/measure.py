"""One measurement in a process of its own: `python bench/measure.py NAME ARGUMENTS-AS-JSON`.

A process of its own starts cold, as a user's command does, and its peak of memory is that of
the one measurement. The result is the last line of standard output, as JSON.
"""

import json
import resource
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import arena
import arms
import latency
import stations
from verdict import check

PROCESSES: Final = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
"""The road's process, and the one that reads for it. The server is nobody's child."""


def _cpu_seconds() -> float:
    usages = [resource.getrusage(who) for who in PROCESSES]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def road(simulation: str, bundles: int, *, out: bool = False) -> dict[str, Any]:
    """The road alone, checked: its seconds, and CPU and peak memory of its processes, in MiB."""
    folder = Path(simulation)
    with tempfile.TemporaryDirectory(prefix="tumen-bench-") as answers:
        target = Path(answers) / "out" if out else None
        with arena.fresh_node(folder) as node:
            before = _cpu_seconds()
            seconds, summary = arms.clear(node, folder, target)
            cpu_seconds = _cpu_seconds() - before
            peak_kilobytes = sum(resource.getrusage(who).ru_maxrss for who in PROCESSES)
            drawn = check(node, folder, summary)
            settings = arena.settings(node)
    return {
        "bundles": bundles, "seconds": seconds, "memory_mib": peak_kilobytes / 1024,
        "cpu_seconds": cpu_seconds, "drawn": drawn, "settings": settings,
    }  # fmt: skip


def trust(simulation: str, bundles: int, *, log_first: bool) -> dict[str, Any]:
    """The road with its log and without, one after the other in one process.

    Both are checked; publishing is part of the road with the log.
    """
    folder = Path(simulation)
    seconds = {}
    for has_log in (log_first, not log_first):
        with arena.fresh_node(folder) as node:
            taken, summary = (arms.clear if has_log else arms.clear_without_log)(node, folder)
            check(node, folder, summary)
        seconds["on" if has_log else "off"] = taken
    return {"bundles": bundles, **seconds}


def pair(simulation: str, bundles: int) -> dict[str, Any]:
    """The road and the bare COPY of its rows."""
    return arms.pair(Path(simulation), bundles)


def small(loaded: str, arriving: str) -> dict[str, Any]:
    """Latencies of small batches."""
    found = latency.measure(Path(loaded), Path(arriving))
    return {"latencies": found, "sync_milliseconds": arena.sync_milliseconds()}


def where(simulation: str, bundles: int) -> dict[str, Any]:
    """Where the time goes."""
    return stations.measure(Path(simulation), bundles)


MEASUREMENTS: Final[dict[str, Callable[..., dict[str, Any]]]] = {
    "road": road, "pair": pair, "small": small, "where": where, "trust": trust,
}  # fmt: skip

if __name__ == "__main__":
    sys.stdout.write("\n" + json.dumps(MEASUREMENTS[sys.argv[1]](**json.loads(sys.argv[2]))) + "\n")
