"""What a route needs: each says one permission, and who cannot reach it is refused before it runs.

A route that says nothing is refused too: to forget a guard closes a door and opens none.
"""

from dataclasses import dataclass
from typing import Any

from litestar import Litestar
from litestar.connection import ASGIConnection, Request
from litestar.enums import HttpMethod
from litestar.handlers import BaseRouteHandler
from litestar.routes import HTTPRoute

from tumen.access.caller import PUBLIC, Caller
from tumen.access.matrix import Permission
from tumen.kernel.errors import NotPermitted

Connection = ASGIConnection[Any, Any, Any, Any]


@dataclass(frozen=True, slots=True)
class Needs:
    """The guard of a route.

    Attributes:
        permission: what the caller must be allowed, to anything at all; the handler asks
            :meth:`tumen.access.caller.Caller.may` about the thing itself.
    """

    permission: Permission

    def __call__(self, connection: Connection, handler: BaseRouteHandler) -> None:
        """Refuse who may not.

        Raises:
            CallerUnknown: nobody is known, and the public may not.
            NotPermitted: the organisation may not.
        """
        caller_of(connection).need(self.permission)


def needs(permission: Permission) -> Needs:
    """The guard of a route that asks for a permission."""
    return Needs(permission)


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


def default_deny(connection: Connection, handler: BaseRouteHandler) -> None:
    """The guard of the whole application: refuses every route that states no permission.

    OPTIONS says which methods a route takes, as 405 says to everybody.

    Raises:
        NotPermitted: the route states none.
    """
    if connection.scope.get("method") != HttpMethod.OPTIONS and permission_of(handler) is None:
        raise NotPermitted("This route states no permission, so nobody has it.")


def caller_of(connection: Connection) -> Caller:
    """Who is calling; the public where nobody was asked to show anything."""
    found = connection.scope.get("user")
    return found if isinstance(found, Caller) else PUBLIC


async def provide_caller(request: Request[Any, Any, Any]) -> Caller:
    """The dependency ``caller`` of a handler."""
    return caller_of(request)
