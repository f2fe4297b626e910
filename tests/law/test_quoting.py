"""A quote reads, converts, asks every regime, takes the cheapest lawful one, and says all that."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from tumen import law
from tumen.law.answer import Answer
from tumen.law.exchange_import import OfficialRate
from tumen.law.figures import amount_text
from tumen.law.quoting import Books, quote

SHIRT = {"hs": "6109100000", "quantity": "1", "unit_price": "100", "origin": "CN"}
TO_KOREA: dict[str, Any] = {
    "destination": "KR",
    "dispatch": "CN",
    "date": "2026-08-03",
    "currency": "USD",
    "exchange_rates": {"USD": "1400"},
    "buyer": {"id": "P123456789012"},
    "items": [SHIRT],
}
TO_JAPAN: dict[str, Any] = {
    "destination": "JP",
    "dispatch": "CN",
    "date": "2026-08-01",
    "currency": "JPY",
    "items": [{**SHIRT, "hs": "640320012", "unit": "pair", "unit_price": "20000"}],
}


def statuses(answer: Answer) -> dict[str, str]:
    return {each.regime: each.status for each in answer.considered}


def codes(remarks: list[Any]) -> set[str]:
    return {each.code for each in remarks}


def test_the_public_name_is_the_same_function() -> None:
    assert law.quote is quote


def test_the_first_regime_that_admits_the_goods_is_taken_and_the_others_are_told() -> None:
    answer = quote(TO_KOREA)
    assert list(statuses(answer)) == ["list", "simplified", "general"]
    assert codes(answer.considered[2].reasons) == {"REGIME_OBLIGATORY"}
    assert (answer.regime, answer.status, answer.total) == ("list", "exempt", "0")
    assert answer.currency == "KRW"


def test_of_regimes_left_to_choice_the_cheaper_one_is_taken() -> None:
    told = {**TO_KOREA, "items": [{**SHIRT, "unit_price": "300"}]}
    answer = quote(told)
    totals = {each.regime: each.total for each in answer.considered}
    assert statuses(answer)["list"] == "not_admissible"
    assert answer.regime == min(("simplified", "general"), key=lambda name: int(totals[name] or 0))


def test_a_cheaper_regime_is_not_taken_where_another_is_obligatory() -> None:
    """Personal articles bear the postal tax: general trade is not the buyer's choice."""
    bag = {"hs": "4202210090", "quantity": "1", "unit_price": "600", "origin": "JP"}
    told = {**TO_JAPAN, "destination": "CN", "dispatch": "JP", "currency": "CNY", "items": [bag]}
    answer = quote(told)
    assert (answer.regime, answer.total) == ("postal", "120.00")  # 600 x 20 %, articles of 2019


def test_retail_import_has_no_exemption_of_fifty_yuan() -> None:
    """财关税〔2016〕18号: the exemption of small tax on articles is not one of retail import."""
    bag = {"hs": "4202210090", "quantity": "1", "unit_price": "240", "origin": "JP"}
    told = {**TO_JAPAN, "destination": "CN", "dispatch": "JP", "currency": "CNY", "items": [bag]}
    answer = quote({**told, "platform": "demo"})
    assert (answer.regime, answer.total) == ("cbec", "21.84")  # 240 x 13 % x 70 %


def test_an_obligatory_regime_that_is_unknown_makes_the_answer_unknown() -> None:
    bag = {"hs": "4202210000", "quantity": "1", "unit_price": "50", "origin": "CN"}
    told = {**TO_JAPAN, "destination": "RU", "date": "2026-06-01", "currency": "EUR"}
    answer = quote({**told, "exchange_rates": {"EUR": "90", "USD": "80"}, "items": [bag]})
    assert (answer.regime, answer.status, answer.total) == ("personal", "unknown", None)


def test_a_stated_rate_far_from_our_table_is_remarked_upon() -> None:
    answer = quote({**TO_KOREA, "exchange_rates": {"USD": "0.0007"}})
    assert "EXCHANGE_RATE_FAR" in codes(answer.warnings)


