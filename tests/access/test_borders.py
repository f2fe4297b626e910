"""The matrix and the database draw the same border: role by owner by economy, in full."""

from collections.abc import Iterator
from itertools import product

import polars as pl
import pytest
from tests.conftest import fresh_database

from clearing import Clearing
from tumen.access.caller import PUBLIC, Caller
from tumen.access.matrix import Permission
from tumen.access.roles import ASSIGNABLE, Role
from tumen.access.viewing import viewer_of
from tumen.kernel.errors import CallerUnknown
from tumen.law.coverage import ECONOMIES
from tumen.store.database import Database
from tumen.store.viewer import Viewer, session_for

SENDERS = ("one", "two")
SEEN = pl.Schema({"sender": pl.String, "destination": pl.String})


@pytest.fixture(scope="module")
def node(database_location: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A node to which two senders lodged a shipment to each economy."""
    with fresh_database(database_location) as database:
        for sender in SENDERS:
            lodged = [
                {
                    "shipment": f"to {economy}", "destination": economy, "dispatch": "US",
                    "date": "2026-06-10", "currency": "USD",
                    "items": [{"hs": "61091000", "quantity": "5", "unit_price": "6.00"}],
                }
                for economy in ECONOMIES
            ]  # fmt: skip
            folder = tmp_path_factory.mktemp(sender)
            Clearing(database, sender=sender, seed="no lot").documents(lodged, folder)
        yield database


def seen(database: Database, viewer: Viewer) -> set[tuple[str, str]]:
    with session_for(database, viewer) as session:
        found = session.read("SELECT sender, destination FROM goods_shipment", None, SEEN)
    return set(found.iter_rows())


@pytest.mark.parametrize("role", ASSIGNABLE)
def test_the_database_shows_of_others_what_the_matrix_permits_and_no_more(
    node: Database, role: Role
) -> None:
    for economy, organisation in product((*ECONOMIES, None), ("one", "stranger")):
        caller = Caller(organisation, "", frozenset({role}), economy)
        own = set(product({organisation} & set(SENDERS), ECONOMIES))
        permitted = {
            (sender, destination)
            for sender, destination in product(SENDERS, ECONOMIES)
            if caller.may(Permission.READ_DOCUMENTS, owner=sender, economies=(destination,))
        }
        assert seen(node, viewer_of(caller)) == permitted | own


def test_the_public_is_shown_nothing(node: Database) -> None:
    assert seen(node, Viewer()) == set()
    with pytest.raises(CallerUnknown):
        viewer_of(PUBLIC)
