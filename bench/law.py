"""`make bench`, second part: how fast the law is, and the same rule beside it in OpenFisca.

Nothing here asserts a time. Assessments are held against quotes, formats against one another and
OpenFisca's charges against ours: where they differ, the bench ends with an error.
"""

import argparse
from pathlib import Path
from typing import Any, Final

import law_report
import report
from own_process import measured, say

MEASURE: Final = Path(__file__).with_name("law_measure.py")
SIZES: Final = (10_000, 100_000, 1_000_000)
SIZE_FULL: Final = 10_000_000
SIZES_QUICK: Final = (1_000, 2_000)
CALLS: Final = 3
RUNS: Final = 3
QUOTES: Final = 1_000
SHELL_RUNS: Final = 10
MIX_ITEMS: Final = 100_000
PEER_ITEMS: Final = 1_000_000
PEER_PAIRS: Final = 5
ODD_SHARES: Final = (0.0, 0.01)
"""Besides the mix's own share of shipments that tell something out of the ordinary."""

DAYS: Final = (365, 1)
"""Over how many days the peer's tables go."""

PARTS: Final = ("mix", "assess", "files", "quotes", "shell", "peer")


def _measure(name: str, **arguments: Any) -> dict[str, Any]:
    say(f"{name} {arguments}")
    return measured(MEASURE, name, arguments)


def run(options: argparse.Namespace) -> dict[str, Any]:
    """All measurements that the options ask for."""
    parts, sizes, seed = options.parts, options.sizes, options.seed
    found: dict[str, Any] = {"machine": report.machine(), "shared": options.shared}
    if "mix" in parts:
        found["mix"] = _measure("mix", items=options.mix_items, seed=seed)
    if "assess" in parts:
        found["assess"] = [_assess(options, items) for items in sizes]
        found["texts"] = _assess(options, sizes[-1], texts=True)
        found["odd"] = [_assess(options, sizes[len(sizes) // 2], odd=odd) for odd in options.odd]
    if "files" in parts:
        found["files"] = _measure("files", items=sizes[-1], runs=options.runs, seed=seed)
    if "quotes" in parts:
        found["quotes"] = _measure("quotes", count=options.quotes, seed=seed)
    if "shell" in parts:
        found["shell"] = _measure("shell", runs=options.shell_runs)
    if "peer" in parts:
        asked = {"items": options.peer_items, "pairs": options.pairs, "seed": seed}
        found["peer"] = [_measure("peer", **asked, days=days) for days in options.days]
    return found


def _assess(options: argparse.Namespace, items: int, **more: Any) -> dict[str, Any]:
    calls = options.calls if items < SIZE_FULL else 1
    return _measure("assess", items=items, calls=calls, seed=options.seed, **more)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench/law.py", description=__doc__)
    parser.add_argument("--sizes", help=f"items of the frames; default {_listed(SIZES)}")
    parser.add_argument("--full", action="store_true", help=f"also {SIZE_FULL:,} items")
    parser.add_argument("--quick", action="store_true", help="small sizes and few runs")
    parser.add_argument("--parts", help=f"of {_listed(PARTS)}; default all")
    parser.add_argument("--seed", type=int, default=0, help="of the shipments")
    parser.add_argument("--peer-items", type=int, help=f"default {PEER_ITEMS:,}")
    parser.add_argument("--shared", action="store_true", help="say that the machine was not idle")
    parser.add_argument("--write", type=Path, help="put the tables into this page")
    parser.add_argument("--json", action="store_true", help="print the raw results")
    return _completed(parser.parse_args())


def _listed(values: tuple[object, ...]) -> str:
    return ",".join(map(str, values))


def _completed(options: argparse.Namespace) -> argparse.Namespace:
    quick = options.quick
    told = options.sizes or _listed(SIZES_QUICK if quick else SIZES)
    options.sizes = sorted(
        {int(size) for size in told.split(",")} | ({SIZE_FULL} if options.full else set())
    )
    options.parts = options.parts.split(",") if options.parts else list(PARTS)
    options.calls, options.runs, options.pairs = (1, 1, 1) if quick else (CALLS, RUNS, PEER_PAIRS)
    options.quotes, options.shell_runs = (100, 2) if quick else (QUOTES, SHELL_RUNS)
    options.odd, options.days = (ODD_SHARES[-1:], DAYS[:1]) if quick else (ODD_SHARES, DAYS)
    options.peer_items = options.peer_items or (20_000 if quick else PEER_ITEMS)
    options.mix_items = options.sizes[-1] if quick else MIX_ITEMS
    return options


def main() -> None:
    """Run the bench and tell what it found."""
    options = _options()
    found = run(options)
    report.tell(found, law_report.rendered(found), options)


if __name__ == "__main__":
    main()
