"""Who only reads has an end: of one statement's time, and of readers of the stream."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from offices import SENDER, called, client
from tumen.kernel.errors import StoreTooSlow
from tumen.kernel.limits import STREAMS_BY_SENDER_MAX
from tumen.store.database import Database
from tumen.store.session import Session
from tumen.web.api import events
from tumen.web.office import Office
from tumen.window.ledger import orphans

Client = TestClient[Litestar]


@pytest.fixture
def asking(
    shared_database: Database,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Client]:
    monkeypatch.setattr("tumen.web.office.READING_SECONDS_MAX", 0.3)
    monkeypatch.setattr(events, "STREAM_ROUNDS_MAX", 1)
    with client(shared_database, tmp_path_factory.mktemp("office")) as made:
        yield made


def sleep(session: Session, *, seconds: float = 2.0, **_: object) -> float:
    """A question that takes long."""
    session.execute(f"SELECT pg_sleep({seconds})")
    return seconds


@pytest.mark.parametrize("name", ["enquiries", "public", "surveys"])
def test_a_statement_of_who_only_reads_is_ended(asking: Client, name: str) -> None:
    office: Office = asking.app.state.office
    with pytest.raises(StoreTooSlow):
        asyncio.run(getattr(office, name).run(sleep))


def test_who_asks_for_too_much_is_told_to_ask_for_less(
    asking: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(orphans, "orphans", sleep)
    answer = asking.get("/v1/orphans", headers=called(asking))
    assert (answer.status_code, answer.json()["code"]) == (503, "STORE_TOO_SLOW")
    assert "less" in answer.json()["next_step"]


def test_who_records_may_wait_for_the_sequencer(asking: Client) -> None:
    acts = asking.app.state.office.acts
    assert asyncio.run(acts.run(partial(sleep, seconds=0.6))) == 0.6


def test_an_organisation_follows_by_so_many_readers_and_leaves_room_for_others(
    asking: Client,
) -> None:
    own, other = called(asking), called(asking, "other")
    with ExitStack() as following:
        for _ in range(STREAMS_BY_SENDER_MAX):
            following.enter_context(events._following.one(SENDER))
        refused = asking.get("/v1/events/stream", headers=own)
        assert (refused.status_code, refused.json()["code"]) == (429, "OVERLOADED")
        assert asking.get("/v1/events/stream", headers=other).status_code == 200
    assert asking.get("/v1/events/stream", headers=own).status_code == 200
