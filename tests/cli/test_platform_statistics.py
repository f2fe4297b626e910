"""The node's own statistics are what its records sum up to, and tell of no filer by themselves."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from pysdmx.io import get_datasets

from clearing import CLOCK, Clearing, node_log
from running import tumen
from tumen.observatory.disclosure.cube import TOTAL
from tumen.observatory.disclosure.timing import told_times
from tumen.simulation import Plan, simulate
from tumen.store.database import Database
from tumen.window.acts import ActAsked, Officer
from tumen.window.ledger.acts import OfficerDesk
from tumen.window.ledger.statistics import SEVERAL_CHAPTERS
from tumen.window.ledger.time_release import CLEARANCE_SCHEMA
from tumen.window.states import Act

BUNDLES = 400
BY_CELL = """
    SELECT d.merchant_code, count(*), sum(i.total_price / 1000) FROM declaration d
    JOIN declaration_item i USING (document_id)
    WHERE EXISTS (SELECT FROM declaration_event e
                  WHERE e.document_id = d.document_id AND e.status = 'released')
      AND (%s) GROUP BY d.merchant_code
"""
OF_END = "SELECT '#' || document_id FROM goods_shipment WHERE own_reference LIKE '%/(end)'"
RELEASED_BY = """
    SELECT count(*), sum(coalesce(customs_value_minor, 1)) FROM shipment_assessment a
    WHERE a.regime = '(regime)' AND EXISTS (
        SELECT FROM declaration_event e
        WHERE e.document_id = a.document_id AND e.status = 'released')
"""
SHIPMENT = {
    "kind": "shipment", "destination": "MN", "dispatch": "CN", "date": "2026-06-10",
    "currency": "CNY", "purpose": "commercial", "transport": "cargo",
}  # fmt: skip
SHIRTS = {"hs": "61091000", "quantity": "5", "unit_price": "600.00", "net_weight_kg": "1"}
BOOTS = {"hs": "64039900", "quantity": "1", "unit_price": "900.00", "net_weight_kg": "1"}
Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def node(shared_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Clearing:
    folder = tmp_path_factory.mktemp("documents")
    clearing = Clearing(shared_database)
    clearing.files(simulate(Plan(BUNDLES, 11), folder / "made").documents)
    clearing.documents(shipments(), folder)
    for economy in ("CN", "MN"):
        release(clearing, economy)
    return clearing


def release(clearing: Clearing, economy: str) -> None:
    """Release what the officers of an economy have before them of the shipments."""
    officer = Officer(economy, "example office", "example officer")
    database = clearing.database
    desk = OfficerDesk(database.session, officer, CLOCK, node_log(database))
    end = "export" if economy == "CN" else "import"
    held = clearing.query(OF_END.replace("(end)", end))
    desk.decide([ActAsked(each, Act.RELEASE, "an example") for (each,) in held])


def shipments() -> Iterator[dict[str, Any]]:
    """Of four sellers, both ends of each; one in three is of two chapters."""
    for number in range(48):
        told = {
            **SHIPMENT, "seller": f"example seller {number % 4}",
            "items": [SHIRTS, BOOTS] if number % 3 == 0 else [SHIRTS],
        }  # fmt: skip
        yield {**told, "shipment": f"S-{number}/import"}
        yield {**told, "shipment": f"S-{number}/export", "regime": "export_9710",
               "buyer": {"kind": "business"}}  # fmt: skip


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


def test_shipments_are_told_at_both_ends_in_the_currency_of_each(
    node: Clearing, told: dict[str, Rows]
) -> None:
    for currency, regime in (("MNT", "general"), ("none", "export_9710")):
        ((count, value),) = node.query(RELEASED_BY.replace("(regime)", regime))
        rows = [row for row in told["shipments"] if row["currency"] == currency]
        assert {row["regime"] for row in rows} == {regime, TOTAL}
        row = margin(rows, pair="CN-MN", regime=regime)
        assert (row["cases"], row["value"]) == (count, value)
        assert {row["chapter"] for row in rows} == {"61", SEVERAL_CHAPTERS, TOTAL}


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
    ends = {(row["direction"], row["office"]) for row in told["clearance"]}
    assert {("import", "MN"), ("export", "CN")} <= ends
    for row in told["clearance"]:
        if row["status"] == "A":
            assert 0 <= row["median_hours"] <= row["p90_hours"]


def test_times_of_few_are_suppressed() -> None:
    hour = 3_600_000
    rows = [
        ("import", office, "s", cases, filers, mean, hour, 2 * hour)
        for office, cases, filers, mean in
        (("A", 9, 5, hour), ("B", 50, 2, hour), ("C", 50, 3, hour * 3 // 2))
    ]  # fmt: skip
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


def test_every_table_is_a_dataflow_read_back_with_what_is_suppressed(
    node: Clearing, told: dict[str, Rows], home: Path, tmp_path: Path
) -> None:
    options = ("--database", node.database.url, "--out", tmp_path, "--format", "sdmx-ml")
    done = tumen(home, "observe", "platform", *map(str, options))
    assert done.returncode == 0, done.stderr
    for name, rows in told.items():
        (found,) = get_datasets(tmp_path / name / "data.xml", tmp_path / name / "structure.xml")
        cases = [
            row for row in found.data.to_dict(orient="records")  # type: ignore[attr-defined]
            if row["MEASURE"] == "CASES"
        ]  # fmt: skip
        whole = [row for row in rows if TOTAL not in (row.get("month"), row.get("year"))]
        assert len(cases) >= len(whole) > 0
        for status in "AQ":
            expected = sum(row["status"] == status for row in whole)
            assert sum(row["OBS_STATUS"] == status for row in cases) >= expected
        assert {row["OBS_VALUE"] or "" for row in cases if row["OBS_STATUS"] == "Q"} <= {""}
