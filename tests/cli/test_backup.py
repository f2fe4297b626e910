"""`tumen backup` and `tumen restore`: the same facts again, and the rule of the log holds."""

import itertools
import json
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import psycopg
import pytest

from running import tumen
from tumen.bootstrap import open_node
from tumen.simulation import one_bundle
from tumen.store.database import Database
from tumen.store.migration import known_migrations
from tumen.trust.published import head_of
from tumen.window.ledger import backup as backups

TABLES = """SELECT relname::text FROM pg_class WHERE relkind = 'r' AND relname <> 'migration'
            AND relnamespace = 'public'::regnamespace ORDER BY relname"""

WITNESSED = """INSERT INTO witness_log (origin, verifier_key, is_witnessed, recorded_at)
               SELECT 'another.example/log', 'key', true, now() FROM generate_series(1, 3)"""
COSIGNED = """INSERT INTO witness_checkpoint (origin, number, size, root, cosigned_at, note)
              VALUES ('another.example/log', 1, 0, sha256(''), 0, '')"""


def clear(folder: Path, database: Database, *seeds: int) -> None:
    file = folder / "day.ndjson"
    documents = [each for seed in seeds for each in one_bundle("clean", seed).documents]
    file.write_text("".join(json.dumps(each) + "\n" for each in documents), encoding="utf-8")
    done = tumen(folder, "clear", file, "--database", database.url)
    assert done.returncode == 0, done.stderr


@contextmanager
def unmade(database: Database, name: str) -> Iterator[Database]:
    """A database beside another that is not there yet; dropped at the end."""
    server, place = database.url.rsplit("/test_", 1)
    options = place.partition("?")[2]
    yield Database(f"{server}/{name}?{options}")
    with psycopg.connect(f"{server}/postgres?{options}", autocommit=True) as administrator:
        administrator.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())


def rows(database: Database) -> dict[str, list[str]]:
    """Every row of every table as text, and where the sequences stand."""
    found = {}
    with psycopg.connect(database.url) as connection:
        for (table,) in connection.execute(TABLES).fetchall():
            query = f"SELECT t::text FROM {table} t ORDER BY 1"  # noqa: S608 - ours
            found[table] = [text for (text,) in connection.execute(query.encode()).fetchall()]
        query = "SELECT sequencename || ' ' || last_value FROM pg_sequences"
        found["sequences"] = sorted(str(text) for (text,) in connection.execute(query.encode()))
    return found


@pytest.fixture
def taken(database: Database, tmp_path: Path) -> Path:
    """A backup of two consignments, kept below the node's home."""
    clear(tmp_path, database, 1, 2)
    done = tumen(tmp_path, "backup", "--out", tmp_path / "taken", "--database", database.url)
    assert done.returncode == 0, done.stderr
    assert "keys       not in it" in done.stdout
    assert str(tmp_path / "node.log-key") in done.stdout
    assert not (tmp_path / "taken/keys").exists()
    return tmp_path / "taken"


def test_a_restored_node_has_the_same_rows_and_its_audit_is_clean(
    database: Database, taken: Path, tmp_path: Path
) -> None:
    before = rows(database)
    assert any(before.values())
    with unmade(database, "restored_same") as other:
        done = tumen(tmp_path, "restore", taken, "--database", other.url)
        assert done.returncode == 0, done.stderr
        assert "The log goes on from all that" in done.stdout
        assert rows(other) == before
        audited = tumen(tmp_path, "log", "audit", "--database", other.url)
        assert audited.returncode == 0, audited.stdout
        clear(tmp_path, other, 3)
        again = tumen(tmp_path, "log", "audit", "--database", other.url)
        assert again.returncode == 0, again.stdout


