"""Versions of one document: which is in force, whatever comes after it."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from clearing import Clearing
from tumen.simulation import one_bundle
from tumen.store.database import Database

Document = dict[str, Any]


def four(seed: int = 5) -> list[Document]:
    """Order, payment, waybill, declaration."""
    return deepcopy(one_bundle("clean", seed).documents)


def version(paper: Document, function_code: str, clock: str, **other: str) -> Document:
    """Another version of a document, issued at a time of the same day."""
    return {
        **deepcopy(paper),
        "function_code": function_code,
        "issued_at": paper["issued_at"][:8] + clock,
        **other,
    }


@pytest.fixture
def clearing(database: Database) -> Clearing:
    return Clearing(database, seed="no lot")


def answers(clearing: Clearing) -> list[str]:
    return [row["answer"] for row in clearing.rows()]


@pytest.mark.parametrize("function_code", ["2", "3"])
def test_a_version_that_is_only_stored_leaves_the_declaration_in_force(
    function_code: str, clearing: Clearing, tmp_path: Path
) -> None:
    order, payment, waybill, declaration = four()
    clearing.documents([order, waybill, declaration], tmp_path)
    stored = version(declaration, function_code, "235900", submission_status="1")
    clearing.documents([stored], tmp_path)
    assert answers(clearing)[-1] == "accepted"
    assert list(clearing.status().values()) == ["pending"]
    clearing.documents([payment], tmp_path)
    assert list(clearing.status().values()) == ["released"]


def test_a_list_that_is_only_stored_does_not_open_released_goods_to_change(
    clearing: Clearing, tmp_path: Path
) -> None:
    order, payment, waybill, declaration = four()
    clearing.documents([order, waybill, declaration], tmp_path)
    clearing.documents([version(declaration, "2", "235800", submission_status="1")], tmp_path)
    clearing.documents([payment], tmp_path)
    clearing.documents([version(order, "2", "235900")], tmp_path)
    assert answers(clearing)[-1] == "rejected"


@pytest.mark.parametrize("function_code", ["1", "2"])
@pytest.mark.parametrize("documents_max", [1, 100])
@pytest.mark.parametrize("kind", [0, 1, 2, 3])
def test_a_message_older_than_the_deletion_revives_nothing(
    kind: int, documents_max: int, function_code: str, clearing: Clearing, tmp_path: Path
) -> None:
    documents = four()
    paper = documents[kind]
    first = version(paper, "1", "070000")
    deletion = version(paper, "3", "100000")
    late = version(paper, function_code, "080000", message_id=documents[kind - 1]["message_id"])
    clearing.documents([first, deletion, late], tmp_path, documents_max)
    assert sorted(answers(clearing)) == ["accepted", "accepted", "ignored"]
    again = version(paper, "1", "110000")
    clearing.documents([again], tmp_path)
    assert answers(clearing)[-1] == "accepted"


@pytest.mark.parametrize("arrival", ["0123x", "0x123", "x0123", "023x1", "x3210", "3x021", "1x023"])
@pytest.mark.parametrize("documents_max", [1, 2, 100])
def test_the_payment_that_the_order_names_counts_whatever_other_arrives(
    documents_max: int, arrival: str, clearing: Clearing, tmp_path: Path
) -> None:
    documents = four()
    other = {**documents[1], "payment_number": "PX12", "amount_paid": "1.00",
             "message_id": documents[0]["message_id"]}  # fmt: skip
    there = {**{str(place): each for place, each in enumerate(documents)}, "x": other}
    clearing.documents([there[each] for each in arrival], tmp_path, documents_max)
    assert list(clearing.status().values()) == ["released"]
    assert set(answers(clearing)) == {"accepted"}


def test_a_declaration_waits_where_only_another_payment_than_the_one_named_is_there(
    clearing: Clearing, tmp_path: Path
) -> None:
    order, payment, waybill, declaration = four()
    other = {**payment, "payment_number": "PX12"}
    clearing.documents([order, other, waybill, declaration], tmp_path)
    assert list(clearing.status().values()) == ["pending"]
    (told,) = clearing.query("SELECT code, value, expected FROM document_violation")
    assert told == ("MATCH_PAYMENT_NUMBER", order["payment_number"], "PX12")
    named = version(order, "2", "235900", payment_number="PX12")
    clearing.documents([named], tmp_path)
    assert list(clearing.status().values()) == ["released"]


@pytest.mark.parametrize("at_once", [True, False])
def test_a_deleted_payment_takes_no_other_one_with_it(
    at_once: bool, clearing: Clearing, tmp_path: Path
) -> None:
    order, payment, waybill, declaration = four()
    other = {**payment, "payment_number": "PX12", "amount_paid": "1.00"}
    del order["payment_number"]
    clearing.documents([payment, order, waybill, other], tmp_path)
    rest = [version(other, "3", "235900"), declaration]
    for batch in [rest] if at_once else [[each] for each in rest]:
        clearing.documents(batch, tmp_path)
    assert list(clearing.status().values()) == ["released"]


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_document_whose_key_stood_twice_is_mended_by_another_one(
    place: int, clearing: Clearing, tmp_path: Path
) -> None:
    text = json.dumps(four()[place])
    twice = text.replace('"order_number"', '"order_number": "other", "order_number"', 1)
    assert twice != text
    (tmp_path / "mended.ndjson").write_text(f"{twice}\n{text}\n", encoding="utf-8")
    clearing.files(tmp_path / "mended.ndjson")
    assert answers(clearing) == ["rejected", "accepted"]
