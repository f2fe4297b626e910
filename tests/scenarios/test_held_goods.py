"""Charges of goods that are not released: unknown is not zero, and a revocation reverses them."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from clearing import Clearing
from tumen.simulation import one_bundle
from tumen.store.database import Database

Document = dict[str, Any]
VAGUE = "礼品"
NECKLACE = "7113191100"
CREAM = "3304990099"

OUTSTANDING = """
    SELECT c.code, sum(c.amount_fen) FROM charge c JOIN declaration_event e USING (event_id)
    GROUP BY c.code HAVING sum(c.amount_fen) <> 0
"""


def four(seed: int = 5) -> list[Document]:
    return deepcopy(one_bundle("clean", seed).documents)


def held(seed: int = 5) -> list[Document]:
    """A consignment whose goods are called a gift."""
    order, payment, waybill, declaration = four(seed)
    order["items"][0]["item_name"] = declaration["items"][0]["goods_name"] = VAGUE
    return [order, payment, waybill, declaration]


def revocation(declaration: Document) -> Document:
    """The list is revoked an hour after it was issued."""
    shared = (
        "message_id", "customs_office", "order_number", "platform_code", "merchant_code",
        "waybill_number", "carrier_code", "buyer_id_number", "buyer_name", "buyer_telephone",
        "agent_code",
    )  # fmt: skip
    return {
        "kind": "revocation",
        **{name: declaration[name] for name in shared},
        "issued_at": f"{declaration['issued_at'][:8]}235900",
        "own_reference": "V-1",
        "declaration_number": declaration["own_reference"],
        "reason": "演示",
    }


def summary(clearing: Clearing) -> dict[str, Any]:
    return clearing.tally.summary(1.0)


@pytest.fixture
def clearing(database: Database) -> Clearing:
    return Clearing(database, seed="no lot")


def test_a_charge_that_is_unknown_is_counted_and_never_summed_as_zero(
    clearing: Clearing, tmp_path: Path
) -> None:
    documents = four()
    documents[3]["items"][0]["hs_code"] = NECKLACE
    clearing.documents(documents, tmp_path)
    assert list(clearing.status().values()) == ["held"]
    unknown = clearing.query("SELECT DISTINCT code FROM charge WHERE amount_fen IS NULL")
    assert unknown
    told = summary(clearing)
    assert told["unknown_charges"] == 1
    for (code,) in unknown:
        assert code not in told["charges"]["CNY"]


def test_a_missing_quantity_is_not_told_as_a_missing_rate(
    clearing: Clearing, tmp_path: Path
) -> None:
    documents = four()
    line = documents[3]["items"][0]
    line["hs_code"] = CREAM  # high-end or not by the price of a gram or millilitre
    line |= {"quantity_1": "1", "unit_1": "007", "quantity_2": "1", "unit_2": "007"}
    clearing.documents(documents, tmp_path)
    ((missing,),) = clearing.query("SELECT missing FROM assessment")
    assert missing == "quantity"
    ((codes,),) = clearing.query("SELECT codes FROM declaration_event")
    assert "SCREEN_QUANTITY_UNKNOWN" in codes.split(",")
    assert "SCREEN_RATE_UNKNOWN" not in codes.split(",")


def test_charges_of_held_goods_are_told_apart_from_those_of_released_ones(
    clearing: Clearing, tmp_path: Path
) -> None:
    clearing.documents(held(), tmp_path)
    told = summary(clearing)
    assert told["declarations"]["held"] == 1
    assert told["charges"] == {"CNY": {}}
    assert float(told["charges_on_hold"]["CNY"]["vat"]) > 0
    clearing.documents(four(6), tmp_path)
    assert float(summary(clearing)["charges"]["CNY"]["vat"]) > 0
    assert summary(clearing)["charges_on_hold"] == told["charges_on_hold"]


@pytest.mark.parametrize("at_once", [True, False])
def test_a_revocation_reverses_the_charges_of_held_goods(
    at_once: bool, clearing: Clearing, tmp_path: Path
) -> None:
    documents = held()
    documents.append(revocation(documents[-1]))
    for batch in [documents] if at_once else [documents[:-1], documents[-1:]]:
        clearing.documents(batch, tmp_path)
    assert list(clearing.status().values()) == ["revoked"]
    assert clearing.query("SELECT count(*) FROM charge WHERE amount_fen > 0") != [(0,)]
    assert clearing.query(OUTSTANDING) == []
    told = summary(clearing)
    assert told["charges"] == {"CNY": {}}
    assert set(told["charges_on_hold"]["CNY"].values()) == {"0.00"}
