"""``/v1/reference``: what documents are judged by: code lists, violations, the law, tariffs."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final, TypeVar

import msgspec
from litestar import Request, Response, Router, get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler

from tumen.access.matrix import Permission
from tumen.codelist.currencies import currencies
from tumen.codelist.iso_countries import countries
from tumen.codelist.lists import codes
from tumen.codelist.violations import Violation, all_violations
from tumen.kernel.errors import TumenError
from tumen.law.parameters import Parameter, holds, law_version, parameters, value_at
from tumen.law.tariffs import CODE_DIGITS, code_problem, rates_of, unit_of
from tumen.web.access.guard import needs
from tumen.web.api.described import UNCHANGED, problems
from tumen.web.api.parameters import (
    Code,
    CommodityCode,
    DayInForce,
    DayOfTariff,
    Economy,
    ListName,
    NamePrefix,
)
from tumen.web.legal_day import today
from tumen.web.office import Office
from tumen.web.problem import REFUSALS, Refusal
from tumen.web.revalidating import OF_REFERENCE, Revalidating
from tumen.web.speaking import Say, headers_in, language_of, remarks_in, sentences_in

AnyRequest = Request[Any, Any, Any]
Content = TypeVar("Content")

TAGS: Final = ["Reference"]
PUBLIC: Final = [needs(Permission.READ_REFERENCE)]

CUSTOMS_LISTS: Final = ("countries", "units", "transport_modes", "procedures", "statuses")
"""The lists of Chinese customs, as far as they are held."""

OTHER_LISTS: Final = ("iso_countries", "currencies")


class CodeLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """One code of a list.

    Attributes:
        code: as documents state it.
        name_en: what it stands for.
        name_zh: the same in Chinese, where it is held.
        evidence: how well it is known, where the list says so.
    """

    code: str
    name_en: str
    name_zh: str = ""
    evidence: str = ""


class CodeLists(msgspec.Struct, frozen=True):
    """The names of the lists."""

    lists: list[str]


class CodeList(msgspec.Struct, frozen=True):
    """A list of codes."""

    name: str
    codes: list[CodeLine]


class ViolationPage(msgspec.Struct, frozen=True):
    """What a code says of a document or of a shipment, and what mends it.

    Attributes:
        code: stable, the same in every language.
        layer: at which step of the road it is found.
        severity: ``error`` refuses, ``warning`` is told.
        message: what is wrong, in the reader's language.
        fix: what mends it.
        ceb: by kind of document, the code of the Chinese table that a receipt prints.
    """

    code: str
    layer: str
    severity: str
    message: str
    fix: str
    ceb: dict[str, int]


class ProblemPage(msgspec.Struct, frozen=True):
    """What a code says of a request, and what to do.

    Attributes:
        code: stable, the same in every language.
        status: of HTTP; null where several may carry it.
        title: what is wrong, in the reader's language.
        next_step: what to do.
    """

    code: str
    status: int | None
    title: str
    next_step: str


class Law(msgspec.Struct, frozen=True):
    """Parameters with their dated values, and the version of the law that holds them."""

    law_version: str
    parameters: list[Parameter]


class RateLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """A rate as a tariff prints it.

    Attributes:
        column: of the tariff, such as ``wto``.
        text: as it is printed.
        edition: of the tariff.
        evidence: how well it is known.
        note: what the tariff adds to it.
    """

    column: str
    text: str
    edition: str
    evidence: str
    note: str = ""


class TariffPage(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a tariff prints for a code on a day.

    Attributes:
        economy: whose tariff.
        hs: the code that was asked for.
        day: on which it is asked.
        rates: what each column prints; none where the code is not held.
        unit: in which its goods are counted.
        remark: the code of what is to be told of the commodity code itself.
    """

    economy: str
    hs: str
    day: date
    rates: list[RateLine]
    unit: str | None = None
    remark: str | None = None


@get("/v1/reference/code-lists", guards=PUBLIC, tags=TAGS, summary="The code lists",
     responses=problems() | UNCHANGED)  # fmt: skip
async def code_lists() -> CodeLists:
    """The names of the lists that documents are checked by."""
    return CodeLists([*CUSTOMS_LISTS, *OTHER_LISTS])


@get("/v1/reference/code-lists/{name:str}", guards=PUBLIC, tags=TAGS, summary="A code list",
     responses=problems(404) | UNCHANGED)  # fmt: skip
async def code_list(name: ListName) -> CodeList:
    """The codes of a list; the lists are selections, and each code says how well it is known."""
    if name in CUSTOMS_LISTS:
        lines = [
            CodeLine(each.code, each.name_en, each.name_zh, each.evidence)
            for each in codes(name).values()
        ]
    elif name == "iso_countries":
        lines = [CodeLine(code, country) for code, country in countries().items()]
    elif name == "currencies":
        lines = [CodeLine(code, each.name_en) for code, each in currencies().items()]
    else:
        raise Refusal("NOT_FOUND", "There is no such list.")
    return CodeList(name, lines)