SHIRTS_BY_POST = {"transport": "post", "items": [{**SHIRT, "hs": "61091000"}]}


@pytest.mark.parametrize(
    ("told", "value", "held"),
    [
        ({"date": "2009-05-01", "regime": "general"}, "jp.personal_use.share", "2014-04-01 –"),
        (
            {"destination": "MN", "date": "2026-08-03", **SHIRTS_BY_POST},
            "mn.minimum_wage",
            "2016-01-01 – 2025-12-31",
        ),
    ],
)
def test_a_day_without_law_says_for_which_days_it_is_held(
    told: dict[str, Any], value: str, held: str
) -> None:
    answer = quote(TO_JAPAN | told)
    assert answer.status == "unknown"
    (remark,) = [each for each in answer.warnings if each.code == "LAW_NOT_HELD"]
    assert remark.parameters == {"value": value, "expected": held}


def test_a_regime_that_was_asked_for_is_the_only_one_that_is_looked_at() -> None:
    answer = quote({**TO_KOREA, "regime": "general"})
    assert statuses(answer).keys() == {"general"}
    assert answer.regime == "general"


def test_the_sum_is_that_of_what_is_payable() -> None:
    answer = quote({**TO_KOREA, "items": [{**SHIRT, "unit_price": "300"}]})
    assert answer.status == "payable"
    assert answer.total is not None
    assert sum(int(each.amount or 0) for each in answer.charges) == int(answer.total)
    assert all(each.citations for each in answer.charges)


def test_a_stated_rate_of_exchange_is_used_and_named() -> None:
    (rate,) = quote(TO_KOREA).exchange_rates
    assert (rate.currency, rate.rate, rate.day, rate.source) == ("USD", "1400", None, "given")


def test_an_imported_official_rate_wins_over_the_market_rate() -> None:
    told = {name: value for name, value in TO_KOREA.items() if name != "exchange_rates"}
    official = OfficialRate("KR", "USD", Fraction(1300), date(2026, 8, 2), date(2026, 8, 8))
    assert quote(told).exchange_rates[0].source == "ECB"
    assert "EXCHANGE_RATE_INDICATIVE" in codes(quote(told).warnings)
    (rate,) = quote(told, books=Books(rates=(official,))).exchange_rates
    assert (rate.rate, rate.source) == ("1300", "imported")


def test_without_a_rate_nothing_is_converted_and_nothing_is_guessed() -> None:
    answer = quote({**TO_JAPAN, "currency": "AFN"})
    assert (answer.status, answer.total, answer.customs_value) == ("unknown", None, None)
    assert codes(answer.violations) == {"EXCHANGE_RATE_MISSING"}


def test_a_shipment_that_cannot_be_read_is_unknown_with_its_violations() -> None:
    answer = quote({"destination": "JP", "items": [{"hs": "x"}]})
    assert (answer.status, answer.total, answer.charges) == ("unknown", None, [])
    assert {each.path for each in answer.violations} >= {"dispatch", "currency", "items[0].hs"}


def test_an_unknown_code_makes_the_charge_unknown_and_never_zero() -> None:
    item = {**SHIRT, "hs": "770100000", "origin": "CN"}
    answer = quote({**TO_JAPAN, "items": [{**item, "unit_price": "20000"}], "regime": "general"})
    assert (answer.status, answer.total) == ("unknown", None)
    assert any(each.amount is None and each.missing for each in answer.charges)
    assert "HS_CODE_UNKNOWN" in codes(answer.violations)


def test_a_code_of_an_earlier_edition_is_not_refused_and_its_rate_is_unknown() -> None:
    telephone = {**SHIRT, "hs": "851712000", "unit_price": "80000"}
    shipment = {**TO_JAPAN, "items": [telephone], "regime": "general", "date": "2020-06-01"}
    answer = quote(shipment)
    assert (answer.status, answer.total) == ("unknown", None)
    assert "HS_OF_EARLIER_EDITION" in codes(answer.warnings)
    assert not answer.violations


