"""Export by e-commerce: which mode on which day, for whom, and which data it asks for."""

from datetime import date, timedelta

import pytest
from consignments_cn import HANDBAG, consigned, exchange, goods

from tumen.law.cn.export import EXPORT_REGIMES
from tumen.law.consignment import Consignment
from tumen.law.ruling import Regime, Ruling

BY_NAME: dict[str, Regime] = {each.name: each for each in EXPORT_REGIMES}


def sent(day: date, price: str = "100000", **more: object) -> Consignment:
    """Handbags from China to a business in Japan, in yen; a yuan is 20 yen."""
    where = {"destination": "JP", "dispatch": "CN", "buyer_kind": "business"}
    return consigned(
        day, goods(HANDBAG, price), **(where | {"exchange": exchange(CNY="20")} | more)
    )


def told(found: Ruling) -> dict[str, str]:
    return {each.code: each.parameters.get("value", "") for each in found.warnings}


def refused(mode: str, consignment: Consignment) -> list[str]:
    return [each.code for each in BY_NAME[mode].refusals(consignment)]


def test_retail_export_asks_for_order_receipt_of_payment_and_waybill() -> None:
    found = BY_NAME["export_9610"].assess(sent(date(2026, 3, 2), buyer_kind="person"))
    assert (found.status, found.charges, found.total) == ("exempt", (), 0)
    assert told(found)["EXPORT_DATA_REQUIRED"] == "order, receipt_of_payment, waybill"
    assert {"release", "merging", "simplified_declaration", "control"} <= {
        each.code for each in found.steps
    }


@pytest.mark.parametrize("mode", BY_NAME)
@pytest.mark.parametrize("more", [{"dispatch": "KR"}, {"destination": "CN"}])
def test_a_mode_is_for_goods_that_leave_china(mode: str, more: dict[str, str]) -> None:
    buyer = "person" if mode == "export_9610" else "business"
    consignment = sent(date(2026, 3, 2), buyer_kind=buyer, **more)
    assert refused(mode, consignment) == ["EXPORT_NOT_FROM_CHINA"]
    assert BY_NAME[mode].assess(consignment).status == "not_admissible"


@pytest.mark.parametrize(
    ("mode", "buyer", "expected"),
    [
        ("export_9610", "business", ["EXPORT_BUYER_NOT_OF_MODE"]),
        ("export_9710", "person", ["EXPORT_BUYER_NOT_OF_MODE"]),
        ("export_9810", "person", []),
        ("export_9810", "business", []),
    ],
)
def test_a_mode_has_its_buyer(mode: str, buyer: str, expected: list[str]) -> None:
    assert refused(mode, sent(date(2026, 3, 2), buyer_kind=buyer)) == expected


@pytest.mark.parametrize(
    ("mode", "first"),
    [("export_9710", date(2020, 7, 1)), ("export_9810", date(2020, 7, 1))],
)
def test_business_export_begins_in_july_2020(mode: str, first: date) -> None:
    assert refused(mode, sent(first)) == []
    assert refused(mode, sent(first - timedelta(days=1))) == ["LAW_NOT_IN_FORCE"]


@pytest.mark.parametrize(
    ("day", "districts"),
    [
        (date(2020, 7, 1), "ten_districts"),
        (date(2020, 8, 31), "ten_districts"),
        (date(2020, 9, 1), "twenty_two_districts"),
        (date(2021, 6, 30), "twenty_two_districts"),
        (date(2021, 7, 1), None),
    ],
)
def test_business_export_spreads_from_ten_districts_to_the_country(
    day: date, districts: str | None
) -> None:
    found = BY_NAME["export_9710"].assess(sent(day))
    assert told(found).get("EXPORT_DISTRICT_LIMITED") == districts


@pytest.mark.parametrize(
    ("yen", "code"),
    [
        ("99999.8", "EXPORT_LIST_MODE_POSSIBLE"),  # 4,999.99 CNY
        ("100000", "EXPORT_LIST_MODE_POSSIBLE"),  # 5,000.00
        ("100000.2", "EXPORT_DECLARATION_NEEDED"),  # 5,000.01
    ],
)
def test_a_list_does_up_to_five_thousand_yuan(yen: str, code: str) -> None:
    for mode in ("export_9710", "export_9810"):
        assert code in told(BY_NAME[mode].assess(sent(date(2026, 3, 2), yen)))


def test_without_the_rate_of_the_yuan_nobody_can_tell_whether_a_list_does() -> None:
    found = BY_NAME["export_9710"].assess(sent(date(2026, 3, 2), exchange={}))
    assert told(found)["EXPORT_LIST_MODE_UNKNOWN"] == "exchange_rates.CNY"


@pytest.mark.parametrize(
    ("day", "is_filed"), [(date(2024, 12, 14), True), (date(2024, 12, 15), False)]
)
def test_an_overseas_warehouse_is_filed_until_the_middle_of_december_2024(
    day: date, is_filed: bool
) -> None:
    found = BY_NAME["export_9810"].assess(sent(day))
    assert ("EXPORT_WAREHOUSE_FILING" in told(found)) is is_filed
    assert "EXPORT_WAREHOUSE_FILING" not in told(BY_NAME["export_9710"].assess(sent(day)))


@pytest.mark.parametrize("mode", BY_NAME)
def test_export_control_is_never_passed_over_in_silence(mode: str) -> None:
    buyer = "person" if mode == "export_9610" else "business"
    for day in (date(2021, 7, 1), date(2024, 11, 30), date(2024, 12, 1)):
        found = BY_NAME[mode].assess(sent(day, buyer_kind=buyer))
        assert "EXPORT_CONTROL_NOT_CHECKED" in told(found)
