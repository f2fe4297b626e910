"""What receipts and notices tell: the answer to a document, what became of a declaration."""

import json
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from clearing import Clearing
from tumen.simulation import Plan, scenario, simulate
from tumen.store.database import Database
from tumen.store.viewer import Viewer, session_for
from tumen.window.ledger.consignment import consignment


def cleared(database: Database, folder: Path, plan: Plan) -> Clearing:
    clearing = Clearing(database)
    clearing.files(simulate(plan, folder / "made").documents)
    return clearing


def told(clearing: Clearing, kind: str) -> list[dict[str, Any]]:
    """The receipts of the documents of one kind, duplicates aside."""
    return [
        json.loads(row["receipt"])
        for row in clearing.rows()
        if row["kind"] == kind and row["answer"] != "duplicate"
    ]


def notices(clearing: Clearing) -> list[dict[str, Any]]:
    return [json.loads(body) for one in clearing.outcomes for body in one.notices["receipt"]]


def test_receipts_give_the_answers_of_the_summary(database: Database, tmp_path: Path) -> None:
    clearing = cleared(database, tmp_path, Plan(120, 4, share=0.7))
    summary: dict[str, Any] = clearing.tally.summary(1.0)
    for kind in ("order", "payment", "waybill", "declaration", "revocation", "return"):
        answers = Counter(each["answer"] for each in told(clearing, kind))
        counted = summary["documents"][kind]
        assert answers == +Counter({**counted, "duplicate": 0}), kind


def test_a_list_that_is_recorded_and_then_refused_is_accepted_and_its_declaration_rejected(
    database: Database, tmp_path: Path
) -> None:
    clearing = cleared(database, tmp_path, Plan(1, 4, fault="item_mismatch"))
    (receipt,) = told(clearing, "declaration")
    assert (receipt["answer"], receipt["declaration"]) == ("accepted", "rejected")
    assert receipt["codes"]


def test_a_receipt_names_the_file_and_the_line(database: Database, tmp_path: Path) -> None:
    clearing = cleared(database, tmp_path, Plan(2, 4, share=0.0))
    for row in clearing.rows():
        receipt = json.loads(row["receipt"])
        assert (receipt["file"], receipt["place"]) == (row["source"], row["place"])


@pytest.mark.parametrize(
    ("fault", "code"),
    [("vague_description", "SCREEN_VAGUE_DESCRIPTION"), ("value_outlier", "SCREEN_VALUE_OUTLIER")],
)
def test_a_held_declaration_is_told_why(
    fault: str, code: str, database: Database, tmp_path: Path
) -> None:
    clearing = cleared(database, tmp_path, Plan(1, 4, fault=fault))
    (receipt,) = told(clearing, "declaration")
    assert (receipt["status"], receipt["declaration"]) == (300, "held")
    assert code in receipt["codes"]
    assert code in receipt["info"]


@pytest.mark.parametrize(
    ("fault", "kind", "status"), [("revoked", "revocation", 899), ("returned", "return", 700)]
)
def test_a_request_that_took_effect_is_concluded_and_its_declaration_says_so(
    fault: str, kind: str, status: int, database: Database, tmp_path: Path
) -> None:
    clearing = cleared(database, tmp_path, Plan(1, 4, fault=fault))
    (request,) = told(clearing, kind)
    assert (request["answer"], request["status"]) == ("accepted", 399)
    last = notices(clearing)[-1]
    assert (last["status"], last["declaration"]) == (status, fault)


def test_what_a_buyer_spent_elsewhere_is_told_to_customs_and_to_no_filer(
    database: Database, tmp_path: Path
) -> None:
    *earlier, fifth, sixth = scenario("over_annual", 3)
    for sender, bundles in (("one", earlier), ("two", [fifth, sixth])):
        clearing = Clearing(database, sender, seed="no lot")
        for bundle in bundles:
            clearing.documents(bundle.documents, tmp_path)
    shown = {}
    for viewer in (Viewer("two"), Viewer("", "customs", "CN")):
        with session_for(database, viewer) as session:
            for bundle in (fifth, sixth):
                found = consignment(session, bundle.truth.order_number, payer_must_be_buyer=True)
                assert found is not None
                (shown[viewer.authority, bundle.fault],) = found["declarations"]
    own, customs = shown["", "clean"], shown["customs", "clean"]
    spent = customs["assessment"]["allowance_used_before"]
    assert Decimal(spent) > 4 * 4_000
    assert own["assessment"]["allowance_used_before"] is None
    (entry,) = own["allowance"]
    assert (entry["used_before"], entry["amount"], entry["used_after"]) == (
        None, own["assessment"]["customs_value"], None
    )  # fmt: skip
    assert [each["used_before"] for each in customs["allowance"]] == [spent]
    assert own["charges"] == customs["charges"]
    assert [step for step in customs["steps"] if step not in own["steps"]] == [
        step for step in customs["steps"] if step["code"] == "verdict"
    ]
    assert own["assessment"]["differs_now"] == customs["assessment"]["differs_now"] == []
    refused = shown["", "over_annual"]
    assert (refused["status"], refused["steps"]) == ("rejected", [])
    assert spent not in json.dumps([own, refused])
