"""Bodies of requests come in time and whole, on every route, or the request ends."""

import asyncio
import time
from typing import Final

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send
from litestar.types.asgi_types import HTTPReceiveMessage

from tumen.kernel.service_limits import BODY_SECONDS_MAX
from tumen.web.problem import Refusal

WITHOUT: Final = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods whose bodies no route reads."""


def timely(app: ASGIApp) -> ASGIApp:
    """The application, where who sends a byte a minute holds nothing up for long."""

    async def asked(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.HTTP and scope["method"] not in WITHOUT:
            receive = _Arriving(receive)
        await app(scope, receive, send)

    return asked


class _Arriving:
    """What comes of one request.

    Args:
        receive: gives the next part.
    """

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._until = time.monotonic() + BODY_SECONDS_MAX
        self._is_whole = False

    async def __call__(self) -> HTTPReceiveMessage:
        """The next part; once the body is whole, whatever comes.

        Raises:
            Refusal: the body does not come in time, or its sender left.
        """
        if self._is_whole:
            return await self._receive()  # type: ignore[return-value]
        try:
            async with asyncio.timeout(max(0.0, self._until - time.monotonic())):
                message = await self._receive()
        except TimeoutError:
            raise Refusal("TOO_SLOW") from None
        if message["type"] == "http.disconnect":
            raise Refusal("BODY_CUT")
        self._is_whole = not message.get("more_body", False)
        return message  # type: ignore[return-value]
