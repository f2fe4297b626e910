"""In which language a program is told what is wrong: its ``Accept-Language``, else English.

Codes, paths and values are the same in every language; only messages and remedies differ.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from litestar import Request

from tumen.web.locale.catalogue import PORTAL, VIOLATIONS, catalogue
from tumen.web.locale.languages import ENGLISH, chosen

VARY: Final = {"vary": "Accept-Language"}
Say = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads an answer, as far as words go.

    Attributes:
        language: one of ours.
    """

    language: str

    @property
    def remarks(self) -> Say:
        """What translates the messages and remedies of violations."""
        return remarks_in(self.language)


def provide_reader(request: Request[Any, Any, Any]) -> Reader:
    """The reader who sent a request."""
    return Reader(language_of(request))


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
    """What translates the sentences about requests, also those that values were put into."""
    if language == ENGLISH:
        return str
    say = catalogue(language, PORTAL).gettext

    def said(sentence: str) -> str:
        told = say(sentence)
        return told if told != sentence else _refilled(language, sentence)

    return said


_PLACE: Final = re.compile(r"\\\{\d+\\\}")
"""A place of a template, as ``re.escape`` leaves it."""


@cache
def _templates(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """What sentences with values look like in English, and the template of the language."""
    entries: dict[object, str] = getattr(catalogue(language, PORTAL), "_catalog", {})
    return tuple(
        (re.compile(_PLACE.sub("(.+?)", re.escape(template)), re.DOTALL), told)
        for template, told in entries.items()
        if isinstance(template, str) and "{0}" in template
    )


def _refilled(language: str, sentence: str) -> str:
    """A sentence in a language, with the values that stand in the English one.

    Who raises an error knows no reader: it puts the values in at once, and here they are read
    back. A sentence of no template stays as it is.
    """
    for pattern, told in _templates(language):
        if found := pattern.fullmatch(sentence):
            return told.format(*found.groups())
    return sentence
