"""Which days' exchange rate the law of each economy takes, as pure functions of the legal date.

The word of the parameter ``<economy>.fx.rule`` names the function, so that the data of the law
decides. Weeks run from Sunday to Saturday, as the weekly customs rates of Japan and Korea do.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

from tumen.law.explanation import Explanation, Unknown
from tumen.law.parameters import Value

DAYS_OF_WEEK: Final = 7
WEDNESDAY: Final = 2
"""As :meth:`datetime.date.weekday` counts; Monday is 0."""


@dataclass(frozen=True, slots=True)
class Days:
    """The days whose rates are taken; of several, the mean of those that were published."""

    first: date
    last: date


def day_of_declaration(day: date) -> Days:
    """The day itself.

    >>> day_of_declaration(date(2026, 3, 2)).last.isoformat()
    '2026-03-02'
    """
    return Days(day, day)


def third_wednesday_of_previous_month(day: date) -> Days:
    """The third Wednesday of the month before.

    >>> third_wednesday_of_previous_month(date(2026, 1, 31)).last.isoformat()
    '2025-12-17'
    """
    last_of_previous = day.replace(day=1) - timedelta(days=1)
    first = last_of_previous.replace(day=1)
    to_wednesday = (WEDNESDAY - first.weekday()) % DAYS_OF_WEEK
    found = first + timedelta(days=to_wednesday, weeks=2)
    return Days(found, found)


def week_of(day: date) -> Days:
    """The week that a day lies in, Sunday to Saturday.

    >>> week = week_of(date(2026, 8, 5))
    >>> week.first.isoformat(), week.last.isoformat()
    ('2026-08-02', '2026-08-08')
    """
    first = day - timedelta(days=(day.weekday() + 1) % DAYS_OF_WEEK)
    return Days(first, first + timedelta(days=DAYS_OF_WEEK - 1))


def previous_week(day: date) -> Days:
    """The week before the one that the day lies in."""
    return week_of(day - timedelta(weeks=1))


def week_before_last(day: date) -> Days:
    """The week before the previous one."""
    return week_of(day - timedelta(weeks=2))


RULES: Final[Mapping[str, Callable[[date], Days]]] = MappingProxyType(
    {
        each.__name__: each
        for each in (
            day_of_declaration,
            third_wednesday_of_previous_month,
            previous_week,
            week_before_last,
        )
    }
)


def rule_of(destination: str, day: date) -> tuple[str, Value]:
    """The name and the value of the parameter that says which days count.

    Raises:
        Unknown: the law of the destination holds no rule on that day; carries its name.
    """
    name = f"{destination.lower()}.fx.rule"
    return name, Explanation(day).value(name)


def days_of(destination: str, day: date) -> Days:
    """The days whose rate the destination takes on a legal date.

    Raises:
        Unknown: no rule is held, or its word is not one of :data:`RULES`.
    """
    name, value = rule_of(destination, day)
    rule = RULES.get(str(value.scalar))
    if rule is None:
        raise Unknown(name)
    return rule(day)
