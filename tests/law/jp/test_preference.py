"""Preferential rates: who may claim them, when, with what proof; the best lawful rate."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from tests.law.jp.parcels import (
    DAY,
    DRESS,
    ad_valorem,
    codes,
    columns,
    goods,
    item_charge,
    parcel,
    rate,
    ruled,
)

from tumen.law.consignment import Preference
from tumen.law.duty import Specific

TARIFF = columns(
    *(ad_valorem("general", 120), ad_valorem("wto", 91)),
    *(ad_valorem("rcep_china", 40), ad_valorem("rcep_korea", 50), ad_valorem("epa_mongolia", 0)),
)

NO_CONCESSION = columns(ad_valorem("general", 120), ad_valorem("wto", 91))
DOUBTS = {"LAW_UNVERIFIED"}
UNREAD = TARIFF | columns(rate("rcep_korea", "ししゅうしたもの 6.8%", None))


def claimed(
    origin: str, agreement: str, day: date = DAY, **more: Any
) -> tuple[int | None, set[str]]:
    price = more.pop("price", 100_000)
    tariff = more.pop("tariff", TARIFF)
    told = {"proof": "certificate", "direct_transport": True} | more
    found = ruled(
        parcel(
            goods(0, DRESS, price, origin=origin, tariff=tariff),
            day=day,
            preference=Preference(agreement, **told),
        )
    )
    return item_charge(found, "duty"), codes(found.warnings)


@pytest.mark.parametrize(
    ("origin", "agreement", "day", "duty"),
    [
        # 100,000 yen: 4 %, 5 %, free, and 9.1 % without preference
        ("CN", "RCEP", date(2021, 12, 31), 9_100),
        ("CN", "RCEP", date(2022, 1, 1), 4_000),
        ("KR", "RCEP", date(2022, 1, 31), 9_100),
        ("KR", "RCEP", date(2022, 2, 1), 5_000),
        ("MN", "JMEPA", date(2016, 6, 6), 9_100),
        ("MN", "JMEPA", date(2016, 6, 7), 0),
    ],
)
def test_an_agreement_counts_from_its_first_day(
    origin: str, agreement: str, day: date, duty: int
) -> None:
    amount, warned = claimed(origin, agreement, day)
    assert amount == duty
    assert ("PREFERENCE_REFUSED" in warned) == (duty == 9_100)


@pytest.mark.parametrize(
    ("origin", "more", "code"),
    [
        ("MN", {}, "PREFERENCE_REFUSED"),
        ("RU", {}, "PREFERENCE_REFUSED"),
        ("CN", {"direct_transport": None}, "PREFERENCE_REFUSED"),
        ("CN", {"direct_transport": False}, "PREFERENCE_REFUSED"),
        ("CN", {"proof": None, "price": 200_001}, "PREFERENCE_REFUSED"),
        ("CN", {"proof": "a letter", "price": 200_001}, "PREFERENCE_REFUSED"),
        (
            "CN",
            {"tariff": NO_CONCESSION},
            "PREFERENCE_RATE_NOT_HELD",
        ),
        (
            "KR",
            {"tariff": UNREAD},
            "PREFERENCE_RATE_NOT_HELD",
        ),
    ],
)
def test_a_condition_that_fails_is_told_and_the_other_rate_applies(
    origin: str, more: dict[str, Any], code: str
) -> None:
    amount, warned = claimed(origin, "RCEP", **more)
    price = more.get("price", 100_000) // 1000 * 1000
    assert amount == price * (120 if origin == "RU" else 91) // 1000
    assert code in warned


@pytest.mark.parametrize(("price", "duty"), [(199_999, 7_960), (200_000, 8_000), (200_001, 18_200)])
def test_no_proof_is_asked_up_to_the_waiver(price: int, duty: int) -> None:
    """199,000 and 200,000 x 4 %; above it 200,000 x 9.1 %."""
    assert claimed("CN", "RCEP", price=price, proof=None)[0] == duty


def test_a_kind_of_proof_that_is_not_held_is_no_proof() -> None:
    amount, warned = claimed("MN", "JMEPA", proof="declaration", price=300_000)
    assert amount == 27_300
    assert {"PREFERENCE_REFUSED"} <= warned
    assert claimed("CN", "RCEP", proof="importer", price=300_000)[0] == 12_000


def test_the_lower_of_both_rates_is_taken_and_both_are_shown() -> None:
    tariff = TARIFF | columns(ad_valorem("rcep_china", 100))
    assert claimed("CN", "RCEP", tariff=tariff)[0] == 9_100
    told = parcel(
        goods(0, DRESS, 100_000, tariff=TARIFF),
        preference=Preference("RCEP", "certificate", direct_transport=True),
    )
    (step,) = [each for each in ruled(told).steps if each.code == "best_rate"]
    assert step.numbers == "9.1%, column wto: 9,100 against 4%, column rcep_china: 4,000"


def test_a_preferential_rate_by_quantity_is_compared_by_its_amount() -> None:
    by_piece = rate("rcep_china", "9,000円/枚", Specific(Fraction(9_000), "JPY", "piece"))
    assert claimed("CN", "RCEP", tariff=TARIFF | columns(by_piece))[0] == 9_000


def test_goods_that_are_free_anyway_need_no_preference() -> None:
    free = columns(ad_valorem("general", 0, "無税"), ad_valorem("rcep_china", 0, "無税"))
    assert claimed("CN", "RCEP", tariff=free, direct_transport=None) == (0, DOUBTS)


def test_the_simplified_tariff_says_that_it_knows_no_preference() -> None:
    told = parcel(
        goods(0, DRESS, 100_000, tariff=TARIFF),
        preference=Preference("RCEP", "certificate", direct_transport=True),
    )
    found = ruled(told, "simplified")
    assert item_charge(found, "duty") == 10_000
    assert "JP_PREFERENCE_NOT_SIMPLIFIED" in codes(found.warnings)


def test_without_a_claim_there_is_no_preference() -> None:
    assert item_charge(ruled(parcel(goods(0, DRESS, 100_000, tariff=TARIFF))), "duty") == 9_100
