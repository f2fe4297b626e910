"""Webhooks from making one to its last delivery, with a receiver that is really there."""

import multiprocessing
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from time import sleep
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from scenarios.test_held_goods import four, held
from tests.web.test_officers import lodge

from offices import called, client
from receiving import Hands, Receiver, deliver, deliver_by_ones, deliveries, receiver
from serving import free_port
from tumen.access import organisations
from tumen.access.organisations import Organisation
from tumen.access.roles import Role
from tumen.kernel.clock import SystemClock
from tumen.store.database import Database
from tumen.web.webhooks import delivering
from tumen.web.webhooks.addresses import read_address
from tumen.web.webhooks.posting import Answer, post

Client = TestClient[Litestar]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("office")


@pytest.fixture(scope="module")
def asking(shared_database: Database, folder: Path) -> Iterator[Client]:
    with pytest.MonkeyPatch.context() as patch, client(shared_database, folder) as made:
        patch.setenv("TUMEN_WEBHOOK_PRIVATE", "1")
        for documents in (held(5), held(6), four(9)):
            lodge(made, documents)
        yield made


@pytest.fixture
def there() -> Iterator[Receiver]:
    with receiver() as made:
        yield made


class Kept:
    """A webhook of the tests' organisation, ended with its test."""

    def __init__(self, asking: Client, **asked: Any) -> None:
        self.asking, self.headers = asking, called(asking)
        answer = asking.post("/v1/webhooks", json=asked, headers=self.headers)
        assert answer.status_code == 201, answer.text
        self.secret: str = answer.json()["secret"]
        self.path = f"/v1/webhooks/{answer.json()['webhook']['webhook']}"

    def now(self) -> dict[str, Any]:
        found: dict[str, Any] = self.asking.get(self.path, headers=self.headers).json()
        return found

    def replay(self, after: int) -> None:
        asked = {"after": after}
        answer = self.asking.post(f"{self.path}/replay", json=asked, headers=self.headers)
        assert answer.status_code == 200, answer.text

    def end(self) -> None:
        assert self.asking.delete(self.path, headers=self.headers).status_code == 204


@pytest.fixture
def kept(asking: Client, there: Receiver) -> Iterator[Kept]:
    """One that is told everything from the beginning."""
    made = Kept(asking, address=there.address, after=0)
    yield made
    made.end()


def events(asking: Client, sender: str = "tests") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = asking.get(
        "/v1/events?limit=1000", headers=called(asking, sender)
    ).json()["events"]
    return found


def numbers(asking: Client) -> list[int]:
    return [each["event_id"] for each in events(asking)]


def test_a_delivery_holds_the_events_that_one_may_read_and_is_signed(
    asking: Client, kept: Kept, there: Receiver, shared_database: Database, folder: Path
) -> None:
    with deliveries(shared_database, folder) as made:
        assert deliver(made) == 1
        assert deliver(made) == 0, "what was told is not told again"
    (only,) = there.posts
    assert [{k: v for k, v in each.items() if k != "type"} for each in only.events] == events(
        asking
    )
    assert {each["type"] for each in only.events} == {
        f"declaration.{each['status']}" for each in events(asking)
    }
    assert only.path == "/events?from=tumen"
    assert only.is_signed_with(kept.secret)
    assert not only.is_signed_with("whsec_" + "A" * 44)
    changed = only.body.replace(b"declaration", b"declarations")
    assert not type(only)(only.path, only.headers, changed).is_signed_with(kept.secret)
    told = kept.now()["webhook"]
    assert (told["state"], told["cursor"]) == ("active", numbers(asking)[-1])


def test_a_secret_is_shown_once_and_kept_sealed(
    asking: Client, kept: Kept, shared_database: Database
) -> None:
    assert kept.secret.startswith("whsec_")
    told = kept.asking.get("/v1/webhooks", headers=kept.headers).text + str(kept.now())
    assert "secret" not in told
    with shared_database.session() as session:
        raw = session.text("SELECT * FROM webhook").decode()
    assert kept.secret not in raw
    assert kept.path.rpartition("/")[2] in raw


