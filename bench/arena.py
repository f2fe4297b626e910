"""An arena: a node on an embedded PostgreSQL of its own, made for one run and removed after it."""

import contextlib
import io
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any, Final

import psycopg

from tumen.bootstrap import Node, open_node
from tumen.cli.lists import import_list
from tumen.kernel.clock import FixedClock
from tumen.store import embedded
from tumen.window.lists import ListKind

NOON: Final = datetime(2026, 8, 3, 12, tzinfo=UTC)
"""The simulated day; the prices of its simulation are in force from here."""

RECORDED: Final = FixedClock(datetime(2026, 11, 23, 4, 5, 6, tzinfo=UTC))
SYNC_PROBES: Final = 200
PAGE_BYTES: Final = 8192


@contextmanager
def fresh_node(simulation: Path) -> Iterator[Node]:
    """A migrated node with the reference prices of a simulation; stopped and removed at the end.

    All that start-up has left to write is written before the node is given.
    """
    root = Path(tempfile.mkdtemp(prefix="tumen-bench-"))
    location = root / "postgres"
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            prices = simulation / "reference_prices.csv"
            import_list(prices, ListKind.PRICES, "bench", NOON, "simulation", str(location))
        node = open_node(str(location), RECORDED)
        administer(node, "CHECKPOINT")
        yield node
    finally:
        embedded.stop(location)
        shutil.rmtree(root, ignore_errors=True)


def administer(node: Node, statement: str) -> None:
    """Run one statement as the server's owner."""
    with psycopg.connect(node.database.url, autocommit=True) as connection:
        connection.execute(statement.encode())


def query(node: Node, sql: str) -> list[tuple[Any, ...]]:
    """Rows of a query, read as the server's owner."""
    with psycopg.connect(node.database.url) as connection:
        return connection.execute(sql.encode()).fetchall()


def settings(node: Node) -> dict[str, str]:
    """The server's version and the settings that durability and speed hang on."""
    names = ("server_version", "fsync", "synchronous_commit", "full_page_writes", "shared_buffers")
    return {name: str(query(node, f"SHOW {name}")[0][0]) for name in names}


def sync_milliseconds() -> float:
    """What one durable write of a page costs where the servers lie: the median of many."""
    taken = []
    with tempfile.NamedTemporaryFile(prefix="tumen-bench-") as file:
        for _ in range(SYNC_PROBES):
            started = time.perf_counter()
            os.write(file.fileno(), bytes(PAGE_BYTES))
            os.fdatasync(file.fileno())
            taken.append(time.perf_counter() - started)
    return median(taken) * 1_000
