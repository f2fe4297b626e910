"""``POST /v1/submissions``: documents are lodged, and every one gets its receipt."""

import uuid
from typing import Any, Final

from litestar import Request, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.spec import Schema

from tumen.access.caller import Caller
from tumen.access.matrix import Permission
from tumen.kernel.service_limits import (
    READ_IN_LINE_BYTES_MAX,
    SUBMISSION_DOCUMENTS_MAX,
    SUBMISSION_REQUEST_BYTES_MAX,
)
from tumen.web.access.guard import needs
from tumen.web.answering import SubmissionAnswer, answer_of
from tumen.web.api.described import TEXT, any_object, array_of, problems, with_body
from tumen.web.office import Office
from tumen.web.submission import Submission, submission_of

DOCUMENT: Final = any_object("A document: its kind, and the fields of docs/formats.md")
BODY: Final = with_body(
    {
        "application/json": Schema(one_of=[DOCUMENT, array_of(DOCUMENT, SUBMISSION_DOCUMENTS_MAX)]),
        "application/x-ndjson": TEXT,
        "application/xml": TEXT,
        "text/csv": TEXT,
    },
    "1 to 10,000 documents: JSON, NDJSON, a CEB message, or CSV; gzip by Content-Encoding.",
)


@post(
    "/v1/submissions",
    status_code=200,
    guards=[needs(Permission.LODGE)],
    request_max_body_size=SUBMISSION_REQUEST_BYTES_MAX,
    tags=["Documents"],
    summary="Lodge documents",
    operation_class=BODY,
    responses=problems(408, 413, 415),
)
async def lodge(
    request: Request[Any, Any, Any],
    office: NamedDependency[Office],
    caller: NamedDependency[Caller],
) -> SubmissionAnswer:
    """Take documents down the road; the reply comes when they are durable.

    Every row is answered with its receipt, refused ones too: a refusal is an answer, not an
    error. The same document again gets the bytes of its first receipt, so that a request without
    an answer may be sent again as it is.
    """
    submission = await read_submission(request, office, caller.sender)
    return answer_of(submission.name, await office.filing.lodge(submission))


async def read_submission(
    request: Request[Any, Any, Any], office: Office, sender: str
) -> Submission:
    """The submission in a request; large ones are read beside the loop."""
    body = await request.body()
    headers = {
        "content_type": request.headers.get("content-type", ""),
        "encoding": request.headers.get("content-encoding", ""),
        "name": f"submission-{uuid.uuid4().hex}",
        "sender": sender,
    }
    if len(body) <= READ_IN_LINE_BYTES_MAX and not headers["encoding"]:
        return submission_of(body, **headers)
    return await office.reading.run(submission_of, body, **headers)


def routes() -> list[HTTPRouteHandler]:
    """The routes of submissions."""
    return [lodge]
