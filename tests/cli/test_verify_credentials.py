"""`tumen verify` says of a credential what `tumen credential verify` says, and reads its proofs."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from bundles import bundle, signed
from certified import ADDRESS, NAME, certificate
from proving import FACTS, Log, a_statement

from running import tumen
from tumen.kernel.clock import SystemClock
from tumen.trust.bundle_model import Member, MemberKey, Role
from tumen.trust.credential import register
from tumen.trust.credential.jose import opened
from tumen.trust.credential.secure import SecretKey, made_key, write_key
from tumen.trust.statement import ArtefactStatement, Statement

START = datetime(2020, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
NOW = SystemClock().now().replace(microsecond=0)


@dataclass(frozen=True)
class Body:
    """An issuing body that issued one credential an hour ago, and who believes it."""

    folder: Path
    key: SecretKey
    token: bytes

    def believed(self, distrusted_after: datetime | None = None, *newer: SecretKey) -> "Body":
        keys = (
            MemberKey(Role.ISSUER, self.key.public, START, None, distrusted_after),
            *(MemberKey(Role.ISSUER, each.public, START, None, None) for each in newer),
        )
        members = tuple(
            Member(each.economy, each.name, tuple(replace_start(one) for one in each.keys))
            for each in bundle().members
        )
        version = bundle(
            members=(*members, Member("CN", NAME, keys)),
            issued_on=date(2020, 1, 1), expires_on=date(2999, 1, 1),
        )  # fmt: skip
        (self.folder / "trust.bundle").write_bytes(signed(version, "CN"))
        return self

    def verify(self, *more: object, files: Sequence[object] = ("a.vc",)) -> Any:
        named = [self.folder / str(each) for each in files]
        return tumen(self.folder, "verify", *named, "--trust", self.folder / "trust.bundle", *more)

    @property
    def listed(self) -> tuple[object, ...]:
        return "--status", self.folder / "body/status/1.vc"

    def prove(self, told: Statement | None = None, **changed: Any) -> None:
        """Write a proof that a log had the credential an hour ago."""
        content = sha256(opened(self.token).payload).digest()
        statement = told or ArtefactStatement(1, "credential", content, FACTS)
        facts = {"time": int((NOW - HOUR).timestamp())} | changed
        log = Log((statement, a_statement(None, 7)), **facts)
        (self.folder / "a.tlog-proof").write_bytes(log.proof())


def replace_start(key: MemberKey) -> MemberKey:
    return MemberKey(key.role, key.key, START, key.valid_until, key.distrusted_after)


@pytest.fixture
def body(tmp_path: Path) -> Body:
    register.set_up(tmp_path / "body", ADDRESS, NAME, "CN")
    key = made_key()
    write_key(key, tmp_path / "body" / register.KEY)
    found = certificate(
        issued=(NOW - timedelta(days=1)).date().isoformat(), invoices=[]
    )  # fmt: skip
    issued = register.issue(tmp_path / "body", found, "", key, NOW - 2 * HOUR)
    (tmp_path / "a.vc").write_bytes(issued.token + b"\n")
    return Body(tmp_path, key, issued.token).believed()


def test_the_three_answers_are_told_and_only_valid_exits_with_zero(body: Body) -> None:
    valid, old = body.verify(*body.listed), body.verify()
    assert (valid.returncode, valid.stdout.partition(":")[0]) == (0, "VALID"), valid.stderr
    assert "Not said: that what it states is true" in valid.stdout
    assert (old.returncode, old.stdout.partition(":")[0]) == (1, "VALID, BUT ITS STATUS IS OLD")
    register.revoke(body.folder / "body", "EX-2026-0001", body.key, NOW)
    gone = body.verify(*body.listed)
    assert (gone.returncode, gone.stdout.partition(":")[0]) == (1, "INVALID")
    assert "CREDENTIAL_REVOKED" in gone.stdout


def test_how_old_a_list_may_be_is_an_option(body: Body) -> None:
    register.publish(body.folder / "body", body.key, NOW - timedelta(days=2))
    assert body.verify(*body.listed).returncode == 0
    assert body.verify(*body.listed, "--max-status-age", "1").returncode == 1


def test_a_status_list_among_the_files_counts_and_is_judged_itself(body: Body) -> None:
    done = body.verify(files=("a.vc", "body/status/1.vc"))
    assert done.returncode == 0, done.stdout
    assert f"status list of {NAME}, as of" in done.stdout
    (body.folder / "stranger.vc").write_bytes(made_key().token(opened(body.token).payload))
    done = body.verify(*body.listed, files=("a.vc", "stranger.vc"))
    assert (done.returncode, "KEY_UNKNOWN" in done.stdout) == (1, True)


def test_a_credential_is_known_by_its_form_whatever_its_file_is_called(body: Body) -> None:
    (body.folder / "certificate").write_bytes(body.token)
    done = body.verify(*body.listed, files=("certificate",))
    assert done.returncode == 0, done.stdout
    (body.folder / "b.vc").write_bytes(b"nothing")
    done = body.verify(*body.listed, files=("b.vc",))
    assert (done.returncode, "TOKEN_MALFORMED" in done.stdout) == (1, True)


def test_without_a_bundle_it_says_what_to_do(body: Body) -> None:
    done = tumen(body.folder, "verify", body.folder / "a.vc")
    assert (done.returncode, "--trust" in done.stderr) == (2, True)


def test_the_answer_as_json_has_the_credential_beside_the_receipts(body: Body) -> None:
    body.prove()
    told = json.loads(body.verify("--json", *body.listed, files=("a.vc", "a.tlog-proof")).stdout)
    assert told["receipts"] == []
    found = told["credentials"][0]
    assert (found["answer"], found["proofs"]) == ("valid", ["valid"])
    assert found["logged_at"] == f"{NOW - HOUR:%Y-%m-%dT%H:%M:%SZ}"


def test_that_no_log_is_known_to_hold_a_credential_is_said(body: Body) -> None:
    body.prove()
    unproven = "whether it was logged is not known"
    assert unproven in body.verify(*body.listed).stdout
    assert unproven not in body.verify(*body.listed, files=("a.vc", "a.tlog-proof")).stdout


def test_a_key_distrusted_since_leaves_valid_what_a_cosigned_log_held_before(body: Body) -> None:
    body.believed(NOW - HOUR / 2)
    without = body.verify(*body.listed)
    assert (without.returncode, "KEY_DISTRUSTED" in without.stdout) == (1, True)
    body.prove()
    done = body.verify(*body.listed, files=("a.vc", "a.tlog-proof"))
    assert done.returncode == 1, "its newest list is signed by the distrusted key"
    assert done.stdout.startswith("VALID, BUT ITS STATUS IS OLD"), done.stdout
    assert "in a witnessed log by" in done.stdout
    newer = made_key()
    body.believed(NOW - HOUR / 2, newer)
    register.publish(body.folder / "body", newer, NOW)
    done = body.verify(*body.listed, files=("a.vc", "a.tlog-proof"))
    assert (done.returncode, done.stdout.partition(":")[0]) == (0, "VALID"), done.stdout


@pytest.mark.parametrize(
    "changed",
    [
        {"time": int(NOW.timestamp())},
        {"cosigners": ("JP", "KR", "MN")},
        {"cosigners": ()},
        {"signs": False},
        {"told": a_statement(b"another")},
    ],
    ids=["too late", "quorum pending", "nobody cosigned", "not signed by its log", "another"],
)
def test_a_proof_that_does_not_prove_it_does_not_help_a_distrusted_key(
    body: Body, changed: dict[str, Any]
) -> None:
    body.believed(NOW - HOUR / 2)
    body.prove(**changed)
    done = body.verify(*body.listed, files=("a.vc", "a.tlog-proof"))
    assert done.returncode == 1
    assert "KEY_DISTRUSTED" in done.stdout


def test_a_log_that_calls_it_an_order_proves_nothing_of_a_credential(body: Body) -> None:
    body.believed(NOW - HOUR / 2)
    body.prove(told=a_statement(opened(body.token).payload))
    done = body.verify(*body.listed, files=("a.vc", "a.tlog-proof"))
    assert (done.returncode, done.stdout.partition(":")[0]) == (1, "INVALID")
