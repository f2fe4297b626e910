"""A sender's lists in a long history: what is found by its documents is what its rows show."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

import polars as pl
import pytest

from clearing import Clearing
from tumen.simulation import one_bundle
from tumen.store.database import Database
from tumen.store.session import Query, Session
from tumen.store.viewer import Viewer, session_for
from tumen.window.ledger import activity, counterparts, docket, inquiry, lodged, orphans
from tumen.window.ledger.docket import Chosen

SENDERS = ("many", "few", "many", "many", "none")
LONG = re.compile(
    r"Seq Scan on (trade_order|payment|waybill|declaration|revocation|goods_return)(?! d)\b"
)
"""A table of documents read from its beginning; as d it stands in a policy, and may be short."""

ASKED: dict[str, Callable[[Session], object]] = {
    "numbers of a reference": partial(inquiry.order_numbers, reference="x"),
    "payments of an order": partial(
        counterparts.payments_among, keys=pl.Series(["x|y"]), documents=pl.Series([1])
    ),
    "refused documents": partial(lodged.lodged, before=2**62, answer="rejected", limit=50),
    "own refused documents": partial(
        lodged.lodged, before=2**62, answer="rejected", limit=50, sender="many"
    ),
    "declarations": partial(docket.declarations, chosen=Chosen(status="held")),
}


@pytest.fixture(scope="module")
def history(shared_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Database:
    folder = tmp_path_factory.mktemp("documents")
    for seed, sender in enumerate(SENDERS[:-1], start=41):
        fault = "payment_missing" if seed % 2 else "returned"
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


def test_where_declarations_stand_is_counted_step_by_step_as_it_is_counted_at_once(
    history: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One event at a time, each count going on from the one that was kept, and no event twice."""
    monkeypatch.setattr(activity, "EVENTS_COUNTED_AT_ONCE", 1)
    monkeypatch.setattr(activity, "EVENTS_UNTIL_KEPT", 1)
    schema = pl.Schema({"document_id": pl.Int64(), "status": pl.String()})
    query = "SELECT document_id, status FROM declaration_event ORDER BY event_id"
    with history.session() as session:
        events = session.read(query, None, schema).rows()
    stood: dict[int, str] = {}
    for document, status in events:
        stood[document] = status
        with history.session() as session:
            found = activity.activity(session, datetime(2026, 1, 1, tzinfo=UTC))
        assert Counter(found["statuses"]) == Counter(stood.values())
        assert found["counted_at"] is not None
    with history.session() as session:
        found = activity.activity(session, datetime(2026, 1, 1, tzinfo=UTC))
    assert Counter(found["statuses"]) == Counter(stood.values())
    assert found["counted_at"] is None
    assert len(events) > len(stood)


class Explained:
    """A session that also tells how the server goes about what it is asked."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.plans: list[str] = []

    def read(self, sql: str, parameters: object, schema: pl.Schema) -> pl.DataFrame:
        return self.ask(Query(sql, schema, parameters))[0]  # type: ignore[arg-type]

    def ask(self, *queries: Query) -> list[pl.DataFrame]:
        for each in queries:
            told = self.session.read(f"EXPLAIN {each.sql}", each.parameters, PLAN)
            self.plans += told["line"].to_list()
        return self.session.ask(*queries)


PLAN = pl.Schema({"line": pl.String()})


@pytest.mark.parametrize("viewer", [Viewer("many"), Viewer("port", "customs", "CN")])
@pytest.mark.parametrize("asked", ASKED)
def test_what_a_page_asks_is_found_by_indexes_under_row_level_security(
    asked: str, viewer: Viewer, history: Database
) -> None:
    """The server is told to read no table from its beginning where it has another way."""
    with session_for(history, viewer) as session:
        session.execute("SET LOCAL enable_seqscan = off")
        explained = Explained(session)
        ASKED[asked](explained)  # type: ignore[arg-type]
    assert len(explained.plans) > 1
    assert [line for line in explained.plans if LONG.search(line)] == []