@get("/v1/reference/violations", guards=PUBLIC, tags=TAGS, summary="Every violation",
     responses=problems() | UNCHANGED)  # fmt: skip
async def violations(request: AnyRequest) -> Response[list[ViolationPage]]:
    """The catalogue: what each code means, and what mends it."""
    say = remarks_in(language_of(request))
    return _told(request, [_page(each, say) for each in all_violations()])


@get("/v1/reference/violations/{code:str}", guards=PUBLIC, tags=TAGS, summary="A violation",
     responses=problems(404) | UNCHANGED)  # fmt: skip
async def one_violation(request: AnyRequest, code: Code) -> Response[ViolationPage]:
    """What one code means, and what mends it."""
    for each in all_violations():
        if each.code == code:
            return _told(request, _page(each, remarks_in(language_of(request))))
    raise Refusal("NOT_FOUND", "There is no such code.")


def _page(entry: Violation, say: Say) -> ViolationPage:
    return ViolationPage(
        entry.code, entry.layer, entry.severity, say(entry.message), say(entry.fix),
        dict(entry.ceb),
    )  # fmt: skip


def _told(request: AnyRequest, content: Content) -> Response[Content]:
    return Response(content, headers=headers_in(language_of(request)))


@get("/v1/reference/problems/{code:str}", guards=PUBLIC, tags=TAGS, summary="A problem",
     responses=problems(404) | UNCHANGED)  # fmt: skip
async def problem(request: AnyRequest, code: Code) -> Response[ProblemPage]:
    """What the code of a problem means: the page that its ``type`` leads to."""
    say = sentences_in(language_of(request))
    if code in REFUSALS:
        kind = REFUSALS[code]
        page = ProblemPage(code, kind.status, say(kind.title), say(kind.next_step))
        return _told(request, page)
    known = _errors(TumenError)
    if code in known:
        page = ProblemPage(code, None, say(known[code].title), say(known[code].next_step))
        return _told(request, page)
    raise Refusal("NOT_FOUND", "There is no such code.")


def _errors(root: type[TumenError]) -> Mapping[str, type[TumenError]]:
    """The errors below one in the tree, by their codes."""
    found = {root.code: root}
    for each in root.__subclasses__():
        found = {**_errors(each), **found}
    return found


@get("/v1/reference/law", guards=PUBLIC, tags=TAGS, summary="Parameters of the law",
     responses=problems() | UNCHANGED)  # fmt: skip
async def law(prefix: NamePrefix = "", day: DayInForce = None) -> Law:
    """Dated and cited values, such as those of ``cn.cbec``; with a day, those in force on it."""
    named = [each for name, each in parameters().items() if name.startswith(prefix)]
    held = [_on(each, day) for each in named if day is None or holds(each.name, day)]
    return Law(law_version(), held)


def _on(parameter: Parameter, day: date | None) -> Parameter:
    """The parameter with its value of a day alone; with all of them where none is asked for."""
    if day is None:
        return parameter
    return msgspec.structs.replace(parameter, values=[value_at(parameter.name, day)])


@get("/v1/reference/tariffs/{economy:str}/{hs:str}", guards=PUBLIC, tags=TAGS,
     summary="Rates of a commodity code", responses=problems(404) | UNCHANGED,
     sync_to_thread=True)  # fmt: skip
def tariff(
    office: NamedDependency[Office],
    economy: Economy,
    hs: CommodityCode,
    day: DayOfTariff = None,
) -> TariffPage:
    """What the tariff of an economy prints for a commodity code on a day, and where it is from."""
    place = economy.upper()
    if place not in CODE_DIGITS:
        raise Refusal("NOT_FOUND", f"There is a tariff of {', '.join(CODE_DIGITS)}.")
    if not hs.isascii() or not hs.isdigit():
        raise Refusal("REQUEST_INVALID", "A commodity code is digits.")
    asked, folder = day or today(office.node.clock), office.books.tariffs
    rates = rates_of(place, hs, asked, folder)
    fault = code_problem(place, hs, "hs", folder)
    return TariffPage(
        place,
        hs,
        asked,
        [RateLine(r.column, r.text, r.edition, r.evidence, r.note or "") for r in rates.values()],
        unit_of(place, hs, folder),
        None if fault is None else fault.code,
    )


def routes() -> list[Router]:
    """The routes of reference; what they tell may be kept for a while."""
    told: list[HTTPRouteHandler] = [
        code_lists, code_list, violations, one_violation, problem, law, tariff
    ]  # fmt: skip
    return [Router("/", route_handlers=told, middleware=[Revalidating(OF_REFERENCE)])]
