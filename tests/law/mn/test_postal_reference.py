"""The exemption of international post for personal use into Mongolia."""

from datetime import date
from fractions import Fraction

import pytest
from parcels import amounts, codes, consignment, goods, missing, unverified

from tumen.law.consignment import ExchangeRate
from tumen.law.mn import general_reference
from tumen.law.mn.postal_reference import assess, refusals
from tumen.law.ruling import Ruling

DAY = date(2024, 1, 1)
LAPTOP = "84713000"


def parcel(value: str, day: date = DAY, pieces: str | None = "1", hs: str = "42022100") -> Ruling:
    return assess(consignment("MN", day, goods(value, pieces=pieces, hs=hs), transport="post"))


@pytest.mark.parametrize("day", [date(2024, 1, 1), date(2025, 3, 31)])
def test_case_mn_03_ten_minimum_wages_and_two_identical_items_are_exempt(day: date) -> None:
    # MN-03: 10 x 660,000 = 6,600,000
    found = parcel("6600000", day, "2")
    assert (found.status, found.total, amounts(found)) == ("exempt", 0, {"duty": 0, "vat": 0})
    assert found.customs_value == 660_000_000
    above = parcel("6600000.01", day, "2")
    assert (above.status, codes(above.violations)) == ("not_admissible", ["VALUE_OVER_LIMIT"])


@pytest.mark.parametrize(
    ("day", "wage"),
    [
        (date(2016, 1, 1), 192_000),
        (date(2016, 12, 31), 192_000),
        (date(2017, 1, 1), 240_000),
        (date(2018, 12, 31), 240_000),
        (date(2019, 1, 1), 320_000),
        (date(2019, 12, 31), 320_000),
        (date(2020, 1, 1), 420_000),
        (date(2022, 12, 31), 420_000),
        (date(2023, 1, 1), 550_000),
        (date(2023, 12, 31), 550_000),
        (date(2025, 4, 1), 792_000),
        (date(2025, 12, 31), 792_000),
    ],
)
def test_the_limit_is_ten_minimum_wages_of_the_day(day: date, wage: int) -> None:
    assert parcel(str(10 * wage), day).status == "exempt"
    assert codes(parcel(f"{10 * wage}.01", day).violations) == ["VALUE_OVER_LIMIT"]


@pytest.mark.parametrize("day", [date(2015, 12, 31), date(2026, 1, 1), date(2026, 11, 23)])
def test_where_the_wage_is_not_held_the_exemption_is_unknown(day: date) -> None:
    found = parcel("1000", day)
    assert (found.status, found.total) == ("unknown", None)
    assert missing(found) == {"mn.minimum_wage"}
    assert refusals(consignment("MN", day, goods("1000"), transport="post")) == ()


@pytest.mark.parametrize(("pieces", "is_exempt"), [("1", True), ("2", True), ("3", False)])
def test_at_most_two_identical_items_are_exempt(pieces: str, is_exempt: bool) -> None:
    found = parcel("1000", pieces=pieces)
    assert found.status == ("exempt" if is_exempt else "not_admissible")
    assert codes(found.violations) == ([] if is_exempt else ["MN_TOO_MANY_IDENTICAL_ITEMS"])
    assert not is_exempt or "mn.postal.identical_items" in unverified(found)


def test_identical_items_on_two_lines_are_counted_together() -> None:
    two = goods("1000", pieces="2", description="a bag")
    one = goods("1000", description="a bag")
    other = goods("1000", description="another bag")
    asked = consignment("MN", DAY, two, one, transport="post")
    assert codes(refusals(asked)) == ["MN_TOO_MANY_IDENTICAL_ITEMS"]
    assert refusals(consignment("MN", DAY, two, other, transport="post")) == ()


@pytest.mark.parametrize("other", ["A Bag", " a  bag", "abag", "A\tBAG"])
def test_letter_case_and_blanks_do_not_make_another_article(other: str) -> None:
    two = goods("1000", pieces="2", description="a bag")
    asked = consignment("MN", DAY, two, goods("1000", description=other), transport="post")
    assert codes(refusals(asked)) == ["MN_TOO_MANY_IDENTICAL_ITEMS"]


def test_a_quantity_that_was_not_told_is_unknown() -> None:
    found = parcel("1000", pieces=None)
    assert (found.status, missing(found)) == ("unknown", {"items[0].quantity"})


@pytest.mark.parametrize(
    ("value", "pieces", "code"),
    [
        ("19800000", "1", None),  # 30 x 660,000
        ("19800000", "2", None),
        ("19800000.01", "2", "VALUE_OVER_LIMIT"),
        ("6600000.01", "3", "VALUE_OVER_LIMIT"),
    ],
)
def test_up_to_two_laptops_have_a_higher_limit(value: str, pieces: str, code: str | None) -> None:
    found = parcel(value, pieces=pieces, hs=LAPTOP)
    assert (code in codes(found.violations)) == (code is not None)
    assert code is not None or found.status == "exempt"


