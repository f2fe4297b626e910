"""``POST /v1/quotes``: what shipments cost at the border, and why; for anybody."""

from typing import Annotated, Any, Final

import msgspec
from litestar import Request, Response, post
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.spec import Schema
from litestar.params import QueryParameter

from tumen.access.matrix import Permission
from tumen.codelist.spoken import with_messages
from tumen.kernel.service_limits import QUOTES_PER_REQUEST_MAX, READ_IN_LINE_BYTES_MAX
from tumen.web.access.guard import needs
from tumen.web.api.bodies import json_of
from tumen.web.api.described import any_object, array_of, problems, with_body
from tumen.web.legal_day import today
from tumen.web.locale.languages import ENGLISH
from tumen.web.office import Office, office_of
from tumen.web.problem import Refusal
from tumen.web.speaking import headers_in, language_of, remarks_in

SHIPMENT: Final = any_object("A native shipment: docs/shipment.md")
BODY: Final = with_body(
    {"application/json": Schema(one_of=[SHIPMENT, array_of(SHIPMENT, QUOTES_PER_REQUEST_MAX)])},
    f"A native shipment, or 1 to {QUOTES_PER_REQUEST_MAX} of them.",
)

Explanation = Annotated[
    bool | None,
    QueryParameter(
        description="Whether the steps are told: of one shipment they are, of a list they are not."
    ),
]


@post(
    "/v1/quotes", status_code=200, guards=[needs(Permission.QUOTE)], tags=["Quotes"],
    summary="What shipments cost at the border", operation_class=BODY, responses=problems(408, 413),
)  # fmt: skip
async def quotes(request: Request[Any, Any, Any], explanation: Explanation = None) -> Response[Any]:
    """The regime, every charge with its citations, and the steps; a list for a list.

    The steps of one shipment are told unless `explanation=false`; those of a list only with
    `explanation=true`, else `steps` is empty.

    What the law's tables do not hold is ``unknown`` and never zero. A shipment that cannot be
    read has its violations in the place of an answer.
    """
    office = office_of(request)
    told = await _read(office, await request.body())
    shipments = told if isinstance(told, list) else [told]
    is_explained = not isinstance(told, list) if explanation is None else explanation
    answers = await office.quoting.quote(
        shipments, today(office.node.clock), is_explained=is_explained
    )
    language = language_of(request)
    if language != ENGLISH:
        answers = await office.reading.run(_in_language, answers, language)
    content: Any = answers if isinstance(told, list) else answers[0]
    return Response(
        msgspec.json.encode(content), media_type="application/json", headers=headers_in(language)
    )


def _in_language(answers: list[msgspec.Raw], language: str) -> list[msgspec.Raw]:
    """The same answers with their messages in a language."""
    say = remarks_in(language)
    return [
        msgspec.Raw(msgspec.json.encode(with_messages(msgspec.json.decode(each), say)))
        for each in answers
    ]


async def _read(office: Office, body: bytes) -> dict[str, Any] | list[dict[str, Any]]:
    """The shipments of a body; large ones are read beside the loop."""
    if len(body) <= READ_IN_LINE_BYTES_MAX:
        return _shipments(body)
    return await office.reading.run(_shipments, body)


def _shipments(body: bytes) -> dict[str, Any] | list[dict[str, Any]]:
    """The native shipments of a body.

    Raises:
        Refusal: it is something else.
    """
    told = json_of(body)
    listed = told if isinstance(told, list) else [told]
    if not listed or not all(isinstance(each, dict) for each in listed):
        raise Refusal("REQUEST_INVALID", "Send a native shipment, or a list of them.")
    if len(listed) > QUOTES_PER_REQUEST_MAX:
        raise Refusal("TOO_LARGE", f"At most {QUOTES_PER_REQUEST_MAX} shipments at once.")
    return told if isinstance(told, list) else listed[0]


def routes() -> list[HTTPRouteHandler]:
    """The route of quotes."""
    return [quotes]
