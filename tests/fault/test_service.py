"""The service under load while it is killed, stopped, or left without its database.

What was acknowledged is there, once, and is answered again with the same bytes.
"""

import json
import os
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from itertools import count
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import psycopg
import pytest
from lodging import one

from running import COMMAND, environment
from serving import TRIES, answers, free_port
from tumen.access import keys, organisations
from tumen.access.keys import KeyWanted
from tumen.access.organisations import Organisation
from tumen.access.roles import Role
from tumen.kernel.clock import SystemClock
from tumen.store import embedded
from tumen.store.database import Database

FULL = os.environ.get("TUMEN_FAULTS") == "full"
KILLS = 100 if FULL else 1
CLIENTS = 12
ACKNOWLEDGED_BETWEEN_KILLS = 25


@dataclass
class Load:
    """Clients that lodge shipments with references of their own until they are told to stop."""

    port: int
    key: str
    acknowledged: dict[str, str] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)
    stopped: threading.Event = field(default_factory=threading.Event)
    numbers: "count[int]" = field(default_factory=count)

    def lodge(self, reference: str) -> tuple[int, str]:
        """Lodge a shipment; the status, and the receipt where there is one."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"content-type": "application/json", "authorization": f"Bearer {self.key}"}
        try:
            body = json.dumps(one(reference))
            connection.request("POST", "/v1/submissions", body, headers)
            response = connection.getresponse()
            told = json.loads(response.read())
        finally:
            connection.close()
        return response.status, told["receipts"][0]["receipt"] if response.status == 200 else ""

    def run(self) -> None:
        """Be one client."""
        while not self.stopped.is_set():
            reference = f"R-{next(self.numbers)}"
            try:
                status, receipt = self.lodge(reference)
            except (OSError, HTTPException, ValueError):
                time.sleep(0.05)  # the server is away
                continue
            self.statuses[status] += 1
            if status == 200:
                self.acknowledged[reference] = receipt
            else:
                time.sleep(0.2)  # one that asks without a pause asks more often than it may

    @contextmanager
    def running(self) -> Iterator[None]:
        """All clients, until the block ends."""
        threads = [threading.Thread(target=self.run) for _ in range(CLIENTS)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self.stopped.set()
            for thread in threads:
                thread.join()

    def until_acknowledged(self, more: int) -> None:
        """Wait until so many more were acknowledged."""
        wanted = len(self.acknowledged) + more
        waited = until(lambda: len(self.acknowledged) >= wanted)
        assert waited, (self.statuses, len(self.acknowledged))


def until(is_so: Callable[[], bool]) -> bool:
    """Whether something came true in time."""
    for _ in range(TRIES * 6):
        if is_so():
            return True
        time.sleep(0.1)
    return False


def start(folder: Path, port: int, database: Database, workers: int = 2) -> "subprocess.Popen[str]":
    """The service in a group of processes of its own, once it answers."""
    arguments = ("serve", "--port", port, "--workers", workers, "--database", database.url)
    process = subprocess.Popen(
        [*COMMAND, *map(str, arguments)], env=environment(folder), text=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    assert until(lambda: answers(port))
    return process


def end(process: "subprocess.Popen[str]") -> None:
    """Kill the whole group, whatever is left of it."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def loading(database: Database) -> Load:
    """Clients of a node, with the key of an organisation."""
    now = SystemClock().now()
    with database.session() as session:
        made = Organisation("load", "Load", frozenset({Role.PLATFORM}))
        organisations.record(session, made, now, "console")
        key = keys.make(session, "load", KeyWanted("load"), now, "console")
    return Load(free_port(), key)


@pytest.fixture
def load(database: Database) -> Load:
    return loading(database)


def recorded(database: Database) -> Counter[str]:
    with psycopg.connect(database.url) as connection:
        rows = connection.execute("SELECT own_reference FROM goods_shipment").fetchall()
    return Counter(reference for (reference,) in rows)


def need_all_there(load: Load, database: Database, port: int) -> None:
    """Every acknowledged document is there once, and has its first receipt again."""
    found = recorded(database)
    assert set(found.values()) == {1}
    assert set(load.acknowledged) <= set(found)
    for reference in [*load.acknowledged][:: max(1, len(load.acknowledged) // 20)]:
        assert load.lodge(reference) == (200, load.acknowledged[reference])


def test_a_killed_service_has_all_that_it_acknowledged_once(
    database: Database, tmp_path: Path, load: Load
) -> None:
    process = start(tmp_path, load.port, database)
    try:
        with load.running():
            for _ in range(KILLS):
                load.until_acknowledged(ACKNOWLEDGED_BETWEEN_KILLS)
                end(process)
                process = start(tmp_path, load.port, database)
            load.until_acknowledged(ACKNOWLEDGED_BETWEEN_KILLS)
        need_all_there(load, database, load.port)
    finally:
        end(process)


def test_a_service_that_is_stopped_answers_what_it_took(
    database: Database, tmp_path: Path, load: Load
) -> None:
    process = start(tmp_path, load.port, database, workers=1)
    try:
        with load.running():
            load.until_acknowledged(ACKNOWLEDGED_BETWEEN_KILLS)
            process.terminate()
            process.wait(timeout=60)
        assert process.returncode == 0
        assert set(recorded(database)) == set(load.acknowledged)
    finally:
        end(process)


def kill_processes_apart(service: int) -> None:
    """Kill what works beside the workers of a service: who goes the road, and who quotes."""
    for worker in psutil.Process(service).children():
        for each in worker.children():
            each.kill()


def test_a_service_goes_on_whose_processes_were_killed_and_whose_database_was_restarted(
    server_folder: Path, tmp_path: Path
) -> None:
    location = server_folder / "server"
    database = Database.from_location(str(location))
    load = loading(database)
    process = start(tmp_path, load.port, database, workers=1)
    try:
        with load.running():
            load.until_acknowledged(ACKNOWLEDGED_BETWEEN_KILLS)
            kill_processes_apart(process.pid)
            load.until_acknowledged(ACKNOWLEDGED_BETWEEN_KILLS)
            embedded.stop(location)
            time.sleep(1)
            embedded.start(location)
            load.until_acknowledged(ACKNOWLEDGED_BETWEEN_KILLS)
        assert set(load.statuses) <= {200, 503}
        need_all_there(load, database, load.port)
    finally:
        end(process)
