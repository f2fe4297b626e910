"""Quotes for anybody, computed in a process apart, so that a rush slows nothing that is lodged.

A quote is a millisecond or two of exact arithmetic that holds the interpreter: a thread would
take that time from the filing path. The process has the law and nothing else: no store, no keys.
"""

import asyncio
import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from datetime import date
from typing import Any, Final, TypeVar

import msgspec

from tumen.codelist.spoken import with_messages
from tumen.kernel.errors import Overloaded
from tumen.kernel.service_limits import QUOTES_WAITING_MAX
from tumen.law.answer import Answer
from tumen.law.quoting import NO_BOOKS, Books, quote
from tumen.web import metrics

Told = TypeVar("Told")
Result = TypeVar("Result")

_held: Books = NO_BOOKS


def _hold(books: Books) -> None:
    """Keep the books in the process that quotes."""
    global _held
    _held = books


def quoted(shipments: Sequence[dict[str, Any]], today: date) -> list[msgspec.Raw]:
    """The answers to some native shipments as JSON, each remark with its message."""
    answers = (quote(shipment, today=today, books=_held) for shipment in shipments)
    return [msgspec.Raw(msgspec.json.encode(with_messages(answer.to_dict()))) for answer in answers]


def answered(shipment: dict[str, Any], today: date) -> Answer:
    """The answer to one native shipment."""
    return quote(shipment, today=today, books=_held)


AT_ONCE: Final = 16
"""Shipments of one request that are quoted before others have their turn."""


class Quoting:
    """Quotes shipments beside the service.

    Args:
        books: imported tariffs and rates.
        processes: how many quote; none quotes in a thread, for tests and small machines.
    """

    def __init__(self, books: Books, processes: int = 0) -> None:
        self._books = books
        self._processes = processes
        self._waiting = 0
        self._executor = self._started()

    async def quote(self, shipments: Sequence[dict[str, Any]], today: date) -> list[msgspec.Raw]:
        """The answers to native shipments, in their order.

        Raises:
            Overloaded: too many wait for a quote.
        """
        with self._in_line(len(shipments)):
            answers: list[msgspec.Raw] = []
            for first in range(0, len(shipments), AT_ONCE):
                answers += await self._asked(quoted, shipments[first : first + AT_ONCE], today)
        return answers

    async def answer(self, shipment: dict[str, Any], today: date) -> Answer:
        """The answer to one native shipment as the pages show it.

        Raises:
            Overloaded: too many wait for a quote.
        """
        with self._in_line(1):
            return await self._asked(answered, shipment, today)

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

    async def _asked(self, ask: Callable[[Told, date], Result], told: Told, today: date) -> Result:
        """Ask the process; once more where it was killed meanwhile."""
        loop, executor = asyncio.get_running_loop(), self._executor
        try:
            return await loop.run_in_executor(executor, ask, told, today)
        except BrokenProcessPool:
            if self._executor is executor:
                self._executor = self._started()
            return await loop.run_in_executor(self._executor, ask, told, today)

    def _started(self) -> Executor:
        if not self._processes:
            return ThreadPoolExecutor(1, "quoting", _hold, (self._books,))
        context = multiprocessing.get_context("spawn")  # a fork would take locks along
        return ProcessPoolExecutor(self._processes, context, _hold, (self._books,))

    def close(self) -> None:
        """Let the process end."""
        self._executor.shutdown(wait=True, cancel_futures=True)
