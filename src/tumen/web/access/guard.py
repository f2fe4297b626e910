"""What a route needs: each says one permission, and who cannot reach it is refused before it runs.

A route that says nothing is refused too: to forget a guard closes a door and opens none. Guards
wait for nothing and yet are coroutines: what is none is asked in a thread, which costs more than
the rest of a small request.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from litestar import Litestar
from litestar.connection import ASGIConnection, Request
from litestar.enums import HttpMethod, ScopeType
from litestar.handlers import BaseRouteHandler
from litestar.routes import HTTPRoute
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send

from tumen.access.caller import PUBLIC, Caller
from tumen.access.matrix import Permission
from tumen.kernel.errors import NotPermitted

Connection = ASGIConnection[Any, Any, Any, Any]

ROUTES_MAX: Final = 1_024
"""Routes whose permission is remembered; there are fewer."""


@dataclass(frozen=True, slots=True)
class Needs:
    """The guard of a route.

    Attributes:
        permission: what the caller must be allowed, to anything at all; the handler asks
            :meth:`tumen.access.caller.Caller.may` about the thing itself.
    """

    permission: Permission

    async def __call__(self, connection: Connection, handler: BaseRouteHandler) -> None:
        """Refuse who may not.

        Raises:
            CallerUnknown: nobody is known, and the public may not.
            NotPermitted: the organisation may not.
        """
        caller_of(connection).need(self.permission)


def needs(permission: Permission) -> Needs:
    """The guard of a route that asks for a permission."""
    return Needs(permission)


@lru_cache(ROUTES_MAX)
def permission_of(handler: BaseRouteHandler) -> Permission | None:
    """What a route needs; None where it says nothing, and is refused to everybody."""
    guards = [guard for layer in handler.ownership_layers for guard in layer.guards or ()]
    stated = [guard.permission for guard in guards if isinstance(guard, Needs)]
    return stated[-1] if stated else None


def permissions_of(application: Litestar) -> dict[tuple[str, str], Permission | None]:
    """What every route of an application needs, by method and path; OPTIONS apart."""
    return {
        (str(method), route.path): permission_of(handler)
        for route in application.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        for method in handler.http_methods
        if method != HttpMethod.OPTIONS
    }


class DefaultDeny:
    """Refuses every route that states no permission; a guard would copy the route each time.

    OPTIONS says which methods a route takes, as 405 says to everybody.
    """

    def __call__(self, app: ASGIApp) -> ASGIApp:
        """The application behind it."""

        async def asked(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == ScopeType.HTTP:
                _need_stated(scope)
            await app(scope, receive, send)

        return asked


def _need_stated(scope: HTTPScope) -> None:
    """Refuse a request to a route that states no permission.

    Raises:
        NotPermitted: it states none.
    """
    asks_methods = scope["method"] == HttpMethod.OPTIONS
    if not asks_methods and permission_of(scope["route_handler"]) is None:
        raise NotPermitted("This route states no permission, so nobody has it.")


def caller_of(connection: Connection) -> Caller:
    """Who is calling; the public where nobody was asked to show anything."""
    found = connection.scope.get("user")
    return found if isinstance(found, Caller) else PUBLIC


async def provide_caller(request: Request[Any, Any, Any]) -> Caller:
    """The dependency ``caller`` of a handler."""
    return caller_of(request)
