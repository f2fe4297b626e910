"""What `tumen trust` and `tumen credential` make enters the log of the node at hand."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from certified import ADDRESS, fields

from running import tumen
from tumen import bootstrap
from tumen.kernel.clock import SystemClock
from tumen.store.database import Database
from tumen.trust.bundle_model import Jwk
from tumen.trust.credential.encoding import to_json
from tumen.trust.key_ring import KeyRing
from tumen.trust.note import Signature, parse
from tumen.trust.published import head_of
from tumen.window.ledger import cosignatures
from tumen.window.ledger.log import StoredLog

NODE = ("--name", "cn.example", "--economy", "CN", "--member", "Customs of CN (made up)")
HOME = "home"


class Place:
    """A node with keys, a bundle and an issuing body of the same member."""

    def __init__(self, folder: Path, database: str) -> None:
        self.folder, self.home, self.database = folder, folder / HOME, database
        self.trust, self.body = self.home / "trust.bundle", folder / "body"

    def ran(self, *arguments: object, code: int = 0) -> str:
        done = tumen(self.home, *arguments)
        assert done.returncode == code, done.stderr + done.stdout
        return done.stdout + done.stderr

    def node(self, *arguments: object) -> str:
        return self.ran(*arguments, "--database", self.database)

    def made(self) -> "Place":
        self.node("log", "init")
        self.node("trust", "init", *NODE)
        key = self.ran("credential", "init", self.body, "--address", ADDRESS, "--name", NODE[5],
                       "--economy", "CN").splitlines()[0]  # fmt: skip
        self.node("trust", "add", "--economy", "CN", "--member", NODE[5], "--role", "issuer",
                  "--key", key)  # fmt: skip
        self.issuer = Jwk(**json.loads(key)).thumbprint
        return self

    def issue(self) -> str:
        day = (SystemClock().now() - timedelta(days=1)).date().isoformat()
        (self.folder / "a.json").write_bytes(to_json(fields() | {"issued": day, "invoices": []}))
        return self.node("credential", "issue", self.folder / "a.json", "--out",
                         self.folder / "a.vc", "--issuer", self.body)  # fmt: skip

    def cosign(self) -> None:
        """The node's own witness cosigns its newest checkpoint, as the first bundle asks."""
        node = bootstrap.open_node(self.database)
        ring = KeyRing(self.home / "node.keys", {})
        with node.database.session() as session:
            signed = StoredLog(session, 1).checkpoint()
            line = ring.cosigner().cosign(parse(signed).text, int(node.clock.now().timestamp()))
            one = Signature.parse(line.removesuffix("\n"))
            cosignatures.keep(session, 1, head_of(signed).size, one, node.clock.now())

    def verify(self, *files: object) -> dict[str, Any]:
        done = tumen(self.home, "verify", *files, "--trust", self.trust, "--json")
        return dict(json.loads(done.stdout)) | {"code": done.returncode}


@pytest.fixture
def place(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    home = tmp_path / HOME
    home.mkdir()
    monkeypatch.setenv("TUMEN_HOME", str(home))
    monkeypatch.setenv("TUMEN_KEYS", str(home / "node.keys"))
    return Place(tmp_path, database.url)


def test_every_version_of_a_bundle_and_every_credential_is_proven_and_audited(place: Place) -> None:
    place.made()
    assert "a.vc.tlog-proof" in place.issue()
    place.node("log", "audit")
    files = [place.home / "trust.bundle.1", place.home / "trust.bundle.2"]
    token, listed = place.folder / "a.vc", place.body / "status/1.vc"
    assert all(file.with_name(f"{file.name}.tlog-proof").exists() for file in [*files, listed])
    place.cosign()
    place.node("log", "add", *files, token, listed)
    proofs = [file.with_name(f"{file.name}.tlog-proof") for file in [*files, token]]
    told = place.verify(*files, token, listed, *proofs)
    assert (told["code"], told["outcomes"]["valid"]) == (0, 2), told
    assert told["credentials"][0]["proofs"] == ["valid"]
    assert told["credentials"][0]["logged_at"] is not None
    place.node("log", "audit")


def test_what_a_distrusted_key_signed_counts_by_the_log_alone(place: Place) -> None:
    place.made().issue()
    place.cosign()
    place.node("log", "add", place.folder / "a.vc")
    after = SystemClock().now() + timedelta(seconds=2)
    place.node("trust", "distrust", place.issuer, "--after", f"{after:%Y-%m-%dT%H:%M:%SZ}")
    elsewhere = place.folder / "without-its-proof.vc"
    elsewhere.write_bytes((place.folder / "a.vc").read_bytes())
    alone = place.verify(elsewhere)
    assert alone["credentials"][0]["code"] == "KEY_DISTRUSTED"
    proven = place.verify(place.folder / "a.vc", place.folder / "a.vc.tlog-proof")
    assert proven["credentials"][0]["answer"] == "valid_status_old"


def test_a_log_goes_on_and_is_audited_when_its_key_was_replaced(place: Place) -> None:
    place.made()
    place.node("trust", "rotate", "log")
    place.issue()
    place.node("log", "audit")
    place.cosign()
    place.node("log", "add", place.folder / "a.vc")
    files = (place.folder / "a.vc", place.folder / "a.vc.tlog-proof", place.body / "status/1.vc")
    assert place.verify(*files)["code"] == 0
