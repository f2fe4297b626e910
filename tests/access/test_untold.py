"""That a name resembles one of a watch list is told to authorities, and to no filer anywhere."""

import io
import zipfile
from collections.abc import Iterator

import polars as pl
import pytest
from tests.conftest import fresh_database

from clearing import CLOCK, KEYS, Clearing
from tumen.access import export
from tumen.bootstrap import known_codes
from tumen.simulation import one_bundle
from tumen.store.database import Database
from tumen.store.session import Session
from tumen.store.viewer import Viewer, session_for
from tumen.window.ledger import docket
from tumen.window.ledger.consignment import consignment
from tumen.window.parties import PartyIndex
from tumen.window.prepare import Preparation
from tumen.window.recording import UNTOLD

LISTED = "Nonsuch Trading Company Limited"
(CODE,) = UNTOLD
CUSTOMS = Viewer(sender="customs-cn", authority="customs", economy="CN")


class Watching(Clearing):
    """A node with a watch list of one name."""

    @property
    def preparation(self) -> Preparation:
        names = pl.DataFrame({"name": [LISTED], "list_name": ["demo"], "entry_id": ["1"]})
        return Preparation(self.sender, KEYS, known_codes(), PartyIndex.build(names), CLOCK)


@pytest.fixture(scope="module")
def node(
    database_location: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Database, str]]:
    """A node with one declaration whose merchant is listed, and its order number."""
    *others, declaration = one_bundle("clean", 5).documents
    with fresh_database(database_location) as database:
        clearing = Watching(database, sender="one", seed="no lot")
        lodged = [*others, {**declaration, "merchant_name": LISTED}]
        clearing.documents(lodged, tmp_path_factory.mktemp("one"))
        yield database, str(declaration["order_number"])


def told(session: Session, number: str) -> str:
    """All that the commands, the pages and the API tell of a declaration."""
    whole = consignment(session, number, payer_must_be_buyer=True)
    listed = docket.declarations(session, docket.Chosen()).lines
    assert whole is not None
    assert [line["order_number"] for line in listed] == [number]
    assert listed[0]["status"] == "held"
    return repr((whole, listed, docket.queue(session, docket.Chosen()), docket.events(session)))


def test_customs_is_told_that_a_watch_list_was_hit_and_which(node: tuple[Database, str]) -> None:
    database, number = node
    with session_for(database, CUSTOMS) as session:
        shown = told(session, number)
    assert CODE in shown
    assert "demo" in shown
    with database.session() as session:
        assert CODE in told(session, number)


def test_the_filer_is_told_that_it_is_held_and_not_that_a_watch_list_was_hit(
    node: tuple[Database, str],
) -> None:
    database, number = node
    with session_for(database, Viewer("one")) as session:
        shown = told(session, number)
        target = io.BytesIO()
        export.export(session, "one", target, CLOCK.at)
    assert CODE not in shown
    assert "demo" not in shown
    with zipfile.ZipFile(target) as archive:
        for name in archive.namelist():
            assert CODE.encode() not in archive.read(name), name
