"""Goods that Korea admits by no regime, and those that need a licence."""

import pytest
from parcels import codes
from tests.law.kr.shipments import BAG, SHIRT, consignment, goods, tariff

from tumen import law
from tumen.law.kr import general_reference, list_reference, simplified_reference
from tumen.law.kr.regimes import REGIMES

PROHIBITED = [
    ("930320", None, "items[1].hs"),
    ("930621", None, "items[1].hs"),
    ("121130", None, "items[1].hs"),
    ("130211", None, "items[1].hs"),
    (BAG, "weapons", "items[1].category"),
    (BAG, "counterfeit", "items[1].category"),
    (SHIRT, "narcotics", "items[1].category"),
]


@pytest.mark.parametrize("price", [1_000, 1_000_000])
@pytest.mark.parametrize("transport", ["courier", "post", "cargo"])
@pytest.mark.parametrize(("hs", "category", "path"), PROHIBITED)
def test_prohibited_goods_are_admitted_by_no_regime(
    hs: str, category: str | None, path: str, transport: str, price: int
) -> None:
    shirt = goods(SHIRT, 1_000, tariff=tariff(base="13"))
    bad = goods(hs, price, 1, category=category, tariff=tariff(base="8"))
    shipment = consignment(shirt, bad, transport=transport)
    goods_regimes = REGIMES[:3]
    assert {each.assess(shipment).status for each in goods_regimes} == {"not_admissible"}
    (violation,) = general_reference.assess(shipment).violations
    assert (violation.code, violation.path) == ("GOODS_PROHIBITED", path)


def test_prohibited_goods_of_no_price_are_not_admissible_either() -> None:
    found = general_reference.assess(consignment(goods("9302", 0)))
    assert (found.status, codes(found.violations)) == ("not_admissible", ["GOODS_PROHIBITED"])
    assert {each.missing for each in found.payable} == {"items[0].unit_price"}


def test_a_plant_under_quarantine_is_warned_of_and_not_cleared_by_list() -> None:
    shipment = consignment(goods("0602", 300_000, tariff=tariff(base="8")))
    assert codes(list_reference.refusals(shipment)) == ["KR_LIST_EXCLUDED"]
    found = simplified_reference.assess(shipment)
    assert found.status == "payable"
    assert "GOODS_CONTROLLED" in codes(found.warnings)


@pytest.mark.parametrize("transport", ["courier", "post", "cargo"])
@pytest.mark.parametrize("prices", [("0",), ("10", "0"), ("0", "1000")])
def test_a_price_of_nothing_is_unknown_and_never_exempt(
    prices: tuple[str, ...], transport: str
) -> None:
    items = [{"hs": "6109100000", "quantity": 1, "unit": "piece", "unit_price": p} for p in prices]
    told = {"destination": "KR", "dispatch": "CN", "date": "2026-08-01", "currency": "USD"}
    buyer = {"id": "P123456789012", "kind": "person"}
    answer = law.quote(
        {**told, "transport": transport, "buyer": buyer, "items": items}  # type: ignore[arg-type]
    )
    assert (answer.status, answer.total) == ("unknown", None)
    assert {each.missing for each in answer.charges} == {f"items[{prices.index('0')}].unit_price"}
