"""General trade: value, duty, consumption tax, VAT, the small duty, and what is unknown."""

import json
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from consignments_cn import (
    BEER,
    BOOK,
    CREAM,
    HANDBAG,
    LIPSTICK,
    MILK_POWDER,
    WATCH,
    WHISKY,
    WINE,
    consigned,
    effective,
    exchange,
    goods,
    measured,
)
from hypothesis import given
from hypothesis import strategies as st

from tumen.law.cn.general_reference import assess, refusals
from tumen.law.duty import AdValorem, Highest, Specific
from tumen.law.ruling import Ruling

SHARED_CASES = Path(__file__).parents[3] / "../shared/cases/law_cases.json"
DAY = date(2026, 3, 2)


def amounts(found: Ruling) -> dict[str, int | None]:
    return {each.code: each.amount for each in found.payable}


@pytest.mark.parametrize(
    ("case", "hs", "duty", "composite"),
    [
        # at a value of 100,000 CNY, so that the fen do not show in two decimals
        ("CN-06a", MILK_POWDER, "0.05", "22.85"),  # 5 + 105 x 17 %
        ("CN-06c", LIPSTICK, "0.10", "83.86"),  # 10 + 47.142857 + 157.142857 x 17 %
    ],
)
def test_a_composite_rate_is_the_published_one(
    case: str, hs: str, duty: str, composite: str
) -> None:
    item = goods(hs, "100000", rates={"duty": duty})
    found = assess(consigned(date(2016, 5, 3), item))
    assert found.total is not None
    assert abs(Fraction(found.total, 100_000) - Fraction(composite)) <= Fraction("0.005"), case


def test_case_08_has_its_duty_and_vat() -> None:
    """CN-08: 10,200 at 2 %: 204.00; (10,200 + 204) x 17 % = 1,768.68 (the site misprints it)."""
    item = goods(HANDBAG, "10200", rates={"duty": "0.02"})
    found = assess(consigned(date(2016, 5, 3), item))
    assert amounts(found) == {"duty": 20_400, "vat": 176_868}
    assert found.total == 197_268


def test_our_cases_are_those_of_the_shared_file() -> None:
    if not SHARED_CASES.exists():
        pytest.skip("the folder ../shared is absent: the case file is not compared")
    cases = [
        each for each in json.loads(SHARED_CASES.read_text("utf-8")) if each["country"] == "CN"
    ]
    general = {each["id"]: each for each in cases if each["regime"].startswith("general_")}
    assert set(general) == {"CN-06a", "CN-06c", "CN-08"}
    assert general["CN-08"]["expected"] == {"duty": 204.0, "vat": 1768.68, "total": 1972.68}


@pytest.mark.parametrize(
    ("day", "standard", "reduced"),
    [
        (date(2016, 4, 8), "17%", "13%"),
        (date(2017, 6, 30), "17%", "13%"),
        (date(2017, 7, 1), "17%", "11%"),
        (date(2018, 4, 30), "17%", "11%"),
        (date(2018, 5, 1), "16%", "10%"),
        (date(2019, 3, 31), "16%", "10%"),
        (date(2019, 4, 1), "13%", "9%"),
        (date(2025, 12, 31), "13%", "9%"),
        (date(2026, 1, 1), "13%", "9%"),
    ],
)
def test_vat_has_the_rate_of_its_day(day: date, standard: str, reduced: str) -> None:
    items = [
        goods(HANDBAG, "1000", rates={"duty": "0"}),
        goods(BOOK, "1000", 1, rates={"duty": "0"}),
    ]
    found = assess(consigned(day, *items))
    assert [each.rate for each in found.charges if each.code == "vat"][:2] == [standard, reduced]


def test_freight_and_insurance_are_shared_by_value_to_the_fen() -> None:
    """0.07 over 1 : 1 : 1: half-up of 2.33, 4.67 and 7 fen together: 2, 3, 2."""
    items = [goods(BOOK, "1", place, rates={"duty": "0"}) for place in range(3)]
    found = assess(consigned(DAY, *items, freight=Fraction("0.05"), insurance=Fraction("0.02")))
    assert found.customs_value == 307
    assert [each.base for each in found.charges if each.code == "duty"][:3] == [102, 103, 102]


@pytest.mark.parametrize(
    ("price", "duty", "vat"),
    [
        ("499.9", 0, 6_499),  # 10 %: 49.99 is exempt; 499.90 x 13 % = 64.987
        ("500", 0, 6_500),  # 50.00
        ("500.1", 5_001, 7_151),  # 50.01; (500.10 + 50.01) x 13 % = 71.5143
    ],
)
def test_a_duty_of_at_most_fifty_yuan_is_exempt_and_leaves_the_base(
    price: str, duty: int, vat: int
) -> None:
    for day in (date(2024, 11, 30), date(2024, 12, 1)):
        found = assess(consigned(day, goods(HANDBAG, price, rates={"duty": "0.1"})))
        assert amounts(found) == {"duty": duty, "vat": vat}


