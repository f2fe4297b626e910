"""Goods that leave Korea for Russia or Belarus."""

from datetime import date
from fractions import Fraction

import pytest
from parcels import codes
from tests.law.kr.shipments import consignment, goods, measures

from tumen.law.consignment import ExchangeRate
from tumen.law.kr.export_control import export_notices

RUBLES = {"USD": ExchangeRate("USD", Fraction(80), None, "given")}


def to_russia(*items: object, **more: object) -> object:
    given = {"destination": "RU", "dispatch": "KR", "exchange": RUBLES}
    return consignment(*items, **(given | more))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("day", "items"),
    [
        (date(2022, 3, 25), None),
        (date(2022, 3, 26), "57"),
        (date(2023, 4, 27), "57"),
        (date(2023, 4, 28), "798"),
        (date(2024, 2, 23), "798"),
        (date(2024, 2, 24), "1159"),
        (date(2024, 9, 8), "1159"),
        (date(2024, 9, 9), "1402"),
    ],
)
def test_the_length_of_the_list_follows_the_day(day: date, items: str | None) -> None:
    found = export_notices(to_russia(goods("8471", 100), day=day))  # type: ignore[arg-type]
    assert [each.parameters["value"] for each in found] == ([] if items is None else [items])


def test_other_roads_are_not_concerned() -> None:
    for more in ({"dispatch": "JP"}, {"destination": "CN"}, {"destination": "KR"}):
        assert export_notices(to_russia(goods("8703", 1), **more)) == ()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("price", "pieces", "above"),
    [
        (4_000_000, 1, "no"),
        (4_000_001, 1, "yes"),
        (8_000_000, 2, "no"),
        (4_000_001, None, "unknown"),
    ],
)
def test_a_car_above_fifty_thousand_dollars_is_told(
    price: int, pieces: int | None, above: str
) -> None:
    car = goods("8703", price, measures=measures(pieces=pieces))
    notices = export_notices(to_russia(car))  # type: ignore[arg-type]
    assert codes(notices) == ["KR_SITUATIONAL_LICENCE", "KR_SITUATIONAL_LICENCE_CAR"]
    assert notices[1].parameters == {"expected": "50000 USD, 2000 cm3", "value": above}


def test_without_a_rate_the_price_of_a_car_is_unknown() -> None:
    (_, car) = export_notices(to_russia(goods("8703", 1), exchange={}))  # type: ignore[arg-type]
    assert car.parameters["value"] == "unknown"
