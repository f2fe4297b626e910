"""`tumen witness` where no other node is needed: keys, lists, and the proof against a log."""

from pathlib import Path

from running import tumen
from tumen.store.database import Database
from witnessed_logs import Log, cosigner

TRUE, FORK = Log.of(9), Log.of(9, mark="fork")


def test_a_fork_is_proven_by_two_checkpoints_and_by_the_file_made_of_them(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(TRUE.note())
    (tmp_path / "b").write_bytes(FORK.note())
    proof = tmp_path / "proof.json"
    key = ("--key", TRUE.key.vkey)
    command = ("witness", "equivocation")
    made = tumen(tmp_path, *command, tmp_path / "a", tmp_path / "b", *key, "--out", proof)
    assert made.returncode == 0, made.stderr
    assert made.stdout.startswith(f"PROVEN: the log {TRUE.origin} signed two histories\n")
    assert tumen(tmp_path, *command, proof, *key).stdout == made.stdout
    same = tumen(tmp_path, *command, tmp_path / "a", tmp_path / "a", *key)
    assert same.returncode == 1
    assert same.stderr.startswith("EQUIVOCATION_NOT_PROVEN: nothing is proven")


def test_two_stories_of_different_sizes_are_proven_with_a_copy_of_the_files(
    tmp_path: Path,
) -> None:
    (tmp_path / "ours").write_bytes(Log.of(6, mark="rewritten").note())
    (tmp_path / "theirs").write_bytes(TRUE.note())
    tile = tmp_path / "copy/tile/0/000.p/9"
    tile.parent.mkdir(parents=True)
    tile.write_bytes(b"".join(TRUE.leaves))
    key = ("--key", TRUE.key.vkey)
    command = ("witness", "equivocation", tmp_path / "ours", tmp_path / "theirs", *key)
    without = tumen(tmp_path, *command)
    assert without.returncode == 1
    assert "a copy of the log's files is needed" in without.stderr
    proof = tmp_path / "proof.json"
    made = tumen(tmp_path, *command, "--files", tmp_path / "copy", "--out", proof)
    assert made.returncode == 0, made.stderr
    assert tumen(tmp_path, "witness", "equivocation", proof, *key).stdout == made.stdout


def test_a_witness_without_a_key_is_told_how_to_make_one(
    database: Database, tmp_path: Path
) -> None:
    done = tumen(tmp_path, "witness", "serve", "--database", database.url)
    assert done.returncode == 2
    assert "There is no key file" in done.stderr


def test_what_is_witnessed_is_listed_and_ends(database: Database, tmp_path: Path) -> None:
    where = ("--database", database.url)
    assert "no log yet" in tumen(tmp_path, "witness", "list", *where).stdout
    tumen(tmp_path, "witness", "add", TRUE.key.vkey, *where)
    listed = tumen(tmp_path, "witness", "list", *where).stdout
    assert listed == f"{TRUE.origin}  nothing cosigned yet\n  {TRUE.key.vkey}\n"
    tumen(tmp_path, "witness", "remove", TRUE.key.vkey, *where)
    assert "no log yet" in tumen(tmp_path, "witness", "list", *where).stdout


def test_an_address_without_a_key_and_a_log_key_for_a_witness_are_wrong_use(
    tmp_path: Path,
) -> None:
    nowhere = ("witness", "feed", "--database", "postgresql://127.0.0.1:1/none")
    alone = tumen(tmp_path, *nowhere, "--witness", "http://127.0.0.1:1")
    assert alone.returncode == 2
    feed = (*nowhere, "--witness", "http://127.0.0.1:1", "--key")
    assert tumen(tmp_path, *feed, TRUE.key.vkey).returncode == 2
    bad = tumen(tmp_path, *nowhere, "--witness", "x", "--key", cosigner("w").verifier_key)
    assert bad.returncode == 2
    assert "is no address of a witness" in bad.stderr
