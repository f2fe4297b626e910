"""A weight that was hardly meant so is told, and computed with all the same."""

from typing import Any

import pytest

from tumen.law.quoting import quote


def told(weight: str, **head: Any) -> list[str]:
    item = {"hs": "4202210000", "unit_price": "10", "net_weight_kg": weight, "quantity": "1"}
    names = {"quantity", "unit"} & {*head}
    item |= {name: head.pop(name) for name in names}
    found = quote(
        {
            "destination": "RU",
            "dispatch": "CN",
            "date": "2026-03-09",
            "currency": "EUR",
            "items": [item],
        }
        | head
    )
    assert not found.violations
    return [each.path for each in found.warnings if each.code == "NET_WEIGHT_UNLIKELY"]


@pytest.mark.parametrize(
    ("weight", "quantity", "is_told"),
    [
        ("31", "1", False),
        ("31.00001", "1", True),
        ("62", "2", False),
        ("62.00001", "2", True),
        ("350", "1", True),  # 350 g told as kilograms
    ],
)
def test_a_piece_of_more_than_31_kilograms_is_remarked_upon(
    weight: str, quantity: str, is_told: bool
) -> None:
    assert told(weight, quantity=quantity) == (["items[0].net_weight_kg"] if is_told else [])


@pytest.mark.parametrize(
    "head",
    [
        {"transport": "cargo"},
        {"buyer": {"kind": "business"}},
        {"unit": "m2"},
        {"unit": "kg", "quantity": "350"},
        {"unit": "dozen", "quantity": "1"},
    ],
)
def test_other_ways_and_units_are_not_compared(head: dict[str, Any]) -> None:
    assert told("350", **head) == []


def test_without_a_weight_nothing_is_told() -> None:
    item = {"hs": "4202210000", "unit_price": "10", "quantity": "1"}
    head = {"destination": "RU", "dispatch": "CN", "date": "2026-03-09", "currency": "EUR"}
    found = quote(head | {"items": [item]})
    assert "NET_WEIGHT_UNLIKELY" not in {each.code for each in found.warnings}
