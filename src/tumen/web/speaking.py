"""In which language a program is told what is wrong: its ``Accept-Language``, else English.

Codes, paths and values are the same in every language; only messages and remedies differ.
"""

from collections.abc import Callable
from typing import Any, Final

from litestar import Request

from tumen.web.locale.catalogue import PORTAL, VIOLATIONS, catalogue
from tumen.web.locale.languages import ENGLISH, chosen

VARY: Final = {"vary": "Accept-Language"}
Say = Callable[[str], str]


def language_of(request: Request[Any, Any, Any]) -> str:
    """The language that a request asks for, of those that are there."""
    return chosen(None, request.headers.get("accept-language"))


def headers_in(language: str) -> dict[str, str]:
    """What an answer says of its language."""
    return {**VARY, "content-language": language}


def remarks_in(language: str) -> Say:
    """What translates the messages and remedies of violations."""
    return str if language == ENGLISH else catalogue(language, VIOLATIONS).gettext


def sentences_in(language: str) -> Say:
    """What translates the sentences about requests."""
    return str if language == ENGLISH else catalogue(language, PORTAL).gettext
