"""Disputes of uses of an allowance, for the customs that judges them."""

from functools import partial
from typing import Final

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromQuery

from tumen.access.matrix import Permission
from tumen.kernel.person_limits import DISPUTES_LISTED_MAX
from tumen.web import guarding
from tumen.web.access.guard import caller_of, needs
from tumen.web.office import Office
from tumen.web.portal.form import NUMBER_DIGITS, whole_number
from tumen.web.portal.own_allowance import told_against
from tumen.web.portal.page import AnyRequest, page
from tumen.web.problem import Refusal
from tumen.window.ledger.persons import StepDone, open_disputes
from tumen.window.persons import Step
from tumen.window.tally import yuan

NEEDED: Final = [needs(Permission.DECIDE)]
OUTCOMES: Final = (Step.UPHELD, Step.REFUSED)


@get("/disputes", guards=NEEDED, include_in_schema=False)
async def disputes(
    request: AnyRequest, office: NamedDependency[Office], after: FromQuery[int] = 0
) -> Response[str]:
    """What persons dispute, the longest waiting first."""
    return await _page(request, office, after)


@post("/disputes", guards=NEEDED, status_code=200, include_in_schema=False)
async def judge(request: AnyRequest, office: NamedDependency[Office]) -> Response[str]:
    """Judge one, and show what is left."""
    form = await request.form()
    number = whole_number(str(form.get("dispute", "")), NUMBER_DIGITS)
    outcome = str(form.get("outcome", ""))
    if outcome not in OUTCOMES or number is None:
        raise Refusal("REQUEST_INVALID")
    reason = str(form.get("reason", ""))
    done = await guarding.by_officer(
        office, caller_of(request), lambda desk: desk.judge(number, Step(outcome), reason)
    )
    return await _page(request, office, 0, done)


async def _page(
    request: AnyRequest, office: Office, after: int, done: StepDone | None = None
) -> Response[str]:
    guarding.need_keeper(caller_of(request))
    found = await office.public.run(partial(open_disputes, after=after))
    return page(
        request,
        "disputes",
        found=[{**each, "held": yuan(each["held_fen"] or 0)} for each in found],
        later=found[-1]["number"] if len(found) == DISPUTES_LISTED_MAX else None,
        outcomes=OUTCOMES,
        is_done=done is not None and not done.objections,
        against=told_against(request, done),
    )


def routes() -> list[HTTPRouteHandler]:
    """The routes of disputes."""
    return [disputes, judge]
