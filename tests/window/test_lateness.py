"""A bill that is late says by how many days, and what the law adds, as far as it is held."""

from datetime import date
from typing import Any

import pytest

from tumen.window.lateness import Lateness, lateness

LAST = date(2026, 12, 15)


def bill(**told: Any) -> dict[str, Any]:
    """A bill of Chinese general import that nobody paid."""
    usual = {
        "economy": "CN", "regime": "general", "state": "made", "due_by": LAST, "paid_on": None,
        "currency": "CNY", "total_minor": 910,
    }  # fmt: skip
    return {**usual, **told}


def test_the_last_day_is_in_time_and_the_day_after_it_is_late() -> None:
    assert lateness(bill(), LAST) is None
    assert lateness(bill(), date(2026, 12, 18)) == Lateness(
        3, 500, "关税法", is_verified=True, unpaid_minor=910
    )  # fmt: skip


def test_the_days_are_counted_until_it_was_paid() -> None:
    found = lateness(bill(paid_on=date(2026, 12, 16), state="paid"), date(2027, 6, 1))
    assert found is not None
    assert found.days == 1


@pytest.mark.parametrize("told", [{"total_minor": -5}, {"state": "voided"}, {"due_by": None}])
def test_what_owes_nothing_or_has_no_last_day_is_never_late(told: dict[str, Any]) -> None:
    assert lateness(bill(**told), date(2027, 1, 1)) is None


@pytest.mark.parametrize("whose", [{"economy": "KR"}, {"regime": "cbec"}])
def test_where_no_rate_is_held_it_is_unknown_and_not_zero(whose: dict[str, Any]) -> None:
    assert lateness(bill(**whose), date(2026, 12, 16)) == Lateness(1)
    assert Lateness(1).rate_per_day is None


def test_a_bill_of_before_the_act_goes_by_the_act_before_it() -> None:
    found = lateness(bill(due_by=date(2024, 11, 30)), date(2024, 12, 5))
    assert found is not None
    assert found.citation == "海关法 60; 进出口关税条例"
    assert found.rate_per_day == "0.000500"


def test_what_the_law_adds_is_told_to_the_last_digit_and_never_rounded() -> None:
    found = lateness(bill(), date(2026, 12, 18))
    assert found is not None
    assert (found.per_day, found.so_far) == ("0.00455", "0.01365")
    assert (Lateness(1).per_day, Lateness(1).so_far) == (None, None)
