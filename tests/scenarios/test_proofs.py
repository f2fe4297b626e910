"""What a holder gets beside the receipts proves them, without the node."""

import json
from hashlib import sha256
from pathlib import Path

import psycopg

from running import summary, tumen
from tumen.simulation import Plan, simulate
from tumen.store.database import Database
from tumen.trust import merkle, note, proof, statement
from tumen.trust.checkpoint import Checkpoint
from tumen.trust.note import VerifierKey


def proven(folder: Path, key: VerifierKey) -> dict[str, statement.Statement]:
    """What each line of the proofs says, verified from its bytes alone: by the receipt's hash."""
    said = {}
    for line in (folder / "proofs.ndjson").read_text(encoding="utf-8").splitlines():
        told = json.loads(line)
        held = proof.parse(told["proof"].encode())
        signed = note.parse(held.checkpoint)
        assert signed.verified_by([key])
        head = Checkpoint.parse(signed.text)
        entry = statement.commitment(held.salt, held.statement)
        leaf = merkle.leaf_hash(entry)
        merkle.verify_inclusion(leaf, held.index, head.size, list(held.hashes), head.root)
        said[told["receipt"]] = statement.parse(held.statement)
    return said


def key_of(folder: Path, database: Database) -> VerifierKey:
    """The public key of the log, as `tumen log init` tells it."""
    told = tumen(folder, "log", "init", "--database", database.url)
    assert told.returncode == 0, told.stderr
    (line,) = [each for each in told.stdout.splitlines() if each.startswith("public key")]
    return VerifierKey.parse(line.split()[-1])


def test_every_receipt_is_proven_and_again_when_it_is_told_again(
    database: Database, tmp_path: Path
) -> None:
    documents = simulate(Plan(60, 8), tmp_path / "made").documents
    arguments = ("clear", documents, "--database", database.url, "--out")
    first = summary(tmp_path, *arguments, tmp_path / "one")
    again = summary(tmp_path, *arguments, tmp_path / "two")
    key = key_of(tmp_path, database)
    one, two = proven(tmp_path / "one", key), proven(tmp_path / "two", key)
    receipts = (tmp_path / "one/receipts.ndjson").read_text("utf-8").splitlines()
    hashes = {sha256(each.encode()).hexdigest() for each in receipts}
    assert hashes <= set(one)
    assert one == two
    assert first["log"] == again["log"]
    for digest, said in one.items():
        receipt = getattr(said, "receipt")  # noqa: B009 - batches and lists have none
        assert receipt.hex() == digest
    asked_for_one_consignment_alone(tmp_path, database, {each["proof"] for each in lines(tmp_path)})


def lines(folder: Path) -> list[dict[str, str]]:
    text = (folder / "one/proofs.ndjson").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def asked_for_one_consignment_alone(folder: Path, database: Database, told: set[str]) -> None:
    """`tumen log prove` gives the same proofs, also where no notice of a decision is there."""
    with psycopg.connect(database.url) as connection:
        query = "SELECT order_number FROM declaration WHERE answer = 'accepted' LIMIT 1"
        ((order,),) = connection.execute(query).fetchall()
    given = ("log", "prove", order, "--out", folder / "given", "--database", database.url)
    done = tumen(folder, *given)
    assert done.returncode == 0, done.stderr
    files = [*(folder / "given").glob("*.tlog-proof")]
    assert len(files) >= len(("order", "payment", "waybill", "declaration"))
    assert {file.read_text(encoding="utf-8") for file in files} <= told


def test_a_healthy_store_is_audited_with_exit_code_0_and_a_changed_one_with_1(
    database: Database, tmp_path: Path
) -> None:
    documents = simulate(Plan(20, 9, share=0.0), tmp_path / "made").documents
    summary(tmp_path, "clear", documents, "--database", database.url)
    kept = tumen(tmp_path, "log", "checkpoint", "--database", database.url).stdout
    (tmp_path / "kept").write_text(kept, encoding="utf-8")
    arguments = ("log", "audit", "--database", database.url, "--against", tmp_path / "kept")
    healthy = tumen(tmp_path, *arguments)
    assert healthy.returncode == 0, healthy.stdout
    with psycopg.connect(database.url) as connection:
        connection.execute("UPDATE payment SET currency = '502' WHERE document_id = ("
                           "SELECT min(document_id) FROM payment)")  # fmt: skip
    changed = tumen(tmp_path, *arguments)
    assert changed.returncode == 1
    assert "payment" in changed.stdout
    (tmp_path / "kept").write_text(kept.replace("\n8", "\n9", 1), encoding="utf-8")
    assert tumen(tmp_path, *arguments).returncode == 1
