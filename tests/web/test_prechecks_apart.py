"""Prechecks wait for the sequencer; nothing else waits for them."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from httpx import Response
from litestar import Litestar
from litestar.testing import TestClient

from offices import called, client
from tumen.access.roles import Role
from tumen.kernel.service_limits import POOL_THREADS, PRECHECKS_BY_SENDER_MAX
from tumen.simulation import one_bundle
from tumen.store.database import Database
from tumen.web.shares import Shares

Client = TestClient[Litestar]


@pytest.fixture(scope="module")
def asking(shared_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with client(shared_database, tmp_path_factory.mktemp("office")) as made:
        yield made


@contextmanager
def prechecks_of(asking: Client, senders: list[str]) -> Iterator[list["Future[Response]"]]:
    """Prechecks that wait: another has the sequencer until the block ends."""
    documents: list[dict[str, Any]] = [each.document for each in one_bundle(seed=1).sendings]
    headers = [called(asking, sender) for sender in senders]
    lock = asking.app.state.database.session()
    with ThreadPoolExecutor(len(senders)) as threads, lock as session:
        session.sequence()
        yield [
            threads.submit(asking.post, "/v1/matches", json=documents, headers=each)
            for each in headers
        ]


def test_while_prechecks_wait_for_the_sequencer_the_rest_of_the_service_answers(
    asking: Client,
) -> None:
    customs = called(asking, "customs-of-tests", Role.CUSTOMS)
    waiting = [f"sender-{number}" for number in range(2 * POOL_THREADS)]
    with prechecks_of(asking, waiting) as under_way:
        with ThreadPoolExecutor(2) as threads:
            asked = [
                threads.submit(asking.get, path, headers=customs)
                for path in ("/readyz", "/v1/orphans", "/v1/queue")
            ]
            assert [each.result(timeout=20).status_code for each in asked] == [200] * 3
        assert not all(each.done() for each in under_way), "some still wait"
    assert {each.result(timeout=60).status_code for each in under_way} == {200}


def test_a_sender_has_as_many_prechecks_under_way_as_it_may_and_is_told(asking: Client) -> None:
    with prechecks_of(asking, ["busy"] * (PRECHECKS_BY_SENDER_MAX + 1)) as under_way:
        refused = next(each.result() for each in asyncio.run(first_done(under_way)))
        assert refused.status_code == 429
        assert int(refused.headers["retry-after"]) > 0
    statuses = sorted(each.result(timeout=60).status_code for each in under_way)
    assert statuses == [200] * PRECHECKS_BY_SENDER_MAX + [429]


async def first_done(futures: list["Future[Response]"]) -> list["Future[Response]"]:
    """Those that are done first."""
    wrapped = [asyncio.wrap_future(each) for each in futures]
    await asyncio.wait(wrapped, return_when=asyncio.FIRST_COMPLETED, timeout=20)
    return [each for each in futures if each.done()]


def test_a_share_is_given_back_when_the_work_ends_or_fails() -> None:
    shares = Shares(1, "full")
    for _ in range(3):
        with pytest.raises(ValueError, match="x"), shares.one("a"):
            raise ValueError("x")
    with shares.one("a"), shares.one("b"):
        pass
