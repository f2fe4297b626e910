"""What may not enter Japan or leave it for Russia, and what a declaration needs."""

from datetime import date
from fractions import Fraction

import pytest
from tests.law.jp.parcels import DAY, DRESS, TOY, codes, goods, parcel, ruled

from tumen.law.consignment import Consignment, ExchangeRate
from tumen.law.jp.control import export_notices
from tumen.law.quoting import quote

ROUBLE_DAY = date(2024, 1, 15)
PERFUME, CAR, PUMP = "330300000", "8703231000", "8413200000"


@pytest.mark.parametrize("hs", ["930200000", "360200000", "130211000"])
def test_prohibited_goods_are_not_admissible(hs: str) -> None:
    found = ruled(parcel(goods(0, hs, 50_000, duty=0)))
    assert found.status == "not_admissible"
    assert codes(found.violations) == {"GOODS_PROHIBITED"}


@pytest.mark.parametrize("category", ["weapons", "narcotics", "counterfeit", "obscene"])
def test_the_category_tells_what_a_code_does_not(category: str) -> None:
    found = ruled(parcel(goods(0, TOY, 50_000, duty=0, category=category)))
    assert found.status == "not_admissible"


@pytest.mark.parametrize("regime", ["simplified", "general"])
@pytest.mark.parametrize("more", [{"hs": "930200000"}, {"category": "obscene"}, {"origin": "KP"}])
def test_what_may_not_be_imported_has_no_total(regime: str, more: dict[str, str]) -> None:
    found = ruled(parcel(goods(0, price=50_000, duty=100, **more), goods(1, duty=0)), regime)
    assert (found.status, found.customs_value) == ("not_admissible", None)
    assert (found.charges, found.total) == ((), None)


@pytest.mark.parametrize("hs", ["020130000", "060311000", "050710000", "300490000", "930700000"])
def test_restricted_goods_are_warned_of_and_still_assessed(hs: str) -> None:
    found = ruled(parcel(goods(0, hs, 50_000, duty=0)))
    assert found.status == "payable"
    assert "GOODS_CONTROLLED" in codes(found.warnings)


def test_nothing_of_north_korean_origin_is_admissible() -> None:
    found = ruled(parcel(goods(0, TOY, 50_000, duty=0, origin="KP")))
    assert found.status == "not_admissible"
    assert codes(found.violations) == {"JP_IMPORT_BANNED"}


@pytest.mark.parametrize(
    ("origin", "day", "warned"),
    [
        ("RU", date(2022, 4, 18), False),
        ("RU", date(2022, 4, 19), True),
        ("CN", date(2022, 4, 19), False),
    ],
)
def test_russian_wood_is_warned_of_from_its_day(origin: str, day: date, warned: bool) -> None:
    found = ruled(parcel(goods(0, "440320000", 50_000, duty=0, origin=origin), day=day))
    assert ("JP_IMPORT_FROM_RUSSIA" in codes(found.warnings)) == warned


def to_russia(hs: str, price: int, day: date = ROUBLE_DAY, quantity: int | None = 1) -> set[str]:
    """Prices in roubles, at 0.5 roubles a yen."""
    told = Consignment(
        "RU",
        "JP",
        day,
        (goods(0, hs, price, quantity=quantity, origin="JP"),),
        exchange={"JPY": ExchangeRate("JPY", Fraction(1, 2), day, "given")},
    )
    return codes(export_notices(told)) - {"LAW_UNVERIFIED"}


@pytest.mark.parametrize(
    ("roubles", "quantity", "found"),
    [
        (20_000, 1, set()),
        (20_001, 1, {"JP_EXPORT_RU_BANNED"}),
        (40_000, 2, set()),
        (20_000, None, {"JP_EXPORT_RU_CHECK"}),
    ],
)
def test_luxury_goods_above_forty_thousand_yen_do_not_go_to_russia(
    roubles: int, quantity: int | None, found: set[str]
) -> None:
    assert to_russia(PERFUME, roubles, quantity=quantity) == found


