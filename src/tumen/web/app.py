"""The application: every route of a node, from its office.

A group of routes is a module with ``routes()``; it is named here once.
"""

from collections.abc import Sequence
from typing import Any, Final

from litestar import Litestar, MediaType, Request, Router
from litestar.di import NamedDependency, Provide
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.types import ControllerRouterHandler

from tumen.access.caller import Caller
from tumen.access.matrix import Permission
from tumen.kernel.service_limits import REQUEST_BYTES_MAX
from tumen.web.access import routes as access
from tumen.web.access.door import Door
from tumen.web.access.guard import DefaultDeny, needs, provide_caller
from tumen.web.access.identification import Identification, proxies
from tumen.web.access.queries import KnownQueries
from tumen.web.access.strays import handlers_with
from tumen.web.api import (
    aftercare,
    allowances,
    bills,
    consignments,
    contingency,
    decisions,
    declarations,
    events,
    examinations,
    figures,
    guarantees,
    health,
    matches,
    quotes,
    receipts,
    reference,
    submissions,
    tickets,
    tracking,
    webhooks,
)
from tumen.web.api.docstrings import DocstringSchemas
from tumen.web.arriving import timely
from tumen.web.board import Board
from tumen.web.heads import bodiless
from tumen.web.later import LATER, Later
from tumen.web.office import OFFICE, Office
from tumen.web.portal import routes as portal
from tumen.web.records import recorded, tell_error
from tumen.web.speaking import Reader, provide_reader

AnyRequest = Request[Any, Any, Any]

API_VERSION: Final = "1.0.0"

SEEN: Final = needs(Permission.SEE_SERVICE)

DESCRIPTION: Final = (
    "One point of access: documents are lodged once, matched, assessed by law, decided, and"
    " answered with receipts. Errors are RFC 9457 problem details with a stable code."
)


def _described() -> OpenAPIConfig:
    """The application's own description, at ``/openapi.json`` for everybody."""
    return OpenAPIConfig(
        title="Tumen",
        version=API_VERSION,
        description=DESCRIPTION,
        openapi_router=Router(
            "/openapi.json", route_handlers=[], guards=[SEEN], include_in_schema=False
        ),
        render_plugins=[JsonRenderPlugin(path="/", media_type=MediaType.JSON)],
        use_handler_docstrings=True,
    )


GROUPS: Final = (
    health, figures, access, submissions, consignments, receipts, matches, quotes, reference,
    declarations, decisions, aftercare, contingency, examinations, bills, guarantees, tracking,
    events, webhooks, allowances, tickets, portal,
)  # fmt: skip
"""Every module with routes, in the order in which the API is told."""


def routes() -> list[ControllerRouterHandler]:
    """Every route of the service."""
    return [route for group in GROUPS for route in group.routes()]


def _provided(office: Office, door: Door, later: Later) -> dict[str, Provide]:
    """What a handler may ask for, each after another: nothing here waits.

    What hangs on nothing is fetched side by side, in tasks that cost a fifth of a small request.
    """

    async def caller_after_office(office: NamedDependency[Office], request: AnyRequest) -> Caller:
        return await provide_caller(request)

    def later_after_caller(caller: NamedDependency[Caller]) -> Later:
        return later

    def door_after_caller(caller: NamedDependency[Caller]) -> Door:
        return door

    def reader_after_caller(caller: NamedDependency[Caller], request: AnyRequest) -> Reader:
        return provide_reader(request)

    return {
        "office": Provide(lambda: office, sync_to_thread=False),
        "caller": Provide(caller_after_office),
        "later": Provide(later_after_caller, sync_to_thread=False),
        "door": Provide(door_after_caller, sync_to_thread=False),
        "reader": Provide(reader_after_caller, sync_to_thread=False),
    }


def application(office: Office, more: Sequence[ControllerRouterHandler] = ()) -> Litestar:
    """The application of an office.

    Args:
        office: the open node; closed when the application ends.
        more: further routes, such as those of the witness and of the log's files.
    """

    async def closed() -> None:
        await office.close()

    door = Door(office)
    later = Later(office)
    identification = Identification(door, proxies())
    made = Litestar(
        [*routes(), *more],
        dependencies=_provided(office, door, later),
        middleware=[identification, DefaultDeny(), KnownQueries()],
        before_request=Board(office).look,
        after_exception=[tell_error],
        logging_config=None,
        exception_handlers=portal.for_readers(handlers_with(identification)),
        openapi_config=_described(),
        plugins=[DocstringSchemas()],
        request_max_body_size=REQUEST_BYTES_MAX,
        on_startup=[portal.demonstration_of(office)],
        on_shutdown=[later.finish, closed],
        debug=False,
    )
    made.state[OFFICE], made.state[LATER] = office, later
    made.asgi_handler = recorded(timely(bodiless(made.asgi_handler)))
    return made
