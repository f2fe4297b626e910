"""`tumen contingency`: begun and ended from the command line, and told to everybody meanwhile."""

import json
import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import pytest

from running import tumen
from tumen.cli.contingency_watch import answers
from tumen.simulation import one_bundle
from tumen.store.database import Database


def test_a_contingency_is_begun_shown_and_ended(database: Database, tmp_path: Path) -> None:
    documents = tmp_path / "day.ndjson"
    lines = [json.dumps(each) for each in one_bundle(seed=3).documents]
    documents.write_text("\n".join(lines), encoding="utf-8")
    at = ("--database", database.url)
    said = ("--officer", "A-17", *at)
    begun = tumen(tmp_path, "contingency", "begin", "CN", "--reason", "the hall is cut off", *said)
    assert begun.returncode == 0, begun.stderr
    again = tumen(tmp_path, "contingency", "begin", "CN", "--reason", "the hall is cut off", *said)
    assert (again.returncode, "suspended already" in again.stderr) == (2, True)
    cleared = tumen(tmp_path, "clear", documents, "--json", *at)
    assert json.loads(cleared.stdout)["declarations"]["awaiting"] == 1
    shown = json.loads(tumen(tmp_path, "contingency", "status", "--json", *at).stdout)
    assert (shown["economy"], shown["awaiting"]) == ("CN", 1)
    assert "the hall is cut off" in tumen(tmp_path, "contingency", "status", *at).stdout
    ended = tumen(tmp_path, "contingency", "end", "CN", "--reason", "it is back", *said)
    assert "1 released" in ended.stdout, ended.stderr
    over = tumen(tmp_path, "contingency", "status", *at).stdout
    assert over == "Every authority decides; no contingency is on.\n"


class Hall(BaseHTTPRequestHandler):
    """The system of an authority; it answers with the status that is set."""

    status = 200

    def do_GET(self) -> None:
        self.send_response(self.status)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def hall() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Hall) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def test_it_is_asked_whether_a_server_answers_and_tells_no_fault_of_its_own(
    hall: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for status, is_there in ((200, True), (404, True), (503, False)):
        monkeypatch.setattr(Hall, "status", status)
        assert answers(urlsplit(hall)) is is_there
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    assert not answers(urlsplit(f"http://127.0.0.1:{port}/"))


def test_a_contingency_begins_by_itself_where_an_authority_is_silent(
    database: Database, tmp_path: Path, hall: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = ("--database", database.url)
    watch = ("contingency", "watch", "CN", hall, "--after", 1, "--every", 1, *at, "--times")
    assert tumen(tmp_path, *watch, 1).stdout == ""
    monkeypatch.setattr(Hall, "status", 503)
    silent = tumen(tmp_path, *watch, 2)
    assert silent.stdout == "CN gives no answer: its decisions are suspended.\n", silent.stderr
    monkeypatch.setattr(Hall, "status", 200)
    back = tumen(tmp_path, *watch, 1)
    assert back.stdout == "CN answers again. Decided: nothing had waited.\n"
    wrong = tumen(tmp_path, "contingency", "watch", "CN", "hall.example", *at)
    assert (wrong.returncode, "no address that can be asked" in wrong.stderr) == (2, True)
