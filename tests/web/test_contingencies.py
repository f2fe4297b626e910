"""Contingencies over HTTP: an office suspends its own decisions, and everybody is told."""

import time
from collections.abc import Iterator

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from offices import called, client
from tumen.access.roles import Role
from tumen.simulation import one_bundle
from tumen.store.database import Database
from tumen.web import board

ASKED = "/v1/contingencies"


@pytest.fixture(scope="module")
def asking(
    shared_database: Database, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestClient[Litestar]]:
    with client(shared_database, tmp_path_factory.mktemp("office")) as made:
        yield made


def test_an_office_suspends_its_own_decisions_and_takes_them_up_again(
    asking: TestClient[Litestar], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(board, "SEEN_SECONDS", 0)
    customs = called(asking, "port", Role.CUSTOMS)
    begin = {"turn": "begin", "reason": "the hall is cut off"}
    assert asking.post(ASKED, json=begin, headers=customs).json()["is_on"]
    assert asking.post(ASKED, json=begin, headers=customs).status_code == 400
    lodged = asking.post("/v1/submissions", json=one_bundle(seed=4).documents,
                         headers=called(asking)).json()  # fmt: skip
    assert lodged["answers"]["accepted"] == 4
    (told,) = asking.get(ASKED).json()["contingencies"]
    assert (told["economy"], told["reason"], told["awaiting"]) == ("CN", begin["reason"], 1)
    assert "customs of China cannot be reached" in _page(asking, "cannot be reached")
    end = {"turn": "end", "reason": "the line is back"}
    first = asking.post(ASKED, json=end, headers=customs).json()
    assert (first["is_on"], first["decided"]) == (False, {"released": 1})
    assert asking.get(ASKED).json() == {"contingencies": []}


def _page(asking: TestClient[Litestar], wanted: str) -> str:
    """The first page once the board was looked at, which no request waits for."""
    for _ in range(100):
        page = asking.get("/verify", headers={"accept-language": "en"}).text
        if wanted in page:
            return page
        time.sleep(0.02)
    return page


def test_who_lodges_suspends_nothing(asking: TestClient[Litestar]) -> None:
    told = {"turn": "begin", "reason": "I would rather not"}
    assert asking.post(ASKED, json=told, headers=called(asking)).status_code == 403
    assert asking.post(ASKED, json=told).status_code == 401
