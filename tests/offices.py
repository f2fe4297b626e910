"""An office on a test database, and the application in this process, for tests of the service."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from litestar import Litestar
from litestar.testing import TestClient

from clearing import CLOCK, KEYS, NO_PARTIES, PRICES, SIGNER, node_log
from tumen.bootstrap import Node
from tumen.store.database import Database
from tumen.trust.note import VerifierKey
from tumen.web.app import application
from tumen.web.office import Office
from tumen.window.decision import Policy
from tumen.window.screening import ScreeningLists
from tumen.window.signatures import MessageSignatures


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


@contextmanager
def client(database: Database, folder: Path, *more: Any) -> Iterator[TestClient[Litestar]]:
    """A client of the whole application on a test database."""
    office = Office.of(node(database, folder))
    with TestClient(application(office, more), raise_server_exceptions=False) as asking:
        yield asking
