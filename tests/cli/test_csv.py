"""CSV files of a shop, with and without a map of its columns."""

import csv
import gzip
import json
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest

from running import summary, tumen
from tumen.store.database import Database

ROOT = Path(__file__).parents[2]
MAP = ROOT / "examples/online-retail.toml"
ORDERS = ROOT / "../shared/data/orders/online_retail_uci_asia_all.csv.gz"


def receipts(out: Path) -> list[dict[str, str]]:
    lines = (out / "receipts.ndjson").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.mark.parametrize("name", ["consignment.csv", "consignment.ndjson"])
def test_the_examples_are_cleared_and_released(
    name: str, database: Database, tmp_path: Path
) -> None:
    found = summary(tmp_path, "clear", ROOT / "examples" / name, "--database", database.url)
    for kind in ("order", "payment", "waybill", "declaration"):
        assert found["documents"][kind]["accepted"] == 1, found
    assert found["declarations"]["pending"] == found["declarations"]["rejected"] == 0
    assert sum(found["declarations"].values()) == 1


def test_an_export_of_a_shop_is_read_with_a_map_of_its_columns(
    database: Database, tmp_path: Path
) -> None:
    export = tmp_path / "export.csv"
    lines = [
        ("InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice",
         "CustomerID", "Country"),
        ("DEMO1", "A1", "demo tin", "6", "2010-12-01T08:26:00", "2.55", "17850", "Japan"),
        ("DEMO1", "A2", "demo cup", "2", "2010-12-01T08:26:00", "3.39", "17850", "Japan"),
        ("DEMO2", "A1", "demo tin", "-1", "2010-12-01T09:00:00", "2.55", "17850", "Japan"),
    ]  # fmt: skip
    with export.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(lines)
    out = tmp_path / "out"
    found = summary(
        tmp_path, "clear", export, "--map", MAP, "--database", database.url, "--out", out
    )
    assert found["documents"]["order"] == {
        "accepted": 1, "rejected": 1, "duplicate": 0, "ignored": 0,
    }  # fmt: skip
    assert [each["answer"] for each in receipts(out)] == ["accepted", "rejected"]


def test_the_map_of_an_export_without_a_currency_states_one() -> None:
    constants = tomllib.loads(MAP.read_text(encoding="utf-8"))["constant"]
    assert constants["currency"] == constants["item.currency"] == "142"


@pytest.mark.skipif(
    not ORDERS.is_file(), reason="the real orders lie in a folder beside the repository"
)
def test_a_real_export_ends_in_one_answer_for_each_order(
    database: Database, tmp_path: Path
) -> None:
    with gzip.open(ORDERS, "rt", encoding="utf-8", newline="") as file:
        numbers = [line["InvoiceNo"] for line in csv.DictReader(file)]
    orders = 1 + sum(one != other for one, other in pairwise(numbers))
    out = tmp_path / "out"
    found = summary(
        tmp_path, "clear", ORDERS, "--map", MAP, "--database", database.url, "--out", out
    )
    answers = found["documents"]["order"]
    assert sum(answers.values()) == orders
    assert answers["accepted"] > 0
    assert len(receipts(out)) == orders
    again = summary(tmp_path, "clear", ORDERS, "--map", MAP, "--database", database.url)
    assert again["documents"]["order"]["duplicate"] == orders


@pytest.mark.parametrize(
    ("text", "code"),
    [("kind = [", 2), ('kind = "nonsense"', 2), (None, 2)],
    ids=["no TOML", "an unknown kind", "no file"],
)
def test_a_map_that_cannot_be_used_is_refused_before_anything_is_recorded(
    text: str | None, code: int, database: Database, tmp_path: Path
) -> None:
    column_map = tmp_path / "map.toml"
    if text is not None:
        column_map.write_text(text, encoding="utf-8")
    done = tumen(
        tmp_path, "clear", ROOT / "examples/consignment.csv", "--map", column_map,
        "--database", database.url,
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
