"""Preference into Korea: when a claim holds; its rate comes from the official tariff only."""

from datetime import date

import pytest
from parcels import amounts, codes
from tests.law.kr.shipments import SHIRT, consignment, dollars, goods, tariff

from tumen.law.consignment import Preference
from tumen.law.kr.general_reference import assess
from tumen.law.parameters import value_at

CLAIM = Preference("RCEP", proof="certificate", direct_transport=True)
COLUMNS = {"A": "13", "FRCCN1": "9", "FCN1": "5", "FRCJP1": "11", "E1": "6.5"}


def duty(claim: Preference | None, **more: object) -> tuple[int | None, list[str], str]:
    """The duty on a million won, the codes of the preference notices, and the first reason."""
    item = goods(SHIRT, 1_000_000, origin=more.pop("origin", "CN"), tariff=tariff(**COLUMNS))
    found = assess(consignment(item, preference=claim, **more))
    told = [each for each in found.warnings if each.code.startswith("PREFERENCE")]
    reason = told[0].parameters["expected"] if told else ""
    return amounts(found)["duty"], codes(tuple(told)), reason


@pytest.mark.parametrize(
    ("agreement", "origin", "expected"),
    [
        ("RCEP", "CN", 90_000),
        ("RCEP", "JP", 110_000),
        ("CKFTA", "CN", 50_000),
        ("APTA", "CN", 65_000),
        ("APTA", "MN", 65_000),
    ],
)
def test_a_claim_that_holds_has_the_rate_of_its_column(
    agreement: str, origin: str, expected: int
) -> None:
    claim = Preference(agreement, proof="certificate", direct_transport=True)
    assert duty(claim, origin=origin) == (expected, [], "")


@pytest.mark.parametrize(
    ("claim", "more", "reason"),
    [
        (Preference("RCEP", "certificate", None), {}, "direct_transport"),
        (Preference("RCEP", "certificate", False), {}, "direct_transport"),
        (Preference("RCEP", None, True), {}, "proof"),
        (Preference("NAFTA", "certificate", True), {}, "agreement"),
        (CLAIM, {"origin": "RU"}, "origin"),
        (CLAIM, {"origin": None}, "origin"),
        (CLAIM, {"day": date(2022, 1, 31)}, "not_in_force"),
        (
            Preference("APTA", "certificate", True),
            {"origin": "MN", "day": date(2020, 12, 31)},
            "not_in_force",
        ),
        (
            Preference("CKFTA", "certificate", True),
            {"day": date(2015, 12, 19)},
            "not_in_force",
        ),
    ],
)
def test_a_claim_that_does_not_hold_leaves_the_general_rate(
    claim: Preference, more: dict[str, object], reason: str
) -> None:
    assert duty(claim, **more) == (130_000, ["PREFERENCE_REFUSED"], reason)


def test_the_agreements_begin_on_their_days() -> None:
    assert duty(CLAIM, day=date(2022, 2, 1))[0] == 90_000
    korea_china = Preference("CKFTA", "certificate", True)
    assert duty(korea_china, day=date(2015, 12, 20))[0] == 50_000


@pytest.mark.parametrize(
    ("rate", "expected"),
    [("1429", 50_000), ("1428", 130_000)],  # 1,000,000 won: 699.79 and 700.28 USD
)
def test_up_to_seven_hundred_dollars_no_proof_is_needed(rate: str, expected: int) -> None:
    claim = Preference("CKFTA", proof=None, direct_transport=True)
    assert duty(claim, exchange=dollars(rate))[0] == expected


def test_a_rate_that_is_not_held_is_said_and_the_general_one_taken() -> None:
    item = goods(SHIRT, 1_000_000, origin="CN", tariff=tariff(base="13"))
    found = assess(consignment(item, preference=CLAIM))
    assert amounts(found)["duty"] == 130_000
    (told,) = [each for each in found.warnings if each.code == "PREFERENCE_RATE_NOT_HELD"]
    assert told.parameters == {"value": "RCEP", "expected": "FRCCN1"}


def test_the_lowest_lawful_rate_is_taken_even_where_a_claim_holds() -> None:
    columns = tariff(A="13", C="4", FRCCN1="9")
    item = goods(SHIRT, 1_000_000, origin="CN", tariff=columns)
    assert amounts(assess(consignment(item, preference=CLAIM)))["duty"] == 40_000


def test_without_a_claim_no_preferential_column_is_read() -> None:
    assert duty(None) == (130_000, [], "")


def test_that_goods_come_directly_is_told_as_unverified() -> None:
    """No agreement was read: the rule is our own knowledge, 90 and 95 per cent."""
    for name in ("rcep", "ckfta", "apta"):
        value = value_at(f"kr.preference.{name}.transport", date(2026, 8, 1))
        assert (value.evidence, value.confidence) in {("unverified", 90), ("unverified", 95)}
