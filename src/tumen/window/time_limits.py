"""Until when a declaration may be corrected, by the law of its economy.

A limit that nobody verified, or that is not held, refuses nobody: what comes after it goes to an
officer, and is told with what it rests on.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tumen.kernel.errors import LawError
from tumen.law.cn.export_return import months_after
from tumen.law.parameters import VERIFIED, value_at


class Claim(StrEnum):
    """For what time is limited; the value is the parameter's name."""

    SUPPLEMENT = "supplement_months"
    REFUND = "refund_months"


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """Whether a claim comes in time.

    Attributes:
        last_day: the last day of the time; None where the law is not held.
        is_over: whether the day is after it, or nothing is known of it.
        doubts: the parameter, where nobody verified it or it is not held.
    """

    last_day: date | None
    is_over: bool
    doubts: tuple[str, ...]


def time_limit(economy: str, claim: Claim, released_on: date, day: date) -> TimeLimit:
    """Whether a claim of a day is in time; the months are counted from the release.

    >>> told = time_limit("KR", Claim.REFUND, date(2026, 8, 31), date(2031, 8, 31))
    >>> told.is_over, told.last_day.isoformat(), told.doubts
    (False, '2031-08-31', ('kr.after_release.refund_months',))
    >>> time_limit("MN", Claim.REFUND, date(2026, 8, 31), date(2026, 9, 1)).is_over
    True
    """
    name = f"{economy.lower()}.after_release.{claim}"
    try:
        months = value_at(name, released_on)
    except LawError:
        return TimeLimit(None, is_over=True, doubts=(name,))
    last = months_after(released_on, months.integer)
    doubts = () if months.evidence in VERIFIED else (name,)
    return TimeLimit(last, day > last, doubts)
