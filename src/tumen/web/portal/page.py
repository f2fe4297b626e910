"""Renders a page in its reader's language."""

import hashlib
from collections.abc import Mapping
from functools import cache, partial
from importlib.resources import files
from typing import Any, Final
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from litestar import Request, Response
from litestar.datastructures import Cookie
from litestar.enums import MediaType

from tumen.access.caller import Caller
from tumen.access.matrix import Permission
from tumen.access.roles import Reach
from tumen.web.access.guard import caller_of
from tumen.web.board import ON_BOARD
from tumen.web.guarding import KEEPER
from tumen.web.locale.catalogue import catalogue
from tumen.web.locale.languages import LANGUAGES, chosen
from tumen.web.portal import figures, remarks, words
from tumen.web.portal.words import N_

COOKIE: Final = "lang"
COOKIE_SECONDS: Final = 365 * 24 * 3600
STYLESHEET: Final = "portal.css"
IS_DEMO: Final = "is_demo"
"""Under this name the application knows whether its organisations are made up."""

AnyRequest = Request[Any, Any, Any]

MENU: Final = (
    ("/quote", N_("Quote"), Permission.QUOTE),
    ("/tracking", N_("Tracking"), Permission.TRACK),
    ("/submit", N_("Submit"), Permission.LODGE),
    ("/documents", N_("My documents"), Permission.READ_DOCUMENTS),
    ("/queue", N_("Officer's queue"), Permission.READ_QUEUE),
    ("/examinations", N_("Examinations"), Permission.READ_EXAMINATIONS),
    ("/bills", N_("Bills"), Permission.READ_BILLS),
    ("/allowance", N_("Allowance"), Permission.READ_ALLOWANCE),
    ("/keys", N_("Keys"), Permission.KEEP_KEYS),
    ("/webhooks", N_("Webhooks"), Permission.KEEP_WEBHOOKS),
    ("/my-allowance", N_("My allowance"), Permission.GUARD_ALLOWANCE),
    ("/verify", N_("Verify"), Permission.VERIFY),
    ("/help", N_("Help desk"), Permission.READ_REFERENCE),
)
"""Addresses, their names, and what one must be permitted to see them."""


@cache
def stylesheet() -> bytes:
    """The one stylesheet of all pages."""
    return files("tumen.web.portal").joinpath(STYLESHEET).read_bytes()


@cache
def stylesheet_address() -> str:
    """Its address; it changes with its content, so that browsers may keep it."""
    return f"/{STYLESHEET}?v={hashlib.sha256(stylesheet()).hexdigest()[:12]}"


def language_of(request: AnyRequest) -> str:
    """The language that a reader asked for, on this page, before, or by the browser."""
    by_hand = request.query_params.get(COOKIE) or request.cookies.get(COOKIE)
    return chosen(by_hand, request.headers.get("accept-language"))


def page(
    request: AnyRequest,
    template: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **values: Any,
) -> Response[str]:
    """A page of the portal.

    Args:
        request: whose page it is.
        template: the name of its template, without its suffix.
        status: the status of HTTP.
        headers: further ones.
        values: what the template shows.
    """
    language = language_of(request)
    text = _environment(language).get_template(f"{template}.html").render(
        values | _surroundings(request, language)
    )  # fmt: skip
    told = {
        "Content-Language": language,
        "Vary": "Accept-Language, Cookie",
        "Cache-Control": "no-store",
        **(headers or {}),
    }
    return Response(
        text,
        status_code=status,
        media_type=MediaType.HTML,
        headers=told,
        cookies=_remembered(request),
    )


def _remembered(request: AnyRequest) -> list[Cookie]:
    """The cookie that keeps a language which was chosen on this page."""
    wish = request.query_params.get(COOKIE)
    if wish not in LANGUAGES:
        return []
    kept = Cookie(
        COOKIE, value=wish, max_age=COOKIE_SECONDS, path="/", httponly=True, samesite="lax"
    )
    return [kept]


def _surroundings(request: AnyRequest, language: str) -> dict[str, Any]:
    """What every template may show besides its own values."""
    caller = caller_of(request)
    return {
        "caller": caller.name if caller.is_known else None,
        "menu": _menu(caller),
        "suspended": request.app.state.get(ON_BOARD, []),
        "is_demo": request.app.state.get(IS_DEMO, False),
        "language": language,
        "languages": [(code, name, _again(request, code)) for code, name in LANGUAGES.items()],
        "here": request.url.path,
        "stylesheet": stylesheet_address(),
        "word": partial(words.word, language),
        "told": partial(remarks.told, language),
    }


def _menu(caller: Caller) -> list[tuple[str, str]]:
    """The pages that a caller may open."""
    return [
        (address, name)
        for address, name, permission in MENU
        if caller.reach(permission) is not Reach.NONE
        and (permission is not Permission.READ_ALLOWANCE or caller.economy == KEEPER)
    ]


def _again(request: AnyRequest, language: str) -> str:
    """The address of the same page in another language."""
    kept = [
        (name, value)
        for name, value in request.query_params.multi_items()
        if name != COOKIE and request.method == "GET"
    ]
    return f"{request.url.path}?{urlencode([*kept, (COOKIE, language)])}"


@cache
def _environment(language: str) -> Environment:
    """Templates with the translations of a language; each keeps its own compiled ones."""
    environment = Environment(
        loader=PackageLoader("tumen.web.portal", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n"],
    )
    translations = catalogue(language)
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        translations.gettext, translations.ngettext, newstyle=True
    )
    environment.filters |= {
        "amount": partial(figures.amount, language),
        "count": partial(figures.count, language),
        "breakable": figures.breakable,
        "minute": figures.minute,
        "plainly": figures.plainly,
    }
    return environment
