"""An office on a test database, and the application in this process, for tests of the service."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from litestar import Litestar
from litestar.testing import TestClient

from clearing import CLOCK, KEYS, NO_PARTIES, PRICES, SIGNER, node_log
from tumen.access import keys, organisations
from tumen.access.keys import KeyWanted
from tumen.access.organisations import Organisation
from tumen.access.roles import AUTHORITIES, Role
from tumen.bootstrap import Node
from tumen.codelist.matters import OF_AGENCIES
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


def called(
    asking: TestClient[Litestar], sender: str = SENDER, role: Role = Role.PLATFORM
) -> dict[str, str]:
    """The headers by which an organisation is known; it gets a key when it first asks."""
    held: dict[tuple[str, Role], str] = asking.app.state.held_keys
    if (sender, role) not in held:
        economy = "CN" if role in AUTHORITIES else None
        matters = OF_AGENCIES if role is Role.AGENCY else frozenset()
        made = Organisation(sender, sender, frozenset({role}), economy, matters=matters)
        with asking.app.state.database.session() as session:
            organisations.record(session, made, CLOCK.at, "console")
            held[sender, role] = keys.make(session, sender, KeyWanted("tests"), CLOCK.at, "console")
    return {"authorization": f"Bearer {held[sender, role]}"}


@contextmanager
def client(database: Database, folder: Path, *more: Any) -> Iterator[TestClient[Litestar]]:
    """A client of the whole application on a test database."""
    office = Office.of(node(database, folder))
    made = application(office, more)
    made.state.database, made.state.held_keys, made.state.office = database, {}, office
    with TestClient(made, raise_server_exceptions=False) as asking:
        yield asking
