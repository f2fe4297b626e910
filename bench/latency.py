"""How long a small batch takes on the road, in a node that already holds consignments.

A batch is read, prepared, decided and recorded; its time ends when it is committed. Apart from
fsync means ``synchronous_commit = off``: all work is done, but the commit does not wait for the
disk. Documents arrive in the simulation's order, so that about every fourth is the last of its
consignment and brings matching, assessment and screening with it.
"""

import time
from itertools import islice
from pathlib import Path
from typing import Any, Final

import polars as pl
from arena import administer, fresh_node
from arms import clear

from tumen.bootstrap import Node
from tumen.documents.formats.intake import read
from tumen.documents.formats.sources import find

SENDER: Final = "latency"
WARM_UP_BATCHES: Final = 30
BATCHES: Final = 200


def measure(loaded: Path, arriving: Path) -> list[dict[str, Any]]:
    """Latencies of batches of 1 and of 64 documents, with and without waiting for the disk.

    Args:
        loaded: a simulation that the node has cleared before.
        arriving: another one, with documents enough.
    """
    found = []
    for wait in ("off", "on"):
        for documents in (1, 64):
            with fresh_node(loaded) as node:
                clear(node, loaded)
                administer(node, f"ALTER DATABASE tumen SET synchronous_commit = {wait}")
                found.append(
                    {"documents": documents, "synchronous_commit": wait}
                    | _told(_batches(node, arriving, documents))
                )
    return found


def _batches(node: Node, arriving: Path, documents: int) -> list[tuple[float, bool]]:
    """The seconds of each batch, and whether a declaration was decided in it."""
    preparation = node.preparation(SENDER)
    found = []
    with node.database.connect() as connection:
        desk = node.desk(connection.transaction)
        batches = read(find([arriving / "documents"]), documents_max=documents)
        for _ in range(WARM_UP_BATCHES + BATCHES):
            started = time.perf_counter()
            (texts,) = islice(batches, 1)
            outcomes = list(desk.receive(preparation.prepare(texts)))
            seconds = time.perf_counter() - started
            found.append(
                (seconds, any((each.events["status"] != "pending").any() for each in outcomes))
            )
    return found[WARM_UP_BATCHES:]


def _told(batches: list[tuple[float, bool]]) -> dict[str, Any]:
    frame = pl.DataFrame(batches, schema=["seconds", "decides"], orient="row")
    taken = frame["seconds"] * 1_000
    deciding = taken.filter(frame["decides"])
    return {
        "median": taken.median(),
        "p95": taken.quantile(0.95, "linear"),
        "deciding": deciding.len(),
        "deciding_median": deciding.median(),
    }
