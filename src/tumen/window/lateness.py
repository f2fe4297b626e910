"""A bill that is paid after its last day: how many days, and what the law adds for each. Pure.

What the rate comes to is told exactly, to the last digit: from which sum on it is charged, and how
it is rounded, the law that we hold does not say, and a rounded number would look like what customs
asks for. No calendar of rest days is held either, so that a last day is never moved.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from tumen.codelist.currencies import currency
from tumen.kernel.errors import LawError
from tumen.law.figures import amount_text
from tumen.law.parameters import VERIFIED, value_at
from tumen.window.billing import BillState, cited

RATES: Final[Mapping[tuple[str, str], str]] = {("CN", "general"): "cn.late_payment.rate_per_day"}
"""By economy and regime; no rate is held for others, nor that this one holds for Chinese retail."""

_PPM_DIGITS: Final = 6
_SATURDAY: Final = 5


@dataclass(frozen=True, slots=True)
class Lateness:
    """By how much a bill is late.

    Attributes:
        days: after its last day, until it was paid or until now.
        rate_ppm: millionths of what was unpaid that are added for each day; None: not held.
        citation: the instrument.
        is_verified: whether the rate was confirmed in a source.
        unpaid_minor: on what the rate is: the whole bill, for no part of one is ever paid.
        minor_digits: of its currency.
    """

    days: int
    rate_ppm: int | None = None
    citation: str | None = None
    is_verified: bool = False
    unpaid_minor: int = 0
    minor_digits: int = 2

    @property
    def rate_per_day(self) -> str | None:
        """The rate as a decimal fraction.

        >>> Lateness(3, 500).rate_per_day
        '0.000500'
        """
        return None if self.rate_ppm is None else f"0.{self.rate_ppm:06}"

    @property
    def per_day(self) -> str | None:
        """What is added for one day, before any rounding.

        >>> Lateness(3, 500, unpaid_minor=910).per_day, Lateness(3).per_day
        ('0.00455', None)
        """
        return self._exactly(1)

    @property
    def so_far(self) -> str | None:
        """What is added for all of the days, before any rounding.

        >>> Lateness(20, 500, unpaid_minor=100_000).so_far
        '10.00'
        """
        return self._exactly(self.days)

    def _exactly(self, days: int) -> str | None:
        added = None if self.rate_ppm is None else self.unpaid_minor * self.rate_ppm * days
        text = amount_text(added, self.minor_digits + _PPM_DIGITS)
        if text is None:
            return None
        whole, _, part = text.partition(".")
        shown = part.rstrip("0").ljust(self.minor_digits, "0")
        return f"{whole}.{shown}" if shown else whole


def lateness(line: Mapping[str, Any], day: date) -> Lateness | None:
    """By how much a bill is late; None where it is not, or nothing is owed by it.

    Args:
        line: the bill: ``economy``, ``regime``, ``state``, ``due_by``, ``paid_on``,
            ``currency``, ``total_minor``.
        day: by the clock of the authority.
    """
    days = late_days(line, day)
    if days is None:
        return None
    parameter = RATES.get((line["economy"], line["regime"]))
    if parameter is None:
        return Lateness(days)
    try:
        found = value_at(parameter, line["due_by"])
    except LawError:  # the law of that day is not held
        return Lateness(days)
    return Lateness(
        days, found.integer, cited(found), found.evidence in VERIFIED, line["total_minor"],
        currency(line["currency"]).minor_digits,
    )  # fmt: skip


def on_weekend(day: date | None) -> bool:
    """Whether a last day is a Saturday or Sunday; which days an authority rests is not held.

    >>> on_weekend(date(2026, 12, 12)), on_weekend(date(2026, 12, 14)), on_weekend(None)
    (True, False, False)
    """
    return day is not None and day.weekday() >= _SATURDAY


def late_days(line: Mapping[str, Any], day: date) -> int | None:
    """The days after the last day of a bill, as of :func:`lateness`; None where it is not late."""
    last = line["due_by"]
    if last is None or line["total_minor"] <= 0 or line["state"] == BillState.VOIDED:
        return None
    days: int = ((line["paid_on"] or day) - last).days
    return days if days > 0 else None
