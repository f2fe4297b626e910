"""The regimes of Russia, their order, and services of electronic form."""

from datetime import date
from fractions import Fraction

import pytest
from parcels import amounts, codes, consignment, goods, missing

from tumen.law.parameters import history
from tumen.law.ru.digital_reference import assess
from tumen.law.ru.regimes import REGIMES
from tumen.law.ruling import CHARGE_CODES


def service(day: date, kind: str = "person") -> dict[str, int | None]:
    return amounts(
        assess(consignment("RU", day, goods("1000", hs="", category="software"), buyer_kind=kind))
    )


def first_open(day: date, **told: object) -> str:
    asked = consignment("RU", day, goods("1000"), **told)
    return next(each.name for each in REGIMES if not each.refusals(asked))


@pytest.mark.parametrize(
    ("day", "told", "name"),
    [
        (date(2026, 7, 1), {"platform": "a platform"}, "ecommerce"),
        (date(2026, 6, 30), {"platform": "a platform"}, "personal"),
        (date(2026, 7, 1), {}, "personal"),
        (date(2026, 7, 1), {"purpose": "commercial"}, "general"),
    ],
)
def test_the_first_regime_that_is_open_is_the_laws_choice(
    day: date, told: dict[str, object], name: str
) -> None:
    assert first_open(day, **told) == name


@pytest.mark.parametrize("platform", ["a platform", None])
@pytest.mark.parametrize("purpose", ["personal", "commercial"])
@pytest.mark.parametrize("hs", ["9303100000", "2939110000"])
def test_no_regime_of_goods_admits_weapons_and_narcotics(
    platform: str | None, purpose: str, hs: str
) -> None:
    for day in (date(2016, 1, 1), date(2026, 7, 1)):
        told = {"platform": platform, "purpose": purpose, "transport": "post"}
        asked = consignment("RU", day, goods("1000", hs=hs), **told)
        assert all(each.refusals(asked) for each in REGIMES)
        general = next(each for each in REGIMES if each.name == "general")
        assert [each.code for each in general.refusals(asked)] == ["GOODS_PROHIBITED"]
        found = general.assess(asked)
        assert (found.status, found.total, found.charges) == ("not_admissible", None, ())


def test_every_regime_answers_with_charges_that_are_listed() -> None:
    for day in (date(2001, 1, 1), date(2015, 1, 1), date(2026, 7, 1)):
        for regime in REGIMES:
            asked = consignment("RU", day, goods("30000", hs=""), platform="a platform")
            found = regime.assess(asked)
            assert found.regime == regime.name
            assert {each.code for each in found.charges} <= set(CHARGE_CODES)


@pytest.mark.parametrize(
    ("day", "vat"),
    [
        (date(2017, 1, 1), 18_000),
        (date(2018, 12, 31), 18_000),
        (date(2019, 1, 1), 20_000),
        (date(2026, 1, 1), 22_000),
    ],
)
def test_an_electronic_service_pays_the_standard_vat(day: date, vat: int) -> None:
    assert service(day) == {"vat": vat}


def test_before_2017_a_service_to_a_person_has_no_answer() -> None:
    found = assess(consignment("RU", date(2016, 12, 31), goods("1000", hs="", category="software")))
    assert (found.status, missing(found)) == ("unknown", {"ru.digital_service.taxable"})


@pytest.mark.parametrize(
    ("day", "kind", "payer"),
    [
        (date(2018, 12, 31), "business", "tax_agent"),
        (date(2019, 1, 1), "business", "foreign_supplier"),
        (date(2022, 9, 30), "business", "foreign_supplier"),
        (date(2022, 10, 1), "business", "tax_agent"),
        (date(2022, 10, 1), "person", "foreign_supplier"),
    ],
)
def test_who_pays_the_vat_on_a_service_is_told(day: date, kind: str, payer: str) -> None:
    found = assess(
        consignment("RU", day, goods("1000", hs="", category="software"), buyer_kind=kind)
    )
    assert [step.numbers for step in found.steps if step.code == "taxpayer"] == [payer]


def test_goods_with_a_code_are_no_service() -> None:
    found = assess(consignment("RU", date(2026, 1, 1), goods("1000")))
    assert (found.status, codes(found.violations)) == (
        "not_admissible",
        ["GOODS_ARE_NO_SERVICE"],
    )


def test_a_rate_given_for_a_service_wins() -> None:
    item = goods("1000", hs="", category="software", rates={"vat": Fraction(0)})
    assert assess(consignment("RU", date(2026, 1, 1), item)).status == "exempt"


def test_the_composer_finds_the_rule_of_the_exchange_rate() -> None:
    (rule,) = history("ru.fx.rule")
    assert rule.scalar == "day_of_declaration"
