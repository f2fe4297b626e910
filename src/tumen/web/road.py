"""The road as the service goes it: submissions are read, prepared and recorded as one batch.

It has a connection of its own, and what it needs of the node; so it may be gone in a process apart
from the one that answers. Any number of processes may go it beside each other: the sequencer is a
lock of the store.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from tumen.bootstrap import Node, open_node
from tumen.documents.formats.intake import read
from tumen.kernel.errors import StoreUnavailable, TumenError
from tumen.kernel.service_limits import GROUP_DOCUMENTS_MAX
from tumen.law.quoting import Books
from tumen.store.session import Connection, Session
from tumen.web.answering import DocumentAnswer, by_source
from tumen.web.lists_in_force import ListsInForce
from tumen.web.records import described
from tumen.web.submission import Submission
from tumen.window.prepare import Prepared

STORE_TRIES_MAX: Final = 2
"""A server that was restarted breaks a connection once; what was committed is then a duplicate."""

PREPARE, RECORD = "prepare", "record"


class RoadError(Exception):
    """An error of ours on the road, as a line of the service tells it: it goes between processes.

    Args:
        told: its kind and its place in the code.
    """

    def __init__(self, told: Mapping[str, object]) -> None:
        super().__init__(told)
        self.told = told


@dataclass(frozen=True, slots=True)
class Gone:
    """What became of some submissions.

    Attributes:
        rows: the answers to the rows of each, by its name.
        seconds: how long each stage took.
    """

    rows: Mapping[str, Sequence[DocumentAnswer]]
    seconds: Mapping[str, float]


class Road:
    """The road of a node.

    Args:
        node: the open node.
        books: imported tariffs and rates.
    """

    def __init__(self, node: Node, books: Books) -> None:
        self._lists = ListsInForce(node)
        self._books = books
        self._connection: Connection | None = None

    @classmethod
    def at(cls, location: str | None, books: Books) -> "Road":
        """The road of the node at a location, for a process that has not opened it."""
        return cls(open_node(location), books)

    def go(self, submissions: Sequence[Submission]) -> Gone:
        """Go the road with submissions of one format; they are durable when this returns.

        Raises:
            OutsideError: the store failed; what was recorded is a duplicate when it comes again.
            RoadError: an error of ours; nothing was recorded.
        """
        try:
            began = time.perf_counter()
            prepared = self._prepared(submissions)
            went_on = time.perf_counter()
            rows = self._recorded(prepared)
            return Gone(rows, {PREPARE: went_on - began, RECORD: time.perf_counter() - went_on})
        except TumenError:
            raise
        except Exception as error:
            raise RoadError(described(error)) from error

    def close(self) -> None:
        """Let go of the store."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _prepared(self, submissions: Sequence[Submission]) -> list[Prepared]:
        senders = {each.name: each.sender for each in submissions}
        preparation = self._lists.look().preparation(submissions[0].sender, self._books, senders)
        sources = [each.source for each in submissions]
        texts = read(sources, documents_max=GROUP_DOCUMENTS_MAX, signatures=preparation.signatures)
        return [preparation.prepare(each) for each in texts]

    def _recorded(self, prepared: Sequence[Prepared]) -> dict[str, list[DocumentAnswer]]:
        """What became of the batches, by submission."""
        for attempt in range(STORE_TRIES_MAX):
            try:
                return self._received(prepared)
            except StoreUnavailable:
                if attempt == STORE_TRIES_MAX - 1:
                    raise
        raise AssertionError  # the last attempt returns or raises

    def _received(self, prepared: Sequence[Prepared]) -> dict[str, list[DocumentAnswer]]:
        found: dict[str, list[DocumentAnswer]] = {}
        desk = self._lists.node.desk(self._session)
        for batch in prepared:
            for outcome in desk.receive(batch):
                for source, rows in by_source(outcome).items():
                    found.setdefault(source, []).extend(rows)
        return found

    @contextmanager
    def _session(self) -> Iterator[Session]:
        if self._connection is None or self._connection.is_broken:
            self.close()
            self._connection = self._lists.node.database.connect()
        with self._connection.transaction() as session:
            yield session