def test_a_node_restored_behind_what_was_shown_signs_nothing_until_another_log_is_begun(
    database: Database, taken: Path, tmp_path: Path
) -> None:
    clear(tmp_path, database, 3)
    shown = head_of((tmp_path / "node.log/checkpoint").read_bytes())
    with unmade(database, "restored_behind") as other:
        done = tumen(tmp_path, "restore", taken, "--database", other.url)
        assert done.returncode == 0, done.stderr
        assert "refuses to sign" in done.stdout
        assert "tumen log begin --reason" in done.stdout
        assert "is in force again: keys and sessions" in done.stdout
        assert "As a witness" not in done.stdout
        refused = tumen(tmp_path, "log", "checkpoint", "--database", other.url)
        assert refused.returncode == 1
        assert "LOG_NOT_EXTENDED" in refused.stderr
        reason = "disk lost, an older backup restored"
        begun = tumen(tmp_path, "log", "begin", "--reason", reason, "--database", other.url)
        assert begun.returncode == 0, begun.stderr
        assert f"it showed {shown.size:,} leaves" in begun.stdout
        clear(tmp_path, other, 3)
        audited = tumen(tmp_path, "log", "audit", "--database", other.url)
        assert audited.returncode == 0, audited.stdout


def test_who_was_erased_after_a_backup_is_erased_again_when_the_restored_node_may_sign(
    database: Database, taken: Path, tmp_path: Path
) -> None:
    number = str(one_bundle("clean", 1).documents[0]["order_number"])
    flags = ("--yes", "--reason", "request 1", "--database")
    assert tumen(tmp_path, "erase", number, *flags, database.url).returncode == 0
    assert (tmp_path / "node.erasures").stat().st_mode & 0o777 == 0o600
    left = rows(database)["person_key"]
    with unmade(database, "restored_erased") as other:
        done = tumen(tmp_path, "restore", taken, "--database", other.url)
        assert "tumen erase --again" in done.stdout
        assert len(rows(other)["person_key"]) > len(left)
        with (tmp_path / "node.erasures").open("a") as file:
            file.write("half a li")
        begun = tumen(tmp_path, "log", "begin", "--reason", "lost", "--database", other.url)
        assert "keys destroyed again" in begun.stdout
        assert "1 lines of it are not understood" in begun.stdout
        assert rows(other)["person_key"] == left
        again = tumen(tmp_path, "erase", "--again", "--database", other.url)
        assert "0 keys destroyed again" in again.stdout
        assert tumen(tmp_path, "log", "audit", "--database", other.url).returncode == 0


def test_a_database_with_facts_is_never_restored_over(
    database: Database, taken: Path, tmp_path: Path
) -> None:
    before = rows(database)
    refused = tumen(tmp_path, "restore", taken, "--database", database.url)
    assert refused.returncode == 2
    assert "not empty" in refused.stderr
    assert rows(database) == before


def test_a_backup_with_one_other_byte_restores_nothing(
    database: Database, taken: Path, tmp_path: Path
) -> None:
    file = taken / "trade_order.copy"
    file.write_bytes(file.read_bytes().replace(b"\t", b"\v", 1))
    with unmade(database, "restored_damaged") as other:
        refused = tumen(tmp_path, "restore", taken, "--database", other.url)
        assert refused.returncode == 1
        assert "trade_order.copy is not the file that the backup wrote" in refused.stderr
        with pytest.raises(psycopg.OperationalError, match="does not exist"):
            psycopg.connect(other.url)


def test_a_backup_that_was_not_finished_is_no_backup(taken: Path, tmp_path: Path) -> None:
    (taken / "manifest.json").unlink()
    refused = tumen(tmp_path, "restore", taken, "--database", tmp_path / "postgres")
    assert refused.returncode == 2
    assert "written last" in refused.stderr
    again = tumen(tmp_path, "backup", "--out", taken)
    assert again.returncode == 2


