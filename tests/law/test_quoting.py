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


def test_every_import_regime_is_looked_at_and_the_cheapest_is_taken() -> None:
    answer = quote(TO_KOREA)
    assert list(statuses(answer)) == ["list", "simplified", "general"]
    assert (answer.regime, answer.status, answer.total) == ("list", "exempt", "0")
    assert answer.currency == "KRW"


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


def test_the_same_shipment_has_the_same_answer() -> None:
    assert quote(TO_JAPAN) == quote(TO_JAPAN)
    assert quote(TO_JAPAN).law_version


@pytest.mark.parametrize(
    ("minor", "digits", "text"), [(0, 2, "0.00"), (7, 0, "7"), (-105, 2, "-1.05")]
)
def test_amounts_are_written_in_whole_units(minor: int, digits: int, text: str) -> None:
    assert amount_text(minor, digits) == text