def test_the_lists_for_russia_count_from_their_days() -> None:
    assert to_russia(PERFUME, 90_000, date(2022, 4, 4)) == set()
    assert to_russia(PERFUME, 90_000, date(2022, 4, 5)) == {"JP_EXPORT_RU_BANNED"}
    assert to_russia(CAR, 9_000_000, date(2022, 4, 5)) == {"JP_EXPORT_RU_CHECK"}
    assert to_russia(PUMP, 1, date(2023, 8, 8)) == set()
    assert to_russia(PUMP, 1, date(2023, 8, 9)) == {"JP_EXPORT_RU_CHECK"}


def test_without_an_exchange_rate_luxury_goods_are_to_be_checked() -> None:
    told = Consignment("RU", "JP", ROUBLE_DAY, (goods(0, PERFUME, 1),))
    (found, doubt) = export_notices(told)
    assert (found.code, doubt.code) == ("JP_EXPORT_RU_CHECK", "LAW_UNVERIFIED")
    assert doubt.parameters == {"parameters": "jp.export_ru.luxury"}


def test_that_cars_are_listed_is_confirmed() -> None:
    told = Consignment("RU", "JP", ROUBLE_DAY, (goods(0, CAR, 10**6),))
    assert codes(export_notices(told)) == {"JP_EXPORT_RU_CHECK"}


@pytest.mark.parametrize(("price", "is_banned"), [("40000", False), ("40001", True)])
def test_what_japan_does_not_let_go_has_no_total_in_russia(price: str, is_banned: bool) -> None:
    """The limit of a luxury is 40,000 yen; nothing is computed for goods that cannot arrive."""
    item = {"hs": PERFUME[:6], "quantity": "1", "unit_price": price, "net_weight_kg": "1"}
    answer = quote(
        {
            "destination": "RU",
            "dispatch": "JP",
            "date": "2026-03-02",
            "currency": "JPY",
            "exchange_rates": {"JPY": "0.5", "EUR": "90", "USD": "80"},
            "items": [item],
        }
    )
    assert (answer.status == "not_admissible") is is_banned
    assert ("JP_EXPORT_RU_BANNED" in {each.code for each in answer.violations}) is is_banned
    if is_banned:
        assert (answer.regime, answer.total, answer.charges, answer.items) == (None, None, [], [])
        assert {each.status for each in answer.considered} == {"not_admissible"}
        assert {each.total for each in answer.considered} == {None}
        assert "LAW_UNVERIFIED" in {each.code for each in answer.warnings}


def test_the_lists_for_russia_are_for_russia_only() -> None:
    assert export_notices(parcel(goods(0, PERFUME, 10**6), dispatch="JP")) == ()


def test_the_post_asks_its_fee_of_taxed_parcels_and_a_declaration_of_large_ones() -> None:
    taxed = ruled(parcel(goods(0, DRESS, 50_000, duty=100), transport="post"))
    assert "JP_POST_FEE" in codes(taxed.warnings)
    exempt = ruled(parcel(goods(0, DRESS, 5_000, duty=100), transport="post"))
    assert "JP_POST_FEE" not in codes(exempt.warnings)
    for price, needed in ((200_000, False), (200_001, True)):
        found = ruled(parcel(goods(0, DRESS, price, duty=100), transport="post"))
        assert ("JP_POST_NEEDS_DECLARATION" in codes(found.warnings)) == needed


@pytest.mark.parametrize(
    ("day", "platform", "warned"),
    [
        (date(2025, 10, 11), None, False),
        (date(2025, 10, 12), None, True),
        (date(2025, 10, 12), "P", False),
    ],
)
def test_the_platform_is_asked_for_from_its_day(
    day: date, platform: str | None, warned: bool
) -> None:
    found = ruled(parcel(day=day, platform=platform))
    assert ("JP_PLATFORM_NOT_TOLD" in codes(found.warnings)) == warned


@pytest.mark.parametrize(
    ("number", "kind", "warned"),
    [
        ("5835678256246", "business", False),
        ("4835678256246", "business", True),
        ("4835678256246", "person", False),
        ("P0001234", "business", False),
        (None, "business", False),
    ],
)
def test_a_corporate_number_has_its_check_digit(
    number: str | None, kind: str, warned: bool
) -> None:
    """9 - (sum of w x d mod 9), w = 1, 2, 1, 2 … from the right of the other 12 digits."""
    found = ruled(parcel(day=DAY, buyer_id=number, buyer_kind=kind))
    assert ("JP_CORPORATE_NUMBER_INVALID" in codes(found.warnings)) == warned
