"""The service over real HTTP: processes, ports, workers, a kill at the worst moment."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar.testing import TestClient

from running import environment, started, tumen
from serving import free_port, served
from tumen.access import keys, organisations
from tumen.access.keys import KeyWanted
from tumen.access.organisations import Organisation
from tumen.access.roles import Role
from tumen.kernel.clock import SystemClock
from tumen.kernel.errors import StoreUnavailable
from tumen.kernel.limits import WITNESS_REQUEST_BYTES_MAX
from tumen.store.database import Database
from tumen.trust.witness import Answer, Cosigned, Witness
from tumen.web.service import application_of
from tumen.web.witness import witness_route
from tumen.witnessing.post import post
from tumen.witnessing.register import Register
from witnessed_logs import START, Log, SteppedClock, cosigner, witness

LOG = Log.of(40)
NAME = "witness.example.kr"


@pytest.fixture
def node(database: Database, tmp_path: Path) -> Database:
    """A database that witnesses the log, with a witness's key below the folder."""
    made = tumen(tmp_path, "witness", "init", "--name", NAME, "--database", database.url)
    assert made.returncode == 0, made.stderr
    added = tumen(tmp_path, "witness", "add", LOG.key.vkey, "--database", database.url)
    assert added.stdout == "1 witnessed from now on, 0 as before\n", added.stderr
    return database


def sizes(database: Database) -> list[int]:
    with psycopg.connect(database.url) as connection:
        query = "SELECT size FROM witness_checkpoint ORDER BY number"
        return [size for (size,) in connection.execute(query)]


def ask(port: int, body: bytes) -> Answer:
    answer = post(f"http://127.0.0.1:{port}", body)
    assert answer is not None
    return answer


def get(port: int, path: str, method: str = "GET") -> tuple[int, dict[str, str], bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request(method, path)
    response = connection.getresponse()
    found = (response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
    connection.close()
    return found


def test_two_workers_answer_requests_at_once_and_a_restart_goes_on(
    node: Database, tmp_path: Path
) -> None:
    port = free_port()
    command = ("witness", "serve", "--workers", 2, "--database", node.url)
    with served(tmp_path, port, *command):
        assert ask(port, LOG.request(0, 10)).status == 200
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda n: ask(port, LOG.request(10, n)), range(11, 41)))
        assert sorted(each.status for each in answers) == [200] + [409] * 29
        assert {each.content_type for each in answers if each.status == 409} == {"text/x.tlog.size"}
        stands = sizes(node)[-1]
        assert sizes(node) == [10, stands]
    with served(tmp_path, port, *command):
        assert ask(port, LOG.request(0)).body == f"{stands}\n".encode()
        assert ask(port, b"x" * (WITNESS_REQUEST_BYTES_MAX + 1)).status == 413
        assert get(port, "/add-checkpoint")[0] == 405
        assert get(port, "/checkpoint")[0] == 404


HOLDS_THE_REPLY = """
import sys, time
from tumen.store.database import Database
from tumen.trust.witness import Witness
from tumen.witnessing.register import Register
from witnessed_logs import Log, SteppedClock, cosigner

class Held:
    name = verifier_key = ""
    def cosign(self, text, seconds):
        print("written", flush=True)
        time.sleep(600)

log = Log.of(40)
state = Register(Database(sys.argv[1]).session)
Witness(Held(), state, SteppedClock()).add_checkpoint(log.request(10, 20))
"""


def test_a_kill_between_writing_down_and_replying_never_lets_it_go_back(
    node: Database, tmp_path: Path
) -> None:
    one = Witness(cosigner(NAME), Register(node.session), SteppedClock())
    assert one.add_checkpoint(LOG.request(0, 10)).status == 200
    path = f"{Path(__file__).parents[1]}:{Path(__file__).parents[2] / 'src'}"
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDS_THE_REPLY, node.url],
        env={**environment(tmp_path), "PYTHONPATH": path},
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"written\n"
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert sizes(node) == [10, 20]
    assert one.add_checkpoint(LOG.request(10, 15)).body == b"20\n"
    fork = Log(LOG.origin, LOG.leaves[:10]).grown(10, mark="fork")
    assert one.add_checkpoint(fork.request(10)).status == 409
    assert one.add_checkpoint(LOG.request(20, 20)).status == 200


def test_a_store_that_is_gone_is_answered_503_and_nothing_is_cosigned() -> None:
    class Gone:
        def log(self, origin: str) -> Any:
            raise StoreUnavailable

        def advance(self, cosigned: Cosigned) -> bool:
            raise StoreUnavailable

    one = Witness(cosigner(NAME), Gone(), SteppedClock(START))
    with TestClient(application_of([witness_route(one)])) as client:
        answer = client.post("/add-checkpoint", content=LOG.request(0))
    assert answer.status_code == 503


