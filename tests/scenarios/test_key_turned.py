"""A log whose key was rotated: its old checkpoints stay its own, its head is signed anew."""

import os
from pathlib import Path

import pytest

from tumen.bootstrap import Node, load_keys, open_node
from tumen.kernel.errors import LogDamaged, UsageError
from tumen.settings import key_ring
from tumen.store.database import Database
from tumen.trust import note
from tumen.trust.bundle_model import Role
from tumen.trust.note import VerifierKey
from tumen.trust.published import head_of, is_signed_by


@pytest.fixture(autouse=True)
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUMEN_HOME", str(tmp_path))
    monkeypatch.setenv("TUMEN_KEYS", str(tmp_path / "node.keys"))


def checkpoint(tmp_path: Path) -> bytes:
    return (tmp_path / "node.log/checkpoint").read_bytes()


def shown(database: Database) -> Node:
    node = open_node(database.url)
    node.log_artefact("trial", b"t" * 32, "a trial")
    node.publish_log()
    return node


def turned(database: Database) -> Path:
    """The place of the log's old key, once a new one is in its place."""
    ring = key_ring(database.url)
    old = ring.held(Role.LOG)
    ring.make_next(Role.LOG, old.name)
    key = VerifierKey(old.name, note.ED25519, old.secret.public_key)
    return ring.turn(Role.LOG, f"{key.name}+{key.key_id.hex()}")


def test_the_head_is_signed_by_the_new_key_before_anybody_is_shown_it(
    database: Database, tmp_path: Path
) -> None:
    """What the old key signed counts for nothing once it is cosigned after the key's end."""
    old = shown(database)
    before = checkpoint(tmp_path)
    turned(database)
    node = open_node(database.url)
    node.publish_log()
    after = checkpoint(tmp_path)
    assert is_signed_by(before, old.log.signer.verifier_key)
    assert is_signed_by(after, node.log.signer.verifier_key)
    assert old.log.signer.verifier_key != node.log.signer.verifier_key
    assert head_of(after).size == head_of(before).size + 1
    node.publish_log()
    assert checkpoint(tmp_path) == after


def test_a_retired_key_that_lies_in_no_file_is_known_by_its_public_half(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where both lie in a token, which is not looked through."""
    node = shown(database)
    turned(database).unlink()
    with pytest.raises(LogDamaged, match="not signed by it"):
        open_node(database.url)
    monkeypatch.setenv("TUMEN_LOG_KEYS_RETIRED", node.log.signer.verifier_key)
    open_node(database.url).publish_log()
    monkeypatch.setenv("TUMEN_LOG_KEYS_RETIRED", "no key")
    with pytest.raises(UsageError, match="no public key"):
        open_node(database.url)


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o602])
def test_the_nodes_secrets_are_not_read_where_others_can_use_them(
    tmp_path: Path, mode: int
) -> None:
    file = tmp_path / "node.keys"
    load_keys(file)
    os.chmod(file, mode)
    with pytest.raises(UsageError, match="others than its owner"):
        load_keys(file)
    os.chmod(file, 0o600)
    assert load_keys(file)
