"""Every request: who is calling, whether too often, and whether another site is behind it.

1. A key in ``Authorization`` counts, or is refused with 401 whatever the route is: a wrong key is
   never taken for the public.
2. Else the session of the cookie counts; one that has ended is the public.
3. Who is not known is counted by address, who is known by organisation.
4. Tries to sign in are counted by address too, and fewer are taken.
5. Without a key, a request that changes something must come from our own pages.
"""

import os
import time
from dataclasses import dataclass, field
from typing import Any, Final

from litestar.connection import ASGIConnection
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send

from tumen.access.caller import PUBLIC, Caller
from tumen.access.matrix import Permission
from tumen.kernel.access_limits import (
    REQUESTS_A_MINUTE_KNOWN,
    REQUESTS_A_MINUTE_PUBLIC,
    SIGN_INS_A_MINUTE,
)
from tumen.kernel.errors import CallerUnknown
from tumen.web.access.cookie import token_of
from tumen.web.access.cross_origin import SAFE, need_same_origin
from tumen.web.access.door import Door
from tumen.web.access.guard import permission_of
from tumen.web.access.pace import Pace

SIGN_IN: Final = Permission.SIGN_IN
BEARER: Final = "bearer"
FORWARDED: Final = "x-forwarded-for"

Connection = ASGIConnection[Any, Any, Any, Any]


@dataclass(frozen=True, slots=True)
class Paces:
    """How often the public and the known may ask, and anybody may try to sign in."""

    public: Pace = field(default_factory=lambda: Pace(REQUESTS_A_MINUTE_PUBLIC))
    known: Pace = field(default_factory=lambda: Pace(REQUESTS_A_MINUTE_KNOWN))
    sign_ins: Pace = field(default_factory=lambda: Pace(SIGN_INS_A_MINUTE))


class Identification(ASGIMiddleware):
    """Puts the caller into the scope of every request.

    Args:
        door: finds out whose a key or a token is.
        proxies: addresses of our own proxies, which tell for whom they ask.
        paces: how often one may ask.
    """

    scopes = (ScopeType.HTTP,)

    def __init__(
        self, door: Door, proxies: frozenset[str] = frozenset(), paces: Paces | None = None
    ) -> None:
        self._door = door
        self._proxies = proxies
        self._paces = paces or Paces()

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Find out who is calling, and go on; refused requests raise."""
        connection: Connection = ASGIConnection(scope)
        address = self._address(connection)
        if "authorization" not in connection.headers:
            need_same_origin(connection, _method(scope))
        if _is_sign_in(scope):
            self._paces.sign_ins.take(address, time.monotonic())
        scope["user"] = caller = await self._caller(connection, address)
        if caller.is_known:
            self._paces.known.take(caller.organisation, time.monotonic())
        await next_app(scope, receive, send)

    def count_stray(self, connection: Connection) -> None:
        """Count a request that met no route, by address.

        Raises:
            TooManyRequests: it is one too many.
        """
        self._paces.public.take(self._address(connection), time.monotonic())

    async def _caller(self, connection: Connection, address: str) -> Caller:
        """Who is calling; who is not known is counted before the store is asked."""
        shown = connection.headers.get("authorization")
        if shown is not None:
            scheme, _, key = shown.partition(" ")
            if scheme.lower() != BEARER:
                raise CallerUnknown("Keys are sent as `Authorization: Bearer KEY`.")
            try:
                return await self._door.by_key(key.strip())
            except CallerUnknown:
                self._paces.public.take(address, time.monotonic())
                raise
        token = token_of(connection)
        caller = None if token is None else await self._door.by_token(token)
        if caller is None:
            self._paces.public.take(address, time.monotonic())
        return caller or PUBLIC

    def _address(self, connection: Connection) -> str:
        """From where somebody asks; our own proxy tells it last of all that it was told.

        It may add a line of its own below those that the client sent: the lines are one list.
        """
        client = connection.client
        address = client.host if client is not None else ""
        told = ",".join(connection.headers.getall(FORWARDED, []))
        return told.rpartition(",")[2].strip() if told and address in self._proxies else address


def proxies() -> frozenset[str]:
    """The addresses of our own proxies: $TUMEN_PROXIES, joined by commas."""
    stated = os.environ.get("TUMEN_PROXIES", "")
    return frozenset(each.strip() for each in stated.split(",") if each.strip())


def _is_sign_in(scope: Scope) -> bool:
    return _method(scope) not in SAFE and permission_of(scope["route_handler"]) is SIGN_IN


def _method(scope: Scope) -> str:
    http: HTTPScope = scope  # type: ignore[assignment]  # the middleware runs for nothing else
    return str(http["method"])
