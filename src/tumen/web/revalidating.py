"""Answers that are asked for again: who holds the same bytes is told so (RFC 9110).

The tag is a hash of the bytes, so that no one must remember what changed when.
"""

import re
from collections.abc import Sequence
from hashlib import blake2b
from typing import Final

from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.status_codes import HTTP_200_OK, HTTP_304_NOT_MODIFIED
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from litestar.types.asgi_types import HTTPResponseBodyEvent

from tumen.kernel.service_limits import REFERENCE_SECONDS_MAX

OF_REFERENCE: Final = f"public, max-age={REFERENCE_SECONDS_MAX}"
OF_JOURNEYS: Final = "no-cache"
"""A journey may be kept, and is asked for again each time: it may have gone on."""

_DIGEST_BYTES: Final = 16
_TAG: Final = re.compile(r'"[^"]*"')
_OF_THE_BODY: Final = frozenset({b"content-length", b"content-type"})
_NO_BODY: Final[HTTPResponseBodyEvent] = {
    "type": "http.response.body", "body": b"", "more_body": False
}  # fmt: skip


class Revalidating(ASGIMiddleware):
    """Gives what some routes answer a tag, and sends the head alone of what the asker holds.

    Args:
        kept: for how long an answer may be kept, as ``Cache-Control`` says it.
    """

    scopes = (ScopeType.HTTP,)

    def __init__(self, kept: str) -> None:
        self._kept = kept

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Go on, and hold the answer until it is whole."""
        held: list[Message] = []

        async def take(message: Message) -> None:
            held.append(message)

        await next_app(scope, receive, take)
        for message in _tagged(held, self._kept, _known(scope)):
            await send(message)


def _known(scope: Scope) -> str:
    """The tags of the answers that the asker holds."""
    told = [value for name, value in scope["headers"] if name == b"if-none-match"]
    return b",".join(told).decode("latin-1")


def _tagged(answer: Sequence[Message], kept: str, known: str) -> Sequence[Message]:
    """The answer with its tag, or its head alone where it is known; one that failed as it is."""
    start = answer[0]
    if start["type"] != "http.response.start" or start["status"] != HTTP_200_OK:
        return answer
    body = b"".join(each["body"] for each in answer if each["type"] == "http.response.body")
    tag = f'"{blake2b(body, digest_size=_DIGEST_BYTES).hexdigest()}"'
    added = [(b"etag", tag.encode()), (b"cache-control", kept.encode())]
    if known.strip() != "*" and tag not in _TAG.findall(known):
        return [{**start, "headers": [*start["headers"], *added]}, *answer[1:]]
    rest = [each for each in start["headers"] if each[0].lower() not in _OF_THE_BODY]
    return [{**start, "status": HTTP_304_NOT_MODIFIED, "headers": [*rest, *added]}, _NO_BODY]
