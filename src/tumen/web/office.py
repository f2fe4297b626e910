"""The office: an open node with what serving it takes, one for each worker process."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, Self, TypeVar

from litestar import Request

from tumen.access.caller import Caller
from tumen.access.viewing import viewer_of
from tumen.bootstrap import Node
from tumen.kernel.access_limits import (
    EXPORT_THREADS,
    EXPORTS_BY_SENDER_MAX,
    EXPORTS_WAITING_MAX,
)
from tumen.kernel.service_limits import (
    POOL_THREADS,
    POOL_WAITING_MAX,
    PRECHECK_THREADS,
    PRECHECKS_BY_SENDER_MAX,
    PRECHECKS_WAITING_MAX,
    READING_SECONDS_MAX,
    SURVEY_THREADS,
    VERIFYING_THREADS,
)
from tumen.law.quoting import NO_BOOKS, Books
from tumen.store.database import Role
from tumen.store.session import Session
from tumen.store.viewer import Viewer
from tumen.web.beside import Beside
from tumen.web.gathering import GroupCommit
from tumen.web.lists_in_force import ListsInForce
from tumen.web.pool import Pool
from tumen.web.quoting import Quoting
from tumen.web.road import Road
from tumen.web.shares import Shares
from tumen.window.ledger import proofs

Result = TypeVar("Result")

OFFICE: Final = "office"
"""Under this name the application knows its office."""


@dataclass(frozen=True, slots=True)
class Office:
    """What the handlers work with.

    Attributes:
        node: the node: its store, keys, policy, log and clock.
        books: imported tariffs and rates of exchange.
        lists: the node with the lists in force, for who foresees or decides.
        filing: takes what is lodged down the road, many submissions together, in a process apart.
        quoting: says what shipments cost, in a process apart.
        enquiries: sessions of who is known and asks for its own.
        public: sessions for anybody, such as tracking; a rush there slows nothing else.
        surveys: sessions that look through the whole node, such as for orphans: few, and apart.
        acts: sessions of the recorder, for what officers and the service itself write.
        prechecks: sessions that wait for the sequencer to foresee a match: few, and apart, so that
            nothing else waits behind them.
        prechecking: how many prechecks one sender may have under way.
        exports: sessions in which organisations take out what they own: long, and so apart.
        exporting: how many exports one organisation may have under way.
        health: the session by which ``/readyz`` asks: it is never behind others' work.
        reading: threads that read what is lodged or asked for where it is large.
        publishing: the thread that writes the log's files before a proof is given.
        verifying: threads that look at files of strangers.
        identifying: threads that ask an issuer of identities, who may be slow.
        door: sessions that find out whose a key or a token is.
        sign_ins: sessions in which passwords are asked: slow, so that they are apart.
    """

    node: Node
    books: Books
    lists: ListsInForce
    filing: GroupCommit
    quoting: Quoting
    enquiries: Pool
    public: Pool
    surveys: Pool
    acts: Pool
    prechecks: Pool
    prechecking: Shares
    exports: Pool
    exporting: Shares
    health: Pool
    reading: Beside
    publishing: Beside
    verifying: Beside
    identifying: Beside
    door: Pool
    sign_ins: Pool

    @classmethod
    def of(
        cls,
        node: Node,
        books: Books = NO_BOOKS,
        *,
        road: Callable[[], Road] | None = None,
        road_processes: int = 0,
        quoting_processes: int = 0,
    ) -> Self:
        """The office of a node; what has no process of its own is done in a thread.

        Args:
            node: the open node.
            books: imported tariffs and rates.
            road: opens the road where it is gone; none takes the open node.
            road_processes: how many go it.
            quoting_processes: how many quote.
        """

        def pool(
            role: Role, name: str, threads: int = POOL_THREADS, waiting: int = POOL_WAITING_MAX
        ) -> Pool:
            return Pool(node.database, role, name, threads=threads, waiting_max=waiting)

        def reading(role: Role, name: str, threads: int = POOL_THREADS) -> Pool:
            return Pool(
                node.database, role, name, threads=threads, waiting_max=POOL_WAITING_MAX,
                seconds_max=READING_SECONDS_MAX,
            )  # fmt: skip

        def beside(name: str, threads: int = POOL_THREADS) -> Beside:
            return Beside(name, threads=threads, waiting_max=POOL_WAITING_MAX)

        return cls(
            node,
            books,
            ListsInForce(node),
            GroupCommit(node, road or partial(Road, node, books), road_processes),
            Quoting(books, quoting_processes),
            enquiries=reading(Role.APP, "enquiries"),
            public=reading(Role.RECORDER, "public"),
            surveys=reading(Role.RECORDER, "surveys", SURVEY_THREADS),
            acts=pool(Role.RECORDER, "acts"),
            prechecks=pool(Role.RECORDER, "prechecks", PRECHECK_THREADS, PRECHECKS_WAITING_MAX),
            prechecking=Shares(
                PRECHECKS_BY_SENDER_MAX, "You have as many prechecks under way as one may."
            ),
            exports=pool(Role.APP, "exports", EXPORT_THREADS, EXPORTS_WAITING_MAX),
            exporting=Shares(EXPORTS_BY_SENDER_MAX, "You have an export under way."),
            health=pool(Role.RECORDER, "health", 1),
            reading=beside("reading"),
            publishing=beside("publishing", 1),
            verifying=beside("verifying", VERIFYING_THREADS),
            identifying=beside("identifying"),
            door=pool(Role.RECORDER, "door"),
            sign_ins=pool(Role.RECORDER, "sign_ins"),
        )

    async def read(self, sender: str, ask: Callable[[Session], Result]) -> Result:
        """What the store holds for a sender: row-level security shows its own rows alone."""
        return await self.enquiries.run(ask, Viewer(sender))

    async def read_as(self, caller: Caller, ask: Callable[[Session], Result]) -> Result:
        """What the store holds for a caller: its own rows, and for an authority its economy's."""
        return await self.enquiries.run(ask, viewer_of(caller))

    async def act(self, work: Callable[[Session], Result]) -> Result:
        """Write in one transaction as the recorder.

        Work that changes a declaration's life calls ``session.sequence()`` first.
        """
        return await self.acts.run(work)

    async def record(self, work: Callable[[Session], Result]) -> Result:
        """Write something that leaves a leaf in the log; it is published soon after."""
        found = await self.act(work)
        self.filing.recorded()
        return found

    async def proofs(self, documents: Sequence[int]) -> Mapping[int, str]:
        """The proofs of documents by their numbers, once what they say is published.

        A node that is restored to before a checkpoint must find that it was shown.
        """

        def prove(session: Session) -> Mapping[int, str]:
            return proofs.documents(session, self.node.keys.sealing, documents)

        found = await self.act(prove)
        await self.publishing.run(self.node.publish_log)
        return found

    async def close(self) -> None:
        """End what is under way and let go of the store."""
        await self.filing.close()
        self.quoting.close()
        for pool in (
            self.enquiries, self.public, self.surveys, self.acts, self.prechecks, self.exports,
            self.health, self.door, self.sign_ins, self.reading, self.publishing, self.verifying,
            self.identifying,
        ):  # fmt: skip
            pool.close()


def office_of(request: Request[Any, Any, Any]) -> Office:
    """The office that a request came to.

    A handler may be given it as ``office``; what is asked most often takes it by itself, for what
    a handler is given costs a tenth of a small request each.
    """
    found: Office = request.app.state[OFFICE]
    return found
