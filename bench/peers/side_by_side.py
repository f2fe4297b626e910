"""Tumen's CBEC beside OpenFisca's, over the same tables, in the same process.

Each table is one that no side has seen; who goes first alternates. Their charges must be
equal within what float32 can tell, and how many differ by a fen or more is counted.
"""

import time
from collections.abc import Callable
from functools import partial
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray
from peers.openfisca_cbec import Lookup, system
from peers.table import table
from peers.whole_run import CHARGES, openfisca_charges, tumen_charges
from verdict import WrongResult

FLOAT32_DIGITS: Final = 2.0**-20
"""Eight times the distance of two float32: what a chain of a few of them may be off, relatively."""


SIDES: Final[dict[str, Callable[[pl.DataFrame], Any]]] = {
    "tumen": tumen_charges,
    "openfisca": partial(openfisca_charges, system()),
    "documented": partial(openfisca_charges, system()),
}


def measure(items: int, pairs: int, seed: int, days: int) -> dict[str, Any]:
    """Seconds of each side for each table, after one to warm up, and how the charges differ."""
    found: list[dict[str, Any]] = []
    for number in range(pairs + 1):
        frame = table(items, seed + number, days)
        results: dict[str, Any] = {}
        seconds = {
            side: _seconds(side, frame, results) for side in sorted(SIDES, reverse=bool(number % 2))
        }
        theirs = ("openfisca", "documented")
        off = {side: compare(results["tumen"], results[side]) for side in theirs}
        found.append(seconds | {"off": off})
    return {"items": items, "days": days, "pairs": found[1:]}


def _seconds(side: str, frame: pl.DataFrame, results: dict[str, Any]) -> float:
    Lookup.is_documented = side == "documented"
    started = time.perf_counter()
    results[side] = SIDES[side](frame)
    return time.perf_counter() - started


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
