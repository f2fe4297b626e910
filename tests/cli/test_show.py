"""`tumen show` tells the whole story of a consignment, and no personal value."""

import json
from pathlib import Path
from typing import Any

import pytest

from clearing import Clearing
from running import tumen
from tumen.simulation import Bundle, Plan, bundles, simulate
from tumen.store.database import Database

PERSONAL = (
    "buyer_name", "buyer_id_number", "buyer_telephone", "payer_name", "payer_id_number",
    "consignee_name", "consignee_telephone", "consignee_address",
)  # fmt: skip
COLUMNS = 80


def cleared(fault: str, database: Database, folder: Path, count: int = 1) -> list[Bundle]:
    """Clear consignments with one fault, or clean ones."""
    plan = Plan(count, 3, share=0.0) if fault == "clean" else Plan(count, 3, fault=fault)
    Clearing(database).files(simulate(plan, folder / "made").documents)
    return list(bundles(plan))


def shown(reference: str, database: Database, folder: Path) -> dict[str, Any]:
    done = tumen(folder, "show", reference, "--database", database.url, "--json")
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def told(fault: str, database: Database, folder: Path) -> dict[str, Any]:
    """What is shown of the one declaration of a consignment with a fault."""
    (bundle,) = cleared(fault, database, folder)
    (declaration,) = shown(bundle.truth.order_number, database, folder)["declarations"]
    assert isinstance(declaration, dict)
    return declaration


def test_a_consignment_is_found_by_every_number_it_has(database: Database, tmp_path: Path) -> None:
    (bundle,) = cleared("clean", database, tmp_path)
    whole = shown(bundle.truth.order_number, database, tmp_path)
    (declaration,) = whole["declarations"]
    (numbers,) = Clearing(database).query(
        "SELECT p.payment_number, d.waybill_number, d.own_reference FROM payment p, declaration d"
    )
    assigned = (declaration["declaration_number"], declaration["preliminary_number"])
    references = (*numbers, *assigned)
    assert all(references)
    for reference in references:
        found = shown(reference, database, tmp_path)
        assert found["reference"] == reference
        assert found["documents"] == whole["documents"]


def test_documents_stand_in_the_order_of_recording(database: Database, tmp_path: Path) -> None:
    (bundle,) = cleared("clean", database, tmp_path)
    found = shown(bundle.truth.order_number, database, tmp_path)["documents"]
    numbers = [each["document_id"] for each in found]
    assert numbers == sorted(numbers)
    assert {each["kind"] for each in found} == {"order", "payment", "waybill", "declaration"}
    assert {each["sender"] for each in found} == {"tests"}


def test_a_released_consignment_is_explained_to_the_fen(database: Database, tmp_path: Path) -> None:
    found = told("clean", database, tmp_path)
    assert all(each["is_equal"] for each in found["match"])
    assert found["assessment"]["differs_now"] == []
    assert found["assessment"]["law_version"] == found["assessment"]["law_version_now"]
    assert found["charges"]
    for charge in found["charges"]:
        assert charge["citation"]
        step = next(
            step
            for step in found["steps"]
            if (step["item"], step["code"]) == (charge["item"] - 1, charge["code"])
        )
        assert step["numbers"].endswith(f"= {charge['amount']}")


def test_the_allowance_is_told_before_and_after(database: Database, tmp_path: Path) -> None:
    found = told("clean", database, tmp_path)
    (entry,) = found["allowance"]
    assert (entry["entry"], entry["used_before"]) == ("used", "0.00")
    assert entry["amount"] == entry["used_after"] == found["assessment"]["customs_value"]


def test_a_pending_declaration_says_what_it_waits_for(database: Database, tmp_path: Path) -> None:
    found = told("payment_missing", database, tmp_path)
    assert (found["status"], found["waits_for"]) == ("pending", ["payment"])
    assert not any("payment" in each["path"] for each in found["match"])
    assert found["assessment"] is None


def test_a_failed_match_shows_both_values(database: Database, tmp_path: Path) -> None:
    found = told("payment_amount", database, tmp_path)
    (different,) = (each for each in found["match"] if not each["is_equal"])
    assert different["path"] == "payment.amount_paid"
    assert different["left"] != different["right"]
    assert found["status"] == "rejected"
    assert found["charges"] == found["allowance"] == []


