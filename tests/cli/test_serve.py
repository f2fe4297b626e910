"""`tumen serve --demo`: what a demonstration leaves for whoever tries it."""

from pathlib import Path

import pytest

from tumen.bootstrap import open_node
from tumen.cli import serve
from tumen.settings import key_ring
from tumen.store.database import Database
from tumen.trust import bundle
from tumen.trust.bundle_model import Role
from tumen.trust.key_ring import public_text


def test_a_demonstration_leaves_a_bundle_that_believes_the_key_of_its_log(
    database: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name in ("TUMEN_HOME", "TUMEN_KEYS"):
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.setattr(serve, "DEMO", tmp_path)
    serve._demonstrate(database.url)
    left = tmp_path / "trust.bundle"
    assert str(left) in capsys.readouterr().out
    open_node(database.url)
    key = public_text(Role.LOG, key_ring(database.url).held(Role.LOG))
    believed = bundle.parse(left.read_bytes()).bundle
    assert [each.key for each in believed.members[0].keys if each.role is Role.LOG] == [key]
