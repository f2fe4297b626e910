"""Goods for personal use into Russia: limits by date, excess by value and weight, refusals."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parcels import amounts, codes, consignment, goods, missing, unverified

from tumen.law.consignment import Related
from tumen.law.parameters import value_at
from tumen.law.ru.personal_reference import assess, refusals
from tumen.law.ruling import Ruling

DAY = date(2025, 6, 2)


def parcel(value: str, kg: str | None = "1", day: date = DAY, **told: object) -> Ruling:
    """A parcel by post, its value in euros at 100 roubles each."""
    price = str(Fraction(value) * 100)
    return assess(consignment("RU", day, goods(price, kg), **({"transport": "post"} | told)))


def payment(value: str, kg: str = "1", day: date = DAY) -> int | None:
    return amounts(parcel(value, kg, day))["single_payment"]


def test_case_ru_02_three_kilograms_in_excess_cost_twelve_euros() -> None:
    # RU-02: 500 EUR and 34 kg until 2018: (34 - 31) x 4 EUR = 12 EUR = 1,200 RUB
    assert payment("500", "34", date(2018, 12, 31)) == 120_000


@pytest.mark.parametrize(
    ("day", "limit", "rate"),
    [
        (date(2010, 7, 1), 1000, 30),
        (date(2018, 12, 31), 1000, 30),
        (date(2019, 1, 1), 500, 30),
        (date(2019, 12, 31), 500, 30),
        (date(2020, 1, 1), 200, 15),
        (date(2022, 3, 27), 200, 15),
        (date(2022, 3, 28), 1000, 15),
        (date(2024, 3, 31), 1000, 15),
        (date(2024, 4, 1), 200, 15),
        (date(2026, 11, 23), 200, 15),
    ],
)
def test_a_hundred_euros_above_the_limit_of_the_day_pay_its_rate(
    day: date, limit: int, rate: int
) -> None:
    assert payment(str(limit), day=day) == 0
    # (limit + 100 - limit) x rate %, at 100 RUB: rate x 100 RUB in kopeks
    assert payment(str(limit + 100), day=day) == rate * 10_000


def test_the_limit_of_value_is_inclusive_to_the_kopek() -> None:
    # 20,000.00 RUB is 200 EUR; 20,000.07 is 0.07 RUB above: 0.0105 -> 1 kopek; 0.01 above -> 0
    assert payment("200") == 0
    assert payment("199.9999") == 0
    assert payment("200.0007") == 1
    assert payment("200.0001") == 0


@pytest.mark.parametrize(
    ("kg", "kopeks"), [("30.999", 0), ("31", 0), ("31.001", 20), ("32", 20_000)]
)
def test_the_limit_of_weight_is_inclusive(kg: str, kopeks: int) -> None:
    # 2 EUR x 100 RUB for each kilogram above 31
    assert payment("100", kg) == kopeks


@pytest.mark.parametrize(
    ("value", "kg", "kopeks"),
    [
        ("300", "32", 150_000),  # max(15 % x 100, 2 x 1) = 15 EUR
        ("300", "41", 200_000),  # max(15 % x 100, 2 x 10) = 20 EUR
        ("300", "5", 150_000),  # only the value exceeds: no kilogram is in excess
        ("300", "38.5", 150_000),  # both are 15 EUR
    ],
)
def test_the_larger_of_the_two_excesses_is_due(value: str, kg: str, kopeks: int) -> None:
    assert payment(value, kg) == kopeks


def test_delivery_does_not_count() -> None:
    found = parcel("200", freight=Fraction(5000), insurance=Fraction(100))
    assert (found.status, found.customs_value) == ("exempt", 2_000_000)


def test_a_parcel_within_the_limits_is_exempt_and_says_why() -> None:
    found = parcel("199")
    assert (found.status, found.total) == ("exempt", 0)
    assert [step.code for step in found.steps] == [
        "customs_value",
        "excess_value",
        "excess_weight",
        "single_payment",
    ]


def test_parcels_of_a_month_share_one_limit_until_2019_only() -> None:
    related = (
        Related(Fraction(40_000), arrived_at=date(2019, 12, 1)),
        Related(Fraction(90_000), arrived_at=date(2019, 11, 30)),
    )
    # 400 of 500 EUR are used in December: (200 - 100) x 30 % = 30 EUR
    found = parcel("200", day=date(2019, 12, 31), related=related)
    assert amounts(found) == {"single_payment": 300_000}
    assert "RU_MONTH_WEIGHT_NOT_TOLD" in codes(found.warnings)
    alone = parcel("200", day=date(2020, 1, 1), related=related)
    assert (alone.status, codes(alone.warnings)) == ("exempt", ["LAW_UNVERIFIED"])


def test_a_month_that_is_used_up_leaves_no_limit_and_no_more() -> None:
    related = (Related(Fraction(200_000)),)
    found = parcel("100", day=date(2018, 1, 10), related=related)
    assert amounts(found) == {"single_payment": 300_000}  # 100 x 30 % = 30 EUR


def test_where_the_month_is_not_told_the_answer_warns() -> None:
    assert "RU_MONTH_NOT_TOLD" in codes(parcel("200", day=date(2019, 5, 5)).warnings)
    assert "RU_MONTH_NOT_TOLD" not in codes(parcel("200").warnings)


def test_a_courier_collects_a_fee_where_a_payment_is_due() -> None:
    told = {"transport": "courier", "buyer_id": "500100732259"}
    found = parcel("300", **told)
    assert amounts(found) == {"single_payment": 150_000, "customs_fee": 50_000}
    assert found.total == 200_000
    assert amounts(parcel("200", **told)) == {"single_payment": 0}
    assert {"ru.fee.personal_goods", "ru.fee.personal_goods_due"} <= set(unverified(found))


def test_a_weight_that_was_not_told_is_unknown_and_never_zero() -> None:
    found = parcel("100", None)
    assert (found.status, found.total) == ("unknown", None)
    assert missing(found) == {"items[0].net_weight_kg"}


def test_a_missing_rate_of_the_euro_is_unknown() -> None:
    found = parcel("100", exchange={})
    assert (found.status, missing(found)) == ("unknown", {"exchange_rates.EUR"})


@pytest.mark.parametrize("value", ["0", "-1"])
def test_goods_worth_nothing_or_less_are_unknown(value: str) -> None:
    found = parcel(value)
    what = {"items[0].unit_price"}
    assert (found.status, found.customs_value, missing(found)) == ("unknown", None, what)


def test_a_gift_among_goods_that_were_paid_for_is_unknown_and_not_exempt() -> None:
    found = assess(consignment("RU", DAY, goods("1000"), goods("0"), transport="post"))
    assert (found.status, missing(found)) == ("unknown", {"items[1].unit_price"})


@pytest.mark.parametrize("day", [date(2010, 7, 1), date(2017, 12, 31), DAY])
@pytest.mark.parametrize("hs", ["9303100000", "2939110000", "1302110000"])
def test_weapons_and_narcotics_do_not_come_as_goods_for_personal_use(hs: str, day: date) -> None:
    asked = consignment("RU", day, goods("1000"), goods("1000", hs=hs), transport="post")
    (refusal,) = refusals(asked)
    assert (refusal.code, refusal.path) == ("GOODS_PROHIBITED", "items[1].hs")
    assert assess(asked).status == "not_admissible"


@pytest.mark.parametrize("hs", ["2208303000", "2402209000"])
def test_of_alcohol_and_tobacco_for_personal_use_a_warning_says_that_it_is_not_sure(
    hs: str,
) -> None:
    found = assess(consignment("RU", DAY, goods("1000", hs=hs), transport="post"))
    assert "GOODS_CONTROLLED" in codes(found.warnings)
    assert {"ru.control.alcohol", "ru.control.tobacco"} & set(unverified(found))


@pytest.mark.parametrize(
    ("name", "of_2010"),
    [
        ("ru.personal.excess_rule", "2010"),
        ("ru.personal.weight_basis", "2010"),
        ("ru.personal.value_basis", "2010"),
        ("ru.personal.marketplace_excluded", "2010"),
    ],
)
def test_no_rule_cites_an_act_before_it_was_made(name: str, of_2010: str) -> None:
    before, after = (value_at(name, day) for day in (date(2017, 12, 31), date(2018, 1, 1)))
    assert (of_2010 in before.instrument, of_2010 in after.instrument) == (True, False)
    assert before.value == after.value


def test_vehicles_have_rates_that_are_not_held() -> None:
    found = assess(consignment("RU", DAY, goods("100", hs="8711200000"), transport="post"))
    assert missing(found) == {"ru.personal.vehicle_rates"}
    assert "GOODS_CONTROLLED" in codes(found.warnings)


def test_a_rate_given_by_the_filer_wins_if_all_items_agree() -> None:
    rates = {"single_payment": Fraction(1, 10)}
    one, other = goods("20000", rates=rates), goods("10000", rates=rates)
    found = assess(consignment("RU", DAY, one, other, transport="post"))
    assert amounts(found) == {"single_payment": 100_000}  # 100 EUR x 10 %
    mixed = assess(consignment("RU", DAY, one, goods("10000"), transport="post"))
    assert missing(mixed) == {"items.rates.single_payment"}


@pytest.mark.parametrize(
    ("told", "day", "code"),
    [
        ({}, date(2010, 6, 30), "LAW_NOT_IN_FORCE"),
        ({"purpose": "commercial"}, DAY, "PURPOSE_NOT_PERSONAL"),
        ({"buyer_kind": "business"}, DAY, "BUYER_NOT_A_PERSON"),
        ({"transport": "cargo"}, DAY, "TRANSPORT_NOT_OF_REGIME"),
        ({"platform": "a platform"}, date(2026, 7, 1), "RU_BOUGHT_ON_A_PLATFORM"),
    ],
)
def test_a_parcel_that_may_not_take_the_regime_is_refused(
    told: dict[str, object], day: date, code: str
) -> None:
    asked = consignment("RU", day, goods("1000"), **told)
    assert codes(refusals(asked)) == [code]
    found = assess(asked)
    assert (found.status, found.charges, codes(found.violations)) == ("not_admissible", (), [code])


def test_before_july_2026_a_parcel_from_a_platform_is_for_personal_use() -> None:
    asked = consignment("RU", date(2026, 6, 30), goods("1000"), platform="a platform")
    assert refusals(asked) == ()


@pytest.mark.parametrize(
    ("buyer_id", "day", "code"),
    [
        (None, date(2017, 12, 7), "RU_TAXPAYER_NUMBER_MISSING"),
        (None, date(2017, 12, 6), None),
        ("4510 123456", DAY, "RU_TAXPAYER_NUMBER_MISSING"),
        ("500100732258", DAY, "RU_TAXPAYER_NUMBER_INVALID"),
        ("500100732259", DAY, None),
    ],
)
def test_an_express_parcel_needs_a_taxpayer_number(
    buyer_id: str | None, day: date, code: str | None
) -> None:
    found = parcel("100", day=day, transport="courier", buyer_id=buyer_id)
    numbers = [each for each in codes(found.warnings) if each.startswith("RU_TAXPAYER")]
    assert numbers == ([] if code is None else [code])
    assert buyer_id is None or buyer_id not in repr(found)


@pytest.mark.parametrize(
    ("dispatch", "day", "is_warned"),
    [
        ("JP", date(2022, 4, 5), True),
        ("JP", date(2022, 4, 4), False),
        ("KR", date(2022, 3, 26), True),
        ("KR", date(2022, 3, 25), False),
        ("CN", DAY, False),
    ],
)
def test_a_sender_that_restricts_exports_is_named(
    dispatch: str, day: date, is_warned: bool
) -> None:
    found = parcel("100", day=day, dispatch=dispatch)
    assert ("RU_SENDER_RESTRICTS" in codes(found.warnings)) == is_warned


@pytest.mark.parametrize(
    ("dispatch", "day", "is_inside"),
    [
        ("BY", date(2015, 1, 1), True),
        ("BY", date(2014, 12, 31), False),
        ("AM", date(2015, 1, 1), False),
        ("KG", date(2015, 8, 11), False),
        ("KG", date(2015, 8, 12), True),
        ("MN", DAY, False),
    ],
)
def test_within_the_union_a_parcel_crosses_without_customs(
    dispatch: str, day: date, is_inside: bool
) -> None:
    found = parcel("100", day=day, dispatch=dispatch)
    assert ("RU_FROM_THE_UNION" in codes(found.warnings)) == is_inside


@given(st.integers(1, 10**7), st.integers(0, 100_000), st.integers(0, 6000))
def test_more_value_or_more_weight_never_costs_less(kopeks: int, grams: int, days: int) -> None:
    day = date(2010, 7, 1) + timedelta(days)

    def due(price: int, weight: int) -> int:
        one = goods(str(Fraction(price, 100)), str(Fraction(weight, 1000)))
        found = assess(consignment("RU", day, one, transport="post")).total
        assert found is not None
        return found

    least = due(kopeks, grams)
    assert 0 <= least <= min(due(kopeks + 1, grams), due(kopeks, grams + 1))
