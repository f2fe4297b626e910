"""No proof leaves a node before its checkpoint is published."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from running import tumen
from tumen.store.database import Database
from tumen.trust.note import COSIGNATURE_V1, VerifierKey

KEY = VerifierKey("witness.example", COSIGNATURE_V1, b"k" * 32)


class Asked(BaseHTTPRequestHandler):
    """A witness that knows no log, and counts who asks."""

    times = 0

    def do_POST(self) -> None:
        type(self).times += 1
        self.send_error(404)


def test_nothing_is_proven_to_anybody_while_the_log_cannot_be_published(
    tmp_path: Path, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.ndjson").write_text(json.dumps({"order": "1"}) + "\n", encoding="utf-8")
    (tmp_path / "full").write_text("no folder", encoding="utf-8")
    out, place = tmp_path / "out", ("--database", database.url)
    cleared = ("clear", tmp_path / "a.ndjson", "--out", out, *place)
    monkeypatch.setenv("TUMEN_LOG", str(tmp_path / "full"))
    done = tumen(tmp_path, *cleared)
    assert done.returncode == 1
    assert "LOG_UNPUBLISHED" in done.stderr
    assert (out / "proofs.ndjson").read_text(encoding="utf-8") == ""
    printed = tumen(tmp_path, "log", "checkpoint", *place)
    assert (printed.returncode, printed.stdout) == (1, "")
    witness = HTTPServer(("127.0.0.1", 0), Asked)
    threading.Thread(target=witness.serve_forever, daemon=True).start()
    named = ("--witness", f"http://127.0.0.1:{witness.server_port}", "--key", KEY.vkey)
    fed = tumen(tmp_path, "witness", "feed", *named, *place)
    witness.shutdown()
    assert "LOG_UNPUBLISHED" in fed.stderr
    assert Asked.times == 0
    monkeypatch.setenv("TUMEN_LOG", str(tmp_path / "log"))
    assert tumen(tmp_path, *cleared).returncode == 0
    (line,) = (out / "proofs.ndjson").read_text(encoding="utf-8").splitlines()
    published = (tmp_path / "log" / "checkpoint").read_text(encoding="utf-8")
    assert json.loads(line)["proof"].endswith(published)
