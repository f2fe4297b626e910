"""A bill that is paid after its last day: how many days, and what the law adds for each. Pure.

Only the days and the rate are told: from which sum on it is charged, and how it is rounded, the
law that we hold does not say, and a number made up here would look like what customs asks for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from tumen.kernel.errors import LawError
from tumen.law.parameters import VERIFIED, value_at
from tumen.window.billing import BillState, cited

RATES: Final[Mapping[tuple[str, str], str]] = {("CN", "general"): "cn.late_payment.rate_per_day"}
"""By economy and regime; no rate is held for others, nor that this one holds for Chinese retail."""

MILLION: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Lateness:
    """By how much a bill is late.

    Attributes:
        days: after its last day, until it was paid or until now.
        rate_ppm: millionths of what was unpaid that are added for each day; None: not held.
        citation: the instrument.
        is_verified: whether the rate was confirmed in a source.
    """

    days: int
    rate_ppm: int | None = None
    citation: str | None = None
    is_verified: bool = False

    @property
    def rate_per_day(self) -> str | None:
        """The rate as a decimal fraction.

        >>> Lateness(3, 500).rate_per_day
        '0.000500'
        """
        return None if self.rate_ppm is None else f"0.{self.rate_ppm:06}"


def lateness(line: Mapping[str, Any], day: date) -> Lateness | None:
    """By how much a bill is late; None where it is not, or nothing is owed by it.

    Args:
        line: the bill: ``economy``, ``regime``, ``state``, ``due_by``, ``paid_on``,
            ``total_minor``.
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
    return Lateness(days, found.integer, cited(found), found.evidence in VERIFIED)


def late_days(line: Mapping[str, Any], day: date) -> int | None:
    """The days after the last day of a bill, as of :func:`lateness`; None where it is not late."""
    last = line["due_by"]
    if last is None or line["total_minor"] <= 0 or line["state"] == BillState.VOIDED:
        return None
    days: int = ((line["paid_on"] or day) - last).days
    return days if days > 0 else None
