"""Reading a native shipment tells every fault by code and path, and never raises."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumen.codelist.violations import violation
from tumen.kernel.limits import FAULTS_PER_SHIPMENT_MAX
from tumen.law.native.reading import read

ITEM = {"hs": "6109100101", "quantity": "2", "unit_price": "12.50"}
SHIPMENT: dict[str, Any] = {
    "destination": "JP",
    "dispatch": "CN",
    "date": "2026-08-01",
    "currency": "CNY",
    "items": [ITEM],
}


def faults(raw: object) -> list[tuple[str, str]]:
    shipment, notices = read(raw)
    assert (shipment is None) == bool(notices)
    for notice in notices:
        assert violation(notice.code).fix
    return [(notice.code, notice.path) for notice in notices]


def with_item(**changed: object) -> dict[str, Any]:
    return {**SHIPMENT, "items": [{**ITEM, **changed}]}


def test_the_least_shipment_is_read_with_its_defaults() -> None:
    shipment, notices = read(SHIPMENT)
    assert notices == ()
    assert shipment is not None
    assert shipment.day == date(2026, 8, 1)
    assert (shipment.regime, shipment.transport, shipment.purpose) == (
        "auto",
        "courier",
        "personal",
    )
    assert shipment.items[0].unit_price == Fraction(25, 2)


def test_a_shipment_without_a_date_takes_the_day_that_is_given() -> None:
    told = {name: value for name, value in SHIPMENT.items() if name != "date"}
    assert faults(told) == [("FIELD_MISSING", "date")]
    shipment, _ = read(told, date(2026, 1, 2))
    assert shipment is not None
    assert shipment.day == date(2026, 1, 2)


def test_goods_arrive_on_the_day_of_their_order_or_later() -> None:
    days = {"ordered_at": "2026-07-02", "arrived_at": "2026-07-02"}
    before = {**days, "arrived_at": "2026-07-01"}
    assert faults({**SHIPMENT, **days}) == []
    assert faults({**SHIPMENT, **before}) == [("ARRIVED_BEFORE_ORDERED", "arrived_at")]
    related = {**SHIPMENT, "related": [{"value": "1", **days}, {"value": "1", **before}]}
    assert faults(related) == [("ARRIVED_BEFORE_ORDERED", "related[1].arrived_at")]


@pytest.mark.parametrize(
    ("day", "is_read"),
    [("1999-12-31", False), ("2000-01-01", True), ("2100-12-31", True), ("9999-12-31", False)],
)
def test_a_day_lies_between_2000_and_2100(day: str, is_read: bool) -> None:
    """As the remedy of the violation says, and as the days of documents do."""
    expected = [] if is_read else [("DATE_INVALID", "date")]
    assert faults({**SHIPMENT, "date": day}) == expected


def test_numbers_of_json_are_read_by_their_digits() -> None:
    shipment, _ = read(with_item(quantity=3, unit_price=0.1))
    assert shipment is not None
    assert (shipment.items[0].quantity, shipment.items[0].unit_price) == (3, Fraction(1, 10))


@pytest.mark.parametrize(
    ("changed", "code", "path"),
    [
        ({"destination": "XX"}, "WORD_UNKNOWN", "destination"),
        ({"destination": None}, "FIELD_MISSING", "destination"),
        ({"dispatch": "QQ"}, "COUNTRY_UNKNOWN", "dispatch"),
        ({"currency": "ZZZ"}, "CURRENCY_UNKNOWN", "currency"),
        ({"date": "2026-02-30"}, "DATE_INVALID", "date"),
        ({"regime": "cbec"}, "WORD_UNKNOWN", "regime"),
        ({"transport": "pigeon"}, "WORD_UNKNOWN", "transport"),
        ({"freight": "-1"}, "AMOUNT_NEGATIVE", "freight"),
        ({"freight": "1e5"}, "NUMBER_MALFORMED", "freight"),
        ({"freight": True}, "NUMBER_MALFORMED", "freight"),
        ({"insurance": "0.123456"}, "NUMBER_TOO_PRECISE", "insurance"),
        ({"insurance": "1" * 13}, "NUMBER_TOO_LARGE", "insurance"),
        ({"items": []}, "ITEMS_MISSING", "items"),
        ({"items": "none"}, "ITEMS_NOT_LIST", "items"),
        ({"items": [ITEM] * 100}, "ITEMS_TOO_MANY", "items"),
        ({"items": ["shirt"]}, "VALUE_NOT_TABLE", "items[0]"),
        ({"buyer": {"id": ""}}, "FIELD_EMPTY", "buyer.id"),
        ({"buyer": {"kind": "robot"}}, "WORD_UNKNOWN", "buyer.kind"),
        ({"preference": {"proof": "certificate"}}, "FIELD_MISSING", "preference.agreement"),
        ({"related": [{"seller": "A"}]}, "FIELD_MISSING", "related[0].value"),
        ({"exchange_rates": {"USD": "0"}}, "QUANTITY_NOT_POSITIVE", "exchange_rates.USD"),
        ({"exchange_rates": {"JPY": "150"}}, "EXCHANGE_RATE_OF_OWN", "exchange_rates.JPY"),
        ({"wieght": "1"}, "FIELD_UNKNOWN", "wieght"),
        ({"platform": "a\0b"}, "CONTROL_CHARACTER", "platform"),
        ({"platform": "x" * 1_001}, "TEXT_TOO_LONG", "platform"),
    ],
)
def test_a_bad_value_of_the_head_has_its_code_and_path(
    changed: dict[str, object], code: str, path: str
) -> None:
    assert faults({**SHIPMENT, **changed}) == [(code, path)]


@pytest.mark.parametrize(
    ("changed", "code", "path"),
    [
        ({"hs": "12"}, "COMMODITY_CODE_MALFORMED", "items[0].hs"),
        ({"hs": None}, "FIELD_MISSING", "items[0].hs"),
        ({"quantity": "0"}, "QUANTITY_NOT_POSITIVE", "items[0].quantity"),
        ({"net_weight_kg": "-1"}, "AMOUNT_NEGATIVE", "items[0].net_weight_kg"),
        ({"origin": "Atlantis"}, "COUNTRY_UNKNOWN", "items[0].origin"),
        ({"rates": {"duty": "x"}}, "NUMBER_MALFORMED", "items[0].rates.duty"),
        ({"rates": {"tithe": "0.1"}}, "WORD_UNKNOWN", "items[0].rates.tithe"),
        ({"rates": {"vat": "0.1"}}, "RATE_NOT_CHARGED", "items[0].rates.vat"),
        ({"unit": "carton"}, "UNIT_UNKNOWN", "items[0].unit"),
    ],
)
def test_a_bad_value_of_an_item_has_its_code_and_path(
    changed: dict[str, object], code: str, path: str
) -> None:
    assert faults(with_item(**changed)) == [(code, path)]


def test_all_faults_are_told_at_once() -> None:
    told = {**with_item(hs="1", quantity="-1"), "destination": "XX", "date": "soon"}
    assert {path for _, path in faults(told)} == {
        "destination",
        "date",
        "items[0].hs",
        "items[0].quantity",
    }


def test_a_misspelt_field_is_told_the_nearest_one() -> None:
    _, (notice,) = read({**SHIPMENT, "insurence": "1"})
    assert notice.parameters["expected"] == "insurance"


def test_units_of_a_smaller_kind_are_counted_in_the_tariffs_own() -> None:
    shipment, _ = read(with_item(unit="ml", quantity="50"))
    assert shipment is not None
    assert (shipment.items[0].unit.name, shipment.items[0].unit.factor) == ("l", Fraction(1, 1_000))


def test_services_need_no_commodity_code() -> None:
    item = {"quantity": "1", "unit_price": "10", "category": "software"}
    shipment, _ = read({**SHIPMENT, "regime": "digital_service", "items": [item]})
    assert shipment is not None
    assert shipment.items[0].hs == ""


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner),
    max_leaves=20,
)
NAMES = st.sampled_from([*SHIPMENT, "buyer", "related", "preference", "exchange_rates", "regime"])


@given(st.dictionaries(NAMES | st.text(max_size=8), JSON) | JSON)
def test_reading_anything_never_raises(raw: object) -> None:
    faults(raw)


@given(st.dictionaries(st.sampled_from([*ITEM, "rates", "origin", "unit"]), JSON))
def test_reading_any_item_never_raises(item: dict[str, Any]) -> None:
    faults(with_item(**item))


def test_zeros_that_say_nothing_may_be_more_than_a_number_of_python_has() -> None:
    shipment, notices = read(with_item(unit_price=f"{'0' * 5_000}12.5{'0' * 5_000}"))
    assert notices == ()
    assert shipment is not None
    assert shipment.items[0].unit_price == Fraction(25, 2)


def test_of_very_many_unknown_fields_the_first_are_told_and_all_that_is_missing() -> None:
    shipment, notices = read({f"destinatoin{number}": "JP" for number in range(5_000)})
    assert shipment is None
    codes = [each.code for each in notices]
    assert codes.count("FIELD_UNKNOWN") == FAULTS_PER_SHIPMENT_MAX
    assert {each.path for each in notices if each.code == "FIELD_MISSING"} >= {"dispatch"}


@pytest.mark.parametrize("turning", ["\u202e", "\u2066"])
def test_a_text_that_turns_its_direction_is_refused(turning: str) -> None:
    assert ("CONTROL_CHARACTER", "seller") in faults({**SHIPMENT, "seller": f"shop{turning}pohs"})
