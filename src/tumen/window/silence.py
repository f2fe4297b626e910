"""An authority that gives no answer: when a contingency begins by itself, and when it ends. Pure.

1. No answer for the time that was named: a contingency is due.
2. An answer again: the contingency that was begun so is over; one that a person began is not.
3. Ended by hand while there is no answer: a person knows better, and none begins by itself until
   the authority has answered once.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from tumen.window.contingency import Turn

BY_SILENCE: Final = "silence"
"""Stands for the officer where a contingency began and ended by itself."""

SILENT: Final = "The authority gives no answer."
ANSWERS: Final = "The authority answers again."


@dataclass(frozen=True, slots=True)
class Silence:
    """What is known of an authority that is listened to.

    Attributes:
        since: when it first gave no answer; None while it answers.
        is_acted_on: whether a contingency was on since then.
    """

    since: datetime | None = None
    is_acted_on: bool = False

    def heard(self, at: datetime, *, answers: bool) -> "Silence":
        """The same after the authority was asked once more."""
        if answers:
            return Silence()
        return self if self.since else Silence(since=at)

    def noting(self, begun_by: str | None) -> "Silence":
        """The same, knowing whose contingency is on."""
        return replace(self, is_acted_on=True) if self.since and begun_by else self

    def due(self, at: datetime, after: timedelta, begun_by: str | None) -> Turn | None:
        """What is to be done now.

        Args:
            at: the recorded time.
            after: how long it may be silent.
            begun_by: the mark under which the contingency that is on began; None where none is.
        """
        if self.since is None:
            return Turn.END if begun_by == BY_SILENCE else None
        is_due = at - self.since >= after and not self.is_acted_on
        return Turn.BEGIN if is_due and begun_by is None else None