def test_what_failed_is_sent_again_as_it_was_later_each_time_and_nothing_overtakes_it(
    asking: Client, kept: Kept, there: Receiver, shared_database: Database, folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(delivering, "WEBHOOK_EVENTS_MAX", 2)
    there.answers = [(204, {}), (500, {}), (302, {"Location": there.address}), (503, {})]
    clock = Hands()
    with deliveries(shared_database, folder, clock) as made:
        deliver(made)
        assert [each.numbers for each in there.posts] == [numbers(asking)[:2], numbers(asking)[2:4]]
        assert kept.now()["webhook"]["state"] == "failing"
        for seconds, posts in ((4, 2), (1, 3), (19, 3), (1, 4), (79, 4)):
            clock.go_on(seconds=seconds)
            deliver(made)
            assert len(there.posts) == posts
        tried = there.posts[1:4]
        assert len({(each.body, each.headers["webhook-id"]) for each in tried}) == 1
        assert len({each.headers["webhook-timestamp"] for each in tried}) == 3
        assert all(each.is_signed_with(kept.secret) for each in tried)
        lodge(asking, held(7))
        clock.go_on(seconds=1)
        deliver(made)
    assert there.posts[4].body == tried[0].body, "more has come, and does not change it"
    taken = [there.posts[0], *there.posts[4:]]
    assert [number for each in taken for number in each.numbers] == numbers(asking)
    seen = kept.now()
    assert seen["webhook"]["failures"] == 0
    kinds = [each["kind"] for each in reversed(seen["deliveries"])]
    assert kinds[:6] == ["began", "delivered", "failed", "failed", "failed", "delivered"]
    assert [each["status"] for each in reversed(seen["deliveries"])][2:5] == [500, 302, 503]


def test_a_backlog_is_sent_in_one_go_and_then_others_have_their_turn(
    asking: Client, kept: Kept, there: Receiver, shared_database: Database, folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(delivering, "WEBHOOK_EVENTS_MAX", 1)
    monkeypatch.setattr(delivering, "WEBHOOK_BATCHES_MAX", 2)
    with deliveries(shared_database, folder) as made:
        assert [each.result() for each in made.round()] == [True]
        assert there.numbers == numbers(asking)[:2]
        deliver(made)
    assert there.numbers == numbers(asking)


def test_a_receiver_says_when_to_come_again(
    kept: Kept, there: Receiver, shared_database: Database, folder: Path
) -> None:
    there.answers = [(429, {"Retry-After": "300"})]
    clock = Hands()
    with deliveries(shared_database, folder, clock) as made:
        deliver(made)
        clock.go_on(seconds=299)
        assert deliver(made) == 0
        clock.go_on(seconds=1)
        assert deliver(made) == 1
    assert kept.now()["webhook"]["state"] == "active"


def test_what_fails_for_three_days_is_disabled_told_and_set_going_by_a_replay(
    asking: Client, kept: Kept, there: Receiver, shared_database: Database, folder: Path
) -> None:
    there.answers = [(500, {})] * 100
    clock = Hands()
    with deliveries(shared_database, folder, clock) as made:
        for _ in range(100):
            deliver(made)
            clock.go_on(hours=6)
            if kept.now()["webhook"]["state"] == "disabled":
                break
        tries = len(there.posts)
        assert tries == 13, "at once, and every six hours until three days are over"
        assert deliver(made) == 0
        assert kept.now()["webhook"]["last"]["status"] == 500
        there.answers.clear()
        kept.replay(0)
        assert deliver(made) == 1
    assert there.posts[-1].numbers == numbers(asking)
    assert kept.now()["webhook"]["state"] == "active"
    ids = {each.headers["webhook-id"] for each in there.posts}
    assert len(ids) == 2, "a replay is not taken for what was seen before"


def test_a_receiver_that_is_gone_is_left_alone_at_once(
    kept: Kept, there: Receiver, shared_database: Database, folder: Path
) -> None:
    there.answers = [(410, {})]
    with deliveries(shared_database, folder) as made:
        deliver(made)
    assert len(there.posts) == 1
    assert kept.now()["webhook"]["state"] == "disabled"


def test_a_replay_goes_on_from_its_cursor_to_the_end(
    asking: Client, kept: Kept, there: Receiver, shared_database: Database, folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(delivering, "WEBHOOK_EVENTS_MAX", 1)
    with deliveries(shared_database, folder) as made:
        deliver(made)
        kept.replay(numbers(asking)[1])
        deliver(made)
    assert there.numbers == numbers(asking) + numbers(asking)[2:]
    last = asking.get("/v1/events?limit=1000", headers=called(asking)).json()["next"]
    refused = asking.post(f"{kept.path}/replay", json={"after": last + 1}, headers=kept.headers)
    assert refused.status_code == 400


def test_a_replay_during_a_delivery_is_not_lost(
    asking: Client, kept: Kept, there: Receiver, shared_database: Database, folder: Path
) -> None:
    there.seconds = 0.5
    with deliveries(shared_database, folder) as made:
        (under_way,) = made.round()
        there.arrived.wait(10)
        kept.replay(0)
        under_way.result()
        there.seconds = 0
        assert kept.now()["webhook"]["last"]["kind"] == "replayed"
        deliver(made)
    assert there.posts[-1].numbers == numbers(asking)


def test_only_the_types_that_were_chosen_are_sent(
    asking: Client, there: Receiver, shared_database: Database, folder: Path
) -> None:
    kept = Kept(asking, address=there.address, after=0, types=["declaration.released"])
    with deliveries(shared_database, folder) as made:
        deliver(made)
    chosen = [each["event_id"] for each in events(asking) if each["status"] == "released"]
    assert 0 < len(chosen) < len(events(asking))
    assert there.numbers == chosen
    kept.end()
    unknown = {"address": there.address, "types": ["declaration.lost"]}
    answer = asking.post("/v1/webhooks", json=unknown, headers=called(asking))
    assert answer.status_code == 400
    assert "declaration.released" in answer.json()["next_step"]


def test_an_organisation_is_told_its_own_and_keeps_its_own_alone(
    asking: Client, kept: Kept, there: Receiver, shared_database: Database, folder: Path
) -> None:
    other = called(asking, "other")
    answer = asking.post("/v1/webhooks", json={"address": there.address, "after": 0}, headers=other)
    assert asking.get(kept.path, headers=other).status_code == 404
    assert asking.delete(kept.path, headers=other).status_code == 404
    replayed = asking.post(f"{kept.path}/replay", json={"after": 0}, headers=other)
    assert replayed.status_code == 404
    with deliveries(shared_database, folder) as made:
        deliver(made)
    assert there.numbers == numbers(asking), "and the other, who has none, is told nothing"
    (listed,) = asking.get("/v1/webhooks", headers=other).json()
    assert listed["webhook"] == answer.json()["webhook"]["webhook"]
    ended = asking.delete(f"/v1/webhooks/{listed['webhook']}", headers=other)
    assert ended.status_code == 204


def test_one_that_ended_or_whose_organisation_may_no_more_is_told_nothing(
    asking: Client, there: Receiver, shared_database: Database, folder: Path
) -> None:
    kept = Kept(asking, address=there.address, after=0)
    kept.end()
    assert asking.get(kept.path, headers=kept.headers).status_code == 404
    kept = Kept(asking, address=there.address, after=0)
    tests = Organisation("tests", "tests", frozenset({Role.PLATFORM}))
    away = Organisation("tests", "tests", frozenset({Role.PLATFORM}), is_active=False)
    at = Hands().at
    with deliveries(shared_database, folder) as made:
        with shared_database.session() as session:
            organisations.record(session, away, at, "console")
        deliver(made)
        assert there.posts == []
        with shared_database.session() as session:
            organisations.record(session, tests, at, "console")
        deliver(made)
    assert there.numbers == numbers(asking), "it goes on where it was"
    kept.end()


def test_two_processes_deliver_every_event_once_and_in_order(
    asking: Client, kept: Kept, there: Receiver, shared_database: Database, folder: Path
) -> None:
    there.seconds = 0.02
    lodge(asking, held(8))
    spawned = multiprocessing.get_context("spawn")
    given = (shared_database.url, shared_database.directory, folder)
    both = [spawned.Process(target=deliver_by_ones, args=given) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join(60)
        assert each.exitcode == 0
    assert there.numbers == numbers(asking)
    assert len(there.posts) == len(numbers(asking)) > 3
    assert kept.now()["webhook"]["cursor"] == numbers(asking)[-1]


def test_a_node_that_sends_inside_no_more_refuses_what_was_made_before(
    kept: Kept, there: Receiver, shared_database: Database, folder: Path
) -> None:
    with deliveries(shared_database, folder, is_private_allowed=False) as made:
        deliver(made)
    assert there.posts == []
    assert kept.now()["webhook"]["last"]["fault"] == "address_refused"


def test_the_receiver_of_the_page_takes_what_is_sent_and_no_forgery(
    asking: Client, shared_database: Database, folder: Path, tmp_path: Path
) -> None:
    page = Path(__file__).parents[3].joinpath("docs/webhooks.md").read_text(encoding="utf-8")
    program = tmp_path / "receiver.py"
    program.write_text(page.partition("```python\n")[2].partition("```")[0], encoding="utf-8")
    port = free_port()
    address = f"http://127.0.0.1:{port}/events"
    kept = Kept(asking, address=address, after=0)
    said = {"WEBHOOK_SECRET": kept.secret, "PORT": str(port), "PYTHONUNBUFFERED": "1"}
    running = subprocess.Popen(
        [sys.executable, str(program)], env=said, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        for _ in range(100):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            sleep(0.05)
        with deliveries(shared_database, folder, SystemClock()) as made:
            deliver(made)
        forged = {"webhook-id": "msg_1", "webhook-timestamp": "1", "webhook-signature": "v1,x"}
        there = read_address(address, is_private_allowed=True)
        assert post(there, b"{}", forged, is_private_allowed=True) == Answer(401)
        assert kept.now()["webhook"]["cursor"] == numbers(asking)[-1]
    finally:
        running.terminate()
        printed = running.communicate(timeout=10)[0]
        kept.end()
    assert printed.splitlines() == [f"{e['reference']} {e['status']}" for e in events(asking)]


def test_an_organisation_has_so_many_and_no_more(asking: Client, there: Receiver) -> None:
    several = called(asking, "several")
    asked = {"address": there.address}
    made = [asking.post("/v1/webhooks", json=asked, headers=several) for _ in range(11)]
    assert [each.status_code for each in made] == [201] * 10 + [400]
    for each in made[:10]:
        mark = each.json()["webhook"]["webhook"]
        assert asking.delete(f"/v1/webhooks/{mark}", headers=several).status_code == 204
