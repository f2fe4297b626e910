"""The recorded time. Domain code is given it; only the outward faces own a real clock."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the recorded time: when we learned of a thing, not when the law applies to it."""

    def now(self) -> datetime:
        """The time in UTC, with its zone."""
        ...


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The machine's time in UTC."""
        return datetime.now(UTC)  # noqa: TID251 - the one place that reads it


@dataclass(frozen=True, slots=True)
class FixedClock:
    """A clock that stands still, for tests, demos and reruns."""

    at: datetime

    def now(self) -> datetime:
        """The time it was set to."""
        return self.at
