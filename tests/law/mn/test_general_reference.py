"""General import into Mongolia: duty with its exceptions, excise, VAT."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parcels import amounts, by_value, codes, consignment, goods, missing, rate, unverified

from tumen.law.consignment import Preference, TariffRate
from tumen.law.duty import AdValorem
from tumen.law.mn.general_reference import assess
from tumen.law.ruling import Notice, Ruling

DAY = date(2025, 6, 2)
POTATO, FLOUR, EGGS = "07019090", "11010011", "04072100"
CERTIFIED = Preference("APTA", "certificate", direct_transport=True)


def apta(base: str = "5", lower: str = "3.5") -> dict[str, TariffRate]:
    text = f"{lower}%"
    return by_value(base) | rate(text, AdValorem(Fraction(lower) / 100), "apta")


def imported(
    hs: str = "42022100", day: date = DAY, origin: str | None = "CN", **told: object
) -> Ruling:
    """Goods worth 1,000,000 MNT; the tariff prints 5 % and, by APTA, 3.5 %."""
    facts = {"tariff": apta(), "origin": origin} | told
    preference = facts.pop("preference", None)
    item = goods("1000000", hs=hs, **facts)
    return assess(consignment("MN", day, item, preference=preference))


def duty(ruling: Ruling) -> int | None:
    return amounts(ruling)["duty"]


def told(ruling: Ruling, code: str) -> Notice:
    (notice,) = (each for each in ruling.warnings if each.code == code)
    return notice


@pytest.mark.parametrize("day", [date(2016, 1, 1), DAY, date(2026, 11, 23)])
def test_case_mn_01_duty_and_vat(day: date) -> None:
    # MN-01: 1,000,000 x 5 % = 50,000; (1,000,000 + 50,000) x 10 % = 105,000
    found = imported(day=day)
    assert amounts(found) == {"duty": 5_000_000, "vat": 10_500_000}
    assert (found.status, found.total) == ("payable", 15_500_000)


def test_case_mn_04_a_car_with_its_excise_given_as_a_rate() -> None:
    # MN-04: 20,000,000; excise 3,200,000 = 16 % of it; VAT 10 % of 24,200,000
    item = goods("20000000", hs="87032335", tariff=by_value("5"), origin="JP")
    found = assess(consignment("MN", date(2017, 5, 1), item))
    assert (found.status, missing(found)) == ("unknown", {"mn.excise.cars"})
    rates = {"excise": Fraction(16, 100)}
    item = goods("20000000", hs="87032335", tariff=by_value("5"), origin="JP", rates=rates)
    found = assess(consignment("MN", date(2017, 5, 1), item))
    assert amounts(found) == {"duty": 100_000_000, "excise": 320_000_000, "vat": 242_000_000}
    assert found.total == 662_000_000


@pytest.mark.parametrize(
    ("hs", "name"),
    [("22083061", "alcohol"), ("24022010", "tobacco"), ("27101200", "fuel"), ("87038010", "cars")],
)
def test_the_excise_of_excisable_goods_is_unknown(hs: str, name: str) -> None:
    found = imported(hs)
    assert missing(found) == {f"mn.excise.{name}"}
    assert amounts(found) == {"duty": 5_000_000, "excise": None, "vat": None}


def test_a_code_that_the_tariff_does_not_hold_is_unknown_and_not_five_per_cent() -> None:
    found = imported(tariff={})
    assert (found.status, missing(found)) == ("unknown", {"tariff.MN.42022100.base"})


@pytest.mark.parametrize(
    ("day", "tugriks"),
    [
        (date(2018, 7, 31), 50_000),
        (date(2018, 8, 1), 150_000),
        (date(2018, 12, 31), 150_000),
        (date(2019, 1, 1), 150_000),
        (date(2019, 4, 1), 150_000),
        (date(2019, 4, 2), 50_000),
    ],
)
def test_vegetables_pay_more_in_season(day: date, tugriks: int) -> None:
    assert duty(imported(POTATO, day, tariff={})) == tugriks * 100


def test_where_rule_and_tariff_table_differ_the_answer_says_so() -> None:
    found = imported(POTATO, date(2025, 9, 1), tariff=by_value("20"))
    assert duty(found) == 15_000_000
    notice = told(found, "MN_RULE_AND_TARIFF_DIFFER")
    assert (notice.parameters["value"], notice.parameters["expected"]) == ("15%", "20%")
    assert "mn.duty.seasonal.rate" in unverified(found)
    agreed = imported(POTATO, date(2025, 9, 1), tariff=by_value("15"))
    assert "MN_RULE_AND_TARIFF_DIFFER" not in codes(agreed.warnings)


@pytest.mark.parametrize(
    ("day", "is_warned"),
    [
        (date(2025, 4, 1), False),
        (date(2025, 4, 2), True),
        (date(2025, 6, 30), True),
        (date(2025, 7, 1), False),
    ],
)
def test_flour_pays_fifteen_per_cent_with_a_warning_out_of_season(
    day: date, is_warned: bool
) -> None:
    found = imported(FLOUR, day, tariff={})
    assert duty(found) == 15_000_000
    assert ("MN_FLOUR_BY_WESTERN_POINTS" in codes(found.warnings)) == is_warned


def test_what_pages_of_2017_say_is_less_sure_afterwards() -> None:
    for day, is_sure in ((date(2017, 12, 31), True), (date(2018, 1, 1), False)):
        found = imported(POTATO, day, tariff={})
        assert ("mn.duty.seasonal.rate" not in unverified(found)) == is_sure


def test_eggs_pay_fifteen_per_cent_all_year() -> None:
    assert {duty(imported(EGGS, date(2025, month, 15))) for month in range(1, 13)} == {15_000_000}


@pytest.mark.parametrize(
    ("origin", "day", "tugriks"),
    [
        ("CN", DAY, 50_000),
        ("RU", DAY, 50_000),  # a member since 2012
        ("BY", DAY, 100_000),
        ("KP", DAY, 100_000),
        ("TL", date(2024, 8, 29), 100_000),
        ("TL", date(2024, 8, 30), 50_000),
        (None, DAY, 50_000),
    ],
)
def test_goods_from_outside_the_wto_pay_twice_the_duty(
    origin: str | None, day: date, tugriks: int
) -> None:
    found = imported(origin=origin, day=day, tariff=by_value("5"))
    assert duty(found) == tugriks * 100
    assert ("MN_ORIGIN_NOT_TOLD" in codes(found.warnings)) == (origin is None)


@pytest.mark.parametrize(
    ("origin", "claim", "day", "reason"),
    [
        ("CN", CERTIFIED, date(2021, 1, 1), None),
        ("KR", CERTIFIED, DAY, None),
        ("IN", CERTIFIED, DAY, None),
        ("CN", CERTIFIED, date(2020, 12, 31), "not_in_force"),
        ("JP", CERTIFIED, DAY, "origin"),
        (None, CERTIFIED, DAY, "origin"),
        ("CN", Preference("APTA", None, direct_transport=True), DAY, "proof"),
        ("CN", Preference("APTA", "declaration", direct_transport=True), DAY, "proof"),
        ("CN", Preference("APTA", "certificate"), DAY, "direct_transport"),
        ("CN", Preference("APTA", "certificate", direct_transport=False), DAY, "direct_transport"),
        ("JP", Preference("JMEPA"), date(2016, 6, 6), "not_in_force"),
        ("RU", Preference("EAEU_MN"), DAY, "not_in_force"),
        ("CN", Preference("RCEP"), DAY, "agreement"),
    ],
)
def test_a_preference_is_applied_or_refused_with_its_reason(
    origin: str | None, claim: Preference, day: date, reason: str | None
) -> None:
    found = imported(origin=origin, day=day, preference=claim)
    assert duty(found) == (3_500_000 if reason is None else 5_000_000)
    refused = [each for each in found.warnings if each.code == "PREFERENCE_REFUSED"]
    assert [each.parameters["expected"] for each in refused] == ([] if reason is None else [reason])


def test_a_code_without_a_preferential_rate_pays_the_ordinary_one() -> None:
    found = imported(tariff=by_value("5"), preference=CERTIFIED)
    assert duty(found) == 5_000_000
    assert told(found, "PREFERENCE_RATE_NOT_HELD").parameters["expected"] == "apta"
    japan = Preference("JMEPA", "certificate", direct_transport=True)
    found = imported(tariff=by_value("5"), origin="JP", preference=japan)
    assert duty(found) == 5_000_000
    assert told(found, "PREFERENCE_RATE_NOT_HELD").parameters["value"] == "JMEPA"


def test_the_lower_of_both_rates_is_taken() -> None:
    found = imported(tariff=apta("0", "3.5"), preference=CERTIFIED)
    assert duty(found) == 0
    assert [step.code for step in found.steps] == [
        "customs_value",
        "preference",
        "preferential_duty",
        "ordinary_duty",
        "duty",
        "vat",
    ]


def test_a_preference_that_was_not_claimed_is_offered() -> None:
    assert told(imported(), "MN_PREFERENCE_POSSIBLE").path == "items[0].origin"
    assert "MN_PREFERENCE_POSSIBLE" not in codes(imported(origin="JP").warnings)


def test_a_given_rate_wins_over_all_others() -> None:
    found = imported(POTATO, origin="KP", rates={"duty": Fraction(1, 100), "vat": Fraction(0)})
    assert amounts(found) == {"duty": 1_000_000, "vat": 0}
    lines = [each for each in found.payable if each.code == "duty"]
    assert lines[0].citations == ("rate given by the filer",)


def test_a_day_before_the_law_and_bad_amounts_have_no_answer() -> None:
    early = imported(day=date(2015, 12, 31))
    assert (early.status, missing(early)) == ("unknown", {"mn.customs_value.rule"})
    nothing = assess(consignment("MN", DAY, goods("0", tariff=by_value("5"))))
    assert missing(nothing) == {"items[0].unit_price"}
    gift = assess(consignment("MN", DAY, *(goods(each, tariff=by_value("5")) for each in "10")))
    assert (gift.status, missing(gift)) == ("unknown", {"items[1].unit_price"})
    negative = assess(consignment("MN", DAY, goods("-1", tariff=by_value("5"))))
    assert missing(negative) == {"items[0].unit_price"}


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=5), st.integers(0, 10**6))
def test_the_items_add_up_to_what_is_payable(mongo: list[int], freight: int) -> None:
    items = [goods(str(Fraction(each, 100)), origin="CN", tariff=apta()) for each in mongo]
    found = assess(
        consignment("MN", DAY, *items, freight=Fraction(freight, 100), preference=CERTIFIED)
    )
    assert found.customs_value == sum(mongo) + freight
    for code in ("duty", "vat"):
        lines = [each for each in found.charges if each.code == code and each.item is not None]
        assert sum(each.amount or 0 for each in lines) == amounts(found)[code]
