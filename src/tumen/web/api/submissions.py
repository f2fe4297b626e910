"""``POST /v1/submissions``: documents are lodged, and every one gets its receipt."""

from functools import partial
from typing import Any, Final

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Schema

from tumen.access.caller import Caller
from tumen.access.matrix import Permission
from tumen.kernel.service_limits import (
    READ_IN_LINE_BYTES_MAX,
    SUBMISSION_DOCUMENTS_MAX,
    SUBMISSION_REQUEST_BYTES_MAX,
)
from tumen.web.access.guard import caller_of, needs
from tumen.web.answering import SubmissionAnswer, answer_of, in_language
from tumen.web.api.described import TEXT, any_object, array_of, problems, with_body
from tumen.web.api.parameters import SubmissionName
from tumen.web.later import LATER, UNDER_WAY, Later, SubmissionStanding, standing_of
from tumen.web.locale.languages import ENGLISH
from tumen.web.naming import unique
from tumen.web.office import Office, office_of
from tumen.web.problem import RETRY_SECONDS, Refusal
from tumen.web.speaking import Reader, headers_in, language_of, remarks_in
from tumen.web.submission import Submission, submission_of

ASYNC: Final = "respond-async"
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

DONE: Final = ResponseSpec(
    SubmissionAnswer, generate_examples=False, description="A receipt for each document"
)
TAKEN: Final = ResponseSpec(
    SubmissionStanding,
    generate_examples=False,
    description="Asked not to wait: where the answer will be",
)


@post(
    "/v1/submissions",
    status_code=200,
    guards=[needs(Permission.LODGE)],
    request_max_body_size=SUBMISSION_REQUEST_BYTES_MAX,
    tags=["Documents"],
    summary="Lodge documents",
    operation_class=BODY,
    responses={**problems(408, 413, 415), 200: DONE, 202: TAKEN},
)
async def lodge(request: Request[Any, Any, Any]) -> Response[Any]:
    """Take documents down the road; the reply comes when they are durable.

    Every row is answered with its receipt, refused ones too: a refusal is an answer, not an
    error. The same document again gets the bytes of its first receipt, so that a request without
    an answer may be sent again as it is. With ``Prefer: respond-async`` the reply is 202 at once,
    and ``Location`` tells where to ask what became of them.
    """
    office = office_of(request)
    submission = await read_submission(request, office, caller_of(request).sender)
    if wants_later(request.headers.get("prefer", "")):
        return await _taken(office, request.app.state[LATER], submission)
    answer, language = await office.filing.lodge(submission), language_of(request)
    told = answer_of(submission.name, answer)
    return Response(
        told if language == ENGLISH else in_language(told, remarks_in(language)),
        headers=headers_in(language),
    )


def wants_later(prefer: str) -> bool:
    """Whether a client does not wait for the answer (RFC 7240).

    >>> wants_later("respond-async, wait=0"), wants_later("return=minimal")
    (True, False)
    """
    return ASYNC in {each.strip().lower() for each in prefer.split(",")}


async def _taken(
    office: Office, later: Later, submission: Submission
) -> Response[SubmissionStanding]:
    at = office.node.clock.now()
    await later.take(submission)
    return Response(
        SubmissionStanding(submission.name, UNDER_WAY, submission.documents, at),
        status_code=202,
        headers={
            "location": f"/v1/submissions/{submission.name}",
            "preference-applied": ASYNC,
            "retry-after": str(RETRY_SECONDS),
        },
    )


@get(
    "/v1/submissions/{name:str}", guards=[needs(Permission.READ_RECEIPTS)], tags=["Documents"],
    summary="What became of a submission", responses=problems(404),
)  # fmt: skip
async def standing(
    request: Request[Any, Any, Any],
    office: NamedDependency[Office],
    caller: NamedDependency[Caller],
    name: SubmissionName,
) -> Response[SubmissionStanding]:
    """Where a submission stands that was not waited for, and once it is answered its receipts."""
    ask = partial(standing_of, name=name, now=office.node.clock.now())
    found = await office.read(caller.sender, ask)
    if found is None:
        raise Refusal("NOT_FOUND", "No submission of yours is known under this name.")
    reader = Reader(language_of(request))
    if found.answer is not None and reader.language != ENGLISH:
        answer = in_language(found.answer, reader.remarks)
        found = msgspec.structs.replace(found, answer=answer)
    return Response(found, headers=headers_in(reader.language))


async def read_submission(
    request: Request[Any, Any, Any], office: Office, sender: str
) -> Submission:
    """The submission in a request; large ones are read beside the loop."""
    body, headers = await request.body(), request.headers
    told = {
        "content_type": headers.get("content-type", ""),
        "encoding": headers.get("content-encoding", ""),
        "name": f"submission-{unique()}",
        "sender": sender,
    }
    if len(body) <= READ_IN_LINE_BYTES_MAX and not told["encoding"]:
        return submission_of(body, **told)
    return await office.reading.run(submission_of, body, **told)


def routes() -> list[HTTPRouteHandler]:
    """The routes of submissions."""
    return [lodge, standing]
