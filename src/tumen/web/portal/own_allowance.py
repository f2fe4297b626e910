"""One's own allowance, by a pass: every use, what is new, freezing, disputing. No script.

The pass travels in the body of a form, then in a cookie for half an hour; it stands in no address.
"""

from typing import Any, Final

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.enums import MediaType
from litestar.handlers import HTTPRouteHandler

from tumen.access.matrix import Permission
from tumen.kernel.access_limits import SIGN_IN_BYTES_MAX
from tumen.kernel.person_limits import PASS_COOKIE_SECONDS
from tumen.web import guarding
from tumen.web.access.cookie import pass_dropped, pass_kept
from tumen.web.access.door import Door
from tumen.web.access.guard import caller_of, needs
from tumen.web.office import Office
from tumen.web.portal import remarks
from tumen.web.portal.form import NUMBER_DIGITS, whole_number
from tumen.web.portal.page import AnyRequest, language_of, page
from tumen.web.problem import Refusal
from tumen.window.ledger.persons import StepDone
from tumen.window.persons import Ground

ADDRESS: Final = "/my-allowance"
SHOWING: Final = [needs(Permission.SIGN_IN)]
GUARDING: Final = [needs(Permission.GUARD_ALLOWANCE)]
SEE_OTHER: Final = 303


@get(ADDRESS, guards=SHOWING, include_in_schema=False)
async def my_allowance(request: AnyRequest, office: NamedDependency[Office]) -> Response[str]:
    """The allowance of whose pass is shown, or the form for a pass."""
    if caller_of(request).holder is None:
        return page(request, "my_pass", has_failed=False)
    return await _page(request, office)


@post(
    f"{ADDRESS}/pass", guards=SHOWING, status_code=SEE_OTHER, include_in_schema=False,
    request_max_body_size=SIGN_IN_BYTES_MAX,
)  # fmt: skip
async def show_pass(request: AnyRequest, door: NamedDependency[Door]) -> Response[str]:
    """Take a pass, and go on to the allowance."""
    text = str((await request.form()).get("pass", "")).strip()
    if await door.by_pass(text) is None:
        return page(request, "my_pass", status=401, has_failed=True)
    answer = _back()
    answer.cookies.append(pass_kept(text, request))
    return answer


@post(f"{ADDRESS}/leave", guards=SHOWING, status_code=SEE_OTHER, include_in_schema=False)
async def leave(request: AnyRequest) -> Response[str]:
    """Take the pass out of the browser."""
    answer = _back()
    answer.cookies.append(pass_dropped(request))
    return answer


@post(f"{ADDRESS}/seen", guards=GUARDING, status_code=SEE_OTHER, include_in_schema=False)
async def seen(request: AnyRequest, office: NamedDependency[Office]) -> Response[str]:
    """The person has seen the uses up to the last one of the page."""
    event = _number((await request.form()).get("event"))
    await guarding.seen(office, guarding.holder_of(caller_of(request)), event)
    return _back()


@post(f"{ADDRESS}/freeze", guards=GUARDING, status_code=SEE_OTHER, include_in_schema=False)
async def freeze(request: AnyRequest, office: NamedDependency[Office]) -> Response[str]:
    """Freeze the allowance, or unfreeze it."""
    is_frozen = (await request.form()).get("frozen") == "yes"
    person = guarding.holder_of(caller_of(request))
    await guarding.by_person(office, lambda desk: desk.freeze(person, is_frozen=is_frozen))
    return _back()


@post(f"{ADDRESS}/dispute", guards=GUARDING, status_code=SEE_OTHER, include_in_schema=False)
async def dispute(request: AnyRequest, office: NamedDependency[Office]) -> Response[str]:
    """Dispute a use."""
    form = await request.form()
    use, ground = _number(form.get("use")), str(form.get("ground", ""))
    if ground not in set(Ground):
        raise Refusal("REQUEST_INVALID")
    person = guarding.holder_of(caller_of(request))
    done = await guarding.by_person(office, lambda desk: desk.dispute(person, use, Ground(ground)))
    return await _page(request, office, done) if done.objections else _back()


async def _page(request: AnyRequest, office: Office, done: StepDone | None = None) -> Response[str]:
    """The allowance, with what speaks against what was asked for."""
    found = await guarding.told(office, guarding.holder_of(caller_of(request)))
    return page(
        request,
        "my_allowance",
        own=found,
        parameter=guarding.LIMIT,
        grounds=list(Ground),
        minutes=PASS_COOKIE_SECONDS // 60,
        against=told_against(request, done),
    )


def told_against(request: AnyRequest, done: StepDone | None) -> list[remarks.Told]:
    """Objections to a step in the words of the reader."""
    objections = () if done is None else done.objections
    return [
        remarks.told(
            language_of(request), each.code, each.path,
            {"value": each.value, "expected": each.expected},
        )
        for each in objections
    ]  # fmt: skip


def _number(given: Any) -> int:
    number = whole_number(str(given or ""), NUMBER_DIGITS)
    if number is None:
        raise Refusal("REQUEST_INVALID")
    return number


def _back() -> Response[str]:
    return Response(
        "", status_code=SEE_OTHER, media_type=MediaType.HTML, headers={"Location": ADDRESS}
    )


def routes() -> list[HTTPRouteHandler]:
    """The routes of one's own allowance."""
    return [my_allowance, show_pass, leave, seen, freeze, dispute]
