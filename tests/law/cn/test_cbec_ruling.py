"""Retail import as a regime: what the reference computes, refusals, quantities, stated rates."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

import pytest
from consignments_cn import BEER, CREAM, HANDBAG, WHISKY, consigned, goods, measured

from tumen.law.cn.cbec_reference import assess as assess_shipment
from tumen.law.cn.cbec_ruling import assess, refusals, shipment_of
from tumen.law.consignment import Consignment, Goods, Preference
from tumen.law.explanation import Step
from tumen.law.ruling import Charge
from tumen.law.settlement import Settlement

DAY = date(2024, 1, 2)


def retail(*items: Goods, **more: object) -> Consignment:
    return consigned(DAY, *items, **({"platform": "a platform"} | more))


def by_item(charge: Charge) -> int:
    return -1 if charge.item is None else charge.item


def codes(consignment: Consignment) -> list[str]:
    return [each.code for each in refusals(consignment)]


def test_cases_02c_and_03f_have_their_totals() -> None:
    """CN-02c: a handbag of 3,000 CNY: 273. CN-03f: 850 CNY of cream: 105 + 91."""
    assert assess(retail(goods(HANDBAG, "3000"))).total == 27_300
    cream = assess(retail(goods(CREAM, "850", measures=measured(kg="0.001"))))
    assert {each.code: each.amount for each in cream.payable} == {
        "duty": 0,
        "consumption_tax": 10_500,
        "vat": 9_100,
    }


def test_the_regime_says_what_the_reference_computes() -> None:
    items = (
        goods(CREAM, "123.45", measures=measured(kg="0.05")),
        goods(HANDBAG, "678.9", 1),
        goods(WHISKY, "321", 2, measures=measured(litre="0.7")),
    )
    consignment = retail(*items, freight=Fraction("12.34"), insurance=Fraction("0.56"))
    found, reference = (
        assess(consignment),
        assess_shipment(shipment_of(Settlement("cbec", consignment))),
    )
    expected = [
        tax.amount_fen
        for item in reference.items
        for tax in (item.duty, item.consumption_tax, item.vat)
    ]
    charges = sorted((each for each in found.charges if each.item is not None), key=by_item)
    assert [each.amount for each in charges] == expected
    assert found.customs_value == reference.declaration_value_fen == 113_625
    assert as_read(found.steps) == as_read(reference.steps)


def as_read(steps: Iterable[Step]) -> list[tuple[object, ...]]:
    """Steps with their numbers in words."""
    return [(each.code, each.item, each.formula, each.numbers, each.citation) for each in steps]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"platform": None}, "PLATFORM_NOT_TOLD"),
        ({"buyer_kind": "business"}, "BUYER_NOT_A_PERSON"),
        ({"purpose": "commercial"}, "PURPOSE_NOT_PERSONAL"),
        ({"used_this_year": Fraction("25000.01")}, "OVER_ANNUAL_LIMIT"),
    ],
)
def test_what_is_outside_is_refused_with_a_code(more: dict[str, object], code: str) -> None:
    consignment = retail(goods(HANDBAG, "1000"), **more)
    assert codes(consignment) == [code]
    found = assess(consignment)
    assert (found.status, [each.code for each in found.violations]) == ("not_admissible", [code])


@pytest.mark.parametrize(
    ("day", "price", "quantity", "expected"),
    [
        (date(2018, 12, 31), "2000", "2", []),
        (date(2018, 12, 31), "2000.01", "2", ["OVER_SINGLE_LIMIT"]),
        (date(2019, 1, 1), "5000", "2", []),
        (date(2019, 1, 1), "5000.01", "2", ["OVER_SINGLE_LIMIT"]),
        (date(2019, 1, 1), "5000.01", "1", []),
        (date(2016, 4, 7), "100", "1", ["LAW_NOT_IN_FORCE"]),
        (date(2016, 4, 8), "100", "1", []),
    ],
)
def test_the_limits_of_the_day_decide(
    day: date, price: str, quantity: str, expected: list[str]
) -> None:
    item = goods(HANDBAG, price, measures=measured(quantity))
    assert codes(consigned(day, item, platform="a platform")) == expected


def test_a_single_item_above_the_limit_pays_in_full_by_an_indicative_rate() -> None:
    """6,000 CNY at a stated duty of 10 %: 600; VAT 6,600 x 13 % = 858."""
    claim = Preference("RCEP", "certificate", True)
    item = goods(HANDBAG, "6000", rates={"duty": "0.1"}, origin="JP")
    found = assess(retail(item, preference=claim))
    assert {each.code: each.amount for each in found.payable} == {
        "duty": 60_000,
        "consumption_tax": 0,
        "vat": 85_800,
    }
    told = [each.code for each in found.warnings]
    assert "PREFERENCE_RATE_NOT_HELD" in told
    assert "TARIFF_INDICATIVE" not in told
    by_tariff = assess(retail(goods(HANDBAG, "6000")))
    assert "TARIFF_INDICATIVE" in [each.code for each in by_tariff.warnings]


def test_the_rate_names_the_amount_by_quantity_and_the_share_that_is_payable() -> None:
    """0.5 l of spirits at 1,000 CNY: 20 % and 0.912 CNY/l; 6 l of beer at 120 CNY: 250 CNY/t."""
    spirits = assess(retail(goods(WHISKY, "1000", measures=measured(litre="0.5"))))
    assert [each.rate for each in spirits.payable] == [
        "0%",
        "(20% and 0.46 by quantity) x 70%",
        "13% x 70%",
    ]
    beer = assess(retail(goods(BEER, "120", measures=measured("12", litre="6"))))
    assert [each.rate for each in beer.payable] == ["0%", "1.52 by quantity x 70%", "13% x 70%"]
    dear = assess(retail(goods(HANDBAG, "6000", rates={"duty": "0.1"})))
    assert [each.rate for each in dear.payable] == ["10%", "0%", "13%"]


def test_a_stated_duty_does_not_touch_the_zero_within_the_limits() -> None:
    rates = {"duty": "0.1", "vat": "0.09"}
    found = assess(retail(goods(HANDBAG, "1000", rates=rates)))
    assert {each.code: each.amount for each in found.payable if each.amount} == {"vat": 6_300}


def test_a_positive_list_that_is_not_held_is_told_and_so_is_what_is_unverified() -> None:
    found = assess(retail(goods(CREAM, "850", measures=measured(kg="0.05"))))
    told = {each.code: each.parameters for each in found.warnings}
    assert "CBEC_POSITIVE_LIST_NOT_HELD" in told
    assert told["LAW_UNVERIFIED"]["parameters"] == (
        "cn.cbec.apportionment, cn.cbec.rounding, cn.consumption_tax.high_end_cosmetics, "
        "cn.consumption_tax.high_end_cosmetics.rate, cn.units"
    )


@pytest.mark.parametrize(
    ("item", "missing"),
    [
        (goods(CREAM, "100"), "items[0].volume_l or net_weight_kg"),
        (
            goods(CREAM, "100", measures=measured(kg="0.000000001")),
            "items[0].volume_l or net_weight_kg",
        ),
        (goods("", "100"), "items[0].hs"),
        (goods("33", "100", measures=measured(kg="1")), "items[0].hs"),
        (goods(HANDBAG, "-1"), "customs_value"),
        (goods(HANDBAG, "100", rates={"vat": "0.12345678"}), "items[0].rates.vat"),
        (goods(HANDBAG, "100", rates={"consumption_tax": "1"}), "items[0].rates.consumption_tax"),
    ],
)
def test_what_is_unknown_is_named(item: Goods, missing: str) -> None:
    found = assess(retail(item))
    assert (found.status, found.total) == ("unknown", None)
    assert missing in {each.missing for each in found.payable}
    assert refusals(retail(item)) == ()
