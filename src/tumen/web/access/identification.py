"""Every request: who is calling, whether too often, and whether another site is behind it.

1. A key in ``Authorization`` counts, or is refused with 401 whatever the route is: a wrong key is
   never taken for the public.
2. Else the session of the cookie counts, or a person's pass; one that has ended is the public.
3. Who is not known is counted by address, and so is a person; who is known by organisation.
4. Keys and tokens that are wrong are counted by address, before the store is asked about more.
5. Tries to sign in are counted by address too, and questions of the public: fewer are taken.
6. Without a key, a request that changes something must come from our own pages.
"""

import os
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Final

from litestar.connection import ASGIConnection
from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send

from tumen.access.caller import PUBLIC, Caller
from tumen.access.matrix import Permission
from tumen.kernel.access_limits import (
    REQUESTS_A_MINUTE_KNOWN,
    REQUESTS_A_MINUTE_PUBLIC,
    SIGN_INS_A_MINUTE,
    WRONG_SECRETS_A_MINUTE,
)
from tumen.kernel.errors import CallerUnknown
from tumen.kernel.person_limits import QUESTIONS_A_MINUTE
from tumen.web.access.cookie import pass_of, token_of
from tumen.web.access.cross_origin import SAFE, need_same_origin
from tumen.web.access.door import Door
from tumen.web.access.guard import permission_of
from tumen.web.access.pace import Pace

BEARER: Final = "bearer"
FORWARDED: Final = "x-forwarded-for"

ADDRESS: Final = "address"
"""Under this name the state of a request has from where it was sent."""

Connection = ASGIConnection[Any, Any, Any, Any]
Ask = Callable[[str], Awaitable[Caller | None]]


@dataclass(frozen=True, slots=True)
class Paces:
    """How often the public and the known may ask, and anybody may try to sign in.

    ``secrets`` counts keys and tokens that turn out to be none of ours, ``questions`` messages to
    the help desk.
    """

    public: Pace = field(default_factory=lambda: Pace(REQUESTS_A_MINUTE_PUBLIC))
    known: Pace = field(default_factory=lambda: Pace(REQUESTS_A_MINUTE_KNOWN))
    sign_ins: Pace = field(default_factory=lambda: Pace(SIGN_INS_A_MINUTE))
    secrets: Pace = field(default_factory=lambda: Pace(WRONG_SECRETS_A_MINUTE))
    questions: Pace = field(default_factory=lambda: Pace(QUESTIONS_A_MINUTE))


class Identification:
    """Puts the caller into the scope of every request.

    Args:
        door: finds out whose a key or a token is.
        proxies: addresses of our own proxies, which tell for whom they ask.
        paces: how often one may ask.
    """

    def __init__(
        self, door: Door, proxies: frozenset[str] = frozenset(), paces: Paces | None = None
    ) -> None:
        self._door = door
        self._proxies = proxies
        self._paces = paces or Paces()

    def __call__(self, app: ASGIApp) -> ASGIApp:
        """The application behind it."""

        async def asked(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == ScopeType.HTTP:
                await self._identify(scope)
            await app(scope, receive, send)

        return asked

    async def _identify(self, scope: HTTPScope) -> None:
        """Find out who is calling; refused requests raise."""
        connection: Connection = ASGIConnection(scope)
        address = scope["state"][ADDRESS] = self._address(connection)
        shown = connection.headers.get("authorization")
        changes = None if scope["method"] in SAFE else permission_of(scope["route_handler"])
        if shown is None:
            need_same_origin(connection, scope["method"])
        if changes is Permission.SIGN_IN:
            self._paces.sign_ins.take(address, time.monotonic())
        scope["user"] = caller = await self._caller(connection, shown, address)
        if caller.is_known:
            self._paces.known.take(caller.organisation, time.monotonic())
        elif changes is Permission.ASK_HELP:
            self._paces.questions.take(address, time.monotonic())

    def count_stray(self, connection: Connection) -> None:
        """Count a request that met no route, by address.

        Raises:
            TooManyRequests: it is one too many.
        """
        self._paces.public.take(self._address(connection), time.monotonic())

    async def _caller(self, connection: Connection, shown: str | None, address: str) -> Caller:
        """Who is calling; the public is counted by address, and so is who shows a wrong key."""
        if shown is not None:
            caller = await self._whose(_key(shown), self._door.by_key, address)
        elif (token := token_of(connection)) is not None:
            caller = await self._whose(token, self._door.by_token, address)
        elif (held := pass_of(connection)) is not None:
            caller = await self._whose(held, self._door.by_pass, address)
        else:
            caller = PUBLIC
        if caller is None or not caller.is_known:
            self._paces.public.take(address, time.monotonic())
            if shown is not None and caller is None:
                raise CallerUnknown("The key is not believed.")
        return caller or PUBLIC

    async def _whose(self, secret: str, ask: Ask, address: str) -> Caller | None:
        """Whose a key or a token is; None for nobody's.

        What is not remembered costs a question to the store, so it is counted before it is asked,
        and taken off again where the secret was right: guessing ends, and knowing goes on.
        """
        known = self._door.remembered(secret)
        if known is not None:
            return known
        self._paces.secrets.take(address, time.monotonic())
        found = await ask(secret)
        if found is not None:
            self._paces.secrets.give_back(address)
        return found

    def _address(self, connection: Connection) -> str:
        """From where somebody asks; our own proxy tells it last of all that it was told.

        It may add a line of its own below those that the client sent: the lines are one list.
        """
        client = connection.scope["client"]
        address = client[0] if client is not None else ""
        if address not in self._proxies:
            return address
        told = ",".join(connection.headers.getall(FORWARDED, []))
        return told.rpartition(",")[2].strip() if told else address


def address_of(connection: Connection) -> str:
    """From where a request was sent, as it was found when it was identified."""
    return str(connection.state.get(ADDRESS, ""))


def proxies() -> frozenset[str]:
    """The addresses of our own proxies: $TUMEN_PROXIES, joined by commas."""
    stated = os.environ.get("TUMEN_PROXIES", "")
    return frozenset(each.strip() for each in stated.split(",") if each.strip())


def _key(shown: str) -> str:
    """The key in an ``Authorization``.

    Raises:
        CallerUnknown: there is none.
    """
    scheme, _, key = shown.partition(" ")
    if scheme.lower() != BEARER:
        raise CallerUnknown("Keys are sent as `Authorization: Bearer KEY`.")
    return key.strip()
