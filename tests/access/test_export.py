"""An organisation takes away all that it lodged, and nothing that is another's."""

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import polars as pl
import pytest
from tests.conftest import fresh_database

from clearing import CLOCK, Clearing
from tumen.access import export
from tumen.access.export import Exported
from tumen.simulation import one_bundle
from tumen.store.database import Database
from tumen.store.viewer import Viewer, session_for

COUNT = pl.Schema({"count": pl.Int64})


@pytest.fixture(scope="module")
def node(database_location: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    with fresh_database(database_location) as database:
        for sender, fault, seed in (("one", "vague_description", 5), ("two", "returned", 6)):
            folder = tmp_path_factory.mktemp(sender)
            documents = one_bundle(fault, seed).documents
            Clearing(database, sender=sender, seed="no lot").documents(documents, folder)
        yield database


def exported(node: Database, sender: str) -> tuple[Exported, Any]:
    target = io.BytesIO()
    with session_for(node, Viewer(sender)) as session:
        found = export.export(session, target, CLOCK.at)
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
    (order,) = lines(archive, "trade_order")
    with node.session() as session:
        query = "SELECT receipt FROM trade_order WHERE sender = 'one'"
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


def test_pages_join_without_a_gap(node: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, _ = exported(node, "one")
    for size in (1, 2, 3):
        monkeypatch.setattr(export, "PAGE_ROWS", size)
        assert exported(node, "one")[0] == whole


def test_nobody_takes_nothing_away(node: Database) -> None:
    assert set(exported(node, "")[0].rows.values()) == {0}
