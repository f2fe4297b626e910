"""The routes of the portal, as one router: what goes wrong on a page is told on a page."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any, Final

from litestar import Litestar, Response, Router, get
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler

from tumen.access import organisations
from tumen.access.matrix import Permission
from tumen.kernel.errors import CallerUnknown, StoreUnavailable, TumenError
from tumen.web.access.guard import needs
from tumen.web.office import Office
from tumen.web.portal import (
    aftercare,
    allowance,
    bills,
    documents,
    examinations,
    help_desk,
    home,
    queue,
    quote,
    sign_in,
    submit,
    tracking,
    verify,
)
from tumen.web.portal.page import IS_DEMO, AnyRequest, page, stylesheet
from tumen.web.problem import Told, of_error, of_status

STYLESHEET_HEADERS: Final = {"Cache-Control": "public, max-age=31536000, immutable"}


@get("/portal.css", guards=[needs(Permission.SEE_SERVICE)], include_in_schema=False)
async def stylesheet_file() -> Response[bytes]:
    """The stylesheet; its address changes with it."""
    return Response(stylesheet(), media_type="text/css", headers=STYLESHEET_HEADERS)


def _handlers() -> list[HTTPRouteHandler]:
    parts = (
        home, sign_in, quote, tracking, submit, documents, queue, aftercare, examinations, bills,
        allowance, verify, help_desk,
    )  # fmt: skip
    return [stylesheet_file, *(route for part in parts for route in part.routes())]


def _told(request: AnyRequest, told: Told) -> Response[str]:
    problem = told.problem
    return page(
        request, "problem", status=problem.status, headers=told.all_headers(), problem=problem
    )


def _tumen_error(request: AnyRequest, error: TumenError) -> Response[str]:
    if isinstance(error, CallerUnknown):
        return page(request, "unknown", status=401)
    return _told(request, of_error(error))


def _http_exception(request: AnyRequest, error: HTTPException) -> Response[str]:
    return _told(request, Told(of_status(error.status_code)))


EXCEPTION_HANDLERS: Final[Mapping[int | type[Exception], Any]] = {
    TumenError: _tumen_error,
    HTTPException: _http_exception,
}


def demonstration_of(office: Office) -> Callable[[Litestar], Awaitable[None]]:
    """Sees, when the service starts, whether a node has made-up organisations: pages say so."""

    async def note(application: Litestar) -> None:
        with suppress(StoreUnavailable):  # that is told by /readyz, and the pages tell nothing
            known = await office.public.run(organisations.listed)
            application.state[IS_DEMO] = any(each.is_demo for each in known)

    return note


def routes() -> list[Router]:
    """The portal."""
    handlers = dict(EXCEPTION_HANDLERS)
    return [Router("/", route_handlers=_handlers(), exception_handlers=handlers)]
