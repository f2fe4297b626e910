"""What the law covers is told from its data, and the pages are not older than it."""

from pathlib import Path

import pytest

from tumen.law.coverage import ECONOMIES, coverage, edition_line, refreshed, topics
from tumen.law.goods import goods_classes, taxes
from tumen.law.parameters import parameters

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("economy", ECONOMIES)
def test_the_page_of_each_economy_holds_the_tables_of_its_data(economy: str) -> None:
    """To mend it: python tools/build_law_page.py."""
    text = (DOCS / f"law-{economy.lower()}.md").read_text("utf-8")
    assert refreshed(text, economy) == text


def test_every_value_and_every_class_is_counted_in_one_topic() -> None:
    counted = sum(topic.count for economy in ECONOMIES for topic in topics(economy))
    values = sum(len(each.values) for each in parameters().values())
    assert counted == values + sum(len(goods_classes(tax)) for tax in taxes())


def test_what_is_expected_is_counted_with_what_is_proposed() -> None:
    (deminimis,) = [topic for topic in topics("JP") if topic.name == "deminimis"]
    assert deminimis.grades["proposed"] == 1


def test_the_edition_of_the_tariff_is_told_with_its_evidence() -> None:
    assert edition_line("JP") == "Tariff: 実行関税率表 2026-07-09, from 2026-07-09 (confirmed)"
    assert "(weak; indicative" in edition_line("CN")


def test_an_economy_has_no_line_of_another() -> None:
    assert "`kr." not in coverage("JP")
    assert "`jp.deminimis.duty_limit`" in coverage("JP")
