"""General import into Russia: duty, excise, VAT, customs fee."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parcels import amounts, by_value, codes, consignment, goods, missing, rate, unverified

from tumen.law.consignment import Preference
from tumen.law.duty import AdValorem, Highest, Specific, Total
from tumen.law.ru.general_reference import assess
from tumen.law.ruling import Ruling

DAY = date(2026, 3, 2)
FIVE = {"duty": Fraction(5, 100)}
NIL = {"duty": Fraction(0)}


def fee(value: str, day: date) -> int | None:
    found = assess(consignment("RU", day, goods(value, rates=NIL)))
    return amounts(found)["customs_fee"]


def test_case_ru_05b_duty_and_vat_of_2026() -> None:
    # RU-05b: 11,300 x 5 % = 565; (11,300 + 565) x 22 % = 2,610.30; the fee comes on top
    found = assess(consignment("RU", date(2026, 1, 1), goods("11300", rates=FIVE)))
    assert amounts(found) == {"duty": 56_500, "vat": 261_030, "customs_fee": 123_100}
    assert (found.status, found.total) == ("payable", 440_630)


@pytest.mark.parametrize(
    ("case", "value", "in_2025", "in_2026"),
    [
        ("RU-06a", "200000", 1067, 1231),
        ("RU-06c", "1200000", 4269, 4924),
        ("RU-06d", "5500000", 21344, 21344),
        ("RU-06f", "10000000.01", 30000, 73860),
    ],
)
def test_the_published_cases_of_the_fee(case: str, value: str, in_2025: int, in_2026: int) -> None:
    found = (fee(value, date(2025, 12, 31)), fee(value, date(2026, 1, 1)))
    assert found == (in_2025 * 100, in_2026 * 100), case


@pytest.mark.parametrize(
    ("day", "bound", "at", "above"),
    [
        # the tables of law.md, part 2.3: each line's amount at its bound and one kopek above it
        (date(2020, 8, 31), "200000", 500, 1000),
        (date(2020, 8, 31), "450000", 1000, 2000),
        (date(2020, 8, 31), "1200000", 2000, 5500),
        (date(2020, 8, 31), "2500000", 5500, 7500),
        (date(2020, 8, 31), "5000000", 7500, 20000),
        (date(2020, 8, 31), "10000000", 20000, 30000),
        (date(2020, 9, 1), "200000", 775, 1550),
        (date(2024, 12, 31), "2700000", 8530, 12000),
        (date(2024, 12, 31), "10000000", 27000, 30000),
        (date(2025, 1, 1), "450000", 2134, 4269),
        (date(2025, 12, 31), "7000000", 27540, 30000),
        (date(2026, 1, 1), "450000", 2462, 4924),
        (date(2026, 1, 1), "2700000", 13541, 18465),
        (date(2026, 1, 1), "4200000", 18465, 21344),
        (date(2026, 1, 1), "5500000", 21344, 49240),
        (date(2026, 1, 1), "10000000", 49240, 73860),
    ],
)
def test_an_upper_bound_of_the_fee_is_inclusive(day: date, bound: str, at: int, above: int) -> None:
    assert fee(bound, day) == at * 100
    assert fee(f"{bound}.01", day) == above * 100


@pytest.mark.parametrize(
    ("day", "vat"),
    [
        (date(2016, 1, 1), 18_000),
        (date(2018, 12, 31), 18_000),
        (date(2019, 1, 1), 20_000),
        (date(2025, 12, 31), 20_000),
        (date(2026, 1, 1), 22_000),
    ],
)
def test_the_standard_rate_of_vat_is_that_of_the_day(day: date, vat: int) -> None:
    found = assess(consignment("RU", day, goods("1000", rates=NIL)))
    assert amounts(found)["vat"] == vat
    assert "ru.vat.standard" not in unverified(found)


@pytest.mark.parametrize(
    ("terms", "kopeks"),
    [
        (AdValorem(Fraction(1, 10)), 100_000),
        (Specific(Fraction(175, 100), "EUR", "kg"), 35_000),  # 1.75 EUR x 2 kg x 100
        # 10 %, not less than 6 EUR/kg: max(1,000; 1,200)
        (Highest((AdValorem(Fraction(1, 10)), Specific(Fraction(6), "EUR", "kg"))), 120_000),
        (Highest((AdValorem(Fraction(1, 10)), Specific(Fraction(5), "EUR", "kg"))), 100_000),
        # 10 % plus 0.5 EUR a piece: 1,000 + 3 x 50
        (Total((AdValorem(Fraction(1, 10)), Specific(Fraction(1, 2), "EUR", "piece"))), 115_000),
    ],
)
def test_every_form_of_rate_of_the_tariff_is_computed(terms: object, kopeks: int) -> None:
    item = goods("10000", "2", "3", tariff=rate("a rate", terms))  # type: ignore[arg-type]
    found = assess(consignment("RU", DAY, item))
    assert amounts(found)["duty"] == kopeks
    assert "TARIFF_INDICATIVE" not in codes(found.warnings)


def test_what_a_specific_rate_needs_and_nobody_told_is_unknown() -> None:
    terms = Specific(Fraction(2), "EUR", "kg")
    found = assess(consignment("RU", DAY, goods("100", None, tariff=rate("2 EUR/kg", terms))))
    assert (found.status, found.total) == ("unknown", None)
    assert missing(found) == {"items[0].net_weight_kg"}
    assert amounts(found) == {"duty": None, "vat": None, "customs_fee": 123_100}
    no_euro = consignment("RU", DAY, goods("100", tariff=rate("2 EUR/kg", terms)), exchange={})
    assert missing(assess(no_euro)) == {"exchange_rates.EUR"}


def test_a_code_that_the_tariff_does_not_hold_is_unknown() -> None:
    assert missing(assess(consignment("RU", DAY, goods("100")))) == {"tariff.RU.4202210000.base"}


def test_a_rate_that_cannot_be_read_is_unknown() -> None:
    item = goods("100", tariff=rate("see footnote", None))
    assert missing(assess(consignment("RU", DAY, item))) == {"tariff.RU.4202210000.base"}


def test_freight_and_insurance_go_to_the_items_by_price_and_add_up() -> None:
    items = [goods("10", rates=NIL), goods("10", rates=NIL), goods("10", rates=NIL)]
    found = assess(consignment("RU", DAY, *items, freight=Fraction(1), insurance=Fraction(1, 100)))
    values = [each.base for each in found.charges if each.code == "duty" and each.item is not None]
    assert (values, found.customs_value) == ([1034, 1033, 1034], 3101)


@pytest.mark.parametrize(
    ("hs", "name"),
    [
        ("2208303000", "alcohol"),
        ("2402209000", "tobacco"),
        ("8703231981", "cars"),
        ("2710124500", "oil_products"),
        ("2202100000", "sweet_drinks"),
    ],
)
def test_the_excise_of_excisable_goods_is_unknown_unless_given(hs: str, name: str) -> None:
    found = assess(consignment("RU", DAY, goods("1000", hs=hs, rates=FIVE)))
    assert missing(found) == {f"ru.excise.{name}"}
    told = goods("1000", hs=hs, rates=FIVE | {"excise": Fraction(1, 5)})
    # 1,050 x 20 % = 210; (1,050 + 210) x 22 % = 277.20
    expected = {"duty": 5_000, "excise": 21_000, "vat": 27_720, "customs_fee": 123_100}
    assert amounts(assess(consignment("RU", DAY, told))) == expected


def test_sweet_drinks_have_excise_from_july_2023_on() -> None:
    item = goods("1000", hs="2202100000", rates=FIVE)
    assert "excise" not in amounts(assess(consignment("RU", date(2023, 6, 30), item)))
    assert "excise" in amounts(assess(consignment("RU", date(2023, 7, 1), item)))


def test_where_the_reduced_vat_may_apply_the_standard_one_is_taken_with_a_warning() -> None:
    item = goods("1000", hs="9503002100", rates=NIL)
    found = assess(consignment("RU", DAY, item))
    assert amounts(found)["vat"] == 22_000
    assert "RU_REDUCED_VAT_POSSIBLE" in codes(found.warnings)
    given_rate = goods("1000", hs="9503002100", rates=NIL | {"vat": Fraction(1, 10)})
    found = assess(consignment("RU", DAY, given_rate))
    assert amounts(found)["vat"] == 10_000
    assert "RU_REDUCED_VAT_POSSIBLE" not in codes(found.warnings)


@pytest.mark.parametrize(
    ("day", "category", "kopeks"),
    [
        (date(2023, 6, 15), "electronics", 77_500),
        (date(2023, 6, 16), "electronics", 3_000_000),
        (date(2025, 12, 31), "electronics", 3_000_000),
        (date(2026, 1, 1), "electronics", 7_386_000),
        (date(2026, 1, 1), "other", 123_100),
        (date(2026, 1, 1), None, None),
        (date(2023, 6, 15), None, 77_500),
    ],
)
def test_electronics_of_the_list_pay_a_fixed_fee(
    day: date, category: str | None, kopeks: int | None
) -> None:
    phone = goods("1000", hs="8517130000", rates=NIL, category=category)
    bag = goods("1000", rates=NIL)
    found = assess(consignment("RU", day, bag, phone))
    assert amounts(found)["customs_fee"] == kopeks
    assert missing(found) == (set() if kopeks else {"ru.fee.electronics.8517130000"})


@pytest.mark.parametrize(
    ("origin", "day", "is_warned"),
    [
        ("CN", date(2021, 10, 11), True),
        ("CN", date(2021, 10, 12), False),
        ("KR", date(2021, 10, 11), True),
        ("KR", date(2021, 10, 12), False),
        ("JP", date(2020, 1, 1), False),
    ],
)
def test_rates_for_developing_countries_are_warned_of_until_they_end(
    origin: str, day: date, is_warned: bool
) -> None:
    item = goods("1000", origin=origin, tariff=by_value("10"))
    found = assess(consignment("RU", day, item))
    assert amounts(found)["duty"] == 10_000
    assert ("RU_GSP_RATES_NOT_HELD" in codes(found.warnings)) == is_warned


@pytest.mark.parametrize(
    ("agreement", "reason"), [("EAEU_MN", "not_in_force"), ("RCEP", "agreement")]
)
def test_no_preference_lowers_the_duty(agreement: str, reason: str) -> None:
    item = goods("1000", origin="MN", tariff=by_value("10"))
    claim = Preference(agreement, "certificate", direct_transport=True)
    found = assess(consignment("RU", DAY, item, preference=claim))
    (notice,) = (each for each in found.warnings if each.code == "PREFERENCE_REFUSED")
    assert notice.parameters["expected"] == reason
    assert amounts(found)["duty"] == 10_000


def test_a_wrong_taxpayer_number_of_a_business_is_warned_of_and_not_shown() -> None:
    for number, is_wrong in (("7707083893", False), ("7707083894", True), ("a name", False)):
        told = {"buyer_id": number, "buyer_kind": "business", "purpose": "commercial"}
        found = assess(consignment("RU", DAY, goods("1000", rates=FIVE), **told))
        assert ("RU_TAXPAYER_NUMBER_INVALID" in codes(found.warnings)) == is_wrong
        assert number not in repr(found)


def test_a_day_before_the_law_has_no_answer() -> None:
    found = assess(consignment("RU", date(2015, 12, 31), goods("1000", rates=FIVE)))
    assert (found.status, found.total) == ("unknown", None)
    assert missing(found) == {"ru.customs_value.rule"}


def test_bad_amounts_are_unknown_and_never_computed() -> None:
    nothing = assess(consignment("RU", DAY, goods("0", rates=FIVE)))
    assert missing(nothing) == {"items[0].unit_price"}
    gift = assess(consignment("RU", DAY, goods("1000", rates=FIVE), goods("0", rates=FIVE)))
    assert (gift.status, missing(gift)) == ("unknown", {"items[1].unit_price"})
    negative = goods("1000", rates={"duty": Fraction(-1)})
    assert "items[0].rates.duty" in missing(assess(consignment("RU", DAY, negative)))
    freight = consignment("RU", DAY, goods("1000", rates=FIVE), freight=Fraction(-1))
    assert missing(assess(freight)) == {"freight"}


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=5), st.integers(0, 10**6))
def test_the_items_add_up_to_what_is_payable(kopeks: list[int], freight: int) -> None:
    items = [goods(str(Fraction(each, 100)), tariff=by_value("7.5")) for each in kopeks]
    found: Ruling = assess(consignment("RU", DAY, *items, freight=Fraction(freight, 100)))
    assert found.customs_value == sum(kopeks) + freight
    for code in ("duty", "vat"):
        lines = [
            each.amount or 0
            for each in found.charges
            if (each.code == code and each.item is not None)
        ]
        assert sum(lines) == amounts(found)[code]
