"""pymerkle's tree in memory over the same entries: `python pymerkle_tree.py ARGUMENTS-AS-JSON`.

pymerkle is GPL-3.0-or-later. It is a peer only: it lives in an environment of its own, which
bench/peers/environment.py makes, and nothing of Tumen imports it, nor this program Tumen.
"""

import json
import random
import sys
import time
from hashlib import sha256
from importlib.metadata import version

from pymerkle import InmemoryTree


def measure(leaves, entry_bytes, batch, runs, seed):
    """Seconds of each way to fill its tree, and of the bare tree beside it, in turn."""
    made = random.Random(seed)
    entries = [made.randbytes(entry_bytes) for _ in range(leaves)]
    arms = {"bare": bare_root, "one by one": one_by_one, "in batches": in_batches(batch)}
    rounds, roots = [], {}
    for _ in range(runs + 1):
        found = {}
        for name, arm in arms.items():
            started = time.perf_counter()
            root = arm(entries)
            found[name] = time.perf_counter() - started
            roots[name] = root.hex()
        rounds.append(found)
    return {"rounds": rounds[1:], "roots": roots, "version": version("pymerkle")}


def one_by_one(entries):
    """Append each entry."""
    tree = InmemoryTree(algorithm="sha256")
    for entry in entries:
        tree.append_entry(entry)
    return tree.get_root()


def in_batches(batch):
    """Append many entries at once, which its version 7 offers."""

    def fill(entries):
        tree = InmemoryTree(algorithm="sha256")
        for at in range(0, len(entries), batch):
            tree.append_entries(entries[at : at + batch])
        return tree.get_root()

    return fill


def bare_root(entries):
    """The yardstick, as in log_measure.py."""
    level = [sha256(b"\0" + entry).digest() for entry in entries]
    while len(level) > 1:
        above = [
            sha256(b"\1" + level[at] + level[at + 1]).digest() for at in range(0, len(level) - 1, 2)
        ]
        level = above + level[len(above) * 2 :]
    return level[0]


if __name__ == "__main__":
    print(json.dumps(measure(**json.loads(sys.argv[1]))))