def test_a_personal_difference_is_told_without_the_values(
    database: Database, tmp_path: Path
) -> None:
    found = told("payer_not_buyer", database, tmp_path)
    assert [
        (each["path"], each["left"], each["right"])
        for each in found["match"]
        if not each["is_equal"]
    ] == [("payment.payer_id_number", "differs", "differs")]


@pytest.mark.parametrize("fault", ["clean", "payer_not_buyer", "identity_check_digit"])
def test_no_personal_value_is_shown(fault: str, database: Database, tmp_path: Path) -> None:
    (bundle,) = cleared(fault, database, tmp_path)
    file = next((tmp_path / "made/documents").rglob("*.ndjson"))
    documents = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    personal = {each[name] for each in documents for name in PERSONAL if name in each}
    for options in ((), ("--json",)):
        page = tumen(
            tmp_path, "show", bundle.truth.order_number, "--database", database.url, *options
        )
        assert len(personal) >= 4
        assert not [value for value in personal if value in page.stdout]


def test_an_order_above_the_limit_shows_the_limit_and_no_charge(
    database: Database, tmp_path: Path
) -> None:
    found = told("over_single_limit", database, tmp_path)
    assert found["assessment"]["verdict"] == "over_single_limit"
    assert found["charges"] == []
    (verdict,) = (step for step in found["steps"] if step["code"] == "verdict")
    assert "against 5,000.00" in verdict["numbers"]


def test_a_held_declaration_says_why_and_reserves_its_allowance(
    database: Database, tmp_path: Path
) -> None:
    found = told("value_outlier", database, tmp_path)
    (event,) = found["history"]
    assert (event["status"], event["lane"]) == ("held", "yellow")
    assert "SCREEN_VALUE_OUTLIER" in event["because"]
    assert [entry["entry"] for entry in found["allowance"]] == ["reserved"]


def test_a_return_shows_refunds_and_gives_the_allowance_back(
    database: Database, tmp_path: Path
) -> None:
    found = told("returned", database, tmp_path)
    assert [event["status"] for event in found["history"]] == ["released", "returned"]
    assert found["history"][-1]["because"] == ["full return"]
    assert found["history"][0]["legal_day"] == "2026-08-03"
    assert found["back_by"] == "2026-09-17"
    refunds = [each for each in found["charges"] if each["is_refund"]]
    assert 2 * len(refunds) == len(found["charges"])
    assert all(each["amount"].startswith("-") for each in refunds)
    assert found["allowance"][-1]["used_after"] == "0.00"


def test_goods_of_which_nothing_is_returned_need_not_be_back(
    database: Database, tmp_path: Path
) -> None:
    assert told("clean", database, tmp_path)["back_by"] is None


def test_a_refused_document_is_shown_with_its_reason_and_remedy(
    database: Database, tmp_path: Path
) -> None:
    (bundle,) = cleared("identity_check_digit", database, tmp_path)
    found = shown(bundle.truth.order_number, database, tmp_path)
    reasons = [reason for each in found["documents"] for reason in each["violations"]]
    assert {reason["code"] for reason in reasons} == {"IDENTITY_NUMBER_INVALID"}
    assert all(reason["message"] and reason["fix"] for reason in reasons)


@pytest.mark.parametrize(
    "fault", ["clean", "payment_missing", "payment_amount", "over_annual", "returned"]
)
def test_the_page_fits_eighty_columns(
    fault: str, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(COLUMNS))
    bundle = cleared(fault, database, tmp_path)[-1]
    page = tumen(tmp_path, "show", bundle.truth.order_number, "--database", database.url).stdout
    assert "History" in page
    assert max(len(line) for line in page.splitlines()) <= COLUMNS


def test_what_is_not_recorded_is_wrong_use_with_a_kind_word(
    database: Database, tmp_path: Path
) -> None:
    done = tumen(tmp_path, "show", "NOTHING-OF-THE-KIND", "--database", database.url)
    assert done.returncode == 2
    assert "Nothing is recorded under NOTHING-OF-THE-KIND" in done.stderr
    assert done.stdout == ""
