"""The worked examples of the pages on Russia and Mongolia are what the code says."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from parcels import by_value, consignment, goods, rate

from tumen.law.consignment import ExchangeRate, Preference
from tumen.law.duty import AdValorem, Highest, Specific
from tumen.law.mn import general_reference as mn_general
from tumen.law.mn import postal_reference
from tumen.law.ru import ecommerce_reference, general_reference, personal_reference
from tumen.law.ruling import Ruling

DOCS = Path(__file__).parents[2] / "docs"


def personal() -> Ruling:
    return personal_reference.assess(consignment("RU", date(2025, 6, 2), goods("30000", "35")))


def ecommerce() -> Ruling:
    day = date(2026, 7, 1)
    asked = consignment("RU", day, goods("21000", "20"), platform="a platform")
    return ecommerce_reference.assess(asked)


def general() -> Ruling:
    terms = Highest((AdValorem(Fraction(1, 10)), Specific(Fraction(9, 4), "EUR", "kg")))
    bags = goods("50000", "30", tariff=rate("10, но не менее 2,25 евро за 1 кг", terms))
    day = date(2026, 3, 2)
    return general_reference.assess(consignment("RU", day, bags, freight=Fraction(1000)))


def apta() -> Ruling:
    tariff = by_value("5") | rate("3.5%", AdValorem(Fraction(35, 1000)), "apta")
    bags = goods("1000000", tariff=tariff, origin="CN")
    claim = Preference("APTA", "certificate", direct_transport=True)
    return mn_general.assess(consignment("MN", date(2025, 6, 2), bags, preference=claim))


def post() -> Ruling:
    day = date(2025, 6, 2)
    dollar = {"USD": ExchangeRate("USD", Fraction(3500), day, "test")}
    asked = consignment("MN", day, goods("1000000"), transport="post", exchange=dollar)
    return postal_reference.assess(asked)


@pytest.mark.parametrize(
    ("page", "ruling", "total"),
    [
        ("law-ru.md", personal(), 200_000),
        ("law-ru.md", ecommerce(), 200_000),
        ("law-ru.md", general(), 2_068_600),
        ("law-mn.md", apta(), 13_850_000),
        ("law-mn.md", post(), 0),
    ],
)
def test_every_number_of_an_example_is_the_codes(page: str, ruling: Ruling, total: int) -> None:
    text = (DOCS / page).read_text("utf-8")
    shown = [step for step in ruling.steps if step.code not in {"customs_value", "limit"}]
    assert shown or ruling.steps
    for step in shown:
        assert step.numbers in text, step
    assert ruling.total == total


def test_the_limit_of_the_example_of_post_is_the_codes() -> None:
    text = (DOCS / "law-mn.md").read_text("utf-8")
    assert all(step.numbers in text for step in post().steps)
