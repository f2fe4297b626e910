"""The regimes of China: their order, what each is for, services, and always an answer."""

from datetime import date
from fractions import Fraction

import pytest
from consignments_cn import BOOK, CREAM, HANDBAG, consigned, goods, measured
from hypothesis import given
from hypothesis import strategies as st

from tumen.codelist.violations import violation
from tumen.law.cn.regimes import EXPORT_REGIMES, REGIMES
from tumen.law.consignment import Consignment
from tumen.law.ruling import CHARGE_CODES, Ruling

DAY = date(2026, 3, 2)
BY_NAME = {each.name: each for each in (*REGIMES, *EXPORT_REGIMES)}
IN_ANOTHER_FILE = {"LAW_UNVERIFIED", "TARIFF_INDICATIVE"}


def first_taken(consignment: Consignment) -> str:
    return next(each.name for each in REGIMES if not each.refusals(consignment))


@pytest.mark.parametrize(
    ("more", "price", "expected"),
    [
        ({"platform": "a platform"}, "1000", "cbec"),
        ({}, "1000", "postal"),
        ({}, "2000.01", "general"),
        ({"platform": "a platform"}, "5000.01", "general"),
        ({"platform": "a platform", "used_this_year": Fraction(25_000)}, "1000", "cbec"),
        ({"platform": "a platform", "used_this_year": Fraction(25_001)}, "1000", "general"),
        ({"used_this_year": Fraction(25_001)}, "1000", "postal"),
        ({"buyer_kind": "business"}, "1000", "general"),
        ({"transport": "cargo"}, "1000", "general"),
    ],
)
def test_the_law_prefers_retail_then_articles_then_general_trade(
    more: dict[str, str | Fraction], price: str, expected: str
) -> None:
    item = goods(HANDBAG, price, measures=measured("2"))
    assert first_taken(consigned(DAY, item, **more)) == expected


def test_the_names_are_those_of_the_native_shipment() -> None:
    assert list(BY_NAME) == [
        *("cbec", "postal", "general", "digital_service"),
        *("export_9610", "export_9710", "export_9810"),
    ]


def test_a_service_pays_vat_out_of_its_price() -> None:
    """106 CNY contain 6 % of 100 CNY."""
    service = consigned(DAY, goods("", "106", category="software"), buyer_kind="business")
    assert first_taken(service) == "digital_service"
    found = BY_NAME["digital_service"].assess(service)
    assert [(each.code, each.base, each.amount) for each in found.payable] == [("vat", 10_000, 600)]
    assert [each.code for each in found.warnings] == ["LAW_UNVERIFIED"]


def test_a_service_to_a_person_says_that_its_collection_is_unknown() -> None:
    found = BY_NAME["digital_service"].assess(consigned(DAY, goods("", "106", category="media")))
    assert "CN_SERVICE_COLLECTION_UNKNOWN" in [each.code for each in found.warnings]


@pytest.mark.parametrize(
    ("day", "status"), [(date(2016, 4, 30), "unknown"), (date(2016, 5, 1), "payable")]
)
def test_services_are_taxed_from_may_2016(day: date, status: str) -> None:
    service = consigned(day, goods("", "106", category="advertising"))
    assert BY_NAME["digital_service"].assess(service).status == status


def test_goods_are_no_service_and_a_service_is_no_goods() -> None:
    found = BY_NAME["digital_service"].assess(consigned(DAY, goods(BOOK, "106")))
    assert [each.code for each in found.violations] == ["GOODS_ARE_NO_SERVICE"]
    service = consigned(DAY, goods("", "106", category="software"), platform="a platform")
    for name in ("cbec", "postal", "general"):
        assert "SERVICE_IS_NO_GOODS" in [each.code for each in BY_NAME[name].refusals(service)]


def check(found: Ruling) -> None:
    """What holds of every ruling, whatever the consignment."""
    assert {each.code for each in found.charges} <= set(CHARGE_CODES)
    assert all((each.amount is None) == (each.missing is not None) for each in found.charges)
    assert (found.total is None) == (found.status in ("unknown", "not_admissible"))
    assert (found.status == "not_admissible") == bool(found.violations)
    for notice in (*found.warnings, *found.violations):
        if notice.code not in IN_ANOTHER_FILE:
            violation(notice.code).message.format(path="", value="", expected="")


CODES = st.sampled_from(["", "x", "22", "9401", BOOK, CREAM, HANDBAG, "9303100000", "2402200000"])
ITEMS = st.builds(
    lambda hs, price, category, kg, rates: goods(
        *(hs, f"{Fraction(price, 1000)}"),
        category=category,
        measures=measured("1", "piece", kg=kg),
        rates=rates,
    ),
    CODES,
    st.integers(-1000, 10**7),
    st.sampled_from([None, "software"]),
    st.sampled_from([None, "0", "0.05", "-1"]),
    st.sampled_from([{}, {"duty": "0.1"}, {"consumption_tax": "2"}, {"vat": "0.000000001"}]),
)


@given(
    st.lists(ITEMS, min_size=1, max_size=3),
    st.dates(date(2009, 1, 1), date(2030, 1, 1)),
    st.sampled_from(["CN", "JP", "HK"]),
    st.sampled_from([None, "a platform"]),
    st.sampled_from(["person", "business"]),
)
def test_every_regime_always_answers(
    items: list[object], day: date, dispatch: str, platform: str | None, buyer: str
) -> None:
    more = {"dispatch": dispatch, "platform": platform, "buyer_kind": buyer}
    for destination in ("CN", "JP"):
        consignment = consigned(day, *items, destination=destination, **more)  # type: ignore[arg-type]
        for regime in BY_NAME.values():
            check(regime.assess(consignment))
            is_refused = bool(regime.refusals(consignment))
            assert (
                not is_refused
                or regime.assess(consignment).status
                in {
                    "not_admissible",
                    "unknown",
                }
                or regime.name == "general"
            )
