"""Submitting: a file goes down the road, and every row of it is answered on the page.

Sending a file again does no harm: what was answered is answered as before. So the answer to a
form is the page itself, and what was refused can be fetched as a file by sending it back.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final

import msgspec
from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler

from tumen.access.matrix import Permission
from tumen.kernel.limits import FAULTS_SENT_BACK_MAX, PAGE_ROWS_MAX
from tumen.kernel.service_limits import SUBMISSION_REQUEST_BYTES_MAX
from tumen.web.access.guard import caller_of, needs
from tumen.web.answering import DocumentAnswer
from tumen.web.naming import unique
from tumen.web.office import Office
from tumen.web.portal import remarks
from tumen.web.portal.form import Form
from tumen.web.portal.page import AnyRequest, language_of, page
from tumen.web.portal.quote import consignment_of, places_of, shipment_of
from tumen.web.problem import Refusal
from tumen.web.spreadsheet import table
from tumen.web.submission import submission_of
from tumen.window.consigning import EXPORT_REGIME, Declared, Told, both_declarations, objections

CONTENT_TYPES: Final[Mapping[str, str]] = {
    "xml": "application/xml",
    "ndjson": "application/x-ndjson",
    "jsonl": "application/x-ndjson",
    "json": "application/json",
    "csv": "text/csv",
}
"""By the ending of a file's name."""

AS_FILE: Final = "file"
CSV_HEAD: Final = ("row", "document", "field", "value", "code", "message", "fix")
CSV_HEADERS: Final = {
    "content-type": "text/csv; charset=utf-8",
    "content-disposition": 'attachment; filename="rejected.csv"',
    "cache-control": "no-store",
}
NEEDED: Final = [needs(Permission.LODGE)]


class Fault(msgspec.Struct, frozen=True, array_like=True):
    """One finding of a refused row, as the page sends it back for the file."""

    place: int
    document: str
    code: str
    path: str
    value: str | None
    expected: str | None


@get("/submit", guards=NEEDED, include_in_schema=False)
async def submit_form(request: AnyRequest) -> Response[str]:
    """The form."""
    return page(request, "submit", answers=None)


@post(
    "/submit", guards=NEEDED, status_code=200, include_in_schema=False,
    request_max_body_size=SUBMISSION_REQUEST_BYTES_MAX,
)  # fmt: skip
async def submit_file(request: AnyRequest, office: NamedDependency[Office]) -> Response[Any]:
    """The answers to the rows of a file: a page, or a file of what was refused."""
    form = await request.form()
    sent = form.get("file")
    if not isinstance(sent, UploadFile) or not sent.filename:
        return page(request, "submit", status=400, answers=None, missing=True)
    answers = await _lodged(request, office, await sent.read(), *_form_of(sent.filename))
    if form.get("answer_as") == AS_FILE:
        return _file(language_of(request), faults_of(answers))
    return _answered(request, answers)


@post("/submit/shipment", guards=NEEDED, status_code=200, include_in_schema=False)
async def submit_shipment(request: AnyRequest, office: NamedDependency[Office]) -> Response[str]:
    """The answer to what was filled in on the page of the quote: one end, or the export as well."""
    form = Form({name: str(value) for name, value in (await request.form()).items()})
    own, places = form.filled("shipment"), places_of(form.values)
    if own is not None and form.filled(EXPORT_REGIME) is not None:
        declared = _both_ends(own, consignment_of(form, places))
    else:
        reference = {} if own is None else {"shipment": own}
        declared = [{"kind": "shipment", **shipment_of(form, places), **reference}]
    body = b"\n".join(map(msgspec.json.encode, declared))
    return _answered(request, await _lodged(request, office, body, CONTENT_TYPES["ndjson"], ""))


def _both_ends(number: str, told: Told) -> list[Declared]:
    """The declarations of both ends.

    Raises:
        Refusal: an end is asked for what the form does not offer.
    """
    if any(objections(told)):
        raise Refusal("REQUEST_INVALID")
    return both_declarations(number, told)


@post("/submit/rejected.csv", guards=NEEDED, status_code=200, include_in_schema=False)
async def rejected_file(request: AnyRequest) -> Response[bytes]:
    """What the page of an answer lists as refused, as a file; nothing is looked up."""
    text = str((await request.form()).get("faults", "[]"))
    try:
        found = msgspec.json.decode(text, type=list[Fault])
        return _file(language_of(request), found)
    except (msgspec.DecodeError, KeyError) as error:
        raise Refusal("REQUEST_INVALID") from error


def _form_of(name: str) -> tuple[str, str]:
    """Content type and compression, by the endings of a file's name."""
    plain, encoding = name.lower(), ""
    if plain.endswith(".gz"):
        plain, encoding = plain.removesuffix(".gz"), "gzip"
    return CONTENT_TYPES.get(plain.rpartition(".")[2], ""), encoding


async def _lodged(
    request: AnyRequest, office: Office, body: bytes, content_type: str, encoding: str
) -> Sequence[DocumentAnswer]:
    """Take a body down the road.

    Raises:
        Refusal: it cannot be taken.
    """
    read = partial(
        submission_of,
        body,
        content_type=content_type,
        encoding=encoding,
        name=f"submission-{unique()}",
        sender=caller_of(request).sender,
    )
    return await office.filing.lodge(await office.reading.run(read))


def faults_of(answers: Iterable[DocumentAnswer]) -> Iterator[Fault]:
    """What was found against refused rows, in their order."""
    for each in answers:
        document = f"{each.kind or 'unreadable'} {each.key or ''}".strip()
        for found in each.findings:
            if found.severity == "error":
                yield Fault(
                    each.place, document, found.code, found.path, found.value, found.expected
                )


def _file(language: str, faults: Iterable[Fault]) -> Response[bytes]:
    rows = [
        (each.place, each.document, each.path, each.value, each.code, said.message, said.fix)
        for each in faults
        for said in [_said(language, each)]
    ]
    return Response(table(CSV_HEAD, rows), headers=dict(CSV_HEADERS))


def _said(language: str, fault: Fault) -> remarks.Told:
    values = {"value": fault.value, "expected": fault.expected}
    return remarks.told(language, fault.code, fault.path, values)


def parted(
    answers: Iterable[DocumentAnswer],
) -> tuple[list[DocumentAnswer], list[DocumentAnswer]]:
    """Those with an error against them, and the others, in their order; each is looked at once."""
    refused: list[DocumentAnswer] = []
    taken: list[DocumentAnswer] = []
    for each in answers:
        is_refused = any(found.severity == "error" for found in each.findings)
        (refused if is_refused else taken).append(each)
    return refused, taken


def _answered(request: AnyRequest, answers: Sequence[DocumentAnswer]) -> Response[str]:
    language = language_of(request)
    faults = [*faults_of(answers)]
    refused, taken = parted(answers)
    return page(
        request,
        "submit",
        answers=answers,
        counts=Counter(each.answer for each in answers),
        refused=[
            {"row": each, "faults": [_said(language, one) for one in faults_of([each])]}
            for each in refused[:PAGE_ROWS_MAX]
        ],
        refused_count=len(refused),
        taken=taken[:PAGE_ROWS_MAX],
        rows_max=PAGE_ROWS_MAX,
        sent_back=msgspec.json.encode(faults[:FAULTS_SENT_BACK_MAX]).decode(),
        is_cut=len(faults) > FAULTS_SENT_BACK_MAX,
    )


def routes() -> list[HTTPRouteHandler]:
    """The routes of submitting."""
    return [submit_form, submit_file, submit_shipment, rejected_file]
