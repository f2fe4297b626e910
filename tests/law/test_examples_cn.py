"""The worked examples of the page on China are what the code says."""

from datetime import date
from pathlib import Path

import pytest
from consignments_cn import CREAM, HANDBAG, WHISKY, consigned, goods, measured

from tumen.law.cn import cbec_ruling, general_reference, postal_reference
from tumen.law.ruling import Ruling

PAGE = Path(__file__).parents[2] / "docs/law-cn.md"
JUNE, MAY, MARCH = date(2024, 6, 3), date(2016, 5, 3), date(2026, 3, 2)

PROSE = {"customs_value", "value", "rate_date", "payment"}
"""Steps that the page tells in words: the price, the day, and when to pay."""


def retail(hs: str, price: str, **more: object) -> Ruling:
    return cbec_ruling.assess(consigned(JUNE, goods(hs, price, **more), platform="a platform"))


def article(hs: str, price: str, **more: object) -> Ruling:
    return postal_reference.assess(consigned(MARCH, goods(hs, price, **more)))


def general(day: date, hs: str, price: str, **more: object) -> Ruling:
    return general_reference.assess(consigned(day, goods(hs, price, **more)))


@pytest.mark.parametrize(
    ("ruling", "total"),
    [
        (retail(CREAM, "850", measures=measured(kg="0.001")), 19_600),
        (retail(WHISKY, "6000", measures=measured(litre="0.7"), rates={"duty": "0.05"}), 289_965),
        (article(HANDBAG, "250"), 0),
        (article(HANDBAG, "250.05"), 5_001),
        (article(CREAM, "500", measures=measured(kg="0.05")), 25_000),
        (general(MAY, HANDBAG, "10200", rates={"duty": "0.02"}), 197_268),
        (
            general(MARCH, WHISKY, "1000", measures=measured(litre="0.7"), rates={"duty": "0.1"}),
            55_465,
        ),
    ],
)
def test_every_number_of_an_example_is_the_codes(ruling: Ruling, total: int) -> None:
    text = PAGE.read_text("utf-8")
    shown = [step for step in ruling.steps if step.code not in PROSE]
    assert len(shown) > 1
    for step in shown:
        assert f"    {step.numbers}\n" in text, step
    assert ruling.total == total


def test_every_formula_of_retail_import_stands_in_the_page() -> None:
    text = PAGE.read_text("utf-8")
    steps = retail(CREAM, "850", measures=measured(kg="0.001")).steps
    named = {step.code: step.formula for step in steps if step.item is not None}
    for code in ("duty", "consumption_tax_base", "consumption_tax", "vat"):
        assert f"`{named[code]}`" in text
        assert f"(`{code}`)" in text