@given(st.binary(max_size=2_000), st.sampled_from([b"", b"old 0\n\n", b"old 10\n", LOG.request(0)]))
def test_no_request_is_answered_500(tail: bytes, head: bytes) -> None:
    with TestClient(
        application_of([witness_route(witness(NAME, LOG))]), raise_server_exceptions=False
    ) as client:
        answer = client.post("/add-checkpoint", content=head + tail)
    assert answer.status_code in {200, 400, 403, 404, 409, 413, 422}


@contextmanager
def saying_so(folder: Path, *arguments: object) -> Iterator[str]:
    """A command that serves; the first line that it says, by which time it listens."""
    process = started(folder, *arguments)
    try:
        assert process.stdout is not None
        yield process.stdout.readline()
    finally:
        process.terminate()
        process.communicate(timeout=30)


def test_the_files_of_a_log_have_the_headers_of_tlog_tiles_and_nothing_else_is_served(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "node.log"
    (folder / "tile/0/x001/234.p").mkdir(parents=True)
    (folder / "tile/entries").mkdir(parents=True)
    (folder / "checkpoint").write_bytes(LOG.note())
    (folder / "tile/0/000").write_bytes(bytes(8192))
    (folder / "tile/0/x001/234.p/7").write_bytes(bytes(7 * 32))
    (folder / "tile/entries/000").write_bytes(b"entries")
    (folder / "cosigned").write_bytes(b"kept apart")
    (folder / ".lock").write_bytes(b"")
    (tmp_path / "secret").write_bytes(b"secret")
    port = free_port()
    with saying_so(tmp_path, "log", "serve", "--folder", folder, "--port", port) as said:
        assert said == f"serves {folder} at http://127.0.0.1:{port}/checkpoint\n"
        with socket.create_connection(("127.0.0.1", port), timeout=5) as stranger:
            stranger.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
            assert b" 400 " in stranger.recv(64) or not stranger.recv(64), "HTTP/2 is not spoken"
        status, headers, body = get(port, "/checkpoint")
        assert (status, body) == (200, LOG.note())
        assert headers["content-type"] == "text/plain; charset=utf-8"
        assert headers["cache-control"] == "no-cache"
        for path in ("/tile/0/000", "/tile/0/x001/234.p/7", "/tile/entries/000"):
            status, headers, body = get(port, path)
            assert (status, body) == (200, (folder / path[1:]).read_bytes())
            assert headers["content-type"] == "application/octet-stream"
            assert headers["cache-control"] == "public, max-age=31536000, immutable"
        for path in (
            "/cosigned",
            "/.lock",
            "/tile/0/001",
            "/tile/0/0",
            "/tile/00/000",
            "/tile/0/../../../secret",
            "/tile/0/%2e%2e/%2e%2e/%2e%2e/secret",
            "/tile/0/000.p/256",
            "/tile/0/x000/000",
            "/tile/",
            "/",
        ):
            status, headers, _ = get(port, path)
            assert status == 404, path
            assert "immutable" not in headers.get("cache-control", "")


def test_a_port_that_is_taken_is_told(node: Database, tmp_path: Path) -> None:
    port = free_port()
    command = ("witness", "serve", "--database", node.url)
    with served(tmp_path, port, *command):
        again = tumen(tmp_path, *command, "--port", port)
    assert again.returncode == 1
    assert f"127.0.0.1:{port} cannot be served" in again.stderr


def test_no_day_is_cleared_for_a_port_that_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        again = tumen(tmp_path, "serve", "--demo", "--port", taken.getsockname()[1])
    assert (again.returncode, again.stdout) == (1, "")
    assert not list(tmp_path.iterdir())


def test_the_whole_service_of_two_workers_adds_up_their_figures(
    database: Database, tmp_path: Path
) -> None:
    now = SystemClock().now()
    with database.session() as session:
        keeper = Organisation("keeper", "Keeper", frozenset({Role.ADMINISTRATOR}))
        organisations.record(session, keeper, now, "console")
        key = keys.make(session, "keeper", KeyWanted("figures"), now, "console")
    port, asked = free_port(), 24
    with served(tmp_path, port, "serve", "--workers", 2, "--database", database.url):
        for _ in range(asked):
            assert get(port, "/healthz")[0] == 200
        connection = HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", "/metrics", headers={"authorization": f"Bearer {key}"})
        told = connection.getresponse().read().decode()
        connection.close()
    line = 'tumen_requests_total{method="GET",route="/healthz",status="200"} '
    assert f"{line}{float(asked)}" in told
