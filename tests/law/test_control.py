"""What no economy admits is refused by every regime of goods, by code and by the seller's word."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from tumen.law import quote
from tumen.law.assessing import Assessor, joined
from tumen.law.categories import NEVER_ADMITTED
from tumen.law.parameters import at
from tumen.law.quoting import NO_BOOKS
from tumen.law.rows import of_many, shipments_of
from tumen.law.twins import TWINS
from tumen.law.vector import assessed as vector

SHIRTS = {
    "CN": "6109100010",
    "RU": "6109100000",
    "JP": "610910010",
    "KR": "6109100000",
    "MN": "61091000",
}
CURRENCIES = {"CN": "CNY", "RU": "RUB", "JP": "JPY", "KR": "KRW", "MN": "MNT"}
OWN_WORD = {"JP": {"counterfeit", "narcotics", "obscene", "weapons"}}
"""Japan's classes have these names; counterfeit money is ``counterfeit_currency`` there."""


def shipment(economy: str, **told: Any) -> dict[str, Any]:
    item = {"hs": SHIRTS[economy], "quantity": "1", "unit_price": "900", "net_weight_kg": "0.2"}
    return {
        "destination": economy,
        "dispatch": "US",
        "date": "2025-08-03",
        "currency": CURRENCIES[economy],
        "platform": "a platform",
        "exchange_rates": {"USD": "100", "EUR": "110"},
        "buyer": {"id": "P123456789012"},
        "items": [item | told],
    }


@pytest.mark.parametrize("transport", ["post", "courier", "cargo"])
@pytest.mark.parametrize("economy", SHIRTS)
def test_what_the_seller_calls_a_weapon_is_admitted_nowhere(economy: str, transport: str) -> None:
    for category in sorted(OWN_WORD.get(economy, NEVER_ADMITTED)):
        answer = quote(shipment(economy, category=category) | {"transport": transport})
        assert (answer.status, answer.total) == ("not_admissible", None), category
        told = [*answer.violations, *(why for each in answer.considered for why in each.reasons)]
        assert "GOODS_PROHIBITED" in {each.code for each in told}
    plain = quote(shipment(economy, category="clothing") | {"transport": transport})
    assert plain.status in {"payable", "exempt"}


@pytest.mark.parametrize("economy", SHIRTS)
def test_the_columns_leave_what_the_seller_calls_a_weapon_to_the_scalar_law(economy: str) -> None:
    head = {name: value for name, value in shipment(economy).items() if isinstance(value, str)}
    item = shipment(economy)["items"][0] | {"buyer_id": "P123456789012"}
    rows = pl.DataFrame([head | item | {"category": "weapons"}, head | item | {"category": "a"}])
    assessor = Assessor(None, NO_BOOKS)
    assert vector.assess(rows, TWINS, None).declined.to_list() == [True, False]
    scalar = joined([assessor.assess(list(shipments_of(rows)))]).shipments
    assert of_many(rows, assessor).equals(scalar)
    assert scalar["status"][0] == "not_admissible"


@pytest.mark.parametrize("economy", ["CN", "RU", "MN"])
def test_every_category_that_a_law_refuses_is_left_to_the_scalar_law(economy: str) -> None:
    words = str(at(f"{economy.lower()}.control.prohibited", date(2025, 8, 3))).split()
    assert {*words} - {"prohibited"} == NEVER_ADMITTED
