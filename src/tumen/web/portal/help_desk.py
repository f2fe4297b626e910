"""The help desk: a page for every code of the catalogue and every value of the law, and a search.

A search looks at codes and words, in the reader's language and in English.
"""

from functools import cache, partial
from typing import Any, Final

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery

from tumen.access.matrix import Permission
from tumen.codelist.violations import Layer, all_violations, ceb_code, ceb_texts, violation
from tumen.law.parameters import Parameter, parameters
from tumen.law.value_text import shown
from tumen.web.access.guard import needs
from tumen.web.portal import remarks
from tumen.web.portal.page import AnyRequest, language_of, page
from tumen.web.portal.remarks import Told
from tumen.web.problem import every_problem

FOUND_MAX: Final = 40
"""Answers of one kind that a search shows."""

ASKED_LENGTH_MAX: Final = 100

SERVICE: Final = "service"
"""Stands for the layer of a violation with codes of the service itself."""


@get(
    "/help", guards=[needs(Permission.READ_REFERENCE)], include_in_schema=False, sync_to_thread=True
)
def help_desk(
    request: AnyRequest, q: FromQuery[str] = "", layer: FromQuery[str] = ""
) -> Response[str]:
    """The search, and what it found."""
    asked = q[:ASKED_LENGTH_MAX].strip()
    language = language_of(request)
    codes = [each for each in index(language) if _fits(each, asked, layer)]
    values = [each for each in parameters().values() if asked and _names(each, asked)]
    return page(
        request,
        "help",
        asked=asked or layer,
        found=codes[: None if layer else FOUND_MAX] if asked or layer else [],
        values=values[:FOUND_MAX],
        is_cut=not layer and max(len(codes), len(values)) > FOUND_MAX,
        layers=[
            (each, sum(one["layer"] == each for one in index(language)))
            for each in (*Layer, SERVICE)
        ],
    )


@cache
def index(language: str) -> tuple[dict[str, Any], ...]:
    """Every code with its words in a language, and all the words that it is found by."""
    found = []
    for each in all_violations():
        said = remarks.told(language, each.code)
        words = f"{each.code} {said.message} {said.fix} {each.message} {each.fix}".casefold()
        found.append({"told": said, "layer": str(each.layer), "words": words})
    for code, kind in every_problem().items():
        said = remarks.of_problem(language, code, kind)
        words = f"{code} {said.message} {said.fix} {kind.title} {kind.next_step}".casefold()
        found.append({"told": said, "layer": SERVICE, "words": words})
    return tuple(found)


def _fits(entry: dict[str, Any], asked: str, layer: str) -> bool:
    words = asked.casefold().split()
    return (not layer or entry["layer"] == layer) and all(word in entry["words"] for word in words)


def _names(parameter: Parameter, asked: str) -> bool:
    text = f"{parameter.name} {parameter.title}".casefold()
    return all(word in text for word in asked.casefold().split())


@get(
    "/help/{code:str}",
    guards=[needs(Permission.READ_REFERENCE)],
    include_in_schema=False,
    sync_to_thread=True,
)
def help_code(request: AnyRequest, code: FromPath[str]) -> Response[str]:
    """What a code means and what to do."""
    language = language_of(request)
    if code in every_problem():
        remark = remarks.of_problem(language, code, every_problem()[code])
        return page(request, "help_code", remark=remark, layer=SERVICE, ceb=[])
    try:
        entry = violation(code)
    except KeyError:
        return page(request, "absent", status=404)
    remark = remarks.told(language, code)
    return page(request, "help_code", remark=remark, layer=str(entry.layer), ceb=_ceb(remark))


def _ceb(remark: Told) -> list[tuple[str, int, str]]:
    """The codes that the receipts of China's customs have for it, with their official texts."""
    own = violation(remark.code).ceb
    numbers = ((kind, ceb_code(remark.code, kind)) for kind in own)
    texts = ceb_texts()
    return [(kind, number, texts.get(number, "")) for kind, number in numbers if number is not None]


@get(
    "/help/law/{name:str}",
    guards=[needs(Permission.READ_REFERENCE)],
    include_in_schema=False,
    sync_to_thread=True,
)
def help_law(request: AnyRequest, name: FromPath[str]) -> Response[str]:
    """The values of a parameter of the law, with their days and sources."""
    parameter = parameters().get(name)
    if parameter is None:
        return page(request, "absent", status=404)
    show = partial(shown, unit=parameter.unit)
    rows = [
        {
            "first": each.first, "last": each.last, "value": show(each.value),
            "citation": each.citation, "note": each.note, "evidence": each.evidence,
            "confidence": each.confidence,
        }
        for each in reversed(parameter.values)
    ]  # fmt: skip
    return page(request, "help_law", parameter=parameter, rows=rows)


def routes() -> list[HTTPRouteHandler]:
    """The routes of the help desk."""
    return [help_desk, help_code, help_law]
