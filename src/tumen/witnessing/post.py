"""Drives the feeder over HTTP: one request after another, to the one address that was named.

No redirect is followed and no proxy is asked: what answers is who was meant. What it answers is
read up to a limit and never believed before it is verified.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Final
from urllib.parse import urlsplit

from tumen.kernel.clock import Clock
from tumen.kernel.errors import UsageError
from tumen.kernel.limits import FEED_ANSWER_BYTES_MAX, FEED_SECONDS_MAX
from tumen.trust.feeder import Fed, Feeding, Send
from tumen.trust.note import COSIGNATURE_V1, VerifierKey
from tumen.trust.witness import Answer

ADD_CHECKPOINT: Final = "add-checkpoint"
_CONNECTIONS: Final = {"http": HTTPConnection, "https": HTTPSConnection}


@dataclass(frozen=True, slots=True)
class Peer:
    """A witness to be fed: its submission prefix, and the key that it must sign with."""

    url: str
    key: VerifierKey

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in _CONNECTIONS or not parts.hostname:
            raise UsageError(
                f"{self.url} is no address of a witness",
                next_step="Write it like https://witness.example.kr or http://127.0.0.1:8700.",
            )
        if self.key.algorithm != COSIGNATURE_V1:
            raise UsageError(
                f"the key {self.key.name} is not of a witness",
                next_step="Take the key that `tumen witness serve` prints there.",
            )


def feed(peer: Peer, feeding: Feeding, clock: Clock, pause: Callable[[int], None]) -> Fed:
    """Bring a checkpoint to a witness; returns when there is a cosignature or no hope.

    Args:
        peer: the witness.
        feeding: the dialogue about the checkpoint.
        clock: the recorded time.
        pause: waits some seconds.
    """
    step: Send | Fed = feeding.begin()
    while isinstance(step, Send):
        if step.wait_seconds:
            pause(step.wait_seconds)
        answer = post(peer.url, step.body)
        step = feeding.answered(answer, int(clock.now().timestamp()))
    return step


def wait(seconds: int) -> None:
    """Wait on the machine's own time."""
    time.sleep(seconds)


def post(url: str, body: bytes) -> Answer | None:
    """Post to ``add-checkpoint``; None where no whole answer came."""
    parts = urlsplit(url)
    connection = _CONNECTIONS[parts.scheme](
        parts.hostname or "", parts.port, timeout=FEED_SECONDS_MAX
    )
    try:
        connection.request(
            "POST",
            f"{parts.path.rstrip('/')}/{ADD_CHECKPOINT}",
            body,
            {"Content-Type": "text/plain; charset=utf-8", "User-Agent": "tumen"},
        )
        response = connection.getresponse()
        kind = response.headers.get("Content-Type", "")
        return Answer(response.status, response.read(FEED_ANSWER_BYTES_MAX + 1), kind)
    except (OSError, HTTPException):
        return None
    finally:
        connection.close()
