"""Three nodes witness one another: quorum pending, reached, carried by proofs, and verified."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from running import tumen
from serving import free_port, served
from tumen.store.database import Database

ECONOMIES = ("MN", "KR", "JP")


@dataclass(frozen=True)
class Party:
    """A node: its economy, its folder, its database."""

    economy: str
    folder: Path
    database: str

    @property
    def domain(self) -> str:
        return f"customs.example.{self.economy.lower()}"

    def run(self, *arguments: object, exits: int = 0) -> str:
        done = tumen(self.folder, *arguments)
        assert done.returncode == exits, done.stdout + done.stderr
        return done.stdout

    def public_key(self, group: str, option: str) -> str:
        shown = self.run(
            group, "init", option, f"{self.domain}/{group}", "--database", self.database
        )
        found = re.search(r"^public key (\S+)$", shown, re.MULTILINE)
        assert found is not None
        return found[1]


@pytest.fixture
def parties(database: Database, tmp_path: Path) -> Iterator[list[Party]]:
    """Three nodes with databases of their own on one server; dropped at the end."""
    made = []
    for economy in ECONOMIES:
        folder = tmp_path / economy
        folder.mkdir()
        name = f"witnesses_{economy.lower()}"
        made.append(Party(economy, folder, make_conninfo(database.url, dbname=name)))
    urls = [party.database for party in made]
    made = [
        Party(party.economy, party.folder, f"postgresql:///{party.domain}?{_query(url)}")
        for party, url in zip(made, urls, strict=True)
    ]
    yield made
    with psycopg.connect(database.url, autocommit=True) as administrator:
        for party in made:
            administrator.execute(f'DROP DATABASE IF EXISTS "{party.domain}" WITH (FORCE)')


def _query(conninfo: str) -> str:
    found = psycopg.conninfo.conninfo_to_dict(conninfo)
    return f"host={found['host']}&port={found['port']}&user={found['user']}"


def description(parties: list[Party], logs: list[str], witnesses: list[str], bundle: str) -> str:
    """A trust bundle of all three in TOML: two economies must have cosigned."""
    lines = ["expires_on = 2099-01-01"]
    for party, log, witness in zip(parties, logs, witnesses, strict=True):
        lines += ["[[members]]", f'economy = "{party.economy}"', f'name = "{party.domain}"']
        keys = [("log", log), ("witness", witness)]
        if party.economy == "MN":
            keys.append(("bundle", bundle))
        for role, key in keys:
            lines += ["[[members.keys]]", f'role = "{role}"', f'key = "{key}"']
            lines += ["valid_from = 2020-01-01T00:00:00Z"]
    lines += ["[[policies]]", 'document_type = "any"', f"economies = {list(ECONOMIES)}"]
    return "\n".join([*lines, "k = 2", "f = 0"]).replace("'", '"') + "\n"


def test_a_receipt_is_witnessed_by_others_and_verified_with_their_cosignatures(
    parties: list[Party], tmp_path: Path
) -> None:
    home, korea, japan = parties
    logs = [party.public_key("log", "--origin") for party in parties]
    witnesses = [party.public_key("witness", "--name") for party in parties]
    home.run(
        "trust", "init", "--name", home.domain, "--economy", "MN", "--member", home.domain,
        "--database", home.database,
    )  # fmt: skip
    shown = home.run("trust", "show", "--json")
    found = re.search(r"customs\.example\.mn/bundle\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+", shown)
    assert found is not None
    toml = tmp_path / "trust.toml"
    toml.write_text(description(parties, logs, witnesses, found[0]))
    home.run("trust", "bundle", toml, "--database", home.database)
    trust = home.folder / "trust.bundle"
    for party in (korea, japan):
        party.run("witness", "add", "--bundle", trust, "--database", party.database)

    home.run("simulate", "--bundles", 3, "--faults", 0, "--out", tmp_path / "day")
    documents, out = tmp_path / "day/documents", tmp_path / "out"
    home.run("clear", documents, "--out", out, "--database", home.database)
    receipts = ("--trust", trust, out / "receipts.ndjson", out / "proofs.ndjson")
    assert "QUORUM PENDING" in home.run("verify", *receipts, exits=1)

    ports = [free_port(), free_port()]
    placed: list[object] = []
    # Mongolia has no witness of its own running; who answers there has another key.
    for party, port in zip(parties, (ports[0], *ports), strict=True):
        placed += ["--at", f"{party.domain}/witness=http://127.0.0.1:{port}"]
    feed = ("witness", "feed", "--trust", trust, *placed, "--database", home.database)
    with served(korea.folder, ports[0], "witness", "serve", "--database", korea.database):
        pending = home.run(*feed, exits=1)
        assert "any: pending quorum: 1 more of MN, JP; KR cosigned, 2 of 3 are needed" in pending
        assert "WITNESS_UNREACHABLE" in pending
        assert "COSIGNATURE_MISSING" in pending
        with served(japan.folder, ports[1], "witness", "serve", "--database", japan.database):
            assert "any: quorum reached; KR, JP cosigned, 2 of 3 are needed" in home.run(*feed)
    published = (home.folder / "node.log/checkpoint").read_text()
    assert published.count("\n\u2014 ") == 3
    assert home.run("log", "checkpoint", "--database", home.database) == published

    again = tmp_path / "again"
    home.run("clear", documents, "--out", again, "--database", home.database)
    told = home.run("verify", "--trust", trust, out / "receipts.ndjson", again / "proofs.ndjson")
    assert "QUORUM PENDING" not in told
    assert "VALID" in told