def test_a_missing_pair_count_makes_a_rate_per_pair_unknown() -> None:
    item = {**TO_JAPAN["items"][0], "unit": "kg"}
    answer = quote({**TO_JAPAN, "items": [item], "regime": "general"})
    assert answer.status == "unknown"
    assert any("pair" in (each.missing or "") for each in answer.charges)


def test_a_rate_of_the_filer_wins_over_the_tariff() -> None:
    item = {**TO_JAPAN["items"][0], "rates": {"duty": "0"}}
    answer = quote({**TO_JAPAN, "items": [item], "regime": "general"})
    duty = next(each for each in answer.charges if each.code == "duty")
    assert duty.amount == "0"


def test_the_law_of_the_sending_economy_is_asked_too() -> None:
    told = {**TO_KOREA, "destination": "RU", "dispatch": "JP", "exchange_rates": {"EUR": "90"}}
    told = {**told, "currency": "EUR", "items": [{**SHIRT, "hs": "8703230000"}]}
    answer = quote({**told, "regime": "general", "purpose": "commercial"})
    assert any(each.code.startswith("JP_") for each in [*answer.warnings, *answer.violations])


def test_the_unverified_values_are_told_in_one_remark() -> None:
    warnings = quote(TO_JAPAN).warnings
    assert [each.code for each in warnings].count("LAW_UNVERIFIED") == 1


@pytest.mark.parametrize("place", ["CN", "RU", "JP", "KR", "MN"])
def test_without_the_explanation_all_else_is_told_alike(place: str) -> None:
    shirt = {**SHIRT, "hs": "610910"}
    items = [shirt, {**shirt, "unit_price": "4000"}]
    told = {**TO_KOREA, "destination": place, "platform": "demo", "items": items}
    explained, bare = quote(told), quote(told, is_explained=False)
    assert explained.steps
    assert all(each.numbers for each in explained.steps)
    assert bare.to_dict() == {**explained.to_dict(), "steps": []}


def test_the_same_shipment_has_the_same_answer() -> None:
    assert quote(TO_JAPAN) == quote(TO_JAPAN)
    assert quote(TO_JAPAN).law_version


@pytest.mark.parametrize(
    ("minor", "digits", "text"), [(0, 2, "0.00"), (7, 0, "7"), (-105, 2, "-1.05")]
)
def test_amounts_are_written_in_whole_units(minor: int, digits: int, text: str) -> None:
    assert amount_text(minor, digits) == text


def test_what_one_set_of_books_holds_is_not_said_of_another() -> None:
    told = {name: value for name, value in TO_KOREA.items() if name != "exchange_rates"}
    week = (date(2026, 8, 2), date(2026, 8, 8))
    several = [Books(rates=(OfficialRate("KR", "USD", Fraction(n), *week),)) for n in (1300, 1301)]
    rates = [quote(told, books=each).exchange_rates[0].rate for each in several * 2]
    assert rates == ["1300", "1301"] * 2


@pytest.mark.parametrize(("price", "is_known"), [("100000000000", True), ("999999999999", False)])
def test_an_amount_that_no_shipment_has_is_refused(price: str, is_known: bool) -> None:
    item = {**TO_JAPAN["items"][0], "quantity": "100000", "unit_price": price}
    answer = quote({**TO_JAPAN, "items": [item], "regime": "general"})
    assert ("AMOUNT_TOO_LARGE" not in codes(answer.violations)) is is_known
    assert (answer.total is not None) is is_known


def test_half_a_character_is_no_text() -> None:
    item = {**TO_JAPAN["items"][0], "description": "shoe\ud800"}
    (violation,) = quote({**TO_JAPAN, "items": [item]}).violations
    assert (violation.code, violation.path) == ("TEXT_NOT_UNICODE", "items[0].description")
