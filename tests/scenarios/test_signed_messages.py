"""A signed declaration is cleared, and its record says what the signature is worth."""

import pickle
from datetime import date
from pathlib import Path

import pytest
from signing import key_of, signed

from clearing import Clearing
from running import tumen
from tumen.simulation.plan import Plan
from tumen.simulation.run import simulate
from tumen.store.database import Database
from tumen.trust.xmldsig.chain import TrustAnchors
from tumen.window.signatures import MessageSignatures, SignaturePolicy

RECORD, REQUIRE = SignaturePolicy.RECORD, SignaturePolicy.REQUIRE


@pytest.fixture
def message(tmp_path: Path) -> bytes:
    """An unsigned message of one declaration, with a placeholder for a signature."""
    plan = Plan(bundles=1, day=date(2026, 11, 23), format="ceb", seed=7, share=0)
    written = simulate(plan, tmp_path / "made")
    files = [path.read_bytes() for path in sorted(written.documents.rglob("*.xml"))]
    return next(file for file in files if b"CEB621Message" in file)


def cleared(
    database: Database, folder: Path, message: bytes, signatures: MessageSignatures
) -> tuple[str, str, list[str]]:
    """The answer, the recorded signature, and the codes, of a message's one declaration."""
    file = folder / "message.xml"
    file.write_bytes(message)
    clearing = Clearing(database, signatures=pickle.loads(pickle.dumps(signatures)))  # noqa: S301
    clearing.files(file)
    (row,) = clearing.rows()
    ((signature,),) = clearing.query("SELECT signature FROM declaration")
    codes = [code for (code,) in clearing.query("SELECT code FROM document_violation")]
    return row["answer"], signature, [code for code in codes if code.startswith("SIGNATURE")]


def trusting(name: str, policy: SignaturePolicy) -> MessageSignatures:
    return MessageSignatures(policy, TrustAnchors((key_of(name)[1].der,)))


def in_time(message: bytes, name: str) -> bytes:
    """The message, written at a time when the trial certificate is valid."""
    at = key_of(name)[1].not_after
    head, mark, rest = message.partition(b"<ceb:appTime>")
    return head + mark + f"{at:%Y%m%d}000000".encode() + rest[14:]


@pytest.mark.parametrize("policy", [RECORD, REQUIRE])
@pytest.mark.parametrize("name", ["sm2", "rsa-sha256"])
def test_a_signed_declaration_is_recorded_as_valid(
    name: str, policy: SignaturePolicy, message: bytes, database: Database, tmp_path: Path
) -> None:
    done = signed(name, in_time(message, name))
    told = cleared(database, tmp_path, done, trusting(name, policy))
    assert told == ("accepted", "valid", [])


def test_where_nobody_is_trusted_it_is_not_anchored(
    message: bytes, database: Database, tmp_path: Path
) -> None:
    done = signed("rsa-sha256", in_time(message, "rsa-sha256"))
    told = cleared(database, tmp_path, done, MessageSignatures())
    assert told == ("accepted", "not_anchored", [])


def test_a_tampered_one_is_warned_about_and_refused_only_by_policy(
    message: bytes, database: Database, tmp_path: Path
) -> None:
    done = signed("rsa-sha256", in_time(message, "rsa-sha256"))
    tampered = done.replace(b"</ceb:dxpId>", b"1</ceb:dxpId>")
    assert tampered != done
    told = cleared(database, tmp_path, tampered, trusting("rsa-sha256", RECORD))
    assert told == ("accepted", "invalid", ["SIGNATURE_DIGEST_WRONG"])


def test_a_tampered_one_is_refused_where_signatures_are_required(
    message: bytes, database: Database, tmp_path: Path
) -> None:
    done = signed("rsa-sha256", in_time(message, "rsa-sha256"))
    tampered = done.replace(b"</ceb:dxpId>", b"1</ceb:dxpId>")
    told = cleared(database, tmp_path, tampered, trusting("rsa-sha256", REQUIRE))
    assert told == ("rejected", "invalid", ["SIGNATURE_DIGEST_WRONG", "SIGNATURE_REFUSED"])


@pytest.mark.parametrize(
    ("policy", "answer", "codes"),
    [(RECORD, "accepted", []), (REQUIRE, "rejected", ["SIGNATURE_REFUSED"])],
)
def test_a_placeholder_is_recorded_as_not_checked_and_never_passes_for_more(
    policy: SignaturePolicy,
    answer: str,
    codes: list[str],
    message: bytes,
    database: Database,
    tmp_path: Path,
) -> None:
    told = cleared(database, tmp_path, message, trusting("rsa-sha256", policy))
    assert told == (answer, "not_checked", codes)


def test_a_filer_makes_a_key_signs_and_is_told_what_is_wrong(
    message: bytes, tmp_path: Path
) -> None:
    key_of("rsa-sha256")  # skips where there is no openssl command
    file, out, keys = tmp_path / "in.xml", tmp_path / "out.xml", tmp_path / "keys"
    assert tumen(tmp_path, "sign", keys, "--make-key", "rsa").returncode == 0
    assert (keys / "test-key.pem").stat().st_mode & 0o77 == 0
    assert tumen(tmp_path, "sign", keys, "--make-key", "rsa").returncode == 2
    own = tmp_path / "trusted"
    own.mkdir()
    (own / "a.pem").write_bytes((keys / "test-certificate.pem").read_bytes())
    file.write_bytes(in_time(message, "rsa-sha256"))
    pair = ("--key", keys / "test-key.pem", "--certificate", own / "a.pem")
    done = tumen(tmp_path, "sign", file, *pair, "--out", out)
    assert done.returncode == 0, done.stderr
    shown = tumen(tmp_path, "signature", "show", out)
    assert shown.returncode == 1
    assert "nothing says whose key it is" in shown.stdout
    canonical = tmp_path / "canonical"
    show = ("signature", "show", out, "--certificates", own, "--canonical", canonical)
    shown = tumen(tmp_path, *show)
    assert shown.returncode == 0, shown.stdout
    assert canonical.read_bytes().startswith(b"<ceb:CEB621Message")
    out.write_bytes(out.read_bytes().replace(b"</ceb:dxpId>", b"1</ceb:dxpId>"))
    shown = tumen(tmp_path, *show)
    assert shown.returncode == 1
    assert "FAILED       The digest is that of the message" in shown.stdout
    assert "ok           The signature was made by the certificate's key" in shown.stdout
