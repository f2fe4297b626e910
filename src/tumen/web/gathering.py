"""Group commit: submissions of many requests go down the road together.

1. A request puts its submission in line and waits; where the line is full it is refused at once.
2. Those of the same format that wait go down the road as one batch (``road.py``), in a process
   apart (``apart.py``). Before they go they wait a moment for those who were just answered and ask
   again (``line.py``).
3. While a large batch is under way the next one goes after it, in another process; while a small
   one is, the next grows, for a batch of few costs hardly less than one of many. Each request is
   answered when its rows are committed, so that a reply is a promise.

A batch may be of many senders: each document has its own, in its identity and on its row. Where the
road fails on a batch of several submissions, each of them is tried alone: what breaks one spares
the others.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures.process import BrokenProcessPool
from functools import partial

from tumen.bootstrap import Node
from tumen.kernel.errors import StoreUnavailable, TumenError
from tumen.kernel.service_limits import AHEAD_DOCUMENTS_MIN
from tumen.web import metrics
from tumen.web.answering import DocumentAnswer
from tumen.web.apart import Apart
from tumen.web.line import Group, Line, Waiting
from tumen.web.publishing import LogPublishing
from tumen.web.records import described, log
from tumen.web.road import Road, RoadError
from tumen.web.submission import Submission


class GroupCommit:
    """Takes submissions of requests down the road, and gives each its answers.

    Args:
        node: the open node, whose log is published.
        begin: gives the road, where it is gone.
        processes: how many go it; none goes in a thread.
    """

    def __init__(self, node: Node, begin: Callable[[], Road], processes: int = 0) -> None:
        self._road = Apart("road", begin, processes)
        self._groups_max = max(1, processes)
        self._publishing = LogPublishing(node)
        self._line = Line()
        self._under_way: dict[Group, asyncio.Task[None]] = {}
        self._gathering: asyncio.Task[None] | None = None

    async def lodge(self, submission: Submission) -> Sequence[DocumentAnswer]:
        """Lodge a submission; the answers to its rows, when they are durable.

        Raises:
            Overloaded: too much is waiting; nothing of it was taken.
            OutsideError: the store failed; lodged again, what was recorded is a duplicate.
        """
        waiting = Waiting(submission, asyncio.get_running_loop().create_future())
        self._line.join(waiting)
        metrics.WAITING.set(self._line.documents)
        self._call()
        return await waiting.answered

    def recorded(self) -> None:
        """Something was recorded beside what is lodged here: the log is published soon."""
        self._publishing.due()

    async def close(self) -> None:
        """Take nothing more, finish what waits, and let go of the store."""
        self._line.close()
        while self._gathering or self._under_way:
            await asyncio.wait([*filter(None, [self._gathering]), *self._under_way.values()])
        self._road.close(Road.close)
        self._publishing.close()

    def _call(self) -> None:
        """Have the next group gathered, if somebody waits and the road is free for it."""
        if self._gathering is None and self._line.is_waiting and self._is_free():
            self._gathering = asyncio.create_task(self._gather())

    def _is_free(self) -> bool:
        return len(self._under_way) < self._groups_max and all(
            group.documents >= AHEAD_DOCUMENTS_MIN for group in self._under_way
        )

    async def _gather(self) -> None:
        """Send the next group on its way."""
        group = await self._line.group()
        self._gathering = None
        self._under_way[group] = asyncio.create_task(self._take(group))
        self._call()

    async def _take(self, group: Group) -> None:
        """Go the road with a group, and answer it."""
        try:
            await self._go(group)
        except Exception as error:
            if isinstance(error, TumenError) or len(group.members) == 1:
                _fail(group, error)
            else:
                await self._apart(group)
        finally:
            del self._under_way[group]
            self._line.leave(group)
            metrics.WAITING.set(self._line.documents)
            self._publishing.due()
            self._call()

    async def _apart(self, group: Group) -> None:
        """Try each of a group alone: the fault may be one member's."""
        for one in group.alone():
            try:
                await self._go(one)
            except Exception as error:
                _fail(one, error)

    async def _go(self, group: Group) -> None:
        try:
            submissions = [each.submission for each in group.members]
            gone = await self._road.run(partial(Road.go, submissions=submissions))
        except BrokenProcessPool as error:
            raise StoreUnavailable("The process that records was ended.") from error
        for stage, seconds in gone.seconds.items():
            metrics.STAGE_SECONDS.labels(stage).observe(seconds)
        _answer(group, gone.rows)
        _count(group, gone.rows)


def _answer(group: Group, rows: Mapping[str, Sequence[DocumentAnswer]]) -> None:
    """Give each of a group its answers, unless who asked has gone."""
    for each in group.members:
        if not each.answered.done():
            each.answered.set_result(rows.get(each.submission.name, ()))


def _fail(group: Group, error: Exception) -> None:
    """Tell a group that it failed."""
    told = error.told if isinstance(error, RoadError) else described(error)
    log.error("group failed", documents=group.documents, **told)
    for each in group.members:
        if not each.answered.done():
            each.answered.set_exception(error)


def _count(group: Group, rows: Mapping[str, Sequence[DocumentAnswer]]) -> None:
    metrics.GROUP_DOCUMENTS.observe(group.documents)
    told = Counter(row.answer for own in rows.values() for row in own)
    for answer, count in told.items():
        metrics.DOCUMENTS.labels(answer).inc(count)
