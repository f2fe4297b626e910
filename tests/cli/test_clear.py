"""`tumen clear` and the commands around it, as a user runs them."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from running import summary, tumen
from tumen.simulation import Plan, simulate
from tumen.store.database import Database

ANSWERS = ("accepted", "rejected", "duplicate", "ignored")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with 60 simulated consignments, half of them faulty."""
    simulate(Plan(60, 3, share=0.5), tmp_path / "made")
    return tmp_path


def rows_in(folder: Path) -> int:
    files = (folder / "made/documents").rglob("*.ndjson")
    return sum(len(file.read_text(encoding="utf-8").splitlines()) for file in files)


def test_the_summary_alone_is_printed_as_json_and_its_counts_add_up(
    folder: Path, database: Database
) -> None:
    found = summary(folder, "clear", folder / "made/documents", "--database", database.url)
    assert set(found["documents"]["order"]) == set(ANSWERS)
    assert sum(sum(each.values()) for each in found["documents"].values()) == rows_in(folder)
    assert sum(found["declarations"].values()) == 60
    assert set(found) >= {"documents", "declarations", "charges", "violations", "seconds"}


def test_the_out_folder_holds_a_receipt_for_each_row_and_a_reason_for_each_refusal(
    folder: Path, database: Database
) -> None:
    out = folder / "out"
    found = summary(
        folder, "clear", folder / "made/documents", "--database", database.url, "--out", out
    )
    receipts = (out / "receipts.ndjson").read_text(encoding="utf-8").splitlines()
    assert len(receipts) == rows_in(folder)
    assert all(json.loads(line)["answer"] for line in receipts)
    with (out / "rejected.csv").open(encoding="utf-8", newline="") as file:
        rejected = list(csv.DictReader(file))
    assert list(rejected[0]) == [
        "file", "row", "document", "field", "value", "code", "message", "fix",
    ]  # fmt: skip
    assert all(row["message"] and row["fix"] and "{" not in row["message"] for row in rejected)
    assert json.loads((out / "summary.json").read_text()) == found


def test_the_same_command_again_gives_the_same_receipts(folder: Path, database: Database) -> None:
    texts = []
    for name in ("one", "two"):
        out = folder / name
        found = summary(
            folder, "clear", folder / "made/documents", "--database", database.url, "--out", out
        )
        texts.append((out / "receipts.ndjson").read_bytes())
    assert texts[0] == texts[1]
    assert found["documents"]["order"]["accepted"] == 0
    assert sum(found["declarations"].values()) == 60


def test_a_rejection_is_a_result_and_the_exit_code_is_zero(
    tmp_path: Path, database: Database
) -> None:
    (tmp_path / "broken.ndjson").write_text('{"kind": "order"\n', encoding="utf-8")
    done = tumen(tmp_path, "clear", tmp_path / "broken.ndjson", "--database", database.url)
    assert done.returncode == 0
    assert "rejected" in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        lambda folder: ["clear", folder, "--database", "postgresql://localhost:1/none"],
    ],
    ids=["an unreachable database"],
)
def test_a_failure_of_the_outside_exits_with_one_and_says_what_to_do(
    arguments: Callable[[Path], list[object]], tmp_path: Path
) -> None:
    (tmp_path / "empty.ndjson").touch()
    done = tumen(tmp_path, *arguments(tmp_path))
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) >= 2
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["clear"],
        ["clear", ".", "--nope"],
        ["clear", "absent.ndjson"],
        ["clear", ".", "--map", "absent.toml"],
        ["simulate", "--bundles", "1", "--out", "made", "--day", "2015-01-01"],
    ],
)
def test_wrong_use_exits_with_two(arguments: list[str], tmp_path: Path) -> None:
    assert tumen(tmp_path, *arguments).returncode == 2


def test_receipts_are_sent_again_byte_for_byte(folder: Path, database: Database) -> None:
    out = folder / "out"
    summary(folder, "clear", folder / "made/documents", "--database", database.url, "--out", out)
    lines = (out / "receipts.ndjson").read_text(encoding="utf-8").splitlines()
    order = json.loads(next(line for line in lines if json.loads(line)["kind"] == "order"))
    done = tumen(folder, "resend", order["order_number"], "--database", database.url)
    assert done.returncode == 0
    again = done.stdout.splitlines()
    assert again
    assert set(again) <= set(lines)


def test_orphans_name_what_each_document_waits_for(tmp_path: Path, database: Database) -> None:
    written = simulate(Plan(2, 3, fault="payment_missing"), tmp_path / "made")
    summary(tmp_path, "clear", written.documents, "--database", database.url)
    done = tumen(tmp_path, "orphans", "--database", database.url, "--json")
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(each["kind"], each["missing"]) for each in found] == [("declaration", "payment")] * 2


def test_show_explains_a_released_consignment_and_no_personal_value(
    tmp_path: Path, database: Database
) -> None:
    written = simulate(Plan(1, 3, share=0.0), tmp_path / "made")
    summary(tmp_path, "clear", written.documents, "--database", database.url)
    file = next(written.documents.rglob("*.ndjson"))
    documents = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    order = next(each for each in documents if each["kind"] == "order")
    done = tumen(tmp_path, "show", order["order_number"], "--database", database.url)
    assert done.returncode == 0
    assert "财关税〔2016〕18号" in done.stdout
    assert order["buyer_name"] not in done.stdout
    assert order["buyer_id_number"] not in done.stdout


def test_show_of_an_unknown_reference_is_wrong_use(tmp_path: Path, database: Database) -> None:
    done = tumen(tmp_path, "show", "UNKNOWN", "--database", database.url)
    assert done.returncode == 2
    assert "Nothing is recorded under UNKNOWN" in done.stderr
    assert "--database" in done.stderr
