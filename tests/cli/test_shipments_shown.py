"""`tumen clear`, `show` and `resend` of native shipments, as a person runs them."""

import csv
import json
from pathlib import Path

import pytest

from clearing import CLOCK
from running import summary, tumen
from tumen import law
from tumen.store.database import Database

EXAMPLES = Path(__file__).parents[2] / "examples/shipments.ndjson"


@pytest.fixture
def cleared(database: Database, tmp_path: Path) -> Path:
    """The folder of answers to the examples."""
    out = tmp_path / "out"
    summary(tmp_path, "clear", EXAMPLES, "--database", database.url, "--out", out)
    return out


def native(reference: str) -> dict[str, object]:
    lines = map(json.loads, EXAMPLES.read_text(encoding="utf-8").splitlines())
    found = next(each for each in lines if each["shipment"] == reference)
    return {name: value for name, value in found.items() if name not in ("kind", "shipment")}


def test_a_shipment_is_shown_with_its_explanation_and_the_law_of_its_day(
    cleared: Path, database: Database, tmp_path: Path
) -> None:
    assert cleared.is_dir()
    done = tumen(tmp_path, "show", "DEMO-RU-1", "--database", database.url, "--json")
    (told,) = json.loads(done.stdout)["shipments"]
    answer = law.quote(native("DEMO-RU-1"), today=CLOCK.now().date()).to_dict()
    assert told["status"] == "released"
    assert told["law_version"] == answer["law_version"]
    assert told["answer"]["steps"] == answer["steps"]
    assert told["answer"]["steps"]
    assert told["answer"]["total"] == answer["total"]
    assert [each["status"] for each in told["history"]] == ["released"]
    page = tumen(tmp_path, "show", "DEMO-RU-1", "--database", database.url).stdout
    assert "Shipment DEMO-RU-1: released" in page
    assert "How it was computed" in page


def test_a_rejected_shipment_is_shown_with_its_reasons_and_nothing_of_the_law(
    cleared: Path, database: Database, tmp_path: Path
) -> None:
    told = json.loads(
        tumen(tmp_path, "show", "DEMO-JP-2", "--database", database.url, "--json").stdout
    )
    assert told["shipments"] == []
    (document,) = told["documents"]
    assert [each["code"] for each in document["violations"]] == ["NUMBER_MALFORMED"]
    rows = list(csv.DictReader((cleared / "rejected.csv").read_text("utf-8").splitlines()))
    assert [(row["row"], row["document"], row["field"], row["code"]) for row in rows] == [
        ("8", "shipment local|DEMO-JP-2", "items[0].quantity", "NUMBER_MALFORMED")
    ]


def test_a_receipt_is_resent_byte_for_byte(
    cleared: Path, database: Database, tmp_path: Path
) -> None:
    for line in (cleared / "receipts.ndjson").read_text(encoding="utf-8").splitlines():
        reference = json.loads(line)["shipment"]
        again = tumen(tmp_path, "resend", reference, "--database", database.url)
        assert again.stdout == line + "\n"


def test_the_same_command_again_gives_the_same_receipts(
    cleared: Path, database: Database, tmp_path: Path
) -> None:
    again = tmp_path / "again"
    found = summary(tmp_path, "clear", EXAMPLES, "--database", database.url, "--out", again)
    assert found["documents"]["shipment"]["duplicate"] == 9
    assert (found["declarations"]["released"], found["declarations"]["held"]) == (6, 2)
    for name in ("receipts.ndjson", "rejected.csv"):
        assert (again / name).read_bytes() == (cleared / name).read_bytes()


def test_a_column_map_cannot_make_shipments(database: Database, tmp_path: Path) -> None:
    (tmp_path / "map.toml").write_text('kind = "shipment"\n', encoding="utf-8")
    (tmp_path / "a.csv").write_text("destination\nJP\n", encoding="utf-8")
    done = tumen(tmp_path, "clear", tmp_path / "a.csv", "--map", tmp_path / "map.toml",
                 "--database", database.url)  # fmt: skip
    assert done.returncode == 2
    assert "NDJSON" in done.stderr
