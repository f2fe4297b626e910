"""The routes of the portal, as one router: what goes wrong on a page is told on a page."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from http import HTTPStatus
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
    disputes,
    documents,
    examinations,
    help_desk,
    home,
    keys,
    own_allowance,
    queue,
    quote,
    sign_in,
    submit,
    tickets,
    tracking,
    verify,
    webhooks,
)
from tumen.web.portal.page import IS_DEMO, AnyRequest, language_of, page, stylesheet
from tumen.web.problem import Told, every_problem, of_error, of_status, request_id
from tumen.web.speaking import sentences_in

API: Final = "/v1/"
STYLESHEET_HEADERS: Final = {"Cache-Control": "public, max-age=31536000, immutable"}


@get("/portal.css", guards=[needs(Permission.SEE_SERVICE)], include_in_schema=False)
async def stylesheet_file() -> Response[bytes]:
    """The stylesheet; its address changes with it."""
    return Response(stylesheet(), media_type="text/css", headers=STYLESHEET_HEADERS)


def handlers() -> list[HTTPRouteHandler]:
    """The handlers of every page, and of what belongs to one."""
    parts = (
        home, sign_in, quote, tracking, submit, documents, queue, aftercare, examinations,
        bills, allowance, own_allowance, disputes, keys, webhooks, verify, tickets, help_desk,
    )  # fmt: skip
    return [stylesheet_file, *(route for part in parts for route in part.routes())]


def _told(request: AnyRequest, told: Told) -> Response[str]:
    problem, say = told.problem, sentences_in(language_of(request))
    return page(
        request,
        "problem",
        status=problem.status,
        headers=told.all_headers(),
        problem=problem,
        said=[(say(each), say(each) != each) for each in (problem.detail, problem.next_step)],
        has_page=problem.code in every_problem(),
    )


def _tumen_error(request: AnyRequest, error: TumenError) -> Response[str]:
    if isinstance(error, CallerUnknown):
        return page(request, "unknown", status=401)
    return _told(request, of_error(error))


def _http_exception(request: AnyRequest, error: HTTPException) -> Response[str]:
    return _told(request, Told(of_status(error.status_code)))


def _unexpected(request: AnyRequest, _: Exception) -> Response[str]:
    return _told(request, Told(of_status(HTTPStatus.INTERNAL_SERVER_ERROR, request_id(request))))


EXCEPTION_HANDLERS: Final[Mapping[int | type[Exception], Any]] = {
    TumenError: _tumen_error,
    HTTPException: _http_exception,
    Exception: _unexpected,
}


def for_readers(programs: Mapping[int | type[Exception], Any]) -> dict[int | type[Exception], Any]:
    """Handlers of the application that tell a reader of pages on a page that there is none.

    Such a request meets no route, so that nobody asked who sends it: the page is the public's.

    Args:
        programs: those of the application, which answer programs.
    """
    tell = programs[HTTPException]

    def told(request: AnyRequest, error: HTTPException) -> Response[Any]:
        answer: Response[Any] = tell(request, error)
        if answer.status_code == HTTPStatus.NOT_FOUND and _is_of_pages(request):
            return page(request, "absent", status=HTTPStatus.NOT_FOUND)
        return answer

    return {**programs, HTTPException: told}


def _is_of_pages(request: AnyRequest) -> bool:
    """Whether a browser asks, and not for something of the API."""
    asked = request.headers.get("accept", "")
    return "text/html" in asked and not request.url.path.startswith(API)


def demonstration_of(office: Office) -> Callable[[Litestar], Awaitable[None]]:
    """Sees, when the service starts, whether a node has made-up organisations: pages say so."""

    async def note(application: Litestar) -> None:
        with suppress(StoreUnavailable):  # that is told by /readyz, and the pages tell nothing
            known = await office.public.run(organisations.listed)
            application.state[IS_DEMO] = any(each.is_demo for each in known)

    return note


def routes() -> list[Router]:
    """The portal."""
    told = dict(EXCEPTION_HANDLERS)
    return [Router("/", route_handlers=handlers(), exception_handlers=told)]
