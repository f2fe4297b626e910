"""Digital services from abroad: where they are taxed, at what rate, and who pays."""

from datetime import date
from fractions import Fraction

import pytest
from parcels import amounts
from tests.law.jp.parcels import REGIME, TOY, codes, goods, missing, parcel, ruled

from tumen.law.consignment import Consignment, Goods

DIGITAL = "digital_service"


def service(price: int | Fraction = 1_000, **more: object) -> Goods:
    return goods(0, "", price, category="software", **more)


@pytest.mark.parametrize(
    ("price", "national", "local"),
    [
        # 10 % in whole yen, of which 7.8 % is national
        (1_000, 78, 22),
        (999, 77, 22),
        (1, 0, 0),
        (10, 0, 1),
    ],
)
def test_national_and_local_tax_make_up_ten_per_cent(price: int, national: int, local: int) -> None:
    found = ruled(parcel(service(price)), DIGITAL)
    assert list(amounts(found).values()) == [national, local]
    assert found.total == price // 10
    assert found.status == ("payable" if found.total else "exempt")
    assert found.customs_value is None


@pytest.mark.parametrize(
    ("day", "total"),
    [
        (date(2015, 9, 30), None),
        (date(2015, 10, 1), 80),
        (date(2019, 9, 30), 80),
        (date(2019, 10, 1), 100),
    ],
)
def test_services_are_taxed_from_their_day_at_the_rate_of_the_day(
    day: date, total: int | None
) -> None:
    found = ruled(parcel(service(), day=day), DIGITAL)
    assert found.total == total
    if total is None:
        assert set(missing(found).values()) == {"jp.digital_service.place"}


def test_a_business_pays_itself_and_a_platform_may_pay_from_its_day() -> None:
    business = parcel(service(), buyer_kind="business")
    assert "JP_REVERSE_CHARGE" in codes(ruled(business, DIGITAL).warnings)
    for day, warned in ((date(2025, 3, 31), False), (date(2025, 4, 1), True)):
        found = ruled(parcel(service(), day=day), DIGITAL)
        assert ("JP_PLATFORM_MAY_BE_LIABLE" in codes(found.warnings)) == warned
        assert "JP_SUPPLIER_MAY_BE_EXEMPT" in codes(found.warnings)


def refused(regime: str, consignment: Consignment) -> set[str]:
    return codes(REGIME[regime].refusals(consignment))


def test_goods_are_no_service_and_a_service_is_no_goods() -> None:
    assert refused(DIGITAL, parcel(goods(0, TOY))) == {"GOODS_ARE_NO_SERVICE"}
    assert refused(DIGITAL, parcel(goods(0, ""))) == {"GOODS_ARE_NO_SERVICE"}
    assert refused(DIGITAL, parcel(service())) == set()
    for regime in ("general", "simplified"):
        assert refused(regime, parcel(service())) == {"SERVICE_IS_NO_GOODS"}
    assert refused("general", parcel(goods(0, TOY))) == set()


def test_a_price_below_nothing_is_unknown() -> None:
    found = ruled(parcel(service(-1)), DIGITAL)
    assert found.status == "unknown"
    assert set(missing(found).values()) == {"items[0].unit_price"}


def test_a_given_rate_wins_here_too() -> None:
    told = parcel(service(1_000, rates={"consumption_tax": Fraction(624, 10_000)}))
    assert ruled(told, DIGITAL).total == 80
