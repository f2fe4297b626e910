"""`make bench`, third part: the log beside the bare tree of hashlib and beside pymerkle's.

Nothing here asserts a time. All trees must have the same root, else the bench ends with an error.
"""

import argparse
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any, Final

import report
from own_process import measured, say
from peers.environment import PeerAbsent, measured_by

MEASURE: Final = Path(__file__).with_name("log_measure.py")
PEER: Final = Path(__file__).with_name("peers") / "pymerkle_tree.py"
REQUIREMENT: Final = "pymerkle==7.0.0"
LEAVES: Final = 100_000
LEAVES_QUICK: Final = 3_000
ENTRY_BYTES: Final = 200
BATCH: Final = 1_000
RUNS: Final = 7
MACHINE: Final = ("processor", "cores", "memory", "system", "load before the run", "revision",
                  "Python")  # fmt: skip


def run(options: argparse.Namespace) -> dict[str, Any]:
    """All measurements."""
    asked = {"leaves": options.leaves, "batch": BATCH, "runs": options.runs, "seed": options.seed}
    found: dict[str, Any] = {"machine": report.machine(), "shared": options.shared, "asked": asked}
    say("append")
    found["append"] = measured(MEASURE, "append", asked | {"entry_bytes": ENTRY_BYTES})
    say("prove")
    found["prove"] = measured(MEASURE, "prove", asked)
    if not options.no_peer:
        say("pymerkle, in an environment of its own")
        try:
            peer = measured_by(REQUIREMENT, PEER, asked | {"entry_bytes": ENTRY_BYTES})
        except PeerAbsent as error:
            say(f"{REQUIREMENT} is not measured: {error}")
        else:
            if set(peer["roots"].values()) != {found["append"]["root"]}:
                raise SystemExit("The roots differ: no result.")
            found["peer"] = peer
    return found


def rendered(found: dict[str, Any]) -> str:
    """The tables of a run."""
    parts = [_machine(found), _append(found), _proofs(found["prove"])]
    return "\n\n".join(parts)


def _machine(found: dict[str, Any]) -> str:
    facts = {name: found["machine"][name] for name in MACHINE}
    facts["cryptography"] = version("cryptography")
    facts["pymerkle"] = found["peer"]["version"] if "peer" in found else "not measured"
    asked = found["asked"]
    facts["rounds"] = f"{asked['runs']}, the arms in turn; medians, ratios of the same round"
    if found["shared"]:
        facts["shared"] = "other work ran on this machine meanwhile"
    return report.table(("machine", "value"), facts.items())


def _append(found: dict[str, Any]) -> str:
    leaves = found["asked"]["leaves"]
    ours, peer = found["append"]["rounds"], found.get("peer", {}).get("rounds", [])
    arms = [
        ("bare tree, hashlib", "bare", ours),
        (f"tree, tiles, bundles, a signed checkpoint every {BATCH:,}", "memory", ours),
        ("the same, every file durable on the disk", "disk", ours),
    ]
    if peer:
        arms += [(f"pymerkle in memory, {way}", way, peer) for way in ("one by one", "in batches")]
    header = (f"{leaves:,} leaves of {ENTRY_BYTES} bytes", "seconds", "leaves a second",
              "bare tree = 1", "slowest", "fastest")  # fmt: skip
    return report.table(header, [_arm(leaves, *arm) for arm in arms])


def _arm(leaves: int, name: str, key: str, rounds: list[dict[str, float]]) -> list[str]:
    seconds = median(each[key] for each in rounds)
    ratios = sorted(each[key] / each["bare"] for each in rounds)
    told = (f"{ratio:.2f}" for ratio in (median(ratios), ratios[-1], ratios[0]))
    return [name, f"{seconds:.3f}", f"{leaves / seconds:,.0f}", *told]


def _proofs(prove: dict[str, list[float]]) -> str:
    names = {
        "single": "inclusion proof of one leaf, from tiles",
        "row": "inclusion proof as text, of a whole append at once",
        "verify": "one proof file read and verified: commitment, inclusion, the log's signature",
    }
    rows = [
        [name, f"{median(prove[key]):,.1f}", f"{max(prove[key]):,.1f}"]
        for key, name in names.items()
    ]
    return report.table(("each", "µs", "slowest round"), rows)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench/log.py", description=__doc__)
    parser.add_argument("--leaves", type=int, help=f"default {LEAVES:,}")
    parser.add_argument("--runs", type=int, default=RUNS, help=f"rounds; default {RUNS}")
    parser.add_argument("--quick", action="store_true", help=f"{LEAVES_QUICK:,} leaves, one round")
    parser.add_argument("--no-peer", action="store_true", help="without pymerkle")
    parser.add_argument("--seed", type=int, default=0, help="of the entries")
    parser.add_argument("--shared", action="store_true", help="say that the machine was not idle")
    parser.add_argument("--write", type=Path, help="put the tables into this page")
    parser.add_argument("--json", action="store_true", help="print the raw results")
    options = parser.parse_args()
    options.leaves = options.leaves or (LEAVES_QUICK if options.quick else LEAVES)
    options.runs = 1 if options.quick else options.runs
    return options


def main() -> None:
    """Measure, show, write."""
    options = _options()
    found = run(options)
    report.tell(found, rendered(found), options)


if __name__ == "__main__":
    main()
