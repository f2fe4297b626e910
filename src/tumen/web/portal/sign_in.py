"""Signing in and out, by a form."""

from typing import Final
from urllib.parse import quote

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.enums import MediaType
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromQuery

from tumen.access.matrix import Permission
from tumen.access.sessions import Shown
from tumen.kernel.access_limits import SIGN_IN_BYTES_MAX
from tumen.kernel.errors import CallerUnknown
from tumen.web.access.cookie import dropped, kept, token_of
from tumen.web.access.door import Door
from tumen.web.access.guard import needs
from tumen.web.access.identification import address_of
from tumen.web.portal.page import AnyRequest, page

NEEDED: Final = [needs(Permission.SIGN_IN)]
HOME: Final = "/"
WRITTEN_AS_THEY_ARE: Final = "/?#[]@!$&'()*+,;=:%-._~"
SEE_OTHER: Final = 303


def next_page(asked: str) -> str:
    """Where a reader goes after signing in: a page of ours, whatever the address says.

    >>> next_page("/documents"), next_page("//elsewhere.example"), next_page("https://x.example")
    ('/documents', '/', '/')
    """
    is_ours = asked.startswith("/") and not asked.startswith(("//", "/\\")) and asked.isprintable()
    return asked if is_ours else HOME


@get("/login", guards=NEEDED, include_in_schema=False)
async def sign_in_form(request: AnyRequest, after: FromQuery[str] = HOME) -> Response[str]:
    """The form."""
    return page(request, "sign_in", after=next_page(after), has_failed=False)


@post(
    "/login", guards=NEEDED, status_code=SEE_OTHER, include_in_schema=False,
    request_max_body_size=SIGN_IN_BYTES_MAX,
)  # fmt: skip
async def sign_in(request: AnyRequest, door: NamedDependency[Door]) -> Response[str]:
    """Begin a session, and go on to the page that was wanted."""
    form = {name: str(value) for name, value in (await request.form()).items()}
    after = next_page(form.get("after", HOME))
    told = form.get("login", "").strip(), form.get("password", ""), form.get("code", "")
    shown = Shown(*told, address_of(request))
    try:
        begun = await door.sign_in(shown)
    except CallerUnknown:
        return page(request, "sign_in", status=401, after=after, has_failed=True)
    answer = to_page(after)
    answer.cookies.append(kept(begun, request))
    return answer


@post("/logout", guards=NEEDED, status_code=SEE_OTHER, include_in_schema=False)
async def sign_out(request: AnyRequest, door: NamedDependency[Door]) -> Response[str]:
    """End the session, and go to the first page."""
    token = token_of(request)
    if token is not None:
        await door.sign_out(token)
    answer = to_page(HOME)
    answer.cookies.append(dropped(request))
    return answer


def to_page(path: str) -> Response[str]:
    """A way on: of an address in any script the form that a header can hold."""
    return Response(
        "",
        status_code=SEE_OTHER,
        media_type=MediaType.HTML,
        headers={"Location": quote(path, safe=WRITTEN_AS_THEY_ARE)},
    )


def routes() -> list[HTTPRouteHandler]:
    """The routes of signing in and out."""
    return [sign_in_form, sign_in, sign_out]
