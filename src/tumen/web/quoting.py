"""Quotes for anybody, computed in a process apart, so that a rush slows nothing that is lodged.

A quote is about a millisecond of exact arithmetic that holds the interpreter: a thread would
take that time from the filing path. The process has the law and nothing else: no store, no keys.

Quotes of concurrent requests go to the process together, for a message to it and back costs about
half as much as a quote: what is asked while the process works makes the next group. Nobody waits
for a group to grow. Where a group fails, each of its requests is asked alone. What was asked lately
is told again as it was told (``told_before.py``).
"""

import asyncio
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import islice
from typing import Any, Final

import msgspec

from tumen.codelist.spoken import with_messages
from tumen.kernel.errors import Overloaded
from tumen.kernel.service_limits import QUOTES_WAITING_MAX
from tumen.law.answer import Answer
from tumen.law.quoting import Books, quote
from tumen.web import metrics
from tumen.web.apart import Apart
from tumen.web.told_before import ToldBefore


def _given(books: Books) -> Books:
    """What the process that quotes begins with."""
    return books


def quoted(
    books: Books, *, shipments: Sequence[dict[str, Any]], today: date, is_explained: bool = True
) -> list[msgspec.Raw]:
    """The answers to some native shipments as JSON, each remark with its message."""
    return [
        _written(quote(each, today=today, books=books, is_explained=is_explained))
        for each in shipments
    ]


def _written(answer: Answer) -> msgspec.Raw:
    """An answer as JSON with messages; only the parts that have remarks are made plain tables."""
    told = msgspec.structs.asdict(answer)
    told |= {name: msgspec.to_builtins(told[name]) for name in REMARKED}
    return msgspec.Raw(msgspec.json.encode(with_messages(told)))


def answered(books: Books, *, shipment: dict[str, Any], today: date) -> Answer:
    """The answer to one native shipment."""
    return quote(shipment, today=today, books=books)


REMARKED: Final = ("warnings", "violations", "considered")
"""The parts of an answer that have remarks."""

AT_ONCE: Final = 16
"""Shipments of one request that are quoted before others have their turn."""

TOGETHER_MAX: Final = 32
"""Shipments of several requests that are quoted as one group."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """Some shipments of a request, and where their answers are waited for."""

    shipments: Sequence[dict[str, Any]]
    today: date
    is_explained: bool
    answers: asyncio.Future[list[msgspec.Raw]]

    def is_like(self, other: "_Asked") -> bool:
        """Whether another one can be answered by the same message."""
        return (self.today, self.is_explained) == (other.today, other.is_explained)


class Quoting:
    """Quotes shipments beside the service.

    Args:
        books: imported tariffs and rates.
        processes: how many quote; none quotes in a thread, for tests and small machines.
    """

    def __init__(self, books: Books, processes: int = 0) -> None:
        self._processes = processes
        self._waiting = 0
        self._line: deque[_Asked] = deque()
        self._askers: set[asyncio.Task[None]] = set()
        self._told = ToldBefore()
        self._apart = Apart("quoting", partial(_given, books), processes)

    async def quote(
        self, shipments: Sequence[dict[str, Any]], today: date, *, is_explained: bool = True
    ) -> list[msgspec.Raw]:
        """The answers to native shipments, in their order.

        Args:
            shipments: the native shipments.
            today: the legal date of those that name none.
            is_explained: whether the answers have the steps of the computation.

        Raises:
            Overloaded: too many wait for a quote.
        """
        with self._in_line(len(shipments)):
            answers: list[msgspec.Raw] = []
            for first in range(0, len(shipments), AT_ONCE):
                part = shipments[first : first + AT_ONCE]
                answers += await self._part(part, today, is_explained)
        return answers

    async def _part(
        self, shipments: Sequence[dict[str, Any]], today: date, is_explained: bool
    ) -> list[msgspec.Raw]:
        """Some answers: those that were given before, and new ones."""
        marks = [self._told.mark(each, today, is_explained) for each in shipments]
        answers = {mark: told for mark in marks if (told := self._told.answer(mark)) is not None}
        new = {m: each for m, each in zip(marks, shipments, strict=True) if m not in answers}
        if new:
            asked = await self._in_group([*new.values()], today, is_explained)
            for mark, answer in zip(new, asked, strict=True):
                answers[mark] = answer
                self._told.keep(mark, answer)
        metrics.QUOTES_TOLD_BEFORE.inc(len(shipments) - len(new))
        return [answers[mark] for mark in marks]

    async def _in_group(
        self, shipments: Sequence[dict[str, Any]], today: date, is_explained: bool
    ) -> list[msgspec.Raw]:
        """Some answers, asked for together with what others ask meanwhile."""
        answers = asyncio.get_running_loop().create_future()
        asked = _Asked(shipments, today, is_explained, answers)
        self._line.append(asked)
        # One more than processes: the next group is at hand. Who has ended and is still among them
        # will not look into the line again.
        if sum(not each.done() for each in self._askers) <= self._processes:
            asker = asyncio.create_task(self._work_off())
            self._askers.add(asker)
            asker.add_done_callback(self._askers.discard)
        return await asked.answers

    async def _work_off(self) -> None:
        """Ask for groups until nothing waits in line."""
        while self._line:
            await self._answer_all(self._next_group())

    def _next_group(self) -> list[_Asked]:
        """What waits first, and what follows it and is like it, up to the size of a group."""
        group = [self._line.popleft()]
        shipments = len(group[0].shipments)
        while self._line and self._line[0].is_like(group[0]):
            shipments += len(self._line[0].shipments)
            if shipments > TOGETHER_MAX:
                break
            group.append(self._line.popleft())
        return group

    async def _answer_all(self, group: Sequence[_Asked]) -> None:
        """Give the requests of a group their answers, or the one that is alone its error."""
        shipments = [each for asked in group for each in asked.shipments]
        try:
            today, is_explained = group[0].today, group[0].is_explained
            ask = partial(quoted, shipments=shipments, today=today, is_explained=is_explained)
            answers = iter(await self._apart.run(ask))
        except Exception as error:
            if len(group) > 1:
                for asked in group:
                    await self._answer_all([asked])
            elif not group[0].answers.done():
                group[0].answers.set_exception(error)
            return
        for asked in group:
            found = [*islice(answers, len(asked.shipments))]
            if not asked.answers.done():  # it is where nobody waits any more
                asked.answers.set_result(found)

    async def answer(self, shipment: dict[str, Any], today: date) -> Answer:
        """The answer to one native shipment as the pages show it.

        Raises:
            Overloaded: too many wait for a quote.
        """
        with self._in_line(1):
            return await self._apart.run(partial(answered, shipment=shipment, today=today))

    @contextmanager
    def _in_line(self, shipments: int) -> Iterator[None]:
        """So many shipments wait until the block ends; those that were quoted are counted."""
        if self._waiting + shipments > QUOTES_WAITING_MAX:
            raise Overloaded("Too many quotes are asked for.")
        self._waiting += shipments
        try:
            yield
        finally:
            self._waiting -= shipments
        metrics.QUOTES.inc(shipments)

    def close(self) -> None:
        """Let the process end."""
        self._apart.close()
