"""Whom the paces count: the address that our own proxy wrote, and no other."""

from typing import Any

import pytest
from litestar.connection import ASGIConnection

from tumen.kernel.errors import TooManyRequests
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