def test_the_small_duty_is_that_of_the_whole_consignment() -> None:
    items = [goods(HANDBAG, "400", place, rates={"duty": "0.1"}) for place in range(2)]
    assert amounts(assess(consigned(DAY, *items)))["duty"] == 8_000


def test_spirits_pay_by_value_and_by_quantity() -> None:
    """1,000 CNY, 0.7 l: D = 100, S = 0.7 x 0.912 = 0.64, P = 1100.64 / 0.8 = 1375.80.
    C = 1375.80 x 20 % + 0.64 = 275.80; VAT = 1375.80 x 13 % = 178.854."""
    item = goods(WHISKY, "1000", rates={"duty": "0.1"}, measures=measured(litre="0.7"))
    found = assess(consigned(DAY, item))
    assert amounts(found) == {"duty": 10_000, "consumption_tax": 27_580, "vat": 17_885}
    assert found.total == 55_465


@pytest.mark.parametrize(
    ("price", "tax"),
    [("2999.99", 22_000), ("3000", 25_000)],  # a tonne: 220 CNY below 3,000 CNY, 250 from it on
)
def test_beer_pays_by_the_tonne(price: str, tax: int) -> None:
    item = goods(BEER, price, rates={"duty": "0"}, measures=measured("1000", "kg"))
    assert amounts(assess(consigned(DAY, item)))["consumption_tax"] == tax


def test_wine_pays_a_share_of_a_price_that_contains_the_tax() -> None:
    """900 CNY and no duty: P = 900 / 0.9 = 1000; C = 100; VAT = 130."""
    found = assess(consigned(DAY, goods(WINE, "900", rates={"duty": "0"})))
    assert amounts(found) == {"duty": 0, "consumption_tax": 10_000, "vat": 13_000}


@pytest.mark.parametrize(
    ("hs", "price", "measures", "is_taxed"),
    [
        (CREAM, "500", measured(kg="0.05"), True),
        (CREAM, "499.99", measured(kg="0.05"), False),
        (WATCH, "10000", measured(), True),
        (WATCH, "9999.99", measured(), False),
        (WATCH, "20000", measured("3"), False),
    ],
)
def test_luxuries_are_taxed_from_their_value_on(
    hs: str, price: str, measures: object, is_taxed: bool
) -> None:
    found = assess(consigned(DAY, goods(hs, price, rates={"duty": "0"}, measures=measures)))
    assert (amounts(found)["consumption_tax"] != 0) is is_taxed


def test_the_tariff_of_the_consignment_gives_the_duty_and_says_it_is_indicative() -> None:
    found = assess(consigned(DAY, goods(HANDBAG, "1000", tariff=effective("6"))))
    assert amounts(found) == {"duty": 6_000, "vat": 13_780}
    (told,) = [each for each in found.warnings if each.code == "TARIFF_INDICATIVE"]
    assert (told.path, told.parameters["edition"]) == ("items[0].hs", "indicative, 2018 and 2019")


def test_a_specific_duty_needs_its_quantity_and_its_rate_of_exchange() -> None:
    """The higher of 5 % and 2 EUR/kg: 1,000 CNY and 40 kg at 8 CNY: 640 CNY."""
    terms = Highest((AdValorem(Fraction(1, 20)), Specific(Fraction(2), "EUR", "kg")))
    item = goods(HANDBAG, "1000", tariff=effective(terms), measures=measured(kg="40"))
    found = assess(consigned(DAY, item, exchange=exchange(EUR="8")))
    assert amounts(found)["duty"] == 64_000
    assert assess(consigned(DAY, item)).payable[0].missing == "exchange_rates.EUR"
    bare = goods(HANDBAG, "1000", tariff=effective(terms))
    assert assess(consigned(DAY, bare)).payable[0].missing == "items[0].net_weight_kg"


def test_stated_rates_win_over_tariff_and_law() -> None:
    rates = {"duty": "0.5", "consumption_tax": "0.2", "vat": "0.09"}
    found = assess(consigned(DAY, goods(WHISKY, "800", tariff=effective("5"), rates=rates)))
    # D = 400; P = 1200 / 0.8 = 1500; C = 300; VAT = 135
    assert amounts(found) == {"duty": 40_000, "consumption_tax": 30_000, "vat": 13_500}
    assert "TARIFF_INDICATIVE" not in [each.code for each in found.warnings]


