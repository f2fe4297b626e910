"""Whom the paces count: the address that our own proxy wrote, and no other."""

from typing import Any

import pytest
from litestar.connection import ASGIConnection

from offices import called, client
from tumen.kernel.errors import TooManyRequests
from tumen.store.database import Database
from tumen.web.access.door import Door
from tumen.web.access.identification import Identification, Paces
from tumen.web.access.pace import Pace

PROXY = "10.0.0.1"


@pytest.fixture
def counting() -> Identification:
    """Counts what comes by a proxy of ours; a door is not asked for strays."""
    door: Door = None  # type: ignore[assignment]
    return Identification(door, frozenset({PROXY}), Paces(public=Pace(2)))


def asked(*told: str) -> ASGIConnection[Any, Any, Any, Any]:
    """A request with lines of ``X-Forwarded-For`` in their order, as a server hands it on."""
    headers = [(b"x-forwarded-for", line.encode()) for line in told]
    return ASGIConnection({"type": "http", "client": (PROXY, 1), "headers": headers})  # type: ignore[typeddict-item]


def test_lines_that_a_client_writes_above_the_proxys_own_change_nothing(
    counting: Identification,
) -> None:
    counting.count_stray(asked("198.51.100.1", "192.0.2.7"))
    counting.count_stray(asked("198.51.100.2", "198.51.100.3, 192.0.2.7"))
    with pytest.raises(TooManyRequests):
        counting.count_stray(asked("198.51.100.4", "192.0.2.7"))


def test_nobody_uses_up_what_another_address_may(counting: Identification) -> None:
    for _ in range(2):
        counting.count_stray(asked("198.51.100.1", "192.0.2.7"))
    counting.count_stray(asked("198.51.100.1"))


@pytest.mark.parametrize(
    "shown",
    [
        {"authorization": f"Bearer tumen_{'0' * 12}_{'x' * 43}"},
        {"cookie": f"__Host-tumen_session={'x' * 43}"},
    ],
)
def test_who_guesses_keys_or_tokens_soon_asks_the_store_no_more(
    shared_database: Database,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    shown: dict[str, str],
) -> None:
    monkeypatch.setattr("tumen.web.access.identification.WRONG_SECRETS_A_MINUTE", 2)
    with client(shared_database, tmp_path_factory.mktemp("office")) as asking:
        known = called(asking)
        answers = [asking.get("/v1/me", headers=known).status_code for _ in range(5)]
        assert answers == [200] * 5, "who is right is not counted"
        answers = [asking.get("/v1/me", headers=shown).status_code for _ in range(4)]
        assert answers[2:] == [429, 429]
        assert asking.get("/v1/me").status_code == 200, "the public goes on"
        assert asking.get("/v1/me", headers=known).status_code == 200, "and who is remembered"


@pytest.mark.parametrize(
    "shown", [{"authorization": "Bearer made-up"}, {"cookie": "__Host-tumen_session=made-up"}]
)
def test_of_what_has_not_the_form_of_a_key_or_a_token_the_store_is_not_asked(
    shared_database: Database, tmp_path_factory: pytest.TempPathFactory, shown: dict[str, str]
) -> None:
    with client(shared_database, tmp_path_factory.mktemp("office")) as asking:
        asking.app.state.office.door.close()
        status = asking.get("/v1/me", headers=shown).status_code
        assert status == (401 if "authorization" in shown else 200)
