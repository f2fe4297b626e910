"""`tumen verify` says what is proven, offline, and exits with 0 only when all is well."""

import json
import re
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

import pytest
from bundles import bundle, signed
from proving import RECEIPT, a_log

from running import COMMAND, environment, tumen
from tumen.cli.verify_files import pairs
from tumen.documents.fields import Kind
from tumen.documents.receipt import envelope
from tumen.kernel.clock import SystemClock
from tumen.trust.bundle_model import Role

GUID = "4CDE1CFD-EDED-46B1-946C-B8022E42FC94"
ELEMENT = f"<OrderReturn><guid>{GUID}</guid><returnInfo>新增</returnInfo></OrderReturn>"
OTHER = RECEIPT.replace(b"order", b"payment")
START = datetime(2020, 1, 1, tzinfo=UTC)


def made(receipts=(RECEIPT,), **changed):
    """A log cosigned an hour ago by the machine's clock, which the command reads."""
    hour_ago = SystemClock().now() - timedelta(hours=1)
    return a_log(receipts, time=int(hour_ago.timestamp()), **changed)


@pytest.fixture
def trust(tmp_path):
    """A bundle that has been good since 2020 and is for long."""
    members = tuple(
        type(each)(
            each.economy,
            each.name,
            tuple(
                type(key)(key.role, key.key, START, key.valid_until, key.distrusted_after)
                for key in each.keys
            ),
        )
        for each in bundle().members
    )
    version = bundle(members=members, issued_on=date(2020, 1, 1), expires_on=date(2999, 1, 1))
    path = tmp_path / "trust.bundle"
    path.write_bytes(signed(version, "CN"))
    return path


def test_a_name_of_a_file_cannot_steer_the_terminal_or_tell_a_verdict(tmp_path, trust):
    given = tmp_path / "given"
    given.mkdir()
    (given / "a\x1b[2J\nVALID: all of them\u202e.tlog-proof").write_bytes(b"nothing")
    done = tumen(tmp_path, "verify", given, "--trust", trust)
    assert done.returncode == 1
    assert done.stdout.startswith("INVALID: ")
    assert not {"\x1b", "\u202e"} & {*done.stdout}
    assert not any(line.startswith("VALID") for line in done.stdout.splitlines())


def test_equal_receipts_with_many_proofs_stay_few(tmp_path):
    """Every proof is looked at, and no small folder makes millions of pairs."""
    (tmp_path / "receipts.ndjson").write_bytes(RECEIPT + b"\n" + RECEIPT + b"\n")
    lines = [{"receipt": sha256(RECEIPT).hexdigest(), "proof": text} for text in "xyz"]
    (tmp_path / "proofs.ndjson").write_text("".join(f"{json.dumps(each)}\n" for each in lines))
    assert [each.proof for each in pairs([tmp_path])] == [b"x", b"y", b"z", b"x"]


def put(folder, log, *receipts):
    """The receipts and proofs of a run, as `tumen clear --out` writes them."""
    (folder / "receipts.ndjson").write_bytes(b"".join(each + b"\n" for each in receipts))
    with (folder / "proofs.ndjson").open("w") as file:
        for index, statement in enumerate(log.statements[: len(receipts)]):
            line = {"receipt": statement.receipt.hex(), "proof": log.proof(index).decode()}
            file.write(json.dumps(line) + "\n")
    return folder / "receipts.ndjson", folder / "proofs.ndjson"


def test_a_receipt_with_its_proof_is_valid_and_the_limits_are_told(tmp_path, trust):
    files = put(tmp_path, made(), RECEIPT)
    done = tumen(tmp_path, "verify", *files, "--trust", trust)
    assert done.returncode == 0, done.stdout
    assert done.stdout.startswith("VALID: ")
    assert "order 1, accepted" in done.stdout
    assert "5 of 5 economies saw the log so" in done.stdout
    assert "What this does not say: that what was declared is true" in done.stdout