@pytest.mark.parametrize(
    ("item", "missing"),
    [
        (goods("4202999999", "1000"), {"duty": "tariff.CN.4202999999.effective"}),
        (
            goods(CREAM, "1000", rates={"duty": "0.1"}),
            {"consumption_tax": "items[0].volume_l or net_weight_kg"},
        ),
        (
            goods("7113111000", "1000", rates={"duty": "0.2"}),
            {"consumption_tax": "cn.consumption_tax.jewellery.rate"},
        ),
        (goods("", "1000", rates={"duty": "0.1"}), {"consumption_tax": "items[0].hs"}),
        (goods("22", "1000", rates={"duty": "0.1"}), {"consumption_tax": "items[0].hs"}),
        (goods("09", "1000", rates={"duty": "0.1"}), {"vat": "items[0].hs"}),
        (goods(BOOK, "1000", rates={"duty": "-0.1"}), {"duty": "items[0].rates.duty"}),
        (
            goods(BOOK, "1000", rates={"duty": "0", "consumption_tax": "1"}),
            {"consumption_tax": "items[0].rates.consumption_tax"},
        ),
        (goods(BOOK, "-1", rates={"duty": "0"}), {"duty": "items[0].unit_price"}),
    ],
)
def test_what_is_unknown_is_named_and_what_rests_on_it_is_unknown(
    item: object, missing: dict[str, str]
) -> None:
    found = assess(consigned(DAY, item))  # type: ignore[arg-type]
    assert (found.status, found.total) == ("unknown", None)
    named = {each.code: each.missing for each in found.payable}
    assert missing.items() <= named.items()
    assert {each.amount for each in found.payable if each.code == "vat"} == {None}


def test_a_small_duty_beside_an_unknown_one_is_unknown_too() -> None:
    items = (goods(HANDBAG, "100", rates={"duty": "0.1"}), goods("4202999999", "100", 1))
    found = assess(consigned(DAY, *items))
    assert [each.amount for each in found.charges if each.code == "duty"] == [None, None, None]
    large = (goods(HANDBAG, "1000", rates={"duty": "0.1"}), items[1])
    found = assess(consigned(DAY, *large))
    assert [each.amount for each in found.charges if each.code == "duty"] == [10_000, None, None]


@pytest.mark.parametrize("freight", ["0", "1"])
def test_of_goods_that_are_all_worth_nothing_nothing_is_known(freight: str) -> None:
    gifts = [goods(BOOK, "0", place, rates={"duty": "0"}) for place in range(2)]
    found = assess(consigned(DAY, *gifts, freight=Fraction(freight)))
    assert (found.status, found.total, found.customs_value) == ("unknown", None, None)
    assert {each.missing for each in found.payable} == {"customs_value"}


def test_a_gift_beside_goods_with_a_price_is_worth_nothing() -> None:
    bag = goods(HANDBAG, "1000", rates={"duty": "0.1"})
    gift = goods(BOOK, "0", 1, rates={"duty": "0"})
    assert amounts(assess(consigned(DAY, bag, gift))) == amounts(assess(consigned(DAY, bag)))


@pytest.mark.parametrize("hs", ["9303100000", "9305100000", "1302110000"])
def test_goods_that_are_prohibited_are_not_admissible(hs: str) -> None:
    parcel = consigned(DAY, goods(HANDBAG, "10"), goods(hs, "1000", 1, rates={"duty": "0.13"}))
    (told,) = refusals(parcel)
    assert (told.code, told.path) == ("GOODS_PROHIBITED", "items[1].hs")
    found = assess(parcel)
    assert (found.status, found.charges, found.violations) == ("not_admissible", (), (told,))


def test_restricted_goods_are_told_and_a_service_is_refused() -> None:
    furs = goods("4303100000", "1000", rates={"duty": "0.1"})
    assert refusals(consigned(DAY, furs)) == ()
    assert "GOODS_CONTROLLED" in [each.code for each in assess(consigned(DAY, furs)).warnings]
    service = consigned(DAY, goods("", "10", category="software"))
    assert [each.code for each in refusals(service)] == ["SERVICE_IS_NO_GOODS"]


def test_a_day_before_the_rates_is_unknown() -> None:
    found = assess(consigned(date(2016, 4, 7), goods(BOOK, "100", rates={"duty": "0"})))
    assert {each.missing for each in found.payable} == {"cn.general.rounding"}


def test_every_step_has_numbers_and_a_citation() -> None:
    item = goods(WHISKY, "1000", tariff=effective("5"), measures=measured(litre="0.7"))
    found = assess(consigned(DAY, item))
    assert {"customs_value", "duty", "consumption_tax", "vat", "payment"} <= {
        each.code for each in found.steps
    }
    assert all(each.formula and each.numbers and each.citation for each in found.steps)


@given(
    st.lists(st.integers(0, 10**8), min_size=1, max_size=4),
    st.integers(0, 10**6),
    st.dates(date(2016, 4, 8), date(2030, 1, 1)),
)
def test_the_parts_add_up_to_the_whole(prices: list[int], freight: int, day: date) -> None:
    items = [
        goods(HANDBAG, f"{Fraction(price, 100)}", place, rates={"duty": "0.1"})
        for place, price in enumerate(prices)
    ]
    found = assess(consigned(day, *items, freight=Fraction(freight, 100)))
    if not sum(prices):
        assert found.status == "unknown"
        return
    assert found.customs_value == sum(prices) + freight
    for whole in found.payable:
        of_items = [each for each in found.charges if each.code == whole.code and each is not whole]
        assert whole.amount == sum(each.amount or 0 for each in of_items)
