"""The clock of the officer's queue: how long a declaration may wait, by its lane. Pure.

The hours are the node's own promise, not law: no act that we hold says within how many hours an
officer looks at the papers of one declaration. The clock runs from when a declaration began to wait
without a break, day and night; an act that leaves it waiting does not set it back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from tumen.kernel.errors import UsageError
from tumen.kernel.limits import TARGET_HOURS_MAX
from tumen.window.states import Lane


class Due(StrEnum):
    """How what waits stands to its target."""

    OVERDUE = "overdue"
    IN_TIME = "in_time"


@dataclass(frozen=True, slots=True)
class ServiceLevel:
    """How long what waits in each lane may wait.

    Attributes:
        targets: by lane; what waits in another one is never overdue.
    """

    targets: Mapping[Lane, timedelta]

    def due_at(self, lane: str | None, since: datetime | None) -> datetime | None:
        """By when an officer should have decided; None where no target is set."""
        target = None if lane is None else self.targets.get(Lane(lane))
        return None if target is None or since is None else since + target

    def due(self, lane: str | None, since: datetime | None, now: datetime) -> Due:
        """How it stands now."""
        due = self.due_at(lane, since)
        return Due.OVERDUE if due is not None and due < now else Due.IN_TIME

    def overdue_before(self, now: datetime) -> dict[Lane, datetime]:
        """What waits in a lane since earlier than this is overdue."""
        return {lane: now - target for lane, target in self.targets.items()}


def timed(line: Mapping[str, Any], level: ServiceLevel, now: datetime) -> dict[str, Any]:
    """A line of the queue with its clock: ``due_at`` and ``due``."""
    lane, since = line["lane"], line["waiting_since"]
    return {
        **line,
        "due_at": level.due_at(lane, since),
        "due": None if since is None else level.due(lane, since, now),
    }


def service_level(stated: str) -> ServiceLevel:
    """The targets of a text such as ``yellow=24,red=48``: whole hours by lane.

    Raises:
        UsageError: it is no such text.

    >>> service_level("red=48").targets[Lane.RED].days
    2
    """
    targets: dict[Lane, timedelta] = {}
    for part in filter(None, (each.strip() for each in stated.split(","))):
        lane, _, hours = part.partition("=")
        if lane not in set(Lane) or not _is_hours(hours) or Lane(lane) in targets:
            raise UsageError(
                f"{part!r} is no target of a lane.",
                next_step=f"Write yellow=24,red=48: 1 to {TARGET_HOURS_MAX} hours, a lane once.",
            )
        targets[Lane(lane)] = timedelta(hours=int(hours))
    return ServiceLevel(targets)


def _is_hours(text: str) -> bool:
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(TARGET_HOURS_MAX))
    return is_number and 1 <= int(text) <= TARGET_HOURS_MAX
