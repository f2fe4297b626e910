"""The allowance of a person, for the customs that keeps it: its uses, a pass, freezing.

The person's number is compared in its concealed form. It travels in the body of a form alone, so
that it stands in no address and in no record of requests; what the page answers with names the
person by the concealed form.
"""

import re
from typing import Any, Final

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler

from tumen.access.matrix import Permission
from tumen.access.passes import Issued
from tumen.kernel.limits import REASON_LENGTH_MAX
from tumen.web import guarding
from tumen.web.access.door import Door
from tumen.web.access.guard import caller_of, needs
from tumen.web.office import Office
from tumen.web.portal.own_allowance import told_against
from tumen.web.portal.page import AnyRequest, page
from tumen.window.ledger.persons import StepDone

NEEDED: Final = [needs(Permission.READ_ALLOWANCE)]
CONCEALED: Final = re.compile("[0-9a-f]{32}")
IDENTIFYING: Final = [needs(Permission.IDENTIFY_PERSONS)]


@get("/allowance", guards=NEEDED, include_in_schema=False)
async def allowance_form(request: AnyRequest) -> Response[str]:
    """The form, for the office that keeps the allowance."""
    guarding.need_keeper(caller_of(request))
    return page(request, "allowance", own=None)


@post("/allowance", guards=NEEDED, status_code=200, include_in_schema=False)
async def allowance(request: AnyRequest, office: NamedDependency[Office]) -> Response[str]:
    """What was used under a number, and whether it is frozen."""
    return await _page(request, office, await _form(request))


@post("/allowance/pass", guards=IDENTIFYING, status_code=200, include_in_schema=False)
async def hand_out(
    request: AnyRequest, office: NamedDependency[Office], door: NamedDependency[Door]
) -> Response[str]:
    """Hand a pass to the person, whose papers the officer has seen."""
    form = await _form(request)
    person = _person(office, form)
    found = await guarding.identified(office, door, caller_of(request), person, form["reason"])
    if isinstance(found, Issued):
        return await _page(request, office, form, issued=found)
    return await _page(request, office, form, found)


@post("/allowance/freeze", guards=IDENTIFYING, status_code=200, include_in_schema=False)
async def freeze(request: AnyRequest, office: NamedDependency[Office]) -> Response[str]:
    """Freeze the allowance or unfreeze it, as the person asked for."""
    form = await _form(request)
    person, reason = _person(office, form), form["reason"]
    is_frozen = form.get("frozen") == "yes"
    done = await guarding.by_officer(
        office,
        caller_of(request),
        lambda desk: desk.freeze(person, is_frozen=is_frozen, reason=reason),
    )
    return await _page(request, office, form, done)


async def _form(request: AnyRequest) -> dict[str, str]:
    sent: dict[str, Any] = {"number": "", "person": "", "reason": "", **(await request.form())}
    return {name: str(value) for name, value in sent.items()}


def _person(office: Office, form: dict[str, str]) -> str:
    """The blind index of the person: of the number that was typed, or as the page named it."""
    if CONCEALED.fullmatch(form["person"]):
        return form["person"]
    return guarding.concealed(office, form["number"])


async def _page(
    request: AnyRequest,
    office: Office,
    form: dict[str, str],
    done: StepDone | None = None,
    issued: Issued | None = None,
) -> Response[str]:
    guarding.need_keeper(caller_of(request))
    person = _person(office, form)
    return page(
        request,
        "allowance",
        own=await guarding.told(office, person),
        person=person,
        parameter=guarding.LIMIT,
        reason_length=REASON_LENGTH_MAX,
        issued=issued,
        against=told_against(request, done),
    )


def routes() -> list[HTTPRouteHandler]:
    """The routes of the allowance."""
    return [allowance_form, allowance, hand_out, freeze]
