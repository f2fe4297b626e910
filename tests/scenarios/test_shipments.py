"""Native shipments to the five economies go the same road as the documents of China's retail."""

import json
from collections import defaultdict
from copy import deepcopy
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from lodging import Shipment, many, one, quoted, receipts, summary

from clearing import CLOCK, KEYS, Clearing
from tumen.bootstrap import known_codes
from tumen.documents.formats.intake import read
from tumen.documents.formats.sources import find
from tumen.simulation import Plan, one_bundle, simulate
from tumen.store.database import Database
from tumen.window.decision import Policy
from tumen.window.desk import Desk
from tumen.window.parties import PartyIndex
from tumen.window.prepare import Preparation
from tumen.window.screening import ScreeningLists, lots, threshold

EXAMPLES = Path(__file__).parents[2] / "examples/shipments.ndjson"
ECONOMIES = ("CN", "RU", "JP", "KR", "MN")
CURRENCIES = ("CNY", "RUB", "JPY", "KRW", "MNT")


@pytest.fixture
def clearing(database: Database) -> Clearing:
    return Clearing(database, seed="no lot")


# --- all five economies ------------------------------------------------------------------------


def test_the_examples_to_all_five_economies_are_cleared_from_their_file(clearing: Clearing) -> None:
    clearing.files(EXAMPLES)
    told = receipts(clearing)
    assert {each["destination"] for each in told if each["destination"]} == set(ECONOMIES)
    assert [(each["shipment"], each["declaration"]) for each in told] == [
        ("DEMO-CN-1", "released"),
        ("DEMO-CN-2", "held"),
        ("DEMO-JP-1", "released"),
        ("DEMO-KR-1", "released"),
        ("DEMO-KR-2", "released"),
        ("DEMO-RU-1", "released"),
        ("DEMO-MN-1", "released"),
        ("DEMO-JP-2", None),
        ("DEMO-JP-3", "held"),
    ]
    found = summary(clearing)
    assert found["documents"]["shipment"] == {
        "accepted": 8, "rejected": 1, "duplicate": 0, "ignored": 0,
    }  # fmt: skip
    assert found["declarations"]["released"] == 6
    assert found["declarations"]["held"] == 2
    assert found["declarations"]["rejected"] == 1
    assert set(found["charges"]) == set(CURRENCIES)
    assert found["unknown_charges"] == 1


def test_a_receipt_says_what_the_law_says_of_the_shipment_by_itself(
    clearing: Clearing, tmp_path: Path
) -> None:
    lodged = many(200)
    clearing.documents(lodged, tmp_path)
    for shipment, told in zip(lodged, receipts(clearing), strict=True):
        answer = quoted(shipment)
        if answer.regime is None:
            assert told["answer"] == "rejected"
            assert told["codes"] == [each.code for each in answer.violations]
            continue
        assert (told["regime"], told["verdict"], told["total"], told["customs_value"]) == (
            answer.regime, answer.status, answer.total, answer.customs_value,
        )  # fmt: skip
        assert [(each["code"], each["amount"]) for each in told["charges"]] == [
            (each.code, each.amount) for each in answer.charges
        ]
        expected = {"payable": "released", "exempt": "released", "unknown": "held"}
        assert told["declaration"] == expected[answer.status]


def test_the_counts_and_the_sums_of_a_mixed_day_add_up(clearing: Clearing, tmp_path: Path) -> None:
    lodged = many(300, seed=2)
    lodged += deepcopy(lodged[:10])
    clearing.documents(lodged, tmp_path)
    found = summary(clearing)
    assert sum(found["documents"]["shipment"].values()) == len(lodged)
    assert found["documents"]["shipment"]["duplicate"] == 10
    assert sum(found["declarations"].values()) == len(lodged) - 10
    due: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for told in receipts(clearing)[:-10]:
        if told["declaration"] == "released":
            for charge in told["charges"]:
                due[told["currency"]][charge["code"]] += Decimal(charge["amount"])
    del found["charges"]["CNY"]
    assert {name: dict(sums) for name, sums in due.items()} == {
        name: {code: Decimal(amount) for code, amount in sums.items()}
        for name, sums in found["charges"].items()
    }
    recorded = clearing.query(
        """SELECT currency, code, sum(amount_minor) FROM shipment_charge
           JOIN declaration_event e USING (event_id) WHERE e.status = 'released' GROUP BY 1, 2"""
    )
    scale = {"JPY": 1, "KRW": 1, "RUB": 100, "MNT": 100}
    assert {(name, code): Decimal(minor) / scale[name] for name, code, minor in recorded} == {
        (name, code): amount for name, sums in due.items() for code, amount in sums.items()
    }


def test_a_batch_of_shipments_and_documents_of_retail_is_one_day(
    clearing: Clearing, tmp_path: Path
) -> None:
    retail = one_bundle("clean", 5).documents
    clearing.documents(
        [one("R-1"), *retail, one("R-2", destination="JP", currency="JPY")], tmp_path
    )
    clearing.files(simulate(Plan(3, 8, share=0.0, format="ceb"), tmp_path / "made").documents)
    found = summary(clearing)
    assert found["documents"]["shipment"]["accepted"] == 2
    assert found["documents"]["declaration"]["accepted"] == 4
    assert found["declarations"]["released"] >= 4
    assert float(found["charges"]["CNY"]["vat"]) > 0
    assert found["charges"]["KRW"]
    kinds = [json.loads(body)["kind"] for body in clearing.receipts() if body.startswith("{")]
    assert kinds == ["shipment", "order", "payment", "waybill", "declaration", "shipment"]


