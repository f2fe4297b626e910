"""Our classes of goods against 152 published codes (VAT and consumption tax, 2021 to 2025)."""

import csv
from datetime import date
from pathlib import Path

import pytest

from tumen.law.goods import duty_rate, goods_class

SPOT_FACTS = Path(__file__).parents[2] / "../shared/data/tariff_cn/cn_hs10_rates_spotfacts.csv"
DAY = date(2024, 1, 1)

VAT_DISAGREEMENTS: dict[str, str] = {}
"""Codes where our VAT class differs from the published one, each with the reason."""

CONSUMPTION_TAX_DISAGREEMENTS: dict[str, str] = {}
"""Codes where our consumption tax class differs from the published one, each with the reason."""

UNKNOWN_HERE = {"other_taxable", "jewellery", "tobacco"}


@pytest.fixture(scope="module")
def facts() -> list[dict[str, str]]:
    if not SPOT_FACTS.exists():
        pytest.skip("the folder ../shared is absent: the spot facts are not compared")
    with SPOT_FACTS.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def published_class(text: str) -> str:
    """The class that a published rate of consumption tax speaks of."""
    known = {
        "0": "none",
        "10%": "wine",
        "3": "other_taxable",
        "specific": "beer",
        "20%+0.912 CNY/L": "spirits",
        "20% if CIF>=10000 CNY": "watches",
    }
    return known.get(text, "high_end_cosmetics" if text.startswith("15% if") else text)


def test_the_vat_classes_agree_with_the_published_ones(facts: list[dict[str, str]]) -> None:
    stated = [fact for fact in facts if fact["vat"]]
    assert len(stated) >= 150
    differ = set()
    for fact in stated:
        ours = "9" if goods_class("cn.vat", fact["hs10"], DAY) else "13"
        if ours != fact["vat"]:
            differ.add(fact["hs10"])
    assert differ == set(VAT_DISAGREEMENTS)


def test_the_consumption_tax_classes_agree_with_the_published_ones(
    facts: list[dict[str, str]],
) -> None:
    stated = [fact for fact in facts if fact["consumption_tax"]]
    assert len(stated) >= 145
    differ = set()
    for fact in stated:
        found = goods_class("cn.consumption_tax", fact["hs10"], DAY)
        ours = found.name if found else "none"
        if ours != published_class(fact["consumption_tax"]):
            differ.add(fact["hs10"])
    assert differ == set(CONSUMPTION_TAX_DISAGREEMENTS)


def test_the_indicative_duty_mostly_agrees_and_is_therefore_only_indicative(
    facts: list[dict[str, str]],
) -> None:
    """Provisional rates and later editions differ; most of the codes must agree all the same."""
    compared = [
        (int(float(fact["mfn"]) * 10_000), rate)
        for fact in facts
        if fact["mfn"].replace(".", "", 1).isdigit()
        and (rate := duty_rate(fact["hs10"])) is not None
    ]
    assert len(compared) >= 140
    agreeing = sum(published == ours for published, ours in compared)
    assert agreeing / len(compared) > 0.85
