"""``POST /v1/consignments``: told once, declared at both ends."""

from itertools import islice
from typing import Any, Final

import msgspec
from litestar import Request, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler

from tumen.access.caller import Caller
from tumen.access.matrix import Permission
from tumen.kernel.limits import SHIPMENT_REFERENCE_LENGTH_MAX
from tumen.web.access.guard import needs
from tumen.web.answering import DocumentAnswer, answer_of
from tumen.web.api.bodies import json_of
from tumen.web.api.described import any_object, problems, with_body
from tumen.web.naming import unique
from tumen.web.office import Office
from tumen.web.problem import Refusal
from tumen.web.speaking import Reader, language_of
from tumen.web.submission import submission_of
from tumen.window.acts import spoken
from tumen.window.consigning import NUMBER, both_declarations, unknown_fields

TAGS: Final = ["Documents"]
FAULTS_MAX: Final = 100
"""Unknown fields that one answer names."""

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
) -> ConsignmentAnswer:
    """One submission becomes the export declaration at the origin and the import declaration.

    Which field goes where is one table; nothing is asked twice, and nothing personal crosses.
    """
    told = _read(await request.body(), Reader(language_of(request)))
    number = _number(told)
    lines = b"\n".join(msgspec.json.encode(each) for each in both_declarations(number, told))
    submission = submission_of(
        lines, content_type="application/x-ndjson", encoding="",
        name=f"consignment-{unique()}", sender=caller.sender,
    )  # fmt: skip
    answer = answer_of(submission.name, await office.filing.lodge(submission))
    *exports, importing = sorted(answer.receipts, key=lambda each: each.place)
    return ConsignmentAnswer(number, exports[0] if exports else None, importing)


def _read(body: bytes, reader: Reader) -> dict[str, Any]:
    """The consignment in a body.

    Raises:
        Refusal: it is none, or names a field that goes nowhere.
    """
    told = json_of(body)
    if not isinstance(told, dict):
        raise Refusal("REQUEST_INVALID", "Send one consignment as a JSON object.")
    unknown = spoken(islice(unknown_fields(told), FAULTS_MAX), reader.remarks)
    if unknown:
        faults = [{name: text for name, text in each.items() if text} for each in unknown]
        raise Refusal("REQUEST_INVALID", "Some fields go to no end.", members={"faults": faults})
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
