"""The worked examples of the page on Korea are what the code says."""

from fractions import Fraction
from pathlib import Path

import pytest
from tests.law.kr.shipments import BAG, SHIRT, WINE, consignment, goods, measures, tariff

from tumen.law.kr import general_reference, list_reference, simplified_reference
from tumen.law.ruling import Ruling

PAGE = Path(__file__).parents[3] / "docs/law-kr.md"
BAG_PARCEL = consignment(goods(BAG, 3_000_000, tariff=tariff(base="8")), freight=Fraction(50_000))
WINE_PARCEL = consignment(
    goods(WINE, 200_000, tariff=tariff(base="30", applied="15"), measures=measures(litre="0.75"))
)
SHIRTS = consignment(goods(SHIRT, 195_000), freight=Fraction(20_000))


@pytest.mark.parametrize(
    ("title", "ruling", "total"),
    [
        ("**A parcel that is cleared by list.**", list_reference.assess(SHIRTS), 0),
        ("**A bag.**", general_reference.assess(BAG_PARCEL), 943_480),
        ("The same by the simplified rates:", simplified_reference.assess(BAG_PARCEL), 795_600),
        ("**Wine.**", general_reference.assess(WINE_PARCEL), 136_490),
    ],
)
def test_every_number_of_an_example_is_the_codes(title: str, ruling: Ruling, total: int) -> None:
    example = PAGE.read_text("utf-8").partition(title)[2].partition("together | **")
    told_before = {"customs_value", "small_value"} if "same" in title else set()
    if "Wine" in title:
        told_before = {"customs_value"}
    shown = [step for step in ruling.steps if step.code not in told_before]
    assert shown
    for step in shown:
        assert f"`{step.numbers}`" in example[0], step
    assert ruling.total == total
    assert example[2].startswith(f"{total:,}**")
