"""Periods of one law: days that share what is looked up once."""

from datetime import date, timedelta

import polars as pl
import pytest

from tumen.codelist.currencies import CURRENCY_OF
from tumen.law.assessing import Assessor, joined
from tumen.law.parameters import parameters
from tumen.law.quoting import NO_BOOKS
from tumen.law.rows import of_many, shipments_of
from tumen.law.vector.periods import periods_of, seasonal

ASSESSOR = Assessor(date(2026, 8, 1), NO_BOOKS)


def test_a_period_begins_on_the_day_of_a_change_and_not_before() -> None:
    """The limit of retail import changed on 2019-01-01."""
    days = pl.Series([date(2018, 12, 31), date(2019, 1, 1), date(2019, 1, 2), None])
    before, first, second, none = periods_of(days, "CN").to_list()
    assert before < date(2019, 1, 1)
    assert first == second == date(2019, 1, 1)
    assert none is None


@pytest.mark.parametrize("economy", [*CURRENCY_OF])
def test_within_a_period_no_parameter_of_the_economy_changes(economy: str) -> None:
    days = pl.date_range(date(2015, 1, 1), date(2028, 12, 31), "1d", eager=True)
    periods = dict(zip(days.to_list(), periods_of(days, economy).to_list(), strict=True))
    own = [each for each in parameters().values() if each.name.startswith(f"{economy.lower()}.")]
    changes = {value.first for each in own for value in each.values}
    changes |= {
        value.last + timedelta(days=1) for each in own for value in each.values if value.last
    }
    inside = changes & periods.keys()
    assert inside
    assert all(periods[day] == day for day in inside)


def test_goods_with_a_season_and_others_of_one_day_have_one_answer_each() -> None:
    subheading = min(seasonal("JP"))
    head = {
        "destination": "JP", "dispatch": "CN", "date": "2026-05-18", "currency": "USD",
        "quantity": "2", "unit_price": "90", "net_weight_kg": "1", "origin": "CN",
    }  # fmt: skip
    codes = [subheading, f"{subheading}000", "640320012", "610910010"]
    rows = pl.DataFrame([head | {"shipment": code, "hs": code} for code in codes])
    found = of_many(rows, ASSESSOR)
    assert found["shipment"].to_list() == codes
    scalar = joined([ASSESSOR.assess(list(shipments_of(rows)))]).shipments
    assert found.rows() == scalar.rows()
