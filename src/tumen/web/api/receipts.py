"""``GET /v1/receipts/{reference}``: receipts again, byte for byte, with their proofs beside."""

from hashlib import sha256
from typing import Final

import msgspec
import polars as pl
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler

from tumen.access.caller import Caller
from tumen.access.matrix import Permission
from tumen.store.session import Session
from tumen.web.access.guard import needs
from tumen.web.api.described import problems
from tumen.web.api.parameters import AnyReference, DocumentNumber, Reference, WithProof
from tumen.web.office import Office
from tumen.web.problem import Refusal
from tumen.window.ledger import inquiry

TAGS: Final = ["Documents"]
NEEDED: Final = [needs(Permission.READ_RECEIPTS)]
KINDS_OF_CONTENT: Final = {"ceb": "application/xml"}


class Receipt(msgspec.Struct, frozen=True, omit_defaults=True):
    """A receipt as it was first given.

    Attributes:
        number: of the document that it answers; of a notice, of its event.
        kind: of the document, or ``notice``: the new status of a declaration answered earlier.
        format: in which it was lodged, and the receipt is written.
        sha256: of the receipt's bytes, as the proof has it.
        receipt: its bytes as text.
        proof: the tlog-proof, where it was asked for and the log has a leaf of it.
    """

    number: int
    kind: str
    format: str
    sha256: str
    receipt: str
    proof: str | None = None


class Receipts(msgspec.Struct, frozen=True):
    """All receipts under a reference, in the order of recording."""

    reference: str
    receipts: list[Receipt]


@get(
    "/v1/receipts/{reference:str}", guards=NEEDED, tags=TAGS, summary="Receipts again",
    responses=problems(404),
)  # fmt: skip
async def receipts(
    office: NamedDependency[Office],
    caller: NamedDependency[Caller],
    reference: Reference,
    proof: WithProof = False,
) -> Receipts:
    """The receipts of a consignment by an order, waybill, payment or declaration number."""
    return await _told(office, caller, reference, proof=proof)


@get(
    "/v1/receipts", guards=NEEDED, tags=TAGS, summary="Receipts again, by any reference",
    responses=problems(404),
)  # fmt: skip
async def receipts_by_reference(
    office: NamedDependency[Office],
    caller: NamedDependency[Caller],
    reference: AnyReference,
    proof: WithProof = False,
) -> Receipts:
    """The same by a reference that no path can hold, such as `T-1/export`, which has a slash."""
    return await _told(office, caller, reference, proof=proof)


async def _told(office: Office, caller: Caller, reference: str, *, proof: bool) -> Receipts:
    found = await _found(office, caller, reference)
    if not proof:
        return Receipts(reference, found)
    proofs = await office.proofs([each.number for each in found if each.kind != inquiry.NOTICE])
    return Receipts(
        reference,
        [
            msgspec.structs.replace(each, proof=proofs.get(each.number))
            if each.kind != inquiry.NOTICE
            else each
            for each in found
        ],
    )


@get(
    "/v1/receipts/{reference:str}/{number:int}", guards=NEEDED, tags=TAGS,
    summary="One receipt's bytes", responses=problems(404),
)  # fmt: skip
async def one_receipt(
    office: NamedDependency[Office],
    caller: NamedDependency[Caller],
    reference: Reference,
    number: DocumentNumber,
) -> Response[bytes]:
    """The bytes of one receipt and nothing else, as its proof speaks of them."""
    receipt = await _one(office, caller, reference, number)
    kind = KINDS_OF_CONTENT.get(receipt.format, "application/json")
    return Response(receipt.receipt.encode(), headers={"content-type": kind})


@get(
    "/v1/receipts/{reference:str}/{number:int}/proof", guards=NEEDED, tags=TAGS,
    summary="One receipt's proof", responses=problems(404),
)  # fmt: skip
async def one_proof(
    office: NamedDependency[Office],
    caller: NamedDependency[Caller],
    reference: Reference,
    number: DocumentNumber,
) -> Response[bytes]:
    """The tlog-proof of one receipt, to be verified without us: ``tumen verify``."""
    receipt = await _one(office, caller, reference, number)
    proofs = await office.proofs([receipt.number])
    if receipt.number not in proofs:
        raise Refusal("NOT_FOUND", "The log has no leaf of this receipt.")
    return Response(
        proofs[receipt.number].encode(), headers={"content-type": "text/plain; charset=utf-8"}
    )


async def _one(office: Office, caller: Caller, reference: str, number: int) -> Receipt:
    found = await _found(office, caller, reference)
    own = [each for each in found if each.number == number and each.kind != inquiry.NOTICE]
    if not own:
        raise Refusal("NOT_FOUND")
    return own[0]


async def _found(office: Office, caller: Caller, reference: str) -> list[Receipt]:
    """The caller's own receipts under a reference.

    Raises:
        Refusal: there are none; of others' it is not told whether there are.
    """

    def ask(session: Session) -> pl.DataFrame:
        return inquiry.receipts(session, inquiry.order_numbers(session, reference))

    found = await office.read(caller.sender, ask)
    if found.is_empty():
        raise Refusal("NOT_FOUND")
    return [
        Receipt(number, kind, form, sha256(body.encode()).hexdigest(), body)
        for number, kind, form, _, body in found.iter_rows()
    ]


def routes() -> list[HTTPRouteHandler]:
    """The routes of receipts."""
    return [receipts, receipts_by_reference, one_receipt, one_proof]
