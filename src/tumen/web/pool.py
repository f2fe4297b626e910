"""Pools: threads with a connection each, and a line before them that has an end.

What people ask of the store waits here, apart from what is lodged: a rush on one pool slows no
other. A pool whose line is full refuses at once, which costs nothing, instead of letting
everybody wait longer.
"""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from tumen.kernel.errors import Overloaded
from tumen.store.database import Database, Role
from tumen.store.session import Connection, Session
from tumen.store.viewer import Viewer, see_as

Result = TypeVar("Result")


class Pool:
    """Runs work in sessions of one role; each thread keeps its connection.

    Args:
        database: the node's store.
        role: what the sessions work as.
        name: of its threads.
        threads: how many work at once.
        waiting_max: how much may wait for a thread before more is refused.
        seconds_max: how long a statement may take before it is ended; None for any time.
    """

    def __init__(
        self,
        database: Database,
        role: Role,
        name: str,
        *,
        threads: int,
        waiting_max: int,
        seconds_max: float | None = None,
    ) -> None:
        self._database = database
        self._role = role
        self._seconds_max = seconds_max
        self._name = name
        self._most = threads + waiting_max
        self._taken = 0
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._own = threading.local()
        self._open: list[Connection] = []

    async def run(self, work: Callable[[Session], Result], viewer: Viewer | None = None) -> Result:
        """Do some work in one transaction, in a thread of the pool.

        Args:
            work: is given the session; what it gives is given back when it is committed.
            viewer: for whom is read, where the role sees a viewer's rows alone.

        Raises:
            Overloaded: more is waiting than may wait.
            StoreUnavailable: the database cannot be reached.
        """
        return await self.lend(partial(_done, work=work, viewer=viewer))

    async def lend(self, work: Callable[[Connection], Result]) -> Result:
        """Do some work that opens its own transactions, with the connection of a thread.

        Raises:
            Overloaded: more is waiting than may wait.
            StoreUnavailable: the database cannot be reached.
        """
        if self._taken >= self._most:
            raise Overloaded(f"The pool {self._name} is full.")
        self._taken += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._threads, self._lent, work)
        finally:
            self._taken -= 1

    @property
    def load(self) -> float:
        """How full the pool is: 1 when it refuses."""
        return self._taken / self._most

    def _lent(self, work: Callable[[Connection], Result]) -> Result:
        return work(self._connection())

    def _connection(self) -> Connection:
        """This thread's connection; another one where the server went away."""
        held: Connection | None = getattr(self._own, "connection", None)
        if held is not None and held.is_broken:
            self._let_go(held)
            held = None
        if held is None:
            held = self._database.connect(self._role, statement_seconds_max=self._seconds_max)
            self._own.connection = held
            self._open.append(held)
        return held

    def _let_go(self, held: Connection) -> None:
        self._own.connection = None
        self._open.remove(held)
        held.close()

    def close(self) -> None:
        """Let the work under way end, and close the connections."""
        self._threads.shutdown(wait=True)
        for each in self._open:
            each.close()


def _done(
    connection: Connection, *, work: Callable[[Session], Result], viewer: Viewer | None
) -> Result:
    with connection.transaction() as session:
        if viewer is not None:
            see_as(session, viewer)
        return work(session)
