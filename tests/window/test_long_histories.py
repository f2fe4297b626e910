"""A sender's lists in a long history: what is found by its documents is what its rows show."""

from functools import partial

import pytest

from clearing import Clearing
from tumen.simulation import one_bundle
from tumen.store.database import Database
from tumen.store.viewer import Viewer, session_for
from tumen.window.ledger import docket, lodged, orphans
from tumen.window.ledger.docket import Chosen

SENDERS = ("many", "few", "many", "many", "none")


@pytest.fixture(scope="module")
def history(shared_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Database:
    folder = tmp_path_factory.mktemp("documents")
    for seed, sender in enumerate(SENDERS[:-1], start=41):
        fault = "payment_missing" if seed % 2 else "clean"
        Clearing(shared_database, sender=sender).documents(
            one_bundle(fault, seed).documents, folder
        )
    return shared_database


@pytest.mark.parametrize("sender", sorted({*SENDERS}))
@pytest.mark.parametrize("looked_at", [1, 20_000])
def test_a_sender_finds_the_same_by_its_documents_and_by_its_rows(
    sender: str, looked_at: int, history: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(docket, "EVENTS_LOOKED_AT_MAX", looked_at)
    with session_for(history, Viewer(sender)) as session:
        for after in (0, 2):
            rows = docket.events(session, after)
            assert docket.events(session, after, sender=sender) == rows
            assert docket.events(session, after, limit=1, sender=sender) == rows[:1]
        listed = partial(docket.declarations, session)
        assert listed(Chosen(sender=sender)).lines == listed(Chosen()).lines
        every = lodged.lodged(session, before=2**62, limit=50)
        assert lodged.lodged(session, before=2**62, limit=50, sender=sender).equals(every)
    assert (every.height > 0) is (sender != "none")


@pytest.mark.parametrize("looked_at", [1, 50_000])
def test_orphans_of_all_and_of_a_sender_are_told_once_however_little_a_page_looks_at(
    looked_at: int, history: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(orphans, "ORPHANS_LOOKED_AT_MAX", looked_at)
    with history.session() as session:
        found: list[int] = []
        after: int | None = 0
        while after is not None:
            page = orphans.orphans(session, limit=10, after=after)
            found += page.lines["document_id"].to_list()
            after = page.next
        own = orphans.orphans(session, limit=10, sender="many").lines["document_id"].to_list()
    assert found == sorted({*found})
    assert {*own} <= {*found}
    assert len(found) == 2
