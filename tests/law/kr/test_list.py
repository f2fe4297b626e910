"""List clearance into Korea: limits, excluded goods, quantities, the buyer's code."""

from datetime import date
from fractions import Fraction

import pytest
from parcels import amounts, codes
from tests.law.kr.shipments import (
    BAG,
    CREAM,
    PCCC,
    PERFUME,
    PILLS,
    SHIRT,
    WINE,
    consignment,
    goods,
    measures,
)

from tumen.law.kr import buyer_identity
from tumen.law.kr.list_reference import assess, refusals


@pytest.mark.parametrize(
    ("dispatch", "price", "admitted"),
    [
        ("CN", 194_999, True),  # 149.9992 USD at 1,300
        ("CN", 195_000, True),
        ("CN", 195_001, False),
        ("US", 259_999, True),
        ("US", 260_000, True),
        ("US", 260_001, False),
    ],
)
def test_the_limit_is_150_dollars_and_200_from_america(
    dispatch: str, price: int, admitted: bool
) -> None:
    shipment = consignment(goods(SHIRT, price), dispatch=dispatch)
    assert (refusals(shipment) == ()) is admitted
    found = assess(shipment)
    assert (found.status == "exempt") is admitted
    if admitted:
        assert amounts(found) == {"duty": 0, "vat": 0}
    else:
        assert codes(found.violations) == ["VALUE_OVER_LIMIT"]


def test_freight_does_not_count_for_the_limit() -> None:
    shipment = consignment(goods(SHIRT, 195_000), freight=Fraction(50_000))
    assert refusals(shipment) == ()
    assert assess(shipment).customs_value == 245_000


@pytest.mark.parametrize(
    ("hs", "category", "kind"),
    [
        ("3004", None, "medicines"),
        ("1211", None, "herbal"),
        ("0602", None, "quarantine"),
        ("1806", None, "food"),
        (PILLS, None, "health_food"),
        (WINE, None, "alcohol"),
        ("2402", None, "tobacco"),
        (CREAM, "functional_cosmetics", "functional_cosmetics"),
        (BAG, "counterfeit", "infringing"),
        (BAG, "cites", "protected_species"),
        ("930320", None, "prohibited"),
    ],
)
def test_excluded_goods_take_the_whole_parcel_along(
    hs: str, category: str | None, kind: str
) -> None:
    shipment = consignment(goods(SHIRT, 1_000), goods(hs, 1_000, 1, category=category))
    (refusal,) = refusals(shipment)
    assert (refusal.code, refusal.path) == ("KR_LIST_EXCLUDED", "items[1].hs")
    assert refusal.parameters["value"] == kind


@pytest.mark.parametrize(("millilitres", "admitted"), [(59, True), (60, True), (61, False)])
def test_perfume_has_sixty_millilitres(millilitres: int, admitted: bool) -> None:
    bottle = goods(PERFUME, 50_000, measures=measures(litre=f"0.0{millilitres}"))
    assert (refusals(consignment(bottle)) == ()) is admitted


def test_bottles_of_one_class_count_together() -> None:
    bottles = [goods(PERFUME, 1_000, n, measures=measures(litre="0.031")) for n in range(2)]
    (refusal,) = refusals(consignment(*bottles))
    assert refusal.code == "KR_QUANTITY_OVER"
    assert refusal.parameters == {"value": "62 ml", "expected": "60 ml"}


def test_a_quantity_that_was_not_told_is_asked_for() -> None:
    shipment = consignment(goods(PERFUME, 50_000))
    (refusal,) = refusals(shipment)
    assert (refusal.code, refusal.path) == ("REGIME_NOT_TOLD", "items[0].volume_l")
    found = assess(shipment)
    assert found.status == "unknown"
    assert {each.missing for each in found.payable} == {"items[0].volume_l"}


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"transport": "post"}, "TRANSPORT_NOT_OF_REGIME"),
        ({"transport": "cargo"}, "TRANSPORT_NOT_OF_REGIME"),
        ({"purpose": "commercial"}, "PURPOSE_NOT_PERSONAL"),
        ({"buyer_kind": "business"}, "BUYER_NOT_A_PERSON"),
        ({"buyer_id": None}, "KR_PCCC_MISSING"),
        ({"buyer_id": ""}, "KR_PCCC_MISSING"),
        ({"buyer_id": "P12345678901"}, "KR_PCCC_INVALID"),
        ({"exchange": {}}, "REGIME_NOT_TOLD"),
        ({"day": date(2015, 11, 30)}, "LAW_NOT_IN_FORCE"),
    ],
)
def test_what_is_not_for_list_clearance_is_refused_with_its_reason(
    more: dict[str, object], code: str
) -> None:
    assert code in codes(refusals(consignment(goods(SHIRT, 1_000), **more)))


@pytest.mark.parametrize(
    ("day", "admitted"), [(date(2020, 11, 30), True), (date(2020, 12, 1), False)]
)
def test_the_buyer_s_code_is_required_since_december_2020(day: date, admitted: bool) -> None:
    shipment = consignment(goods(SHIRT, 1_000), day=day, buyer_id=None)
    assert (refusals(shipment) == ()) is admitted


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        (PCCC, True),
        ("P000000000000", True),
        ("p123456789012", False),
        ("P12345678901", False),
        ("P1234567890123", False),
        ("M123456789012", False),
        ("P12345678901２", False),
        (" P123456789012", False),
        ("P123456789012\n", False),
        ("", False),
    ],
)
def test_a_personal_customs_code_is_p_and_twelve_digits(text: str, valid: bool) -> None:
    assert buyer_identity.is_personal_code(text) is valid


def test_no_answer_ever_shows_the_buyer_s_number() -> None:
    for code in (PCCC, "850101-1234567"):
        for more in ({}, {"buyer_kind": "business"}, {"purpose": "commercial"}):
            shipment = consignment(goods(SHIRT, 1_000), buyer_id=code, **more)
            assert code not in repr(assess(shipment))
            assert code not in repr(refusals(shipment))


@pytest.mark.parametrize(
    ("day", "wanted"),
    [
        (date(2025, 12, 31), []),
        (date(2026, 1, 1), ["KR_PCCC_VALIDITY"]),
        (date(2026, 2, 1), ["KR_PCCC_VALIDITY"]),
        (date(2026, 2, 2), ["KR_PCCC_VALIDITY", "KR_PCCC_MATCH"]),
    ],
)
def test_the_later_rules_on_the_code_are_told_from_their_days(day: date, wanted: list[str]) -> None:
    found = assess(consignment(goods(SHIRT, 1_000), day=day))
    assert [code for code in codes(found.warnings) if code.startswith("KR_PCCC")] == wanted


def test_cosmetics_without_a_word_on_their_kind_are_warned_of() -> None:
    assert "KR_COSMETICS" in codes(assess(consignment(goods(CREAM, 1_000))).warnings)
    told = goods(CREAM, 1_000, category="cosmetics")
    assert "KR_COSMETICS" not in codes(assess(consignment(told)).warnings)


def test_forbidden_goods_are_not_admissible() -> None:
    found = assess(consignment(goods("4911", 1_000, category="obscene")))
    assert (found.status, codes(found.violations)) == ("not_admissible", ["GOODS_PROHIBITED"])
