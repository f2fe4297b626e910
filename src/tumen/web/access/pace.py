"""How often one may ask: so many times a minute, counted by each process for itself."""

from collections import OrderedDict
from dataclasses import dataclass, field

from tumen.kernel.access_limits import ASKERS_COUNTED_MAX
from tumen.kernel.errors import TooManyRequests

MINUTE = 60.0


@dataclass(slots=True)
class Pace:
    """Counts of requests by who asks, in windows of a minute that begin with the first of them.

    Attributes:
        most: requests a minute.
    """

    most: int
    _counts: OrderedDict[str, tuple[float, int]] = field(default_factory=OrderedDict)

    def take(self, asker: str, at: float) -> None:
        """Count one request.

        Args:
            asker: who asks.
            at: seconds of a clock that never goes back.

        Raises:
            TooManyRequests: it is one too many.
        """
        since, count = self._counts.pop(asker, (at, 0))
        if at - since >= MINUTE:
            since, count = at, 0
        self._counts[asker] = (since, min(count + 1, self.most + 1))
        if len(self._counts) > ASKERS_COUNTED_MAX:
            self._counts.popitem(last=False)
        if count >= self.most:
            raise TooManyRequests(retry_after=max(1, round(since + MINUTE - at)))

    def give_back(self, asker: str) -> None:
        """Take a request off again that was counted."""
        if asker in self._counts:
            since, count = self._counts[asker]
            self._counts[asker] = (since, max(count - 1, 0))
