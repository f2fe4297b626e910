"""One submission, both ends: every field is told once, and nothing personal crosses the border."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from clearing import Clearing
from tumen.law.native import reading
from tumen.store.database import Database
from tumen.window.consigning import both_declarations, crossings, objections, told_as
from tumen.window.ledger import journeys

CONSIGNMENT: dict[str, Any] = {
    "destination": "KR", "dispatch": "CN", "date": "2026-08-05", "dispatched_on": "2026-08-03",
    "export_regime": "export_9610", "currency": "USD", "transport": "courier",
    "platform": "an example platform", "seller": "an example seller",
    "buyer": {"id": "P123456789012", "kind": "person"},
    "items": [
        {"hs": "6109100000", "export_hs": "6109100021", "description": "cotton shirts",
         "quantity": "3", "unit_price": "90.00", "net_weight_kg": "0.6", "origin": "CN"}
    ],
}  # fmt: skip
NATIVE = {
    "head": {*reading._HEAD, "related"}, "buyer": {*reading._BUYER},
    "preference": {*reading._PREFERENCE}, "item": {*reading._ITEM},
}  # fmt: skip


def test_no_field_is_asked_twice_for_either_end() -> None:
    told = Counter((each.part, each.field) for each in crossings())
    assert max(told.values()) == 1
    imported = Counter((each.part, each.importing) for each in crossings() if each.importing)
    assert max(imported.values()) == 1
    exported = Counter((each.part, each.export) for each in crossings() if each.export)
    assert max(exported.values()) == 1


def test_every_field_that_the_law_reads_is_in_the_table() -> None:
    for part, names in NATIVE.items():
        mine = [each for each in crossings() if each.part == part]
        assert {each.importing for each in mine} - {""} == names
        assert {each.export.partition(":")[0] for each in mine} - {""} <= names


def test_nothing_personal_goes_to_the_origin() -> None:
    assert {each.field for each in crossings() if each.is_personal} >= {"id"}
    assert not [each for each in crossings() if each.is_personal and each.export]
    export, _ = both_declarations("T-1", CONSIGNMENT)
    assert "P123456789012" not in json.dumps(export)


def test_each_end_gets_its_own_day_regime_and_code_and_the_rest_alike() -> None:
    export, importing = both_declarations("T-1", CONSIGNMENT)
    assert (export["shipment"], importing["shipment"]) == ("T-1/export", "T-1/import")
    assert (export["date"], importing["date"]) == ("2026-08-03", "2026-08-05")
    assert (export["regime"], "regime" in importing) == ("export_9610", False)
    assert export["items"][0]["hs"] == "6109100021"
    assert importing["items"][0]["hs"] == "6109100000"
    shared = {"quantity", "unit_price", "net_weight_kg", "origin", "description"}
    assert all(export["items"][0][name] == importing["items"][0][name] for name in shared)


def test_without_a_code_of_its_own_the_origin_gets_the_six_digits_that_are_the_same() -> None:
    item = {name: value for name, value in CONSIGNMENT["items"][0].items() if name != "export_hs"}
    export, _ = both_declarations("T-1", {**CONSIGNMENT, "items": [item]})
    assert export["items"][0]["hs"] == "610910"


def test_without_an_export_there_is_the_import_alone() -> None:
    told = {name: value for name, value in CONSIGNMENT.items() if name != "export_regime"}
    assert [each["shipment"] for each in both_declarations("T-1", told)] == ["T-1/import"]


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({"colour": "red"}, "colour"),
        ({"buyer": {"Zhang San": "x"}}, "buyer"),
        ({"Zhang San": "x"}, ""),
        ({"items": [{}, {"colour": "red"}]}, "items[1].colour"),
    ],
)
def test_a_field_that_goes_to_no_end_is_named(more: dict[str, Any], path: str) -> None:
    assert [each.path for each in objections({**CONSIGNMENT, **more})] == [path]


@pytest.mark.parametrize(
    ("more", "path", "expected"),
    [
        ({"export_regime": "general"}, "export_regime", "export_9610"),
        ({"regime": "export_9610"}, "regime", "simplified"),
        ({"sellers": "x"}, "sellers", "seller"),
    ],
)
def test_an_end_is_not_asked_for_what_only_the_other_end_does(
    more: dict[str, Any], path: str, expected: str
) -> None:
    (one,) = objections({**CONSIGNMENT, **more})
    assert one.path == path
    assert expected in str(one.expected)


def test_an_export_mode_that_is_null_is_not_told() -> None:
    declared = both_declarations("T-1", {**CONSIGNMENT, "export_regime": None})
    assert [each["shipment"] for each in declared] == ["T-1/import"]


@pytest.mark.parametrize(
    ("path", "as_told"),
    [("date", "dispatched_on"), ("regime", "export_regime"), ("currency", "currency"),
     ("items[0].hs", "items[0].export_hs"), ("items[0].quantity", "items[0].quantity"),
     ("buyer.kind", "buyer.kind"), ("exchange_rates", "export_exchange_rates")],
)  # fmt: skip
def test_a_field_of_the_export_is_told_by_its_name_in_the_consignment(
    path: str, as_told: str
) -> None:
    assert told_as(path, CONSIGNMENT) == as_told
    assert told_as("items[0].hs", {**CONSIGNMENT, "items": [{"hs": "1"}]}) == "items[0].hs"


def test_both_authorities_decide_their_own_and_one_number_tracks_both(
    database: Database, tmp_path: Path
) -> None:
    node = Clearing(database, seed="no lot")
    node.documents(both_declarations("T-1", CONSIGNMENT), tmp_path)
    assert [row["answer"] for row in node.rows()] == ["accepted", "accepted"]
    with database.session() as session:
        _, steps = journeys.journey(session, "T-1")
    assert [(line["economy"], line["status"]) for line in steps] == [
        ("CN", "held"), ("KR", "released"),
    ]  # fmt: skip
