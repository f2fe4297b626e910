"""``/v1/guarantees``: what stands behind goods that are released and not paid for yet."""

from functools import partial
from typing import Any

import msgspec
import polars as pl
from litestar import get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody

from tumen.access.caller import Caller
from tumen.access.matrix import Permission
from tumen.access.roles import Reach
from tumen.kernel.limits import LIST_ROWS_MAX
from tumen.store.session import Session
from tumen.web.api.bills import READ, RECORD, TAGS, desk_of
from tumen.web.api.described import problems
from tumen.web.api.tracking import Answered, answered
from tumen.web.office import Office
from tumen.web.speaking import Reader
from tumen.window.bill_statements import GuaranteeStated
from tumen.window.ledger import guarantees as held
from tumen.window.ledger.bills import in_units
from tumen.window.ledger.guarantee_desk import GuaranteeDesk
from tumen.window.reports import ReportDone


class Guarantee(msgspec.Struct, frozen=True):
    """A guarantor's guarantee.

    Attributes:
        guarantor: the code by which declarations name it.
        currency: of the amounts.
        deposited: what it lodged, less what it took back.
        reserved: what its declarations were charged and did not pay yet.
        free: the rest; below zero where it does not suffice.
    """

    guarantor: str
    currency: str
    deposited: str
    reserved: str
    free: str


@get(
    "/v1/guarantees", guards=READ, tags=TAGS, summary="What is deposited, reserved and free",
    responses=problems(),
)  # fmt: skip
async def list_guarantees(
    office: NamedDependency[Office], caller: NamedDependency[Caller]
) -> list[Guarantee]:
    """For Chinese customs of every guarantor, else the caller's own."""
    return msgspec.convert(await guarantees_of(office, caller), list[Guarantee])


async def guarantees_of(office: Office, caller: Caller) -> list[dict[str, Any]]:
    """The guarantees that a caller may see: their charges are of many filers."""
    is_customs = caller.reach(Permission.READ_BILLS) is Reach.ECONOMY
    if is_customs and caller.economy != held.AUTHORITY:
        return []
    only = None if is_customs else caller.sender
    found = await office.surveys.run(partial(held.guarantees, only=only))
    lines = found.head(LIST_ROWS_MAX).with_columns(currency=pl.lit(held.CURRENCY)).to_dicts()
    return [in_units(line) for line in lines]


@post(
    "/v1/guarantees", status_code=200, guards=RECORD, tags=TAGS,
    summary="State what was deposited or taken back", responses=problems(413),
)  # fmt: skip
async def state_guarantee(
    data: JSONBody[GuaranteeStated], office: NamedDependency[Office],
    caller: NamedDependency[Caller], reader: NamedDependency[Reader],
) -> Answered:  # fmt: skip
    """What a guarantor lodged with the caller's authority: a document with a receipt and a leaf."""
    return answered(data.reference, await guaranteed(office, caller, data), reader)


async def guaranteed(office: Office, caller: Caller, told: GuaranteeStated) -> ReportDone:
    """Record what the caller's authority states of a guarantee."""

    def work(session: Session) -> ReportDone:
        return GuaranteeDesk(*desk_of(office, caller, session)).state(told)

    return await office.record(work)


def routes() -> list[HTTPRouteHandler]:
    """The routes of guarantees."""
    return [list_guarantees, state_guarantee]
