"""My documents: what the caller lodged, all about one consignment, and receipts to keep."""

from functools import partial
from hashlib import sha256
from typing import Any, Final
from urllib.parse import urlencode

import segno
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery
from markupsafe import Markup

from tumen.access.matrix import Permission
from tumen.access.roles import Reach
from tumen.access.viewing import filer_of
from tumen.kernel.limits import PAGE_ROWS_MAX
from tumen.web.access.guard import caller_of, needs
from tumen.web.office import Office
from tumen.web.portal.deciding import offered
from tumen.web.portal.page import AnyRequest, page
from tumen.web.portal.queue import may_decide
from tumen.window.ledger.consignment import consignment
from tumen.window.ledger.lodged import ANSWERS, document, lodged

NUMBER_MAX: Final = (1 << 63) - 1
NUMBER_LENGTH_MAX: Final = 100


@get("/documents", guards=[needs(Permission.READ_DOCUMENTS)], include_in_schema=False)
async def documents(
    request: AnyRequest,
    office: NamedDependency[Office],
    before: FromQuery[int] = NUMBER_MAX,
    answer: FromQuery[str] = "",
) -> Response[str]:
    """The newest documents, a page at a time."""
    wanted = answer if answer in ANSWERS else None
    own = filer_of(caller_of(request))
    ask = partial(lodged, before=before, answer=wanted, limit=PAGE_ROWS_MAX + 1, sender=own)
    found = (await office.read_as(caller_of(request), ask)).rows(named=True)
    shown = found[:PAGE_ROWS_MAX]
    return page(
        request,
        "documents",
        documents=shown,
        answer=wanted,
        answers=ANSWERS,
        older=shown[-1]["document_id"] if len(found) > PAGE_ROWS_MAX else None,
        is_first=before == NUMBER_MAX,
        may_read_receipts=_may(request, Permission.READ_RECEIPTS),
    )


@get("/consignment", guards=[needs(Permission.READ_CONSIGNMENTS)], include_in_schema=False)
async def consignment_page(
    request: AnyRequest, office: NamedDependency[Office], number: FromQuery[str] = ""
) -> Response[str]:
    """All about one consignment: timeline, match, charges, explanation."""
    asked = number.strip()[:NUMBER_LENGTH_MAX]
    told = None
    if asked:
        rule = office.node.policy.payer_must_be_buyer
        told = await office.read_as(
            caller_of(request), partial(consignment, reference=asked, payer_must_be_buyer=rule)
        )
    status = 404 if asked and told is None else 200
    return page(
        request,
        "consignment",
        status=status,
        asked=asked,
        consignment=told,
        may_examine=_may(request, Permission.RECORD_EXAMINATIONS),
        may_correct=_may(request, Permission.CORRECT),
        may_read_receipts=_may(request, Permission.READ_RECEIPTS),
        to_decide=_to_decide(request, office, told),
    )


def _to_decide(
    request: AnyRequest, office: Office, told: dict[str, Any] | None
) -> dict[str, Any] | None:
    """What an officer may decide on the page; None for everybody else."""
    if told is None or not may_decide(caller_of(request)):
        return None
    return offered(told, office.node.clock.now())


def _may(request: AnyRequest, permission: Permission) -> bool:
    """Whether a link leads the caller anywhere."""
    return caller_of(request).reach(permission) is not Reach.NONE


@get(
    "/documents/{number:int}", guards=[needs(Permission.READ_RECEIPTS)], include_in_schema=False
)  # fmt: skip
async def receipt_page(
    request: AnyRequest, office: NamedDependency[Office], number: FromPath[int]
) -> Response[str]:
    """A receipt on one sheet, with a code that leads to where the goods are."""
    found = await office.read_as(caller_of(request), partial(document, number=number))
    if found is None:
        return page(request, "absent", status=404)
    return page(
        request,
        "receipt",
        document=found,
        sha256=sha256(found["receipt"].encode()).hexdigest(),
        qr=_qr(request, found),
    )


def _qr(request: AnyRequest, found: dict[str, Any]) -> Markup | None:
    """The address of the journey as a code; a document without a number of it has none."""
    if found["journey"] is None:
        return None
    address = request.url.with_replacements(
        path="/tracking", query=urlencode({"number": found["journey"]}), fragment=""
    )
    drawn = segno.make(str(address), micro=False, error="m").svg_inline(
        svgclass="qr", omitsize=True
    )
    return Markup(drawn)  # noqa: S704 - drawn by us, of squares alone


@get(
    "/documents/{number:int}/receipt", guards=[needs(Permission.READ_RECEIPTS)],
    include_in_schema=False,
)  # fmt: skip
async def receipt_file(
    request: AnyRequest, office: NamedDependency[Office], number: FromPath[int]
) -> Response[Any]:
    """The receipt's bytes, as its proof speaks of them."""
    found = await office.read_as(caller_of(request), partial(document, number=number))
    if found is None:
        return page(request, "absent", status=404)
    ending = "xml" if found["format"] == "ceb" else "json"
    return _attached(found["receipt"].encode(), f"receipt-{number}.{ending}")


@get(
    "/documents/{number:int}/proof", guards=[needs(Permission.READ_RECEIPTS)],
    include_in_schema=False,
)  # fmt: skip
async def proof_file(
    request: AnyRequest, office: NamedDependency[Office], number: FromPath[int]
) -> Response[Any]:
    """The receipt's proof."""
    found = await office.read_as(caller_of(request), partial(document, number=number))
    proofs = {} if found is None else await office.proofs([number])
    if number not in proofs:
        return page(request, "absent", status=404)
    return _attached(proofs[number].encode(), f"receipt-{number}.tlog-proof")


def _attached(data: bytes, name: str) -> Response[bytes]:
    headers = {
        "content-type": "application/octet-stream",
        "content-disposition": f'attachment; filename="{name}"',
        "cache-control": "no-store",
    }
    return Response(data, headers=headers)


def routes() -> list[HTTPRouteHandler]:
    """The routes of what was lodged."""
    return [documents, consignment_page, receipt_page, receipt_file, proof_file]