@pytest.mark.parametrize("documents_max", [1, 7, 100])
def test_the_size_of_the_batches_changes_no_answer(
    documents_max: int, clearing: Clearing, tmp_path: Path
) -> None:
    lodged = many(30, seed=4)
    clearing.documents(lodged, tmp_path, documents_max=documents_max)
    told = [{**each, "recorded_at": None} for each in receipts(clearing)]
    assert [each["shipment"] for each in told] == [each["shipment"] for each in lodged]
    totals = [quoted(each).total for each in lodged]
    assert [each["total"] for each in told] == totals


# --- decisions ---------------------------------------------------------------------------------


def decided(clearing: Clearing, folder: Path, *lodged: Shipment) -> list[tuple[Any, list[str]]]:
    clearing.documents(lodged, folder)
    return [(each["declaration"], each["codes"]) for each in receipts(clearing)]


def test_what_no_regime_admits_is_rejected_with_the_reasons_of_each(
    clearing: Clearing, tmp_path: Path
) -> None:
    refused = one(destination="CN", regime="cbec", currency="CNY")
    ((status, codes),) = decided(clearing, tmp_path, refused)
    assert quoted(refused).status == "not_admissible"
    assert (status, codes[0]) == ("rejected", "SHIPMENT_NOT_ADMISSIBLE")
    assert "PLATFORM_NOT_TOLD" in codes
    assert clearing.query("SELECT count(*) FROM shipment_charge") == [(0,)]
    assert clearing.query("SELECT verdict FROM shipment_assessment") == [("not_admissible",)]


def test_retail_of_china_as_a_shipment_is_assessed_and_held_for_its_counterparts(
    clearing: Clearing, tmp_path: Path
) -> None:
    retail = one(destination="CN", currency="CNY", platform="demo platform")
    assert quoted(retail).regime == "cbec"
    assert decided(clearing, tmp_path, retail) == [("held", ["SCREEN_COUNTERPARTS_REQUIRED"])]
    assert summary(clearing)["charges"] == {"CNY": {}}
    assert summary(clearing)["charges_on_hold"]["CNY"]["vat"] == quoted(retail).total
    assert clearing.query("SELECT count(*) FROM allowance_entry") == [(0,)]


def test_what_is_unknown_is_held_and_says_whether_a_rate_or_a_quantity_is_missing(
    clearing: Clearing, tmp_path: Path
) -> None:
    item = one()["items"][0]
    no_rate = one("R-1", destination="JP", currency="JPY", items=[{**item, "hs": "4202210001"}])
    weightless = {name: item[name] for name in item if name != "net_weight_kg"}
    no_weight = one("R-2", destination="RU", currency="EUR", items=[weightless])
    assert quoted(no_rate).status == quoted(no_weight).status == "unknown"
    assert decided(clearing, tmp_path, no_rate, no_weight) == [
        ("held", ["SCREEN_RATE_UNKNOWN"]),
        ("held", ["SCREEN_QUANTITY_UNKNOWN"]),
    ]
    assert summary(clearing)["unknown_charges"] == 2


def test_goods_that_are_not_named_are_held(clearing: Clearing, tmp_path: Path) -> None:
    item = one()["items"][0]
    gift = one("R-1", items=[item, {**item, "description": "gift"}])
    silent = one("R-2", items=[{name: item[name] for name in item if name != "description"}])
    assert decided(clearing, tmp_path, gift, silent) == [("held", ["SCREEN_VAGUE_DESCRIPTION"])] * 2


def test_the_lot_sends_a_shipment_to_examination(clearing: Clearing, tmp_path: Path) -> None:
    drawn = next(
        f"R-{number}"
        for number in range(10_000)
        if lots([f"tests|R-{number}"], clearing.seed)[0][0] < threshold(5_000)
    )
    ((status, codes),) = decided(clearing, tmp_path, one(drawn))
    assert status == "examination"
    assert "SCREEN_RANDOM_EXAMINATION" in codes


@pytest.mark.parametrize("field", ["seller", "platform"])
def test_a_listed_party_is_held_and_the_filer_is_not_told_why(
    field: str, database: Database, tmp_path: Path
) -> None:
    name = "Nonsuch Trading Company Limited"
    (tmp_path / "one.ndjson").write_text(json.dumps(one(**{field: name})), encoding="utf-8")
    parties = PartyIndex.build(
        pl.DataFrame({"name": [name], "list_name": ["demo"], "entry_id": ["1"]})
    )
    preparation = Preparation("tests", KEYS, known_codes(), parties, CLOCK)
    (texts,) = read(find([tmp_path]), documents_max=10)
    with database.connect() as connection:
        policy = Policy(True, "no lot", ScreeningLists())
        desk = Desk(connection.transaction, policy, CLOCK)
        (outcome,) = desk.receive(preparation.prepare(texts))
    told = json.loads(outcome.answers["receipt"].item())
    assert (told["declaration"], told["codes"]) == ("held", [])
    assert outcome.events["codes"].to_list() == ["SCREEN_LISTED_PARTY"]
