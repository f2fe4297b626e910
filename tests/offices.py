"""An office on a test database, and the application in this process, for tests of the service."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from litestar import Litestar
from litestar.testing import TestClient
from litestar.types import ASGIApp, Receive, Scope, Send

from clearing import CLOCK, KEYS, NO_PARTIES, PRICES, SIGNER, node_log
from tumen.access.caller import PUBLIC, Caller
from tumen.access.roles import Role
from tumen.bootstrap import Node
from tumen.store.database import Database
from tumen.trust.note import VerifierKey
from tumen.web.app import application
from tumen.web.office import Office
from tumen.window.decision import Policy
from tumen.window.screening import ScreeningLists
from tumen.window.signatures import MessageSignatures

SENDER = "tests"


def node(database: Database, folder: Path) -> Node:
    """A node on a test database that publishes its log below a folder."""
    return Node(
        database,
        KEYS,
        Policy(payer_must_be_buyer=True, seed="tests", lists=ScreeningLists(PRICES)),
        NO_PARTIES,
        CLOCK,
        node_log(database),
        folder / "node.log",
        lambda origin: (VerifierKey.parse(SIGNER.verifier_key),),
        MessageSignatures(),
    )


def called(sender: str = SENDER, role: Role = Role.PLATFORM) -> dict[str, str]:
    """The headers by which an organisation of tests is known."""
    return {"x-tests-sender": sender, "x-tests-role": role}


def _known(app: ASGIApp) -> ASGIApp:
    """Believes the headers of tests: who signs in, and how, is tested elsewhere."""

    async def asked(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            headers = dict(scope["headers"])
            sender = headers.get(b"x-tests-sender", b"").decode()
            roles = {Role(headers[b"x-tests-role"].decode())} if sender else frozenset()
            scope["user"] = Caller(sender, sender, frozenset(roles), "CN") if sender else PUBLIC
        await app(scope, receive, send)

    return asked


@contextmanager
def client(database: Database, folder: Path, *more: Any) -> Iterator[TestClient[Litestar]]:
    """A client of the whole application on a test database."""
    made = application(Office.of(node(database, folder)), more)
    made.asgi_handler = _known(made.asgi_handler)
    with TestClient(made, raise_server_exceptions=False) as asking:
        yield asking
