"""Charges of goods that are not released: unknown is not zero, held is not due."""

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


def four(seed: int = 5) -> list[Document]:
    return deepcopy(one_bundle("clean", seed).documents)


def held(seed: int = 5) -> list[Document]:
    """A consignment whose goods are called a gift."""
    order, payment, waybill, declaration = four(seed)
    order["items"][0]["item_name"] = declaration["items"][0]["goods_name"] = VAGUE
    return [order, payment, waybill, declaration]


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
