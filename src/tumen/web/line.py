"""The line of submissions: they wait within bounds, and leave it in groups."""

import asyncio
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from tumen.kernel.errors import Overloaded
from tumen.kernel.service_limits import (
    GROUP_DOCUMENTS_MAX,
    GROUP_RETURN_MICROSECONDS,
    GROUP_WAIT_MILLISECONDS_MAX,
    LODGED_BY_SENDER_MAX,
    LODGED_BYTES_BY_SENDER_MAX,
    LODGED_BYTES_WAITING_MAX,
    LODGED_WAITING_MAX,
)
from tumen.web.answering import DocumentAnswer
from tumen.web.submission import Submission

NODE_CLOSES: Final = "The service is being stopped."


@dataclass(frozen=True, slots=True, eq=False)
class Waiting:
    """A submission in line, and where its answer is waited for."""

    submission: Submission
    answered: "asyncio.Future[Sequence[DocumentAnswer]]"


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Submissions of one format that go together."""

    members: Sequence[Waiting]

    @property
    def documents(self) -> int:
        """How many rows they have."""
        return sum(each.submission.documents for each in self.members)

    def alone(self) -> "Iterator[Group]":
        """Each of them as a group of its own."""
        return (Group([each]) for each in self.members)


class Line:
    """The submissions that wait, within bounds; it belongs to one loop."""

    def __init__(self) -> None:
        self._waiting: deque[Waiting] = deque()
        self._documents: Counter[str] = Counter()
        self._bytes: Counter[str] = Counter()
        self._in_line = 0
        """How many documents wait."""
        self._expected = 0
        """How many were here when a group was last answered: clients that ask again and again."""
        self._enough = asyncio.Event()
        self._is_closed = False

    def join(self, waiting: Waiting) -> None:
        """Stand in line.

        Raises:
            Overloaded: the line is full, or it is closed.
        """
        if self._is_closed:
            raise Overloaded(NODE_CLOSES)
        submission = waiting.submission
        sender, size = submission.sender, len(submission.content)
        own = self._documents[sender] + submission.documents
        own_bytes = self._bytes[sender] + size
        if own > LODGED_BY_SENDER_MAX or own_bytes > LODGED_BYTES_BY_SENDER_MAX:
            raise Overloaded("More of yours waits than may wait.", is_sender=True)
        if (
            self._documents.total() + submission.documents > LODGED_WAITING_MAX
            or self._bytes.total() + size > LODGED_BYTES_WAITING_MAX
        ):
            raise Overloaded
        self._documents[sender], self._bytes[sender] = own, own_bytes
        self._in_line += submission.documents
        self._waiting.append(waiting)
        self._look()

    async def group(self) -> Group:
        """The next group of those who wait; there must be somebody.

        Those come back first who were just answered; who asks alone waits for nobody. A batch of
        all of them costs hardly more than one of half.
        """
        missing = self._expected - len(self._waiting)
        wait = min(missing * GROUP_RETURN_MICROSECONDS, GROUP_WAIT_MILLISECONDS_MAX * 1_000)
        self._look()
        if not self._enough.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(wait / 1_000_000):
                    await self._enough.wait()
        return self._taken()

    def leave(self, group: Group) -> None:
        """Make room for others: the group is answered."""
        for each in group.members:
            self._documents[each.submission.sender] -= each.submission.documents
            self._bytes[each.submission.sender] -= len(each.submission.content)
        self._expected = len(group.members) + len(self._waiting)
        self._documents += Counter()  # forgets senders of whom nothing waits
        self._bytes += Counter()

    def close(self) -> None:
        """Let nobody join any more; who waits is still served."""
        self._is_closed = True
        self._look()

    @property
    def is_waiting(self) -> bool:
        """Whether somebody does."""
        return bool(self._waiting)

    @property
    def documents(self) -> int:
        """How many documents wait or are under way."""
        return self._documents.total()

    def _look(self) -> None:
        """Say whether there are enough for a group."""
        if (
            self._is_closed
            or len(self._waiting) >= self._expected
            or self._in_line >= GROUP_DOCUMENTS_MAX
        ):
            self._enough.set()
        else:
            self._enough.clear()

    def _taken(self) -> Group:
        """The first in line, and those behind it that fit it; the others keep their places."""
        first = self._waiting[0].submission
        members: list[Waiting] = []
        others: list[Waiting] = []
        documents = 0
        for each in self._waiting:
            new = each.submission
            if new.format == first.format and (
                not members or documents + new.documents <= GROUP_DOCUMENTS_MAX
            ):
                members.append(each)
                documents += new.documents
            else:
                others.append(each)
        self._waiting = deque(others)
        self._in_line -= documents
        return Group(members)
