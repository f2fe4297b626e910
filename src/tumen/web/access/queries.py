"""What stands behind the ``?`` of a request is known to its route, and said once.

A name that no route knows would else be passed over in silence: whoever writes ``cursor`` for
``after`` is given the first page again and again, and ``stauts=held`` gives every status.
"""

from collections import Counter
from collections.abc import Mapping
from functools import cache
from typing import Final

from litestar import Litestar
from litestar.connection import ASGIConnection
from litestar.enums import ScopeType
from litestar.routes import HTTPRoute
from litestar.types import ASGIApp, Receive, Scope, Send

from tumen.web.access.guard import Connection
from tumen.web.problem import Refusal

API: Final = "/v1/"
"""Below this the names are held to; pages may be asked for with others, as links are shared."""


class KnownQueries:
    """Refuses names that a route of the API does not know; no guard, as ``DefaultDeny`` says."""

    def __call__(self, app: ASGIApp) -> ASGIApp:
        """The application behind it."""

        async def asked(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == ScopeType.HTTP and scope["query_string"]:
                _need_known(ASGIConnection(scope))
            await app(scope, receive, send)

        return asked


def _need_known(connection: Connection) -> None:
    """Refuse a request with names that its route does not know.

    Raises:
        Refusal: a name is unknown, or one that says one thing stands there twice.
    """
    if faults := _faults(connection):
        raise Refusal("REQUEST_INVALID", members={"faults": faults})


def _faults(connection: Connection) -> list[dict[str, str]]:
    scope = connection.scope
    known = _names(connection.app).get((str(scope.get("method")), scope["path_template"]))
    if known is None:
        return []
    faults = []
    for name, times in Counter(key for key, _ in connection.query_params.multi_items()).items():
        if name not in known:
            faults.append(_unknown(known))
        elif times > 1 and not known[name]:
            faults.append({"path": name, "message": "It stands there more than once."})
    return faults


def _unknown(known: Mapping[str, bool]) -> dict[str, str]:
    if not known:
        return {"path": "query", "message": "This route takes nothing behind the ?."}
    names = ", ".join(sorted(known))
    return {
        "path": "query",
        "message": f"A name behind the ? is not one of this route; known are {names}.",
    }


@cache
def _names(application: Litestar) -> Mapping[tuple[str, str], Mapping[str, bool]]:
    """The names that each route of the API takes, and whether one may stand there often."""
    return {
        (str(method), route.path_format): {
            each.field_alias: each.is_sequence for each in model.expected_query_params
        }
        for route in application.routes
        if isinstance(route, HTTPRoute) and route.path.startswith(API)
        for method, (_, model) in route.route_handler_map.items()
    }
