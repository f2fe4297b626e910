"""HEAD is answered as GET is, without the body: so a monitor asks whether a page is there."""

from typing import Final

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from litestar.types.asgi_types import HTTPDisconnectEvent, HTTPReceiveMessage

ENDED: Final[Message] = {"type": "http.response.body", "body": b"", "more_body": False}
GONE: Final[HTTPDisconnectEvent] = {"type": "http.disconnect"}


def bodiless(app: ASGIApp) -> ASGIApp:
    """The application, which routes HEAD like GET and sends the head of the answer alone."""

    async def asked(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP or scope["method"] != "HEAD":
            await app(scope, receive, send)
            return
        scope["method"] = "GET"
        answer = _Head(receive, send)
        try:
            await app(scope, answer.receive, answer.send)
        finally:
            scope["method"] = "HEAD"

    return asked


class _Head:
    """An answer whose head is sent, and whose asker then counts as gone: a stream would not end."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self._is_sent = False

    async def receive(self) -> HTTPReceiveMessage:
        """What comes of the request."""
        if self._is_sent:
            return GONE
        return await self._receive()  # type: ignore[return-value]

    async def send(self, message: Message) -> None:
        """Pass the head on, and nothing after it."""
        if message["type"] == "http.response.start":
            await self._send(message)
            await self._send(ENDED)
            self._is_sent = True
