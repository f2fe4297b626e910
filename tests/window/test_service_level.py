"""The clock of the queue: by its lane, day and night, and never by an invented law."""

from datetime import UTC, datetime, timedelta

import pytest

from tumen.kernel.errors import UsageError
from tumen.window.service_level import Due, service_level, timed

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def hours(number: float) -> datetime:
    return NOW - timedelta(hours=number)


def test_what_waits_longer_than_its_lane_may_is_overdue_and_not_a_moment_sooner() -> None:
    level = service_level("yellow=24, red=48")
    assert level.due("yellow", hours(24), NOW) is Due.IN_TIME
    assert level.due("yellow", hours(24.001), NOW) is Due.OVERDUE
    assert level.due("red", hours(47), NOW) is Due.IN_TIME
    assert level.due_at("red", hours(47)) == NOW + timedelta(hours=1)


def test_a_lane_without_a_target_is_never_overdue() -> None:
    level = service_level("yellow=1")
    assert level.due_at("red", hours(9_000)) is None
    assert level.due("red", hours(9_000), NOW) is Due.IN_TIME
    assert service_level("").targets == {}


def test_what_waits_for_nobody_has_no_clock() -> None:
    line = {"lane": "green", "waiting_since": None}
    assert timed(line, service_level("yellow=1"), NOW) == {**line, "due_at": None, "due": None}


@pytest.mark.parametrize(
    "stated", ["purple=3", "yellow", "yellow=0", "yellow=-1", "yellow=1.5", "red=9999",
               "red=1,red=2", "red=२"],
)  # fmt: skip
def test_a_target_that_is_none_is_refused_with_the_form_that_is_right(stated: str) -> None:
    with pytest.raises(UsageError) as refused:
        service_level(stated)
    assert "yellow=24,red=48" in refused.value.next_step
