"""How often something new is written down for each log: so many times a minute.

What is counted is only what a log alone can make, a checkpoint that was not cosigned yet: whoever
repeats its public ones uses up none of its turns. One object counts for one process; a node with
several workers allows as many times more.
"""

from collections import deque
from dataclasses import dataclass, field
from threading import Lock
from typing import Final

MINUTE_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class Pace:
    """Counts requests by who makes them.

    Attributes:
        a_minute: how many one may make in any 60 seconds.
    """

    a_minute: int
    _taken: dict[str, deque[int]] = field(default_factory=dict, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def wait_seconds(self, who: str, now: int) -> int:
        """Take a turn; zero where there is one, else the seconds until there is.

        Args:
            who: one of few that are known: each is remembered.
            now: the POSIX time.
        """
        with self._lock:
            taken = self._taken.setdefault(who, deque(maxlen=self.a_minute))
            if len(taken) < self.a_minute or not 0 <= now - taken[0] < MINUTE_SECONDS:
                taken.append(now)
                return 0
            return taken[0] + MINUTE_SECONDS - now
