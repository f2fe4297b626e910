"""The regimes of Korea together: their order, and that each always answers."""

from datetime import date
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st
from parcels import amounts
from tests.law.kr.shipments import (
    BAG,
    PERFUME,
    PILLS,
    SHIRT,
    WHISKY,
    WINE,
    consignment,
    dollars,
    goods,
    measures,
    tariff,
)

from tumen.codelist.violations import violation
from tumen.law.consignment import Consignment, Preference, Related
from tumen.law.kr.regimes import REGIMES
from tumen.law.parameters import at
from tumen.law.ruling import Regime

SHARED_CODES = {"LAW_UNVERIFIED", "TARIFF_INDICATIVE", "RATE_UNKNOWN"}


def taken(shipment: Consignment) -> Regime:
    """The first regime that does not refuse the consignment."""
    return next(each for each in REGIMES if not each.refusals(shipment))


def test_the_regimes_are_those_of_the_native_shipment() -> None:
    assert [each.name for each in REGIMES] == ["list", "simplified", "general", "digital_service"]


def test_each_consignment_has_its_regime() -> None:
    toy = goods("9503", 300_000, tariff=tariff(base="8"))
    cases = {
        "list": consignment(goods(SHIRT, 100_000)),
        "simplified": consignment(toy),
        "general": consignment(toy, transport="cargo"),
        "digital_service": consignment(goods("", 100, category="app")),
    }
    for name, shipment in cases.items():
        assert taken(shipment).name == name


def test_small_food_and_small_mail_are_exempt_by_the_general_import() -> None:
    pills = goods(PILLS, 50_000, measures=measures(pieces=6))
    for shipment in (
        consignment(pills),
        consignment(goods(SHIRT, 100_000), transport="post"),
    ):
        regime = taken(shipment)
        assert (regime.name, regime.assess(shipment).status) == ("general", "exempt")


def test_seven_bottles_of_pills_are_taxed() -> None:
    pills = goods(PILLS, 50_000, measures=measures(pieces=7), tariff=tariff(base="8"))
    shipment = consignment(pills)
    assert taken(shipment).name == "simplified"
    # 50,000 x 15 % = 7,500 is less than 10,000 and is not collected.
    assert amounts(taken(shipment).assess(shipment)) == {"simplified_duty": 0}


def test_the_exchange_rate_is_that_of_the_week_before() -> None:
    """관세법 18; the composer asks for it."""
    for day in (date(2015, 12, 1), date(2022, 9, 14), date(2022, 9, 15), date(2026, 8, 1)):
        assert at("kr.fx.rule", day) == "previous_week"


ITEMS = st.builds(
    goods,
    hs=st.sampled_from(
        ["", "9503", SHIRT, BAG, WINE, WHISKY, PERFUME, PILLS, "2203", "4303", "0808"]
    ),
    price=st.integers(-1, 5_000_000),
    category=st.sampled_from([None, "food", "software", "wine", "cites", "narcotics", "nonsense"]),
    origin=st.sampled_from([None, "CN", "JP", "XX"]),
    tariff=st.sampled_from(
        [tariff(), tariff(base="8"), tariff(A="13", C="8", FCN1="0"), tariff(A=None)]
    ),
    measures=st.builds(
        measures,
        kg=st.sampled_from([None, "0.5"]),
        litre=st.sampled_from([None, "0.05", "1"]),
        pieces=st.sampled_from([None, 0, 1, 7]),
    ),
)
SHIPMENTS = st.builds(
    consignment,
    ITEMS,
    dispatch=st.sampled_from(["CN", "US", "KR", "JP"]),
    day=st.sampled_from(
        [
            date(2010, 1, 1),
            date(2015, 12, 1),
            date(2016, 2, 4),
            date(2022, 11, 16),
            date(2023, 2, 28),
            date(2026, 8, 1),
        ]
    ),
    transport=st.sampled_from(["post", "courier", "cargo", "bonded"]),
    purpose=st.sampled_from(["personal", "commercial"]),
    buyer_kind=st.sampled_from(["person", "business"]),
    buyer_id=st.sampled_from([None, "P123456789012", "1234567890"]),
    freight=st.sampled_from([Fraction(0), Fraction(12_345, 10), Fraction(-1)]),
    exchange=st.sampled_from([dollars(), dollars("0"), {}]),
    preference=st.sampled_from([None, Preference("CKFTA", None, True), Preference("X")]),
    related=st.sampled_from([(), (Related(Fraction(200_000)),)]),
)


@given(shipment=SHIPMENTS)
def test_every_regime_answers_every_consignment(shipment: Consignment) -> None:
    for regime in REGIMES:
        reasons = regime.refusals(shipment)
        ruling = regime.assess(shipment)
        assert ruling.regime == regime.name
        if reasons:
            assert ruling.status in {"not_admissible", "unknown"}
        assert (ruling.total is None) == (
            ruling.status in {"unknown", "not_admissible"}
            or any(each.amount is None for each in ruling.payable)
        )
        for charge in ruling.charges:
            assert (charge.amount is None) == (charge.missing is not None)
            assert charge.amount is None or charge.amount >= 0
            assert charge.amount is None or charge.citations
        for notice in (*reasons, *ruling.warnings, *ruling.violations):
            if notice.code not in SHARED_CODES:
                entry = violation(notice.code)
                entry.message.format_map({"path": notice.path, **notice.parameters})


@given(shipment=SHIPMENTS)
def test_what_is_payable_is_the_sum_over_the_items_or_nothing(shipment: Consignment) -> None:
    for regime in REGIMES:
        ruling = regime.assess(shipment)
        for whole in ruling.payable:
            parts = [
                each.amount
                for each in ruling.charges
                if each.item is not None and each.code == whole.code
            ]
            if parts and whole.amount:
                assert whole.amount == sum(part or 0 for part in parts)


def test_a_business_number_with_a_wrong_check_digit_is_warned_of() -> None:
    """Two published numbers of large firms, one with another last digit, and what is no number."""
    cases = {"1248100998": False, "220-81-62517": False, "1248100999": True, "12481": True}
    for number, warned in cases.items():
        shipment = consignment(
            goods("9503", 100_000, tariff=tariff(base="8")),
            buyer_kind="business",
            buyer_id=number,
        )
        warnings = REGIMES[2].assess(shipment).warnings
        assert ("KR_BUSINESS_NUMBER_INVALID" in {each.code for each in warnings}) is warned
