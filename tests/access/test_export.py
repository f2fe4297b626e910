"""An organisation takes away all that it lodged, and nothing that is another's."""

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import date
from typing import Any

import polars as pl
import pytest
from lodging import one
from tests.conftest import fresh_database

from clearing import CLOCK, Clearing, node_log
from tumen.access import export
from tumen.access.export import Exported
from tumen.access.owned import OWNED
from tumen.codelist.matters import Matter
from tumen.simulation import one_bundle
from tumen.store.database import Database
from tumen.store.literal import bind
from tumen.store.viewer import Viewer, session_for
from tumen.window.examinations import Entry, ExaminationReport, read_entry
from tumen.window.ledger.billing import BillDesk
from tumen.window.ledger.examinations import ExaminationDesk
from tumen.window.ledger.reports import ReportDesk
from tumen.window.reports import Report

COUNT = pl.Schema({"count": pl.Int64})


@pytest.fixture(scope="module")
def node(database_location: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    with fresh_database(database_location) as database:
        for sender, fault, seed in (("one", "vague_description", 5), ("two", "returned", 6)):
            folder = tmp_path_factory.mktemp(sender)
            documents = one_bundle(fault, seed).documents
            Clearing(database, sender=sender, seed="no lot").documents(documents, folder)
        more = [one("K-1"), *one_bundle("clean", 4).documents]
        Clearing(database, sender="one", seed="no lot").documents(
            more, tmp_path_factory.mktemp("more")
        )
        reports = ReportDesk(database.session, "office", CLOCK, node_log(database))
        BillDesk(reports, "CN", date(2026, 12, 1)).make()
        required = ExaminationReport("r-1", held_number(database), Entry.REQUIRED, Matter.FOOD)
        examined = read_entry(required, CLOCK.at)
        assert isinstance(examined, Report)
        assert ExaminationDesk(reports, "CN", ()).lodge([examined])[0].answer == "accepted"
        yield database


def held_number(node: Database) -> str:
    """The document of what waits for an officer, as officers name it."""
    with node.session() as session:
        query = "SELECT document_id FROM declaration_event WHERE status = 'held'"
        return f"#{session.read(query, None, COUNT).item()}"


def exported(node: Database, sender: str) -> tuple[Exported, Any]:
    target = io.BytesIO()
    with session_for(node, Viewer(sender)) as session:
        found = export.export(session, sender, target, CLOCK.at)
    return found, zipfile.ZipFile(target)


def lines(archive: zipfile.ZipFile, table: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in archive.read(f"{table}.ndjson").splitlines()]


def test_what_both_take_away_is_all_that_was_lodged(node: Database) -> None:
    one, two = exported(node, "one")[0].rows, exported(node, "two")[0].rows
    for table in (
        "trade_order",
        "payment",
        "waybill",
        "declaration",
        "declaration_event",
        "charge",
    ):
        with node.session() as session:
            query = f"SELECT count(*) FROM {table}"  # noqa: S608
            assert one[table] + two[table] == session.read(query, None, COUNT).item() > 0, table
    assert (one["goods_return"], two["goods_return"]) == (0, 1)


def test_the_receipt_is_in_it_byte_for_byte_and_another_sender_is_not(node: Database) -> None:
    _, archive = exported(node, "one")
    order = lines(archive, "trade_order")[0]
    with node.session() as session:
        query = "SELECT receipt FROM trade_order ORDER BY document_id LIMIT 1"
        assert order["receipt"] == session.read(query, None, pl.Schema({"r": pl.String})).item()
    assert b'"sender":"one"' in archive.read("trade_order.ndjson")
    for name in archive.namelist():
        assert b'"sender":"two"' not in archive.read(name)


def test_neither_keys_nor_watch_lists_nor_what_authorities_found_are_in_it(node: Database) -> None:
    _, archive = exported(node, "one")
    names = {name.removesuffix(".ndjson") for name in archive.namelist()}
    assert names.isdisjoint({"person_key", "personal_data", "node_keys", "list_party", "api_key"})
    for name in names - {"README.json"}:
        for row in lines(archive, name):
            kept_back = {each for each in row if each.endswith("_index")}
            assert not kept_back | ({"party_hits", "person"} & row.keys()), name
    assert all("screening_seed" not in row for row in lines(archive, "batch"))
    told = json.loads(archive.read("README.json"))
    assert {"party_hits", "used_before_fen"} <= told["kept_back"].keys()
    assert "used_before_fen" not in lines(archive, "assessment")[0]


def test_whoever_lodges_little_is_given_all_that_row_level_security_shows(
    node: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = {sender: exported(node, sender) for sender in ("one", "two", "stranger")}
    monkeypatch.setattr(export, "OWNED", {"batch": OWNED["batch"]})
    for sender, (told, archive) in found.items():
        whole, every = exported(node, sender)
        assert told == whole, sender
        for table in whole.rows:
            rows = archive.read(f"{table}.ndjson").splitlines()
            assert sorted(rows) == sorted(every.read(f"{table}.ndjson").splitlines()), table
    filled = {table for told, _ in found.values() for table, rows in told.rows.items() if rows}
    assert {"bill", "bill_item", "examination_entry", "shipment_charge", "batch"} <= filled
    assert set(found["stranger"][0].rows.values()) == {0}


def test_no_table_that_grows_is_read_whole_for_whoever_lodges_little(node: Database) -> None:
    """Tables with another name stand in policies, which are asked of the rows that were found."""
    read_whole = set()
    with session_for(node, Viewer("stranger")) as session:
        session.execute("SET LOCAL enable_seqscan = off")
        for table in exported(node, "stranger")[0].rows:
            where = bind(OWNED.get(table, "true"), {"sender": "stranger"})
            query = f"EXPLAIN SELECT FROM {table} WHERE {where}"
            plan = session.read(query, None, pl.Schema({"line": pl.String}))["line"]
            if plan.str.contains(r"Seq Scan on \w+  \(").any():
                read_whole.add(table)
    assert read_whole == {"submission", "submission_end"}


def test_pages_join_without_a_gap(node: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, _ = exported(node, "one")
    for size in (1, 2, 3):
        monkeypatch.setattr(export, "PAGE_ROWS", size)
        assert exported(node, "one")[0] == whole


def test_nobody_takes_nothing_away(node: Database) -> None:
    assert set(exported(node, "")[0].rows.values()) == {0}
