"""A node whose database was restored from an old copy: it stops, and begins another log."""

import json
from pathlib import Path

import pytest

from restoring import copied
from running import tumen
from tumen.bootstrap import Node, open_node
from tumen.kernel.errors import LogNotExtended
from tumen.store.database import Database
from tumen.trust.published import head_of

REASON = "the disk was lost"


@pytest.fixture(autouse=True)
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUMEN_HOME", str(tmp_path))
    monkeypatch.setenv("TUMEN_KEYS", str(tmp_path / "node.keys"))


def entered(node: Node, *names: bytes) -> None:
    for name in names:
        node.log_artefact("trial", name * 32, "a trial")
    node.publish_log()


def test_a_restored_node_begins_a_log_that_tells_what_the_old_one_showed(
    database: Database, tmp_path: Path
) -> None:
    node = open_node(database.url)
    with copied(database) as older:
        entered(node, b"a", b"b")
        old = (tmp_path / "node.log/checkpoint").read_bytes()
        with pytest.raises(LogNotExtended, match="went back"):
            open_node(older.url)
        begun = tumen(tmp_path, "log", "begin", "--reason", REASON, "--database", older.url)
        assert begun.returncode == 0, begun.stderr
        assert f"begun      {node.log.origin.name}/2" in begun.stdout
        assert "it showed 3 leaves" in begun.stdout
        again = open_node(older.url)
        entered(again, b"c")
        assert (tmp_path / "node.log/checkpoint").read_bytes() == old
        head = head_of((tmp_path / "node.log/2/checkpoint").read_bytes())
        assert (head.origin, head.size) == (f"{node.log.origin.name}/2", 2)
        text = tmp_path / "node.log/2/origin.json"
        told = json.loads(text.read_text(encoding="utf-8"))
        assert (told["reason"], told["previous"]) == (REASON, old.decode())
        proven = tumen(tmp_path, "verify", text, f"{text}.tlog-proof")
        assert "byte for byte" in proven.stdout
        assert "entry 0 of the 1" in proven.stdout
        audited = tumen(tmp_path, "log", "audit", "--database", older.url)
        assert audited.returncode == 0, audited.stdout


def test_a_log_that_goes_on_is_not_succeeded(database: Database, tmp_path: Path) -> None:
    entered(open_node(database.url), b"a")
    refused = tumen(tmp_path, "log", "begin", "--reason", REASON, "--database", database.url)
    assert refused.returncode == 2
    assert "goes on from all" in refused.stderr


def test_where_the_folder_was_restored_too_a_kept_checkpoint_shows_it(
    database: Database, tmp_path: Path
) -> None:
    """The largest that a witness keeps tells what neither database nor folder can."""
    node = open_node(database.url)
    with copied(database) as older:
        entered(node, b"a", b"b")
        kept = tmp_path / "kept"
        (tmp_path / "node.log/checkpoint").rename(kept)
        command = ("log", "begin", "--reason", REASON, "--database", older.url, "--against")
        begun = tumen(tmp_path, *command, kept)
        assert begun.returncode == 0, begun.stderr
        assert "it showed 3 leaves" in begun.stdout


def test_a_checkpoint_that_another_signed_is_no_reason(database: Database, tmp_path: Path) -> None:
    entered(open_node(database.url), b"a")
    forged = tmp_path / "forged"
    signed = (tmp_path / "node.log/checkpoint").read_bytes()
    forged.write_bytes(signed.replace(b"\n2\n", b"\n9\n"))
    command = ("log", "begin", "--reason", REASON, "--database", database.url, "--against", forged)
    refused = tumen(tmp_path, *command)
    assert refused.returncode == 1
    assert "LOG_DAMAGED" in refused.stderr
