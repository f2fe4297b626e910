"""``POST /v1/consignments``: told once, declared at both ends."""

from itertools import islice
from typing import Any, Final

import msgspec
from litestar import Request, Response, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler

from tumen.access.caller import Caller
from tumen.access.matrix import Permission
from tumen.kernel.limits import SHIPMENT_REFERENCE_LENGTH_MAX
from tumen.web.access.guard import needs
from tumen.web.answering import DocumentAnswer, answer_of, retold, said
from tumen.web.api.bodies import json_of
from tumen.web.api.described import any_object, problems, with_body
from tumen.web.naming import unique
from tumen.web.office import Office
from tumen.web.problem import Refusal
from tumen.web.speaking import Reader, headers_in, language_of
from tumen.web.submission import submission_of
from tumen.window.acts import spoken
from tumen.window.consigning import NUMBER, Told, both_declarations, objections, told_as

TAGS: Final = ["Documents"]
FAULTS_MAX: Final = 100
"""Fields that one answer says something against."""

LONGEST: Final = SHIPMENT_REFERENCE_LENGTH_MAX - len("/export")
BODY: Final = with_body(
    {"application/json": any_object("A consignment: docs/consignments.md")},
    "Its number, and the fields of both ends, each told once.",
)


class ConsignmentAnswer(msgspec.Struct, frozen=True):
    """What became of both declarations of a consignment; each authority decides its own.

    Attributes:
        number: by which the journey is tracked.
        export: the answer at the origin; null where no export was asked for.
        import_: the answer at the destination, as ``import``.
    """

    number: str
    export: DocumentAnswer | None
    import_: DocumentAnswer = msgspec.field(name="import")


@post(
    "/v1/consignments", status_code=200, guards=[needs(Permission.LODGE)], tags=TAGS,
    summary="Declare a consignment at both ends", operation_class=BODY,
    responses=problems(408, 413),
)  # fmt: skip
async def consign(
    request: Request[Any, Any, Any],
    office: NamedDependency[Office],
    caller: NamedDependency[Caller],
) -> Response[ConsignmentAnswer]:
    """One submission becomes the export declaration at the origin and the import declaration.

    Which field goes where is one table; nothing is asked twice, and nothing personal crosses.
    """
    reader = Reader(language_of(request))
    told = _read(await request.body(), reader)
    number = _number(told)
    lines = b"\n".join(msgspec.json.encode(each) for each in both_declarations(number, told))
    submission = submission_of(
        lines, content_type="application/x-ndjson", encoding="",
        name=f"consignment-{unique()}", sender=caller.sender,
    )  # fmt: skip
    answer = answer_of(submission.name, await office.filing.lodge(submission))
    *exports, importing = sorted(answer.receipts, key=lambda each: each.place)
    exported = _as_told(exports[0], told, reader) if exports else None
    imported = msgspec.structs.replace(importing, findings=said(importing.findings, reader.remarks))
    return Response(
        ConsignmentAnswer(number, exported, imported), headers=headers_in(reader.language)
    )


def _as_told(exported: DocumentAnswer, told: Told, reader: Reader) -> DocumentAnswer:
    """The answer of the origin, its findings by the names that the consignment has for fields."""
    findings = [
        retold(each, told_as(each.path, told), reader.remarks) for each in exported.findings
    ]
    return msgspec.structs.replace(exported, findings=findings)


def _read(body: bytes, reader: Reader) -> dict[str, Any]:
    """The consignment in a body.

    Raises:
        Refusal: it is none, names a field that goes nowhere, or asks an end for what it does not.
    """
    told = json_of(body)
    if not isinstance(told, dict):
        raise Refusal("REQUEST_INVALID", "Send one consignment as a JSON object.")
    against = spoken(islice(objections(told), FAULTS_MAX), reader.remarks)
    if against:
        faults = [{name: text for name, text in each.items() if text} for each in against]
        raise Refusal(
            "REQUEST_INVALID", "Some fields cannot go to an end as they are told.",
            members={"faults": faults},
        )  # fmt: skip
    return told


def _number(told: dict[str, Any]) -> str:
    """The consignment's own number.

    Raises:
        Refusal: it has none that both references can be made of.
    """
    number = told.get(NUMBER)
    if not isinstance(number, str) or not 0 < len(number.strip()) <= LONGEST:
        raise Refusal("REQUEST_INVALID", f"`number` must be a text of 1 to {LONGEST} characters.")
    return number.strip()


def routes() -> list[HTTPRouteHandler]:
    """The route of consignments."""
    return [consign]