def test_a_laptop_with_other_goods_has_the_ordinary_limit() -> None:
    items = (goods("6600000", hs=LAPTOP), goods("1"))
    asked = consignment("MN", DAY, *items, transport="post")
    assert codes(refusals(asked)) == ["VALUE_OVER_LIMIT"]


@pytest.mark.parametrize(
    ("told", "day", "code"),
    [
        ({}, date(2014, 12, 31), "LAW_NOT_IN_FORCE"),
        ({"transport": "courier"}, DAY, "TRANSPORT_NOT_OF_REGIME"),
        ({"purpose": "commercial"}, DAY, "PURPOSE_NOT_PERSONAL"),
        ({"buyer_kind": "business"}, DAY, "BUYER_NOT_A_PERSON"),
    ],
)
def test_a_parcel_that_is_not_exempt_is_refused(
    told: dict[str, object], day: date, code: str
) -> None:
    asked = consignment("MN", day, goods("1000"), **({"transport": "post"} | told))
    assert codes(refusals(asked)) == [code]
    assert codes(assess(asked).violations) == [code]


def test_a_parcel_worth_nothing_is_unknown_and_controlled_goods_are_named() -> None:
    assert missing(parcel("0")) == {"items[0].unit_price"}
    gift = assess(consignment("MN", DAY, goods("1"), goods("0", hs="61091010"), transport="post"))
    assert (gift.status, missing(gift)) == ("unknown", {"items[1].unit_price"})
    assert "GOODS_CONTROLLED" in codes(parcel("1", hs="06029099").warnings)


@pytest.mark.parametrize("hs", ["93039000", "29391100"])
def test_weapons_and_narcotics_come_neither_by_post_nor_by_general_import(hs: str) -> None:
    cargo = consignment("MN", DAY, goods("1", hs=hs), transport="cargo", purpose="commercial")
    for found in (parcel("1", hs=hs), general_reference.assess(cargo)):
        assert (found.status, codes(found.violations)) == ("not_admissible", ["GOODS_PROHIBITED"])
        assert (found.total, found.charges) == (None, ())


@pytest.mark.parametrize(
    ("hs", "name"),
    [("22083000", "alcohol"), ("24022000", "tobacco"), ("87032300", "cars"), ("27101200", "fuel")],
)
def test_the_exemption_of_duty_and_vat_says_nothing_of_excise(hs: str, name: str) -> None:
    found = parcel("1000", hs=hs)
    assert amounts(found) == {"duty": 0, "vat": 0, "excise": None}
    assert (found.status, found.total) == ("unknown", None)
    assert missing(found) == {f"mn.excise.{name}"}


def test_a_given_rate_of_excise_is_computed_on_the_price() -> None:
    item = goods("1000", hs="22083000", rates={"excise": Fraction(16, 100)})
    found = assess(consignment("MN", DAY, item, goods("500"), transport="post"))
    assert amounts(found) == {"duty": 0, "vat": 0, "excise": 16_000}  # 1,000 x 16 % in mongo
    assert found.status == "payable"


@pytest.mark.parametrize("hs", ["22083000", "24022000"])
def test_of_alcohol_and_tobacco_by_post_a_warning_says_that_it_is_not_sure(hs: str) -> None:
    found = parcel("1000", hs=hs)
    assert "GOODS_CONTROLLED" in codes(found.warnings)
    assert {"mn.control.alcohol", "mn.control.tobacco"} & set(unverified(found))


@pytest.mark.parametrize(
    ("value", "rate", "is_told"),
    [("3500000", 3500, True), ("3500000.01", 3500, False), ("1", None, False)],
)
def test_no_fee_is_told_up_to_a_thousand_dollars(
    value: str, rate: int | None, is_told: bool
) -> None:
    dollar = {} if rate is None else {"USD": ExchangeRate("USD", Fraction(rate), DAY, "test")}
    found = assess(consignment("MN", DAY, goods(value), transport="post", exchange=dollar))
    assert ("customs_fee" in [step.code for step in found.steps]) == is_told
    assert ("MN_POSTAL_FEE_UNKNOWN" in codes(found.warnings)) != is_told


@pytest.mark.parametrize(
    ("number", "kind", "is_wrong"),
    [
        ("УБ12345678", "person", False),
        ("уб12345678", "person", False),
        ("12345678", "person", True),
        ("1234567", "business", False),
        ("123456", "business", True),
        (None, "person", False),
    ],
)
def test_a_register_number_has_its_form(number: str | None, kind: str, is_wrong: bool) -> None:
    asked = consignment("MN", DAY, goods("1"), buyer_id=number, buyer_kind=kind)
    found = general_reference.assess(asked)
    assert ("MN_REGISTER_NUMBER_FORM" in codes(found.warnings)) == is_wrong
    assert number is None or number not in repr(found.warnings)


def test_delivery_does_not_count() -> None:
    asked = consignment("MN", DAY, goods("6600000"), transport="post", freight=Fraction(10**6))
    assert assess(asked).status == "exempt"
