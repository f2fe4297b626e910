"""The regimes of Mongolia, their order, and services of non-residents."""

from datetime import date
from fractions import Fraction

import pytest
from parcels import amounts, codes, consignment, goods, missing

from tumen.law.mn.digital_reference import assess
from tumen.law.mn.regimes import REGIMES
from tumen.law.parameters import history
from tumen.law.ruling import CHARGE_CODES

DAY = date(2025, 6, 2)


@pytest.mark.parametrize(
    ("value", "transport", "name"),
    [("7920000", "post", "postal"), ("7920001", "post", "general"), ("1", "courier", "general")],
)
def test_the_first_regime_that_is_open_is_the_laws_choice(
    value: str, transport: str, name: str
) -> None:
    asked = consignment("MN", DAY, goods(value), transport=transport)
    assert next(each.name for each in REGIMES if not each.refusals(asked)) == name


def test_every_regime_answers_with_charges_that_are_listed() -> None:
    for day in (date(2001, 1, 1), date(2015, 1, 1), DAY, date(2030, 1, 1)):
        for regime in REGIMES:
            found = regime.assess(consignment("MN", day, goods("30000", hs=""), transport="post"))
            assert found.regime == regime.name
            assert {each.code for each in found.charges} <= set(CHARGE_CODES)


def test_a_business_pays_the_vat_on_a_service_itself() -> None:
    asked = consignment("MN", DAY, goods("1000", hs="", category="software"), buyer_kind="business")
    found = assess(asked)
    assert amounts(found) == {"vat": 10_000}
    assert [step.numbers for step in found.steps if step.code == "taxpayer"] == ["buyer"]


def test_a_service_to_a_person_is_unknown() -> None:
    found = assess(consignment("MN", DAY, goods("1000", hs="", category="software")))
    assert (found.status, missing(found)) == ("unknown", {"mn.digital_service.person_taxpayer"})


def test_a_service_before_the_law_of_2016_is_unknown() -> None:
    asked = consignment(
        "MN", date(2015, 12, 31), goods("1000", hs="", category="software"), buyer_kind="business"
    )
    assert missing(assess(asked)) == {"mn.digital_service.business_taxpayer"}


def test_goods_with_a_code_are_no_service() -> None:
    item = goods("1000", rates={"vat": Fraction(1, 10)})
    found = assess(consignment("MN", DAY, item, buyer_kind="business"))
    assert codes(found.violations) == ["GOODS_ARE_NO_SERVICE"]


def test_the_composer_finds_the_rule_of_the_exchange_rate() -> None:
    (rule,) = history("mn.fx.rule")
    assert rule.scalar == "day_of_declaration"
