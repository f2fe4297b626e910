"""Submissions that nobody waits for: taken at once, answered where the sender was told to ask."""

import json
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from clearing import CLOCK
from offices import called, client
from tumen.kernel.service_limits import SUBMISSION_LOST_SECONDS
from tumen.simulation import one_bundle
from tumen.store.database import Database
from tumen.web.later import standing_of
from tumen.web.road import Road
from tumen.window.ledger import submissions

Client = TestClient[Litestar]
LODGE = "/v1/submissions"


@pytest.fixture(scope="module")
def asking(shared_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with client(shared_database, tmp_path_factory.mktemp("office")) as made:
        yield made


def sent(asking: Client, body: bytes) -> dict[str, Any]:
    """Lodge without waiting; what is told at once."""
    headers = {"content-type": "application/x-ndjson", "prefer": "respond-async"}
    answer = asking.post(LODGE, content=body, headers={**called(asking), **headers})
    assert answer.status_code == 202, answer.text
    told: dict[str, Any] = answer.json()
    assert answer.headers["location"] == f"{LODGE}/{told['submission']}"
    assert answer.headers["preference-applied"] == "respond-async"
    return told


def standing(asking: Client, name: str) -> dict[str, Any]:
    """Where it stands once it is no longer under way."""
    for _ in range(500):
        found: dict[str, Any] = asking.get(f"{LODGE}/{name}", headers=called(asking)).json()
        if found["state"] != "under_way":
            break
        time.sleep(0.02)
    return found


def body() -> bytes:
    order, *rest = one_bundle(seed=31).documents
    faulty = {name: value for name, value in order.items() if name != "order_number"}
    return b"\n".join([*(json.dumps(each).encode() for each in (order, *rest, faulty)), b"{"])


def test_who_does_not_wait_is_told_where_to_ask_and_finds_the_same_answer_there(
    asking: Client,
) -> None:
    told = sent(asking, body())
    assert (told["state"], told["documents"], told["answer"]) == ("under_way", 6, None)
    found = standing(asking, told["submission"])
    assert found["state"] == "answered"
    assert found["answer"]["answers"]["accepted"] == 4
    again = asking.post(
        LODGE, content=body(), headers={**called(asking), "content-type": "application/x-ndjson"}
    ).json()
    bytes_of = [[each["receipt"] for each in told["receipts"]] for told in (found["answer"], again)]
    assert bytes_of[0] == bytes_of[1]
    refused = found["answer"]["receipts"][4]
    assert refused["answer"] == "rejected"
    assert "order_number" in {each["path"] for each in refused["findings"]}
    assert found["answer"]["receipts"][5].get("kind") is None


def test_nobody_else_is_told_of_it(asking: Client) -> None:
    told = sent(asking, b"{")
    other = asking.get(f"{LODGE}/{told['submission']}", headers=called(asking, "other"))
    assert (other.status_code, other.json()["code"]) == (404, "NOT_FOUND")
    standing(asking, told["submission"])


def test_what_cannot_be_taken_is_refused_at_once(asking: Client) -> None:
    headers = {**called(asking), "content-type": "application/json", "prefer": "respond-async"}
    assert asking.post(LODGE, content=b"  ", headers=headers).json()["code"] == "SUBMISSION_EMPTY"


def test_a_fault_of_ours_is_told_where_the_answer_would_be(
    asking: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(Road, "_prepared", broken)
        found = standing(asking, sent(asking, body())["submission"])
    assert (found["state"], found["fault"], found["answer"]) == ("failed", "INTERNAL", None)


def test_what_was_lost_with_its_process_is_told_to_be_lost(asking: Client) -> None:
    database: Database = asking.app.state.database
    with database.session() as session:
        submissions.receive(session, "submission-lost", "tests", 1, CLOCK.at)
    later = CLOCK.at + timedelta(seconds=SUBMISSION_LOST_SECONDS + 1)
    with database.session() as session:
        states = [standing_of(session, "submission-lost", at) for at in (CLOCK.at, later)]
    assert [each.state for each in states if each] == ["under_way", "lost"]
