"""Verifying a receipt by its proof: both are looked at here and kept nowhere."""

from hashlib import sha256
from typing import Any, Final

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler

from tumen.access.matrix import Permission
from tumen.codelist.verdict_words import WORDS, filled
from tumen.kernel.errors import VerificationError
from tumen.kernel.limits import PROOF_BYTES_MAX, VERIFIED_UPLOAD_BYTES_MAX
from tumen.trust import bundle, proof, receipts, statement
from tumen.trust.bundle import TrustBundle
from tumen.trust.verdict import Finding, Outcome, State, Verdict
from tumen.trust.verifier import Verifier, subject_hash
from tumen.web.access.guard import needs
from tumen.web.locale.catalogue import catalogue, is_translated
from tumen.web.locale.languages import ENGLISH
from tumen.web.office import Office
from tumen.web.portal.page import AnyRequest, language_of, page
from tumen.web.portal.words import N_

OUTCOMES: Final = {
    Outcome.VALID: (N_("Valid"), "good"),
    Outcome.PENDING: (N_("Valid, but fewer economies than needed saw the log so"), "wait"),
    Outcome.NOT_PROVEN: (N_("Not proven"), "wait"),
    Outcome.INVALID: (N_("Invalid"), "bad"),
}
MARKS: Final = {
    State.PROVEN: N_("proven"),
    State.NOTED: N_("note"),
    State.PENDING: N_("pending"),
    State.NOT_PROVEN: N_("not proven"),
    State.FAILED: N_("failed"),
}


@get("/verify", guards=[needs(Permission.VERIFY)], include_in_schema=False)
async def verify_form(request: AnyRequest) -> Response[str]:
    """The form."""
    return page(request, "verify", verdict=None)


@post("/verify", status_code=200, guards=[needs(Permission.VERIFY)], include_in_schema=False)
async def verify_answer(request: AnyRequest, office: NamedDependency[Office]) -> Response[str]:
    """What the files prove."""
    form = await request.form()
    receipt, told = await _file(form, "receipt"), await _file(form, "proof")
    believed = await _file(form, "bundle")
    at = office.node.clock.now()
    verdict = await office.verifying.run(lambda: _verdict(receipt, told, _believed(believed), at))
    return _page(request, verdict)


async def _file(form: Any, name: str) -> bytes:
    """The bytes of an uploaded file, up to the limit; empty where there is none."""
    sent = form.get(name)
    if not isinstance(sent, UploadFile):
        return b""
    return await sent.read(VERIFIED_UPLOAD_BYTES_MAX + 1)


def _believed(data: bytes) -> TrustBundle | Finding | None:
    """The bundle that the reader chose to believe, or why it is none."""
    if not data:
        return None
    try:
        signed = bundle.parse(data)
        signed.note.verified_by(bundle.usable_keys(signed.bundle, signed.bundle))
    except VerificationError as refused:
        return Finding(refused.code, State.FAILED, {"message": str(refused)})
    return signed.bundle


def _verdict(
    receipt: bytes, told: bytes, believed: TrustBundle | Finding | None, at: Any
) -> Verdict:
    if isinstance(believed, Finding):
        return Verdict((believed,))
    if not told or len(told) > PROOF_BYTES_MAX:
        return Verdict((Finding("PROOF_NOT_GIVEN", State.NOT_PROVEN, {}),))
    return Verifier(believed, at).verify(meant(receipt, told), told)


def meant(data: bytes, told: bytes) -> bytes | None:
    """Of a file the receipt that a proof is about: the whole, a line, or an element of a message.

    Args:
        data: the file.
        told: the proof.

    Returns:
        The whole file where none fits, so that the verdict tells that it is another one.
    """
    if not data:
        return None
    try:
        wanted = subject_hash(statement.parse(proof.parse(told).statement))
    except VerificationError:
        return data
    parts = (part for read in (receipts.lines, receipts.elements) for part in _parts(read, data))
    return next((part for part in parts if sha256(part).digest() == wanted), data)


def _parts(read: Any, data: bytes) -> list[bytes]:
    try:
        found: list[bytes] = read(data)
    except VerificationError:
        return []
    return found


def _page(request: AnyRequest, verdict: Verdict) -> Response[str]:
    language = language_of(request)
    outcome, box = OUTCOMES[verdict.outcome]
    return page(
        request,
        "verify",
        verdict=verdict,
        outcome=outcome,
        box=box,
        subject=None if verdict.statement is None else _subject(verdict.statement),
        findings=[_finding(each, language) for each in verdict.findings],
    )


def _subject(told: statement.Statement) -> str:
    """What the log says it is, by its own words."""
    if isinstance(told, statement.EventStatement):
        return f"{told.document}: {told.status}, {told.day}"
    if isinstance(told, statement.DocumentStatement):
        return f"{told.kind or ''} {told.id}: {told.answer}".strip()
    return f"{told.TYPE} {told.id}"


def _finding(finding: Finding, language: str) -> dict[str, str]:
    words = WORDS.get(finding.code)
    is_there = words is not None and is_translated(language, words)
    spoken = language if is_there else ENGLISH
    return {
        "state": finding.state.value,
        "mark": MARKS[finding.state],
        "language": spoken,
        "sentence": filled(finding.code, finding.values, catalogue(spoken).gettext),
    }


def routes() -> list[HTTPRouteHandler]:
    """The routes of verifying."""
    return [verify_form, verify_answer]