def test_a_backup_of_other_migrations_is_refused(taken: Path, tmp_path: Path) -> None:
    manifest = json.loads((taken / "manifest.json").read_text(encoding="utf-8"))
    assert len(manifest["migrations"]) == len(known_migrations())
    manifest["migrations"][-1]["sha256"] = "00" * 32
    (taken / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    refused = tumen(tmp_path, "restore", taken, "--database", tmp_path / "postgres")
    assert refused.returncode == 2
    assert "whose database this one cannot make" in refused.stderr


def test_the_keys_go_with_a_backup_only_when_asked_for_and_closed_to_others(
    database: Database, taken: Path, tmp_path: Path
) -> None:
    out = tmp_path / "with-keys"
    told = tumen(tmp_path, "backup", "--out", out, "--with-keys", "--database", database.url)
    assert "can sign as this node" in told.stdout
    files = [*(out / "keys").iterdir()]
    assert {each.name for each in files} == {"node-keys", "log-key"}
    assert {stat.S_IMODE(each.stat().st_mode) for each in files} == {0o600}
    home = tmp_path / "another"
    with unmade(database, "restored_keys") as other:
        done = tumen(home, "restore", out, "--with-keys", "--database", other.url)
        assert done.returncode == 0, done.stderr
        assert "WARNING: no checkpoint of the log" in done.stdout
        for name in ("node.keys", "node.log-key"):
            assert (home / name).read_text() == (tmp_path / name).read_text()
            assert stat.S_IMODE((home / name).stat().st_mode) == 0o600


def test_the_keys_of_another_node_are_told_before_anything_is_restored(
    database: Database, taken: Path, tmp_path: Path
) -> None:
    home = tmp_path / "another"
    home.mkdir()
    (home / "node.keys").write_text("\n".join(["ab" * 32] * 2) + "\n")
    (home / "node.keys").chmod(0o600)
    with unmade(database, "restored_other") as other:
        refused = tumen(home, "restore", taken, "--database", other.url)
        assert refused.returncode == 2
        assert "of another node" in refused.stderr


def test_a_backup_taken_while_others_record_is_of_one_moment(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TUMEN_KEYS", str(tmp_path / "node.keys"))
    node, is_over, is_busy = open_node(database.url), Event(), Event()

    def record() -> None:
        for number in itertools.count(1):
            if is_over.is_set():
                return
            node.log_artefact("trial", number.to_bytes(32), "a trial")
            if number > 5:
                is_busy.set()

    out, home = tmp_path / "taken", tmp_path / "another"
    with ThreadPoolExecutor(1) as thread:
        recording = thread.submit(record)
        is_busy.wait()
        done = tumen(tmp_path, "backup", "--out", out, "--with-keys", "--database", database.url)
        is_over.set()
        recording.result()
    assert done.returncode == 0, done.stderr
    with unmade(database, "restored_moment") as other:
        restored = tumen(home, "restore", out, "--with-keys", "--database", other.url)
        assert restored.returncode == 0, restored.stderr
        audited = tumen(home, "log", "audit", "--database", other.url)
        assert audited.returncode == 0, audited.stdout
        assert 5 < len(rows(other)["log_artefact"]) < len(rows(database)["log_artefact"])


def test_an_older_backup_is_restored_as_it_was_and_then_migrated(
    database: Database, tmp_path: Path
) -> None:
    before, out = known_migrations()[:-2], tmp_path / "taken"
    out.mkdir()
    with unmade(database, "restored_from") as old, unmade(database, "restored_to") as new:
        old.prepare(before)
        with psycopg.connect(old.url) as connection:
            connection.execute("INSERT INTO node_keys (fingerprint) VALUES ('ab')")
            connection.execute(COSIGNED)
            connection.execute(WITNESSED)
        backups.write(old, out, "0.0.1", datetime(2026, 11, 23, tzinfo=UTC), [])
        newer = tumen(tmp_path, "restore", out, "--database", database.url)
        assert newer.returncode == 2
        assert "does not fit into this database" in newer.stderr
        done = tumen(tmp_path, "restore", out, "--database", new.url)
        assert done.returncode == 0, done.stderr
        assert "As a witness it has gone back too" in done.stdout
        assert f"{known_migrations()[-1].number:04}_" in done.stdout
        assert len(new.migrations()) == len(known_migrations())
        assert len(rows(new)["witness_log"]) == 3
        assert rows(new)["witness_log"] == rows(old)["witness_log"]
        assert "witness_log_entry_seq 3" in rows(new)["sequences"]
        assert rows(new)["node_keys"] == rows(old)["node_keys"] == ["(ab,t)"]
