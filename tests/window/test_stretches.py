"""Pages of lists with filters are full, or the last, or as much was looked at as may be."""

from collections.abc import Iterator
from functools import partial
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lodging import one
from scenarios.test_held_goods import four, held

from clearing import Clearing
from tumen.simulation import one_bundle
from tumen.store.database import Database
from tumen.store.viewer import Viewer, session_for
from tumen.window.ledger import docket, stretches
from tumen.window.ledger.docket import Chosen
from tumen.window.ledger.stretches import Lines, Stretch, filled
from tumen.window.states import Lane, Status

VIEWERS = {
    "filer": Viewer("tests"),
    "other": Viewer("other"),
    "customs": Viewer(authority="customs", economy="CN"),
    "KR": Viewer(authority="customs", economy="KR"),
    "agency": Viewer(authority="agency", economy="CN", matters="food"),
}


def paged(page: "partial[Lines]", after: int | None = 0) -> Iterator[Lines]:
    """All pages from a cursor on."""
    while after is not None:
        found = page(after=after)
        yield found
        after = found.next


@given(
    fits=st.lists(st.booleans(), max_size=60),
    wanted=st.integers(1, 9),
    least=st.integers(1, 5),
    most=st.integers(5, 80),
)
def test_pages_join_to_the_whole_list_and_none_is_short_before_its_bound(
    fits: list[bool], wanted: int, least: int, most: int
) -> None:
    looked_at: list[int] = []

    def look(after: int, most: int) -> Stretch:
        part = [*range(after, min(after + most, len(fits)))]
        looked_at.append(len(part))
        return Stretch([n + 1 for n in part], [{"n": n + 1} for n in part if fits[n]])

    page = partial(filled, look, wanted=wanted, cursor="n", is_filtered=True)
    bounds = {"LOOKED_AT_LEAST": least, "LOOKED_AT_AT_ONCE": 7, "LOOKED_AT_MAX": most}
    found: list[int] = []
    with patch.multiple(stretches, **bounds):
        for lines in paged(page):
            found += [line["n"] for line in lines.lines]
            if lines.next is not None and len(lines.lines) < wanted:
                assert sum(looked_at) == most
            assert sum(looked_at) <= most
            looked_at.clear()
    assert found == [n + 1 for n, is_fit in enumerate(fits) if is_fit]


@pytest.fixture(scope="module")
def history(shared_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Database:
    """Declarations of several statuses and lanes of two senders, and shipments to Korea."""
    folder = tmp_path_factory.mktemp("documents")
    own, other = (Clearing(shared_database, name, seed="no lot") for name in ("tests", "other"))
    own.documents([*held(5), *four(9), *held(6), one("K-1")], folder)
    other.documents([*four(10), *held(7), one("K-2")], folder)
    own.documents(one_bundle("payment_missing", 41).documents, folder)
    own.documents(one_bundle("returned", 42).documents, folder)
    return shared_database


CHOSEN = (
    *(Chosen(status=status) for status in (Status.RELEASED, Status.HELD, Status.RETURNED)),
    *(Chosen(lane=lane) for lane in (Lane.GREEN, Lane.YELLOW)),
    Chosen(status=Status.HELD, lane=Lane.YELLOW),
    Chosen(economy="KR"),
)


@pytest.mark.parametrize("name", VIEWERS)
def test_every_filter_chooses_what_the_whole_list_has_of_it(name: str, history: Database) -> None:
    viewer = VIEWERS[name]
    sender = viewer.sender or None
    with session_for(history, viewer) as session:
        whole = docket.declarations(session, Chosen(sender=sender)).lines
        for chosen in CHOSEN:
            asked = Chosen(chosen.status, chosen.lane, chosen.economy, sender=sender)
            named = {name: getattr(chosen, name) for name in ("status", "lane", "economy")}
            wanted = [
                line for line in whole
                if all(value in (None, line[name]) for name, value in named.items())
            ]  # fmt: skip
            page = partial(docket.declarations, session, asked, limit=1)
            pages = [*paged(page)]
            assert [line for each in pages for line in each.lines] == wanted, named
            assert all(each.lines for each in pages[:-1]), named
    assert len(whole) == {"filer": 6, "other": 3, "customs": 7, "KR": 2, "agency": 0}[name]


def test_the_queue_of_an_economy_goes_on_behind_what_waits_for_another(history: Database) -> None:
    """Of what waits before another authority a page of one line once told nothing, or failed."""
    with session_for(history, VIEWERS["KR"]) as session:
        found = docket.queue(session, Chosen(economy="KR"), limit=1)
    assert (found.lines, found.next) == ([], None)
    with session_for(history, VIEWERS["customs"]) as session:
        pages = [*paged(partial(docket.queue, session, Chosen(economy="CN"), limit=1))]
        green = docket.queue(session, Chosen(economy="CN", lane="green"), limit=1)
    assert [len(each.lines) for each in pages] == [1, 1, 1]
    assert (green.lines, green.next) == ([], None)
