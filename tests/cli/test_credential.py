"""`tumen credential` from the first key to the last revocation, as processes."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from certified import ADDRESS, NAME, chamber, fields

from running import started, tumen
from tumen.trust.bundle_model import Jwk, Member, MemberKey, Role, TrustBundle
from tumen.trust.credential.encoding import to_json
from tumen.trust.credential.jose import opened
from tumen.trust.signer import KeySigner, MemorySecret, signed_note

SEED = bytes(range(32))


@pytest.fixture
def body(tmp_path: Path) -> Path:
    """An issuing body's folder and a trust bundle that lists it."""
    made = tumen(
        tmp_path, "credential", "init", tmp_path / "body", "--address", ADDRESS, "--name", NAME,
        "--economy", "CN",
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    now = datetime.now(UTC).replace(microsecond=0)  # noqa: TID251
    signer = KeySigner("cn.example", MemorySecret.from_seed(SEED))
    start = now - timedelta(days=400)
    keys = (
        MemberKey(Role.ISSUER, Jwk(**json.loads(made.stdout)), start, None, None),
        MemberKey(Role.BUNDLE, signer.verifier_key, start, None, None),
    )
    day = now.date()
    found = TrustBundle(1, day, day + timedelta(days=90), None, (Member("CN", NAME, keys),), ())
    note = signed_note(found.text, [signer])
    (tmp_path / "bundle.note").write_bytes(note)
    return tmp_path


def issue(folder: Path, out: str = "a.vc", holder: str = "", **changes: Any) -> Any:
    day = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()  # noqa: TID251
    told = fields() | {"issued": day, "invoices": []} | changes
    (folder / "a.json").write_bytes(to_json(told))
    return tumen(folder, "credential", "issue", folder / "a.json", "--out", folder / out,
                 "--issuer", folder / "body", "--holder", holder)  # fmt: skip


def verify(folder: Path, *more: object) -> Any:
    return tumen(folder, "credential", "verify", folder / "a.vc", "--trust", folder / "bundle.note",
                 *more)  # fmt: skip


def test_a_certificate_is_issued_verified_shown_and_revoked(body: Path) -> None:
    listed = ("--status", body / "body/status/1.vc")
    assert issue(body).returncode == 0
    valid = verify(body, *listed)
    assert (valid.returncode, valid.stdout.partition(":")[0]) == (0, "VALID"), valid.stderr
    assert "Not said: that what it states is true" in valid.stdout
    none = verify(body)
    assert (none.returncode, none.stdout.partition(":")[0]) == (1, "VALID, BUT ITS STATUS IS OLD")
    shown = tumen(body, "credential", "show", body / "a.vc").stdout
    assert shown.startswith("NOT VERIFIED")
    done = tumen(body, "credential", "revoke", "EX-2026-0001", "--issuer", body / "body")
    assert done.returncode == 0, done.stderr
    gone = verify(body, *listed, "--json")
    assert gone.returncode == 1
    assert json.loads(gone.stdout)["code"] == "CREDENTIAL_REVOKED"


def test_the_same_certificate_again_is_the_same_and_another_under_its_number_is_refused(
    body: Path,
) -> None:
    issue(body)
    assert issue(body, "b.vc").returncode == 0
    tokens = [(body / name).read_bytes() for name in ("a.vc", "b.vc")]
    assert opened(tokens[0]).content_hash == opened(tokens[1]).content_hash
    other = issue(body, "c.vc", remarks="Another one")
    assert other.returncode == 2
    assert "was given to another certificate" in other.stderr
    assert not (body / "c.vc").exists()


def test_every_fault_of_a_certificate_is_told_and_nothing_is_issued(body: Path) -> None:
    goods = [fields()["goods"][0] | {"hs": "1", "criterion": "?"}]
    refused = issue(body, goods=goods)
    assert refused.returncode == 2
    assert "CERTIFICATE_HS" in refused.stderr
    assert "CERTIFICATE_CRITERION" in refused.stderr
    assert not (body / "a.vc").exists()


def test_a_certificate_with_a_name_twice_is_not_issued(body: Path) -> None:
    (body / "a.json").write_text('{"number": "1", "number": "2"}')
    done = tumen(body, "credential", "issue", body / "a.json", "--out", body / "a.vc",
                 "--issuer", body / "body")  # fmt: skip
    assert (done.returncode, "JSON_NAME_TWICE" in done.stderr) == (1, True)


def test_a_key_that_others_can_read_is_not_used(body: Path) -> None:
    (body / "body/issuer.key").chmod(0o644)
    done = issue(body)
    assert (done.returncode, "chmod 600" in done.stderr) == (2, True)


def test_the_register_holds_no_party(body: Path) -> None:
    issue(body)
    kept = (body / "body/register.ndjson").read_text()
    assert "made up" not in kept
    assert "T-shirts" not in kept
    assert set(json.loads(kept)) == {"issued", "content", "index", "at"}


def test_a_line_that_a_crash_cut_off_was_never_issued(body: Path) -> None:
    with (body / "body/register.ndjson").open("a") as register:
        register.write('{"issued":"EX-2026-0001","cont')
    assert issue(body).returncode == 0
    assert len((body / "body/register.ndjson").read_text().splitlines()) == 1


def test_a_quote_takes_a_valid_certificate_as_proof_and_says_why_it_takes_another_not(
    body: Path,
) -> None:
    issue(body)
    shipment = {
        "destination": "KR", "dispatch": "CN", "currency": "USD", "regime": "general",
        "purpose": "commercial", "exchange_rates": {"USD": "1400"},
        "preference": {"agreement": "RCEP", "direct_transport": True},
        "items": [{"hs": "6109100000", "description": "T-shirts", "quantity": "10",
                   "unit_price": "100", "origin": "CN"}],
    }  # fmt: skip
    (body / "s.json").write_bytes(to_json(shipment))
    asked = ("quote", body / "s.json", "--json", "--proof", body / "a.vc", "--trust",
             body / "bundle.note")  # fmt: skip
    taken = json.loads(tumen(body, *asked, "--status", body / "body/status/1.vc").stdout)
    codes = [each["code"] for each in taken["warnings"]]
    assert "CERTIFICATE_NOT_PROOF" not in codes
    assert "PREFERENCE_REFUSED" not in codes
    refused = json.loads(tumen(body, *asked).stdout)
    told = {each["code"]: each["parameters"] for each in refused["warnings"]}
    assert told["CERTIFICATE_NOT_PROOF"]["value"] == "STATUS_ABSENT"
    assert told["PREFERENCE_REFUSED"]["expected"] == "proof"


def test_a_foreign_credential_is_invalid_and_exits_with_one(body: Path) -> None:
    (body / "a.vc").write_bytes(chamber().credential())
    told = verify(body)
    assert (told.returncode, "KEY_UNKNOWN" in told.stdout) == (1, True)


def test_a_holder_shows_its_credential_to_who_asked_and_to_nobody_else(body: Path) -> None:
    listed = ("--status", body / "body/status/1.vc")
    holder = tumen(body, "credential", "holder", body / "holder.key")
    assert holder.returncode == 0, holder.stderr
    assert issue(body, holder=holder.stdout.strip()).returncode == 0
    asked = ("https://customs.example.kr", "n-1")
    shown = tumen(body, "credential", "present", body / "a.vc", "--key", body / "holder.key",
                  "--audience", asked[0], "--nonce", asked[1], "--out", body / "a.vp")  # fmt: skip
    assert shown.returncode == 0, shown.stderr
    (body / "alone.vc").write_bytes((body / "a.vc").read_bytes())
    (body / "a.vc").write_bytes((body / "a.vp").read_bytes())
    done = verify(body, *listed, "--asked", *asked)
    assert (done.returncode, done.stdout.partition(":")[0]) == (0, "VALID"), done.stdout
    for audience, nonce, expected in [
        ("https://customs.example.jp", "n-1", "AUDIENCE_WRONG"),
        (asked[0], "n-2", "NONCE_WRONG"),
    ]:
        replayed = verify(body, *listed, "--asked", audience, nonce)
        assert (replayed.returncode, expected in replayed.stdout) == (1, True)
    unasked = verify(body, *listed)
    assert (unasked.returncode, "--asked" in unasked.stderr) == (2, True)
    (body / "a.vc").write_bytes((body / "alone.vc").read_bytes())
    assert "TOKEN_TYPE" in verify(body, *listed, "--asked", *asked).stdout


def test_who_is_not_its_holder_cannot_present_it(body: Path) -> None:
    for name in ("holder", "other"):
        told = tumen(body, "credential", "holder", body / f"{name}.key").stdout.strip()
        if name == "holder":
            issue(body, holder=told)
    shown = tumen(body, "credential", "present", body / "a.vc", "--key", body / "other.key",
                  "--audience", "a", "--nonce", "n", "--out", body / "a.vp")  # fmt: skip
    assert (shown.returncode, "another holder" in shown.stderr) == (2, True)
    assert not (body / "a.vp").exists()


def test_a_holder_that_is_no_key_is_refused_before_anything_is_issued(body: Path) -> None:
    done = issue(body, holder="did:example:123")
    assert (done.returncode, "did:jwk" in done.stderr) == (2, True)
    assert not (body / "body/register.ndjson").exists()


def test_two_processes_that_issue_at_once_give_no_number_and_no_place_twice(body: Path) -> None:
    day = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()  # noqa: TID251
    orders = []
    for number in range(6):
        told = fields() | {"issued": day, "invoices": [], "number": f"N-{number % 4}"}
        told["remarks"] = f"process {number}" if number >= 4 else "the first"
        (body / f"{number}.json").write_bytes(to_json(told))
        orders.append(("credential", "issue", body / f"{number}.json", "--out",
                       body / f"{number}.vc", "--issuer", body / "body"))  # fmt: skip
    racers = [started(body, *each) for each in orders]
    ends = [(racer.communicate()[1], racer.returncode) for racer in racers]
    lines = [json.loads(line) for line in (body / "body/register.ndjson").read_text().splitlines()]
    assert sorted(each["issued"] for each in lines) == ["N-0", "N-1", "N-2", "N-3"]
    assert len({each["index"] for each in lines}) == len(lines)
    assert sorted(code for _, code in ends) == [0, 0, 0, 0, 2, 2]
    assert sum("was given to another certificate" in text for text, _ in ends) == 2
    issued = [body / f"{number}.vc" for number in range(6) if (body / f"{number}.vc").exists()]
    assert len(issued) == 4
    numbers = {json.loads(opened(each.read_bytes()).payload)["id"] for each in issued}
    assert len(numbers) == 4
