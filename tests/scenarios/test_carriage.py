"""Freight and insurance of a list are those of its waybill, and cover what the buyer paid."""

from copy import deepcopy
from pathlib import Path

import pytest

from clearing import Clearing
from running import tumen
from tumen.simulation import one_bundle
from tumen.store.database import Database


@pytest.mark.parametrize(
    ("listed", "waybill", "paid", "told"),
    [
        (("0", "0"), ("0", "0"), "100", ("MATCH_CARRIAGE_PAID", "0", "100")),
        (("90", "5"), ("90", "5"), "100", ("MATCH_CARRIAGE_PAID", "95", "100")),
        (("90", "10"), ("90", "10"), "100", None),
        (("100", "0"), ("0", "0"), "100", None),
        (("10", "0"), ("10", "0"), "0", None),  # the merchant bears it
        (("10", "0"), ("30", "0"), "10", ("MATCH_FREIGHT", "30", "10")),
        (("10", "0"), ("10", "3"), "10", ("MATCH_INSURANCE", "3", "0")),
    ],
)
def test_carriage_is_declared_as_the_waybill_and_the_order_tell_it(
    listed: tuple[str, str], waybill: tuple[str, str], paid: str,
    told: tuple[str, str, str] | None, database: Database, tmp_path: Path,
) -> None:  # fmt: skip
    order, payment, carried, declaration = deepcopy(one_bundle("clean", 5).documents)
    for paper, (freight, insurance) in ((declaration, listed), (carried, waybill)):
        paper |= {"freight": freight, "insurance": insurance}
    order |= {"freight": paid, "discount": "0", "tax_total": "0"}
    amount = f"{float(order['goods_value']) + float(paid):.2f}"
    order["amount_paid"] = payment["amount_paid"] = amount
    clearing = Clearing(database, seed="no lot")
    clearing.documents([order, payment, carried, declaration], tmp_path)
    found = clearing.query("SELECT code, value, expected FROM document_violation")
    assert found == ([told] if told else [])
    assert list(clearing.status().values()) == ["rejected" if told else "released"]
    page = tumen(tmp_path, "show", order["order_number"], "--database", database.url).stdout
    assert ("all equal" in page) is (told is None)