def test_the_proof_of_a_receipt_that_is_named_alone_is_found_beside_it(tmp_path, trust):
    receipt, proofs = put(tmp_path, made((RECEIPT, OTHER)), RECEIPT, OTHER)
    alone = tumen(tmp_path, "verify", receipt, "--trust", trust)
    assert (alone.returncode, alone.stdout.count("VALID: ")) == (0, 2)
    messages = receipt.parent / "ceb"
    messages.mkdir()
    moved = receipt.rename(messages / receipt.name)
    assert tumen(tmp_path, "verify", moved, "--trust", trust).returncode == 0
    proofs.rename(tmp_path / "elsewhere")
    assert "There is no proof for this receipt" in tumen(tmp_path, "verify", moved).stdout


def test_a_folder_of_answers_is_verified_as_a_whole(tmp_path, trust):
    out = tmp_path / "out"
    (out / "ceb").mkdir(parents=True)
    receipts = (RECEIPT, OTHER, b'{"third":3}')
    log = made((*receipts, ELEMENT.encode()))
    put(out, log, *receipts)
    (out / "ceb/a.CEB312.xml").write_bytes(envelope(Kind.ORDER, [ELEMENT], GUID))
    (out / "ceb.tlog-proof").write_bytes(log.proof(3))
    done = tumen(tmp_path, "verify", out, "--trust", trust)
    assert done.returncode == 0, done.stdout
    assert done.stdout.startswith("4 checked: 4 VALID")


def test_a_folder_is_read_in_whatever_case_and_what_is_left_out_is_told(tmp_path, trust):
    out = tmp_path / "OUT"
    (out / "CEB").mkdir(parents=True)
    log = made((RECEIPT, ELEMENT.encode()))
    put(out, log, RECEIPT)
    (out / "CEB/A.CEB312.XML").write_bytes(envelope(Kind.ORDER, [ELEMENT], GUID))
    (out / "ONE.TLOG-PROOF").write_bytes(log.proof(1))
    (out / "summary.json").write_bytes(b"{}")
    (out / "more").mkdir()
    done = tumen(tmp_path, "verify", out, "--trust", trust)
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("VALID: ") == 2
    told = json.loads(tumen(tmp_path, "verify", out, "--trust", trust, "--json").stdout)
    assert told["skipped"] == [str(out / "more"), str(out / "summary.json")]
    assert f"neither receipt nor proof by its name: {out / 'more'}" in done.stdout


def test_it_is_told_whose_signature_the_bundle_itself_rests_on(tmp_path, trust):
    """A bundle that anybody made is whole, too: only its fingerprint tells whose it is."""
    files = put(tmp_path, made(), RECEIPT)
    (key,) = [key for member, key in bundle().keys(Role.BUNDLE) if member.economy == "CN"]
    done = tumen(tmp_path, "verify", *files, "--trust", trust)
    assert f"\n  CN  {key.fingerprint}\n" in done.stdout
    assert "signed by keys of its own" in done.stdout
    told = json.loads(tumen(tmp_path, "verify", *files, "--trust", trust, "--json").stdout)
    assert told["bundle"]["fingerprints"] == [key.fingerprint]


def test_one_changed_receipt_among_many_is_named(tmp_path, trust):
    receipts = [f'{{"number":{number}}}'.encode() for number in range(6)]
    files = put(tmp_path, made(receipts), *receipts[:5], receipts[5].replace(b"5", b"6"))
    done = tumen(tmp_path, "verify", *files, "--trust", trust)
    assert done.returncode == 1
    reason = "NOT PROVEN: There is no proof for this receipt."
    assert re.search(rf"{reason}.*\n  .*receipts\.ndjson:6\n", done.stdout)
    assert "5 VALID" in done.stdout


def test_a_changed_receipt_beside_its_own_proof_is_invalid(tmp_path, trust):
    receipt, proof = tmp_path / "receipt.json", tmp_path / "one.tlog-proof"
    receipt.write_bytes(RECEIPT)
    proof.write_bytes(made().proof().replace(b"index 0", b"index 1"))
    done = tumen(tmp_path, "verify", receipt, proof, "--trust", trust)
    assert done.returncode == 1
    assert done.stdout.startswith("INVALID: ")


def test_without_a_bundle_it_says_that_nobody_was_believed(tmp_path):
    files = put(tmp_path, made(), RECEIPT)
    done = tumen(tmp_path, "verify", *files)
    assert done.returncode == 1
    assert done.stdout.startswith("NOT PROVEN: ")
    assert "no trust bundle was given" in done.stdout


