"""E-commerce goods into Russia: duty on the whole value from 2026-07-01 on."""

from datetime import date
from fractions import Fraction

import pytest
from parcels import amounts, codes, consignment, goods, missing, unverified

from tumen.law.ru.ecommerce_reference import assess, refusals
from tumen.law.ruling import Ruling

DAY = date(2026, 7, 1)


def parcel(value: str, kg: str | None = "1", day: date = DAY, **told: object) -> Ruling:
    price = str(Fraction(value) * 100)
    facts = {"platform": "a platform", "buyer_id": "500100732259"} | told
    return assess(consignment("RU", day, goods(price, kg), **facts))


@pytest.mark.parametrize(
    ("value", "kg", "kopeks"),
    [
        ("210", "20", 200_000),  # RU-04b: max(10.5, 20 x 1) = 20 EUR; the weight binds
        ("210", "5", 105_000),  # 210 x 5 % = 10.5 EUR on the WHOLE value, not on 10 EUR
        ("200", "31", 0),
        ("199.99", "31", 0),
        ("200.01", "1", 100_005),  # 200.01 x 5 % = 10.0005 EUR
        ("210", "10.5", 105_000),  # both are 10.5 EUR
    ],
)
def test_above_the_limit_the_whole_value_pays(value: str, kg: str, kopeks: int) -> None:
    assert amounts(parcel(value, kg)) == {"duty": kopeks}


def test_the_vat_that_is_proposed_is_told_and_never_computed() -> None:
    for day in (DAY, date(2027, 1, 1), date(2030, 1, 1)):
        found = parcel("300", day=day)
        assert set(amounts(found)) == {"duty"}
        (notice,) = (each for each in found.warnings if each.code == "RU_ECOMMERCE_VAT_PROPOSED")
        assert notice.parameters["value"] == (
            "2027: 5%, 2028: 10%, 2029: 15%, 2030: 20%; 2027: 22%"
        )


def test_what_is_not_sure_of_the_regime_is_named() -> None:
    assert {"ru.ecommerce.value_limit", "ru.ecommerce.value_basis"} <= set(unverified(parcel("1")))


def test_a_weight_is_needed_above_the_limit_and_missed_below_it() -> None:
    above, below = parcel("201", None), parcel("200", None)
    assert (above.status, missing(above)) == ("unknown", {"items[0].net_weight_kg"})
    assert (below.status, below.total) == ("exempt", 0)
    assert "RU_WEIGHT_NOT_TOLD" in codes(below.warnings)


def test_a_given_rate_of_duty_wins() -> None:
    item = goods("30000", rates={"duty": Fraction(1, 10)})
    found = assess(consignment("RU", DAY, item, platform="a platform"))
    assert amounts(found) == {"duty": 300_000}
    assert found.payable[0].citations == ("rate given by the filer",)


@pytest.mark.parametrize(
    ("told", "kg", "hs", "code"),
    [
        ({"day": date(2026, 6, 30)}, "1", "4202210000", "LAW_NOT_IN_FORCE"),
        ({"platform": None}, "1", "4202210000", "PLATFORM_NOT_TOLD"),
        ({"purpose": "commercial"}, "1", "4202210000", "PURPOSE_NOT_PERSONAL"),
        ({}, "31.001", "4202210000", "RU_ECOMMERCE_TOO_HEAVY"),
        ({}, "1", "2208303000", "RU_EXCLUDED_FROM_ECOMMERCE"),
        ({}, "1", "2402209000", "RU_EXCLUDED_FROM_ECOMMERCE"),
        ({}, "1", "9303100000", "RU_EXCLUDED_FROM_ECOMMERCE"),
        ({}, "1", "2939110000", "RU_EXCLUDED_FROM_ECOMMERCE"),
        ({}, "1", "8711200000", "RU_EXCLUDED_FROM_ECOMMERCE"),
        ({}, "1", "4907003000", "RU_EXCLUDED_FROM_ECOMMERCE"),
    ],
)
def test_a_parcel_that_may_not_take_the_regime_is_refused(
    told: dict[str, object], kg: str, hs: str, code: str
) -> None:
    facts = {"day": DAY, "platform": "a platform"} | told
    day = facts.pop("day")
    assert isinstance(day, date)
    asked = consignment("RU", day, goods("1000", kg, hs=hs), **facts)
    assert codes(refusals(asked)) == [code]
    assert codes(assess(asked).violations) == [code]
    assert assess(asked).status == "not_admissible"


def test_goods_without_a_price_are_unknown_and_not_exempt() -> None:
    told = {"platform": "a platform"}
    found = assess(consignment("RU", DAY, goods("1000"), goods("0"), **told))
    assert (found.status, missing(found)) == ("unknown", {"items[1].unit_price"})


def test_a_parcel_that_fits_is_not_refused() -> None:
    asked = consignment("RU", DAY, goods("1000", "31"), platform="a platform")
    assert refusals(asked) == ()
