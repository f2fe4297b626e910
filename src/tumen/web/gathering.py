"""Group commit: submissions of many requests go down the road together.

1. A request puts its submission in line and waits; where the line is full it is refused at once.
2. One thread takes those of the same format that wait, reads and prepares them as one batch. Before
   it goes it waits a moment for those who were just answered and ask again (``line.py``).
3. Another thread takes the batch to the desk; while it records a large one the next is prepared,
   while it records a small one the next grows, for a batch of few costs hardly less than one of
   many. Each request is answered when its rows are
   committed, so that a reply is a promise.

A batch may be of many senders: each document has its own, in its identity and on its row. Where the
road fails on a batch of several submissions, each of them is tried alone: what breaks one spares
the others. Any number of processes may do this beside each other: the sequencer is a lock of the
store.
"""

import asyncio
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from queue import Queue
from typing import Final

from tumen.bootstrap import Node
from tumen.documents.formats.intake import read
from tumen.kernel.errors import StoreUnavailable, TumenError
from tumen.kernel.service_limits import GROUP_DOCUMENTS_MAX, PREPARED_AHEAD_DOCUMENTS_MIN
from tumen.law.quoting import Books
from tumen.store.session import Connection, Session
from tumen.web import metrics
from tumen.web.answering import DocumentAnswer, by_source
from tumen.web.line import Group, Line, Waiting
from tumen.web.lists_in_force import ListsInForce
from tumen.web.publishing import LogPublishing
from tumen.web.records import described, log
from tumen.web.submission import Submission
from tumen.window.prepare import Prepared

STORE_TRIES_MAX: Final = 2
"""A server that was restarted breaks a connection once; what was committed is then a duplicate."""


class GroupCommit:
    """Takes submissions of requests to the desk, and gives each its answers.

    Args:
        node: the open node.
        books: imported tariffs and rates.
    """

    def __init__(self, node: Node, books: Books) -> None:
        self._lists = ListsInForce(node)
        self._books = books
        self._publishing = LogPublishing(node)
        self.line = Line()
        self._connection: Connection | None = None
        self._ready: Queue[tuple[Group, Sequence[Prepared] | Exception] | None] = Queue(maxsize=1)
        self._is_free = threading.Semaphore(1)
        self._threads = [
            threading.Thread(target=work, name=name, daemon=True)
            for work, name in ((self._prepare, "preparing"), (self._record, "recording"))
        ]
        for thread in self._threads:
            thread.start()

    @property
    def node(self) -> Node:
        """The node, with the lists that were in force when the last batch was prepared."""
        return self._lists.node

    async def lodge(self, submission: Submission) -> list[DocumentAnswer]:
        """Lodge a submission; the answers to its rows, when they are durable.

        Raises:
            Overloaded: too much is waiting; nothing of it was taken.
            OutsideError: the store failed; lodged again, what was recorded is a duplicate.
        """
        loop = asyncio.get_running_loop()
        waiting = Waiting(submission, loop, loop.create_future())
        self.line.join(waiting)
        metrics.WAITING.set(self.line.documents)
        return await waiting.answered

    def recorded(self) -> None:
        """Something was recorded beside what is lodged here: the log is published soon."""
        self._publishing.due()

    def close(self) -> None:
        """Take nothing more, finish what waits, and let go of the store."""
        self.line.close()
        for thread in self._threads:
            thread.join()
        if self._connection is not None:
            self._connection.close()
        self._publishing.close()

    def _prepare(self) -> None:
        while True:
            self._is_free.acquire()
            group = self.line.group()
            if group is None:
                break
            try:
                self._ready.put((group, self._prepared(group)))
            except Exception as error:  # told by the thread that has the connection
                self._ready.put((group, error))
        self._ready.put(None)

    def _record(self) -> None:
        while (ready := self._ready.get()) is not None:
            group, prepared = ready
            is_large = group.documents >= PREPARED_AHEAD_DOCUMENTS_MIN
            if is_large:
                self._is_free.release()
            try:
                if isinstance(prepared, Exception):
                    raise prepared
                self._take(group, prepared)
            except Exception as error:
                self._apart(group, error)
            if not is_large:
                self._is_free.release()

    def _prepared(self, group: Group) -> list[Prepared]:
        first = group.members[0].submission
        preparation = self._lists.look().preparation(first.sender, self._books, group.senders)
        sources = [each.submission.source for each in group.members]
        texts = read(sources, documents_max=GROUP_DOCUMENTS_MAX, signatures=preparation.signatures)
        with metrics.STAGE_SECONDS.labels("prepare").time():
            return [preparation.prepare(each) for each in texts]

    def _take(self, group: Group, prepared: Sequence[Prepared]) -> None:
        """Record a group, and answer its members."""
        with metrics.STAGE_SECONDS.labels("record").time():
            answers = self._recorded(prepared)
        for each in group.members:
            each.rows = answers.get(each.submission.name, [])
        self._answer(group, None)
        self._publishing.due()
        _count(group)

    def _recorded(self, prepared: Sequence[Prepared]) -> dict[str, list[DocumentAnswer]]:
        """What became of the batches of a group, by submission."""
        for attempt in range(STORE_TRIES_MAX):
            try:
                return self._received(prepared)
            except StoreUnavailable:
                if attempt == STORE_TRIES_MAX - 1:
                    raise
        raise AssertionError  # the last attempt returns or raises

    def _received(self, prepared: Sequence[Prepared]) -> dict[str, list[DocumentAnswer]]:
        found: dict[str, list[DocumentAnswer]] = {}
        desk = self.node.desk(self._session)
        for batch in prepared:
            for outcome in desk.receive(batch):
                for source, rows in by_source(outcome).items():
                    found.setdefault(source, []).extend(rows)
        return found

    @contextmanager
    def _session(self) -> Iterator[Session]:
        if self._connection is None or self._connection.is_broken:
            self._connection = self.node.database.connect()
        with self._connection.transaction() as session:
            yield session

    def _apart(self, group: Group, error: Exception) -> None:
        """Tell a group that it failed; where the fault may be one member's, try each alone."""
        if isinstance(error, TumenError) or len(group.members) == 1:
            log.error("group failed", documents=group.documents, **described(error))
            self._answer(group, error)
            return
        for one in group.alone():
            try:
                self._take(one, self._prepared(one))
            except Exception as own:
                log.error("submission failed", documents=one.documents, **described(own))
                self._answer(one, own)

    def _answer(self, group: Group, error: Exception | None) -> None:
        self.line.leave(group)
        metrics.WAITING.set(self.line.documents)
        for each in group.members:
            with suppress(RuntimeError):  # whose loop has ended waits for nothing
                each.loop.call_soon_threadsafe(_tell, each, error)


def _tell(waiting: Waiting, error: Exception | None) -> None:
    """Give the answer, unless who asked has gone."""
    if waiting.answered.done():
        return
    if error is None:
        waiting.answered.set_result(waiting.rows)
    else:
        waiting.answered.set_exception(error)


def _count(group: Group) -> None:
    metrics.GROUP_DOCUMENTS.observe(group.documents)
    told = Counter(row.answer for each in group.members for row in each.rows)
    for answer, count in told.items():
        metrics.DOCUMENTS.labels(answer).inc(count)
