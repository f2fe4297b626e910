"""Preferential origin into China: who may claim what from when; the rate is never guessed."""

from datetime import date
from fractions import Fraction

import pytest
from consignments_cn import HANDBAG, consigned, effective, exchange, goods

from tumen.law.cn.general_reference import assess
from tumen.law.cn.preference import tell_preference
from tumen.law.consignment import Preference, TariffRate
from tumen.law.duty import AdValorem
from tumen.law.settlement import Settlement

DAY = date(2026, 3, 2)


def reasons(
    claim: Preference, origin: str | None, day: date = DAY, price: str = "10000", **more: object
) -> tuple[str, ...]:
    item = goods(HANDBAG, price, origin=origin)
    settlement = Settlement("general", consigned(day, item, preference=claim, **more))
    tell_preference(settlement, item)
    (told,) = settlement.warnings
    is_refused = told.code == "PREFERENCE_REFUSED"
    return tuple(told.parameters["expected"].split(", ")) if is_refused else ()


@pytest.mark.parametrize(
    ("agreement", "origin", "day", "expected"),
    [
        ("RCEP", "JP", date(2021, 12, 31), ("not_in_force",)),
        ("RCEP", "JP", date(2022, 1, 1), ()),
        ("RCEP", "KR", date(2022, 1, 31), ("not_in_force",)),
        ("RCEP", "KR", date(2022, 2, 1), ()),
        ("RCEP", "MN", DAY, ("origin",)),
        ("RCEP", None, DAY, ("origin",)),
        ("CKFTA", "KR", date(2015, 12, 19), ("not_in_force",)),
        ("CKFTA", "KR", date(2015, 12, 20), ()),
        ("CKFTA", "JP", DAY, ("origin",)),
        ("APTA", "MN", date(2020, 12, 31), ("not_in_force",)),
        ("APTA", "MN", date(2021, 1, 1), ()),
        ("APTA", "KR", DAY, ()),
        ("APTA", "RU", DAY, ("origin",)),
        ("JMEPA", "JP", DAY, ("agreement",)),
    ],
)
def test_an_agreement_is_for_its_parties_from_its_first_day(
    agreement: str, origin: str | None, day: date, expected: tuple[str, ...]
) -> None:
    assert reasons(Preference(agreement, "certificate", True), origin, day) == expected


@pytest.mark.parametrize("told", ["RCEP", "rcep", "Rcep"])
def test_an_agreement_is_known_in_whatever_letters_it_is_told(told: str) -> None:
    item = goods(HANDBAG, "10000", origin="JP")
    claimed = consigned(DAY, item, preference=Preference(told, "certificate", True))
    settlement = Settlement("general", claimed)
    tell_preference(settlement, item)
    (found,) = settlement.warnings
    assert (found.code, found.parameters["value"]) == ("PREFERENCE_RATE_NOT_HELD", "RCEP")


def test_what_an_agreement_asks_for_without_a_source_is_unverified() -> None:
    for agreement, origin in (("ckfta", "KR"), ("apta", "MN")):
        item = goods(HANDBAG, "10000", origin=origin, rates={"duty": "0.1"})
        claim = Preference(agreement, "certificate", True)
        found = assess(consigned(DAY, item, preference=claim))
        (told,) = [each for each in found.warnings if each.code == "LAW_UNVERIFIED"]
        names = {f"cn.preference.{agreement}.{each}" for each in ("direct_transport", "proof")}
        assert names <= set(told.parameters["parameters"].split(", "))


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        (Preference("RCEP", "declaration", True), ()),
        (Preference("RCEP", None, True), ("proof",)),
        (Preference("RCEP", "certificate", None), ("direct_transport",)),
        (Preference("RCEP", "certificate", False), ("direct_transport",)),
        (Preference("RCEP"), ("direct_transport", "proof")),
    ],
)
def test_transport_and_proof_are_asked_for(claim: Preference, expected: tuple[str, ...]) -> None:
    assert reasons(claim, "JP") == expected


@pytest.mark.parametrize(
    ("price", "expected"), [("4899.99", ()), ("4900", ()), ("4900.01", ("proof",))]
)
def test_a_small_value_from_korea_needs_no_proof(price: str, expected: tuple[str, ...]) -> None:
    """700 USD at 7 CNY are 4,900 CNY."""
    claim = Preference("CKFTA", None, True)
    assert reasons(claim, "KR", price=price, exchange=exchange(USD="7")) == expected
    assert reasons(claim, "KR", price=price) == ("proof",)


def test_the_general_rate_is_taken_and_the_answer_says_that_a_lower_one_may_exist() -> None:
    item = goods(HANDBAG, "10000", origin="JP", rates={"duty": "0.1"})
    claim = Preference("RCEP", "certificate", True)
    found = assess(consigned(DAY, item, preference=claim))
    assert found.payable[0].amount == 100_000
    assert "PREFERENCE_RATE_NOT_HELD" in [each.code for each in found.warnings]
    assert "preference" in [each.code for each in found.steps]
    refused = assess(consigned(DAY, item, preference=Preference("CKFTA", "certificate", True)))
    (told,) = [each for each in refused.warnings if each.code == "PREFERENCE_REFUSED"]
    assert told.parameters["expected"] == "origin"


def column(name: str, per_cent: str) -> dict[str, TariffRate]:
    duty = AdValorem(Fraction(per_cent) / 100)
    return {name: TariffRate(name, f"{per_cent}%", duty, "a tariff of 2026", "confirmed")}


@pytest.mark.parametrize(("preferential", "duty"), [("4", 40_000), ("12", 100_000)])
def test_an_imported_preferential_rate_is_taken_where_it_is_lower(
    preferential: str, duty: int
) -> None:
    printed = effective("10") | column("rcep_japan", preferential)
    item = goods(HANDBAG, "10000", origin="JP", tariff=printed)
    found = assess(consigned(DAY, item, preference=Preference("RCEP", "certificate", True)))
    assert found.payable[0].amount == duty
    claimed = int(preferential) * 100
    (both,) = [each.numbers for each in found.steps if each.code == "best_rate"]
    assert both == f"10%: 1,000.00 against {preferential}%: {claimed:,}.00"
    assert "PREFERENCE_RATE_NOT_HELD" not in [each.code for each in found.warnings]


def test_an_imported_preferential_rate_that_nobody_claims_or_that_is_not_due_is_not_taken() -> None:
    item = goods(HANDBAG, "10000", origin="JP", tariff=effective("10") | column("rcep_japan", "4"))
    without_proof = Preference("RCEP", None, True)
    for claim in (None, without_proof):
        assert assess(consigned(DAY, item, preference=claim)).payable[0].amount == 100_000
