"""``POST /v1/matches``: would these documents match, before anything is lodged?"""

from typing import Any, Final

import msgspec
from litestar import Request, Response, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.spec import Schema

from tumen.access.caller import Caller
from tumen.access.matrix import Permission
from tumen.kernel.service_limits import PRECHECK_DOCUMENTS_MAX
from tumen.web.access.guard import needs
from tumen.web.answering import said
from tumen.web.api.described import TEXT, array_of, problems, with_body
from tumen.web.api.submissions import DOCUMENT, read_submission
from tumen.web.foresight import Foreseen, foresee
from tumen.web.office import Office
from tumen.web.speaking import Reader, headers_in, language_of

BODY: Final = with_body(
    {
        "application/json": Schema(one_of=[DOCUMENT, array_of(DOCUMENT, PRECHECK_DOCUMENTS_MAX)]),
        "application/x-ndjson": TEXT,
        "application/xml": TEXT,
        "text/csv": TEXT,
    },
    f"1 to {PRECHECK_DOCUMENTS_MAX} documents, in the forms of a submission.",
)


class Matches(msgspec.Struct, frozen=True):
    """What would become of the documents if they were lodged now, in their order."""

    documents: list[Foreseen]


@post(
    "/v1/matches", status_code=200, guards=[needs(Permission.PRECHECK)], tags=["Documents"],
    summary="Would these documents match?", operation_class=BODY,
    responses=problems(408, 413, 415),
)  # fmt: skip
async def matches(
    request: Request[Any, Any, Any],
    office: NamedDependency[Office],
    caller: NamedDependency[Caller],
) -> Response[Matches]:
    """Walks the road with them, beside what is recorded, and undoes it: nothing is lodged.

    Of a declaration it is told whether it finds its counterparts and agrees with them. What
    others wrote, what a person bought before, and how goods would be screened is not shown.
    """
    submission = await read_submission(request, office, caller.sender)
    reader = Reader(language_of(request))
    told = [
        msgspec.structs.replace(each, findings=said(each.findings, reader.remarks))
        for each in await foresee(office, submission)
    ]
    return Response(Matches(told), headers=headers_in(reader.language))


def routes() -> list[HTTPRouteHandler]:
    """The route of matches."""
    return [matches]
