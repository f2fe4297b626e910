"""The guard: a route says what it needs, and one that says nothing is refused."""

from typing import Any

from litestar import Litestar, Request, Response, get
from litestar.di import NamedDependency, Provide
from litestar.middleware import ASGIMiddleware
from litestar.testing import TestClient
from litestar.types import ASGIApp, Receive, Scope, Send

from tumen.access.caller import PUBLIC, Caller
from tumen.access.matrix import Permission
from tumen.access.roles import Role
from tumen.kernel.errors import AccessError
from tumen.web.access.guard import DefaultDeny, needs, permissions_of, provide_caller

TRADER = Caller("one", "One", frozenset({Role.TRADER}))


@get("/lodge", guards=[needs(Permission.LODGE)])
async def lodge(caller: NamedDependency[Caller]) -> str:
    return caller.sender


@get("/quote", guards=[needs(Permission.QUOTE)])
async def quote() -> str:
    return "quoted"


@get("/forgotten")
async def forgotten() -> str:
    return "open to all"


class Named(ASGIMiddleware):
    """Says that one caller is calling."""

    def __init__(self, caller: Caller) -> None:
        self.caller = caller

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        scope["user"] = self.caller
        await next_app(scope, receive, send)


def told(_: Request[Any, Any, Any], error: AccessError) -> Response[str]:
    return Response(error.code, status_code=403)


def asked(path: str, caller: Caller) -> str:
    application = Litestar(
        [lodge, quote, forgotten],
        dependencies={"caller": Provide(provide_caller)},
        middleware=[Named(caller), DefaultDeny()],
        exception_handlers={AccessError: told},
    )
    with TestClient(application) as client:
        return client.get(path).text


def test_a_route_runs_for_who_may_and_knows_the_caller() -> None:
    assert asked("/lodge", TRADER) == "one"
    assert asked("/quote", PUBLIC) == "quoted"


def test_a_route_is_refused_to_who_may_not() -> None:
    assert asked("/lodge", PUBLIC) == "CALLER_UNKNOWN"
    analyst = Caller("two", "Two", frozenset({Role.ANALYST}))
    assert asked("/lodge", analyst) == "NOT_PERMITTED"


def test_a_route_that_states_no_permission_is_refused_to_everybody() -> None:
    for caller in (PUBLIC, TRADER, Caller("a", "A", frozenset({Role.ADMINISTRATOR}))):
        assert asked("/forgotten", caller) == "NOT_PERMITTED"


def test_what_a_route_needs_can_be_asked() -> None:
    application = Litestar(
        [lodge, forgotten],
        dependencies={"caller": Provide(provide_caller)},
        openapi_config=None,
    )
    assert permissions_of(application) == {
        ("GET", "/lodge"): Permission.LODGE,
        ("GET", "/forgotten"): None,
    }
