"""Tumen's CBEC beside OpenFisca's, over the same tables, in the same process.

Each pair is one table that neither side has seen; who goes first alternates. Their charges must be
equal within what float32 can tell, and how many differ by a fen or more is counted.
"""

import time
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray
from peers.openfisca_cbec import system
from peers.table import table
from peers.whole_run import CHARGES, openfisca_charges, tumen_charges
from verdict import WrongResult

FLOAT32_DIGITS: Final = 2.0**-20
"""Eight times the distance of two float32: what a chain of a few of them may be off, relatively."""


def measure(items: int, pairs: int, seed: int, days: int) -> dict[str, Any]:
    """Seconds of each side for each pair, after one to warm up, and how the charges differ."""
    made = system()
    found: list[dict[str, Any]] = []
    for number in range(pairs + 1):
        frame = table(items, seed + number, days)
        sides = {
            "tumen": lambda frame=frame: tumen_charges(frame),
            "openfisca": lambda frame=frame: openfisca_charges(made, frame),
        }
        seconds, results = {}, {}
        for name in sorted(sides, reverse=bool(number % 2)):
            started = time.perf_counter()
            results[name] = sides[name]()
            seconds[name] = time.perf_counter() - started
        found.append(seconds | compare(results["tumen"], results["openfisca"]))
    return {"items": items, "days": days, "pairs": found[1:]}


def compare(ours: pl.DataFrame, theirs: dict[str, NDArray[Any]]) -> dict[str, int]:
    """How many charges differ by a fen or more.

    Raises:
        WrongResult: another item is taxed, or a charge differs by more than float32 explains.
    """
    known = ours["missing"].is_null().to_numpy()
    if not np.array_equal(known, theirs["is_taxed"]):
        count = int((known != theirs["is_taxed"]).sum())
        raise WrongResult(f"{count} items are taxed by one side alone")
    base = ours["vat_base_fen"].to_numpy()[known]
    allowed = 1 + base * FLOAT32_DIGITS
    off = {}
    for name in CHARGES:
        exact = ours[f"{name}_fen"].to_numpy()[known].astype(np.float64)
        distance = np.abs(theirs[name][known].astype(np.float64) - exact)
        if (distance > allowed).any():
            raise WrongResult(f"{int((distance > allowed).sum())} amounts of {name} differ")
        off[f"{name}_off"] = int((distance >= 1).sum())
    return {"taxed": int(known.sum()), **off}