def test_a_pending_quorum_is_a_state_of_its_own(tmp_path, trust):
    files = put(tmp_path, made(cosigners=("JP", "KR")), RECEIPT)
    done = tumen(tmp_path, "verify", *files, "--trust", trust)
    assert done.returncode == 1
    assert done.stdout.startswith("VALID, QUORUM PENDING: ")
    assert "2 more are missing" in done.stdout


def test_the_answer_as_json_has_a_code_for_each_finding(tmp_path, trust):
    files = put(tmp_path, made(), RECEIPT)
    told = json.loads(tumen(tmp_path, "verify", *files, "--trust", trust, "--json").stdout)
    assert told["outcomes"] == {"valid": 1, "pending_quorum": 0, "not_proven": 0, "invalid": 0}
    assert told["receipts"][0]["findings"][0]["code"] == "RECEIPT_UNCHANGED"
    assert told["bundle"]["version"] == 1


@pytest.mark.parametrize(
    "line",
    [
        b'{"receipt":"00","proof":"x","proof":"y"}',
        b'{"receipt":"00","receipt":"00","proof":"y"}',
        b'{"receipt":"00","proof":NaN}',
        b'{"receipt":"00","proof":"x","more":1}',
        b'{"receipt":1,"proof":"x"}',
        b'{"receipt":"00"}',
        b'["receipt","proof"]',
        b'{"receipt":' + b"[" * 100_000,
        b'{"receipt":"00","proof":"\\ud800"}',
        b"\xff",
    ],
)
def test_a_line_of_proofs_in_another_form_is_invalid_and_no_crash(tmp_path, trust, line):
    proofs = tmp_path / "proofs.ndjson"
    proofs.write_bytes(line + b"\n")
    done = tumen(tmp_path, "verify", proofs, "--trust", trust)
    assert done.returncode == 1
    assert done.stdout.startswith("INVALID: ")
    assert not done.stderr


def test_a_changed_bundle_is_not_believed(tmp_path, trust):
    files = put(tmp_path, made(), RECEIPT)
    trust.write_bytes(trust.read_bytes().replace(b"Customs of JP", b"Customs of XX"))
    done = tumen(tmp_path, "verify", *files, "--trust", trust)
    assert done.returncode == 1
    assert "SIGNATURE_INVALID" in done.stderr


def test_files_that_are_not_there_are_wrong_use(tmp_path):
    done = tumen(tmp_path, "verify", tmp_path / "absent.ndjson")
    assert done.returncode == 2
    (tmp_path / "empty").mkdir()
    assert tumen(tmp_path, "verify", tmp_path / "empty").returncode == 2
    (tmp_path / "none.ndjson").write_bytes(b"")
    assert tumen(tmp_path, "verify", tmp_path / "none.ndjson").returncode == 1


def test_a_name_that_steers_a_terminal_is_shown_escaped(tmp_path, trust):
    proof = tmp_path / "one.tlog-proof"
    text = made().proof().replace(b"\n\ncn.example/log", "\n\n\u202egol/elpmaxe.nc".encode())
    proof.write_bytes(text)
    done = tumen(tmp_path, "verify", proof, "--trust", trust)
    assert done.returncode == 1
    assert "\u202e" not in done.stdout


@pytest.mark.skipif(shutil.which("unshare") is None, reason="unshare is not here")
def test_it_works_without_a_network(tmp_path, trust):
    files = put(tmp_path, made(), RECEIPT)
    done = subprocess.run(
        ["unshare", "-rn", *COMMAND, "verify", *map(str, files), "--trust", str(trust)],
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    if "unshare" in done.stderr:
        pytest.skip("this machine does not let a process leave its network")
    assert done.returncode == 0, done.stdout + done.stderr


def test_it_loads_no_frames_no_database_and_no_signer(tmp_path):
    program = (
        "import sys, tumen.cli.verify, tumen.cli.verify_credentials; "
        "print([m for m in ('polars', 'psycopg', 'lxml', 'rich', 'typer', 'pydantic',"
        " 'tumen.trust.signer', 'tumen.trust.credential.secure', 'tumen.trust.key_files',"
        " 'tumen.store', 'tumen.documents') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
