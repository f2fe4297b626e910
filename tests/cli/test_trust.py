"""`tumen trust`: real processes make keys and bundles, and say what they do."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from bundles import fingerprints

from running import COMMAND, environment, started, tumen
from tumen.trust.bundle import parse
from tumen.trust.bundle_model import TrustBundle

RFC_8037_X = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
INIT = ("trust", "init", "--name", "mn.example", "--economy", "MN", "--member", "Customs of MN")


def node(folder: Path, economy: str = "MN") -> Path:
    """A node with keys and a bundle of its own."""
    folder.mkdir(exist_ok=True)
    names = ("--name", f"{economy.lower()}.example", "--member", f"Customs of {economy}")
    done = tumen(folder, "trust", "init", *names, "--economy", economy)
    assert done.returncode == 0, done.stderr
    return folder


def held(folder: Path, version: str = "") -> TrustBundle:
    return parse((folder / f"trust.bundle{version}").read_bytes()).bundle


def ran(folder: Path, *arguments: object) -> str:
    done = tumen(folder, "trust", *arguments)
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


def shown(folder: Path, *arguments: object) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(ran(folder, "show", *arguments, "--json"))
    return found


def key(folder: Path, role: str) -> str:
    """The text of a public key as the bundle of a node lists it."""
    found = next(each for _, each in held(folder).all_keys() if each.role == role)
    return str(found.key)


def test_a_new_node_has_a_key_for_each_role_and_a_bundle_that_holds(tmp_path: Path) -> None:
    node(tmp_path)
    for role in ("log", "witness", "issuer", "bundle"):
        file = tmp_path / f"node.{role}-key"
        assert file.stat().st_mode & 0o777 == 0o600
        assert file.read_text().startswith(f"PRIVATE+KEY+mn.example/{role}+")
    told = fingerprints(held(tmp_path), "MN")[0]
    page = ran(tmp_path, "show")
    assert told in page
    assert "1 of 1 economies (MN): bears no colluder" in page
    assert "Version 1" in ran(tmp_path, "check", tmp_path / "trust.bundle", "--trust-key", told)
    again = tumen(tmp_path, *INIT)
    assert again.returncode == 2
    assert "There is a trust bundle already" in again.stderr


def rotated(folder: Path, role: str) -> str:
    """What the rotation of a key says; the one before may have begun in this second."""
    return ran(folder, "rotate", role)


def test_no_command_prints_a_secret(tmp_path: Path) -> None:
    done = tumen(tmp_path, *INIT)
    rest = ran(tmp_path, "show"), ran(tmp_path, "show", "--json"), rotated(tmp_path, "log")
    printed = "".join((done.stdout, done.stderr, *rest))
    for file in tmp_path.glob("node.*-key*"):
        assert file.read_text().strip().split("+", 4)[-1] not in printed
    assert "PRIVATE" not in printed


def test_a_node_made_by_two_processes_at_once_has_one_set_of_keys(tmp_path: Path) -> None:
    racers = [started(tmp_path, *INIT) for _ in range(3)]
    ends = [(racer.communicate()[1], racer.returncode) for racer in racers]
    assert any(code == 0 for _, code in ends)
    listed = {str(each.key) for _, each in held(tmp_path).all_keys()}
    ring = {line.rpartition(": ")[2] for line in _public(tmp_path)}
    assert ring <= listed
    assert len(listed) == 4


def _public(folder: Path) -> list[str]:
    code = (
        "import sys; from pathlib import Path; from tumen.trust.key_ring import *\n"
        "from tumen.trust.bundle_model import Role\n"
        "ring = KeyRing(Path(sys.argv[1]), {})\n"
        "for role in Role: print(public_text(role, ring.held(role)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder / "node.keys")],
        env=environment(folder), capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.splitlines()


@pytest.mark.parametrize("role", ["log", "bundle", "issuer"])
def test_a_rotated_key_ends_when_the_new_one_begins(tmp_path: Path, role: str) -> None:
    node(tmp_path)
    told = fingerprints(held(tmp_path), "MN")[0]
    old = (tmp_path / f"node.{role}-key").read_text()
    rotated(tmp_path, role)
    before, after = (each for _, each in held(tmp_path).all_keys() if each.role == role)
    assert before.valid_until == after.valid_from
    assert (tmp_path / f"node.{role}-key").read_text() != old
    aside = list(tmp_path.glob(f"node.{role}-key.*"))
    assert [each.read_text() for each in aside] == [old]
    assert aside[0].stat().st_mode & 0o777 == 0o600
    rotated(tmp_path, "witness")
    chain = [tmp_path / f"trust.bundle.{number}" for number in (1, 2, 3)]
    assert "Version 3" in ran(tmp_path, "check", *chain, "--trust-key", told)
    assert held(tmp_path) == held(tmp_path, ".3")


def test_a_distrusted_key_is_shown_as_such(tmp_path: Path) -> None:
    node(tmp_path)
    key_id = _id(tmp_path, "log")
    ran(tmp_path, "distrust", key_id, "--after", "2026-11-01T12:00:00Z")
    states = {each["key_id"]: each["state"] for each in shown(tmp_path)["keys"]}
    assert states[key_id] == "DISTRUSTED after 2026-11-01 12:00 UTC"
    assert "DISTRUSTED" in ran(tmp_path, "show")
    later = tumen(tmp_path, "trust", "distrust", key_id, "--after", "2026-11-02")
    assert later.returncode == 2
    assert "Distrust is never made to begin later" in later.stderr


def _id(folder: Path, role: str) -> str:
    found = next(each for each in shown(folder)["keys"] if each["role"] == role)
    return str(found["key_id"])


def test_the_last_key_that_may_sign_is_not_distrusted(tmp_path: Path) -> None:
    node(tmp_path)
    done = tumen(tmp_path, "trust", "distrust", _id(tmp_path, "bundle"))
    assert done.returncode == 2
    assert "no key is left that may sign the next version" in done.stderr
    assert held(tmp_path).version == 1


def test_a_version_of_two_economies_waits_until_both_have_signed(tmp_path: Path) -> None:
    mn, kr = node(tmp_path / "mn"), node(tmp_path / "kr", "KR")
    member = ("--economy", "KR", "--member", "Customs of KR", "--role", "bundle")
    ran(mn, "add", *member, "--key", key(kr, "bundle"))
    assert held(mn).version == 2
    page = rotated(mn, "log")
    assert "NOT in use yet" in page
    assert held(mn).version == 2
    waiting = mn / "trust.bundle.3"
    refused = tumen(mn, "trust", "check", waiting)
    assert refused.returncode == 1
    assert "BUNDLE_STRANGER" in refused.stderr
    ran(kr, "sign", waiting)
    assert "in use now" in ran(mn, "check", waiting, "--take")
    old = (mn / "node.log-key").read_text()
    rotated(mn, "log")
    assert held(mn).version == 3
    assert (mn / "node.log-key").read_text() != old


def test_an_older_version_never_takes_the_place_of_a_newer_one(tmp_path: Path) -> None:
    node(tmp_path)
    told = fingerprints(held(tmp_path), "MN")[0]
    rotated(tmp_path, "log")
    first = tmp_path / "trust.bundle.1"
    for options in (("--take",), ("--trust-key", told, "--take")):
        done = tumen(tmp_path, "trust", "check", first, *options)
        assert done.returncode == 1
        assert "BUNDLE_DOWNGRADE" in done.stderr
    assert held(tmp_path).version == 2


def test_a_bundle_is_made_from_a_description(tmp_path: Path) -> None:
    node(tmp_path)
    text = "\n".join(
        [
            "expires_on = 2036-01-01",
            "[[members]]", 'economy = "MN"', 'name = "Customs of MN"',
            "[[members.keys]]", 'role = "bundle"', f'key = "{key(tmp_path, "bundle")}"',
            "valid_from = 2026-11-24T00:00:00Z",
            "[[members.keys]]", 'role = "issuer"',
            f'key = {{kty = "OKP", crv = "Ed25519", x = "{RFC_8037_X}"}}',
            "valid_from = 2026-11-24T00:00:00Z",
            "[[policies]]", 'document_type = "any"', 'economies = ["MN"]', "k = 1", "f = 0",
        ]
    )  # fmt: skip
    file = tmp_path / "trust.toml"
    file.write_text(text)
    ran(tmp_path, "bundle", file)
    assert shown(tmp_path)["version"] == 2
    file.write_text(text.replace("k = 1", "k = 2"))
    done = tumen(tmp_path, "trust", "bundle", file)
    assert done.returncode == 2
    assert "BUNDLE_POLICY_INVALID" in done.stderr
    file.write_text(text.replace("role", "rule"))
    assert "The description is not understood" in tumen(tmp_path, "trust", "bundle", file).stderr


def test_a_key_file_that_others_can_read_signs_no_bundle(tmp_path: Path) -> None:
    node(tmp_path)
    (tmp_path / "node.bundle-key").chmod(0o644)
    done = tumen(tmp_path, "trust", "rotate", "log")
    assert done.returncode == 2
    assert "chmod 600" in done.stderr
    assert held(tmp_path).version == 1


def test_bundles_are_checked_without_keys_and_without_a_network(tmp_path: Path) -> None:
    node(tmp_path)
    told = fingerprints(held(tmp_path), "MN")[0]
    bundle = tmp_path / "trust.bundle"
    alone = tmp_path / "alone"
    alone.mkdir()
    done = subprocess.run(
        ["unshare", "-rn", *COMMAND, "trust", "check", str(bundle), "--trust-key", told],
        env=environment(alone), capture_output=True, text=True, check=False,
    )  # fmt: skip
    if "unshare" in done.stderr:
        pytest.skip("this machine gives no network namespaces")
    assert done.returncode == 0, done.stderr
    assert not list(alone.iterdir())


def test_a_key_may_lie_where_the_setting_says(tmp_path: Path) -> None:
    place = tmp_path / "safe/log.key"
    settings = {**environment(tmp_path), "TUMEN_LOG_KEY": str(place)}
    done = subprocess.run(
        [*COMMAND, *INIT], env=settings, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert place.exists()
    assert not (tmp_path / "node.log-key").exists()
    assert os.access(tmp_path / "node.witness-key", os.R_OK)


def test_a_log_goes_on_after_its_key_was_rotated(tmp_path: Path) -> None:
    """What the old key signed is still the node's: published, audited, and extended."""
    node(tmp_path)
    for file in ("a.ndjson", "b.ndjson"):
        (tmp_path / file).write_text(json.dumps({"order": file}) + "\n", encoding="utf-8")
        done = tumen(tmp_path, "clear", tmp_path / file)
        assert done.returncode == 0, done.stderr
        rotated(tmp_path, "log")
    audited = tumen(tmp_path, "log", "audit")
    assert audited.returncode == 0, audited.stdout + audited.stderr
    assert "7 leaves derived again from the database: all as they were signed" in audited.stdout
