"""The worked examples of the page on Japan are what the code says, to the step."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.law.jp.parcels import BISCUIT, DRESS, goods, parcel, ruled

from tumen.law.quoting import quote

PAGE = (Path(__file__).parents[3] / "docs" / "law-jp.md").read_text("utf-8")

DRESS_AND_TOY: dict[str, Any] = {
    "freight": "3000",
    "items": [
        {"hs": "620442200", "quantity": "1", "unit_price": "30000", "origin": "CN"},
        {"hs": "950300000", "quantity": "1", "unit_price": "20000", "origin": "CN"},
    ],
}
SHOES: dict[str, Any] = {
    "purpose": "commercial",
    "items": [
        {
            "hs": "640320012",
            "origin": "CN",
            "quantity": "1",
            "unit": "pair",
            "unit_price": "20000",
        }
    ],
}
SHIPMENT = {"destination": "JP", "dispatch": "CN", "date": "2026-08-01", "currency": "JPY"}


def unsaid(numbers: list[str]) -> list[str]:
    """The numbers of steps that stand on no line of the page."""
    lines = {line.strip() for line in PAGE.splitlines()}
    return [each for each in numbers if each not in lines]


def test_every_step_of_the_official_example_is_on_the_page() -> None:
    lines = (goods(0, DRESS, 534_795, duty=140), goods(1, BISCUIT, 126_258, duty=140))
    found = ruled(parcel(*lines, day=date(2019, 10, 1)))
    assert len(found.steps) >= 12
    assert unsaid([each.numbers for each in found.steps]) == []
    assert found.total == 92_400 + 56_400 + 15_900


@pytest.mark.parametrize(
    ("more", "regime", "total"),
    [
        (DRESS_AND_TOY | {"regime": "simplified"}, "simplified", "4800"),
        (DRESS_AND_TOY | {"regime": "general"}, "general", "4600"),
        (DRESS_AND_TOY, "general", "4600"),
        (SHOES, "general", "8500"),
    ],
)
def test_every_step_of_an_example_is_on_the_page(
    more: dict[str, Any], regime: str, total: str
) -> None:
    answer = quote(SHIPMENT | more)
    assert (answer.regime, answer.status, answer.total) == (regime, "payable", total)
    assert len(answer.steps) >= 9
    assert unsaid([each.numbers for each in answer.steps]) == []
