"""Parcels that are added up: before and after 2022-11-17."""

from datetime import date
from fractions import Fraction

import pytest
from parcels import amounts, codes
from tests.law.kr.shipments import SHIRT, consignment, dollars, goods

from tumen.law.consignment import Related
from tumen.law.kr.list_reference import assess, refusals
from tumen.law.kr.simplified_reference import assess as assess_simplified

BEFORE, AFTER = date(2022, 11, 16), date(2022, 11, 17)
MAY = date(2022, 5, 1)
JUNE = date(2022, 6, 1)


def parcel(**more: object) -> object:
    """A parcel of 100 USD of seller A, bought in May, that arrived in June."""
    given = {"seller": "A", "ordered_at": MAY, "arrived_at": JUNE, "day": AFTER}
    return consignment(goods(SHIRT, 130_000), **(given | more))


def test_two_parcels_of_one_arrival_day_are_case_kr_05() -> None:
    """KR-05: 150 and 100 USD of two sellers, one arrival day: 250 USD; 350,000 x 20 % = 70,000."""
    arrived, rate = date(2022, 9, 25), dollars(1400)
    bought = (date(2022, 9, 1), date(2022, 9, 2))
    prices, sellers = (Fraction(210_000), Fraction(140_000)), ("A", "B")
    duties = []
    for mine, other in ((0, 1), (1, 0)):
        related = Related(prices[other], sellers[other], bought[other], arrived)
        shipment = consignment(
            goods("9503", prices[mine]),
            day=arrived,
            exchange=rate,
            seller=sellers[mine],
            ordered_at=bought[mine],
            arrived_at=arrived,
            related=(related,),
        )
        (refusal,) = refusals(shipment)
        assert (refusal.code, refusal.parameters["value"]) == ("KR_AGGREGATED", "250 USD")
        duties.append(amounts(assess_simplified(shipment))["simplified_duty"])
    assert duties == [42_000, 28_000]


def test_orders_of_two_days_are_not_added_up_since_then_case_kr_05c() -> None:
    """KR-05c: 100 USD on 6 December and 100 USD on 7 December: no tax."""
    shipment = consignment(
        goods(SHIRT, 130_000),
        day=date(2022, 12, 20),
        seller="A",
        ordered_at=date(2022, 12, 6),
        arrived_at=date(2022, 12, 20),
        related=(Related(Fraction(130_000), "A", date(2022, 12, 7), date(2022, 12, 20)),),
    )
    assert refusals(shipment) == ()
    assert (assess(shipment).status, assess(shipment).total) == ("exempt", 0)


@pytest.mark.parametrize(
    ("seller", "ordered_at", "arrived_at", "before", "after"),
    [
        ("A", MAY, JUNE, True, True),
        ("A", MAY, MAY, True, True),
        ("B", MAY, JUNE, True, False),
        ("A", JUNE, JUNE, True, False),
        ("B", JUNE, JUNE, True, False),
        ("A", JUNE, MAY, False, False),
        ("B", MAY, MAY, False, False),
    ],
)
def test_the_rule_of_the_day_decides_what_counts(
    seller: str, ordered_at: date, arrived_at: date, before: bool, after: bool
) -> None:
    related = (Related(Fraction(130_000), seller, ordered_at, arrived_at),)
    for day, counts in ((BEFORE, before), (AFTER, after)):
        shipment = parcel(day=day, related=related)
        found = codes(refusals(shipment))  # type: ignore[arg-type]
        assert found == (["KR_AGGREGATED"] if counts else [])


def test_a_small_parcel_beside_does_not_matter() -> None:
    """100 + 50 USD are within the limit; 50.0008 are not."""
    for value, wanted in ((65_000, []), (65_001, ["KR_AGGREGATED"])):
        shipment = parcel(related=(Related(Fraction(value), "A", MAY, JUNE),))
        assert codes(refusals(shipment)) == wanted  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("day", "related", "ours", "missing"),
    [
        (AFTER, Related(Fraction(130_000), None, MAY, None), {}, "related[0].seller"),
        (AFTER, Related(Fraction(130_000), "A", None, None), {}, "related[0].ordered_at"),
        (AFTER, Related(Fraction(130_000), "A", MAY, None), {"seller": None}, "seller"),
        (BEFORE, Related(Fraction(130_000), "B", MAY, None), {}, "related[0].arrived_at"),
        (BEFORE, Related(Fraction(130_000), "B", MAY, JUNE), {"arrived_at": None}, "arrived_at"),
    ],
)
def test_what_was_not_told_of_a_parcel_is_asked_for(
    day: date, related: Related, ours: dict[str, object], missing: str
) -> None:
    shipment = parcel(day=day, related=(related,), **ours)
    (refusal,) = refusals(shipment)  # type: ignore[arg-type]
    assert (refusal.code, refusal.path) == ("REGIME_NOT_TOLD", missing)
    assert assess(shipment).status == "unknown"  # type: ignore[arg-type]


def test_what_was_not_told_does_not_matter_where_it_changes_nothing() -> None:
    small = Related(Fraction(65_000), None, None, None)
    elsewhere = Related(Fraction(130_000), "B", None, None)
    assert refusals(parcel(related=(small,))) == ()  # type: ignore[arg-type]
    assert refusals(parcel(related=(elsewhere,))) == ()  # type: ignore[arg-type]


def test_the_rule_is_cited_in_a_step() -> None:
    found = assess(parcel(related=(Related(Fraction(1), "A", MAY, JUNE),)))  # type: ignore[arg-type]
    (step,) = [each for each in found.steps if each.code == "aggregation"]
    assert "수입통관 사무처리에 관한 고시, 68" in step.citation
    assert "130,001" in step.numbers
