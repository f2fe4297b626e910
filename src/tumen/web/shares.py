"""Shares: how much one sender may have under way, where all of them share something small."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tumen.kernel.errors import Overloaded


@dataclass(slots=True)
class Shares:
    """Counts what is under way by who asked for it.

    Attributes:
        most: of one sender.
        refusal: what is said to who asks for more.
    """

    most: int
    refusal: str
    _taken: Counter[str] = field(default_factory=Counter)

    def need_room(self, sender: str) -> None:
        """Refuse who has as much under way as it may.

        Raises:
            Overloaded: that is so.
        """
        if self._taken[sender] >= self.most:
            raise Overloaded(self.refusal, is_sender=True)

    @property
    def total(self) -> int:
        """How much is under way, of all together."""
        return self._taken.total()

    @contextmanager
    def one(self, sender: str) -> Iterator[None]:
        """Something under way until the block ends.

        Raises:
            Overloaded: the sender has as much under way as it may.
        """
        self.need_room(sender)
        self._taken[sender] += 1
        try:
            yield
        finally:
            self._taken[sender] -= 1
            if not self._taken[sender]:
                del self._taken[sender]
