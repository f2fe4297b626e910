"""The node's own statistics are what its records sum up to, and tell of no filer by themselves."""

import csv
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from clearing import Clearing
from running import tumen
from tumen.observatory.disclosure.cube import TOTAL
from tumen.observatory.disclosure.timing import told_times
from tumen.simulation import Plan, simulate
from tumen.store.database import Database
from tumen.window.ledger.statistics import CLEARANCE_SCHEMA

BUNDLES = 400
BY_CELL = """
    SELECT d.merchant_code, count(*), sum(i.total_price / 1000) FROM declaration d
    JOIN declaration_item i USING (document_id)
    WHERE EXISTS (SELECT FROM declaration_event e
                  WHERE e.document_id = d.document_id AND e.status = 'released')
      AND (%s) GROUP BY d.merchant_code
"""
Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def node(shared_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Clearing:
    folder = tmp_path_factory.mktemp("documents")
    clearing = Clearing(shared_database)
    clearing.files(simulate(Plan(BUNDLES, 11), folder / "made").documents)
    return clearing


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def told(node: Clearing, home: Path) -> dict[str, Rows]:
    done = tumen(home, "observe", "platform", "--database", node.database.url, "--json")
    assert done.returncode == 0, done.stderr
    found: dict[str, Rows] = json.loads(done.stdout)
    return found


def margin(rows: Rows, **codes: str) -> dict[str, Any]:
    wanted = {"pair": TOTAL, "chapter": TOTAL, "regime": TOTAL, "month": TOTAL} | codes
    (row,) = [row for row in rows if wanted.items() <= row.items()]
    return row


@pytest.mark.parametrize(
    ("codes", "condition"),
    [
        ({}, "true"),
        ({"regime": "9610"}, "d.procedure = '9610'"),
        ({"pair": "JP-CN"}, "d.dispatch_country = '116'"),
        ({"chapter": "33"}, "i.hs_code LIKE '33%'"),
        ({"pair": "CN-CN", "chapter": "33"}, "d.dispatch_country = '142' AND i.hs_code LIKE '33%'"),
    ],
)
def test_a_cell_is_the_sum_of_what_was_released(
    node: Clearing, told: dict[str, Rows], codes: dict[str, str], condition: str
) -> None:
    sums = node.query(BY_CELL.replace("(%s)", condition))
    row = margin(told["trade"], **codes)
    if row["status"] == "A":
        assert len(sums) >= 3
        assert row["cases"] == sum(count for _, count, _ in sums)
        assert row["value"] == sum(value for _, _, value in sums)


def test_cells_of_few_are_suppressed_and_the_grand_total_is_told(told: dict[str, Rows]) -> None:
    rows = told["trade"]
    assert margin(rows)["status"] == "A"
    hidden = [row for row in rows if row["status"] == "Q"]
    assert hidden
    assert all(row["cases"] is None and row["value"] is None for row in hidden)
    assert min(row["cases"] for row in rows if row["status"] == "A") >= 10


def test_persons_and_what_they_used_are_summed_up_by_year(
    node: Clearing, told: dict[str, Rows]
) -> None:
    ((persons, fen),) = node.query(
        """SELECT count(*), sum(fen) FROM (SELECT sum(amount_fen) AS fen FROM allowance_entry
           GROUP BY person, year) AS balance WHERE fen > 0"""
    )
    (row,) = [row for row in told["shopping"] if (row["year"], row["used"]) == ("2026", TOTAL)]
    assert (row["cases"], row["value"]) == (persons, fen)
    assert len({row["used"] for row in told["shopping"]}) > 2


def test_nothing_that_is_told_names_a_filer(node: Clearing, told: dict[str, Rows]) -> None:
    merchants = node.query("SELECT DISTINCT merchant_code FROM declaration")
    persons = node.query("SELECT DISTINCT person::text FROM allowance_entry")
    codes = {code for (code,) in merchants + persons}
    text = json.dumps(told)
    assert codes
    assert not [code for code in codes if code in text]


def test_times_of_clearance_are_told_by_stage_and_office(told: dict[str, Rows]) -> None:
    stages = {row["stage"] for row in told["clearance"]}
    assert stages == {"receipt to decision", "decision to release", "receipt to release"}
    for row in told["clearance"]:
        if row["status"] == "A":
            assert 0 <= row["median_hours"] <= row["p90_hours"]


def test_times_of_few_are_suppressed() -> None:
    hour = 3_600_000
    rows = [("A", "s", 9, 5, hour, hour, hour), ("B", "s", 50, 2, hour, hour, hour),
            ("C", "s", 50, 3, hour * 3 // 2, hour, 2 * hour)]  # fmt: skip
    frame = pl.DataFrame(rows, schema=CLEARANCE_SCHEMA, orient="row")
    table = told_times(frame)
    assert table["status"].to_list() == ["Q", "Q", "A"]
    assert table["cases"].to_list() == [None, None, 50]
    assert table["mean_hours"].to_list() == [None, None, 1.5]


def test_days_without_releases_tell_nothing(
    node: Clearing, told: dict[str, Rows], home: Path, tmp_path: Path
) -> None:
    options = ("--database", node.database.url, "--from", "1999-01-01", "--to", "1999-12-31")
    assert told["trade"]
    done = tumen(home, "observe", "platform", *options, "--out", tmp_path / "told")
    assert done.returncode == 0, done.stderr
    with (tmp_path / "told/trade.csv").open(encoding="utf-8") as file:
        assert [*csv.DictReader(file)] == []
