"""The signature, the pauses, and what answers lead to."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tumen.access.webhooks import Turn, TurnKind
from tumen.web.webhooks.batches import Batch
from tumen.web.webhooks.posting import Answer
from tumen.web.webhooks.retrying import following, pause
from tumen.web.webhooks.signing import headers, shown

AT = datetime(2026, 6, 10, 8, tzinfo=UTC)
BEGAN = Turn(0, TurnKind.BEGAN, 0, 5, AT, AT)
BATCH = Batch("msg_1", b"{}", 9, 4)


def test_a_secret_is_shown_as_the_scheme_says() -> None:
    assert shown(bytes(range(24))) == "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX"


def test_the_headers_are_the_three_of_the_scheme_and_hold_no_stop() -> None:
    made = headers(b"k" * 32, "msg_1", AT, b"{}")
    assert [*made] == ["webhook-id", "webhook-timestamp", "webhook-signature"]
    assert made["webhook-timestamp"] == str(int(AT.timestamp()))
    assert made["webhook-signature"].startswith("v1,")
    assert "." not in made["webhook-id"] + made["webhook-timestamp"]


def test_pauses_grow_have_an_end_and_are_shortened_by_chance() -> None:
    assert [pause(n, 0) for n in range(1, 9)] == [5, 20, 80, 320, 1_280, 5_120, 20_480, 21_600]
    assert pause(10_000, 0) == 21_600
    assert pause(1, 1) == 3.75


@pytest.mark.parametrize("status", [200, 202, 204, 299])
def test_what_was_taken_moves_the_cursor(status: int) -> None:
    failing = replace(BEGAN, kind=TurnKind.FAILED, failures=3, failing_since=AT)
    found = following(failing, BATCH, Answer(status), AT, 0)
    assert (found.kind, found.cursor, found.failures) == (TurnKind.DELIVERED, 9, 0)
    assert found.failing_since is None


@pytest.mark.parametrize("status", [100, 199, 300, 301, 400, 404, 500, None])
def test_all_else_is_tried_again_and_moves_nothing(status: int | None) -> None:
    found = following(BEGAN, BATCH, Answer(status), AT, 0)
    assert (found.kind, found.cursor, found.until) == (TurnKind.FAILED, 5, 9)
    assert found.next_at == AT + timedelta(seconds=5)


def test_what_a_receiver_asks_for_has_an_end() -> None:
    found = following(BEGAN, BATCH, Answer(503, retry_after=999_999), AT, 0)
    assert found.next_at == AT + timedelta(hours=6)
