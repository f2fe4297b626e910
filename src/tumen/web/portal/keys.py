"""Keys for programs: what an organisation has, making, rotating and ending them."""

from collections.abc import Sequence
from typing import Final

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from tumen.access.caller import PUBLIC, Caller
from tumen.access.keys import KeyWanted, scopes_of
from tumen.access.matrix import MEANINGS, Permission
from tumen.access.roles import Reach
from tumen.kernel.access_limits import (
    KEY_DAYS_DEFAULT,
    KEY_DAYS_MAX,
    KEYS_IN_FORCE_MAX,
    NAME_LENGTH_MAX,
    SIGN_IN_BYTES_MAX,
)
from tumen.kernel.errors import UsageError
from tumen.web.access import own_keys
from tumen.web.access.door import Door
from tumen.web.access.guard import caller_of, needs
from tumen.web.access.own_keys import OVERLAP_DAYS
from tumen.web.office import Office
from tumen.web.portal.form import Form, whole_number
from tumen.web.portal.page import AnyRequest, page
from tumen.web.portal.sign_in import to_page

NEEDED: Final = [needs(Permission.KEEP_KEYS)]
ADDRESS: Final = "/keys"
EMPTY: Final = Form({}, initial={"days": str(KEY_DAYS_DEFAULT)})
NOT_FOR_KEYS: Final = frozenset({Permission.KEEP_KEYS})
"""A key makes and ends no keys, whatever its scopes are."""


@get(ADDRESS, guards=NEEDED, include_in_schema=False)
async def keys(request: AnyRequest, office: NamedDependency[Office]) -> Response[str]:
    """The keys of the caller's organisation, and the form for another."""
    return await _page(request, office, EMPTY)


@post(
    ADDRESS, guards=NEEDED, status_code=200, include_in_schema=False,
    request_max_body_size=SIGN_IN_BYTES_MAX,
)  # fmt: skip
async def make(request: AnyRequest, office: NamedDependency[Office]) -> Response[str]:
    """Make a key, and show it this once."""
    sent = await request.form()
    form = Form({name: str(value) for name, value in sent.items()})
    scopes = [str(each) for each in sent.getall("scope", [])]
    caller = caller_of(request)
    own_keys.need_person(caller)
    try:
        made = await own_keys.made(office, caller, _wanted(form, scopes))
    except UsageError:
        return await _page(request, office, form, scopes)
    return page(request, "key_made", key=made, overlap_days=None)


@post(
    f"{ADDRESS}/{{mark:str}}/rotation", guards=NEEDED, status_code=200, include_in_schema=False
)  # fmt: skip
async def rotate(
    request: AnyRequest, office: NamedDependency[Office], mark: FromPath[str]
) -> Response[str]:
    """Make a key in the place of another, which lives on for some days."""
    made = await own_keys.rotated(office, caller_of(request), mark)
    return page(request, "key_made", key=made, overlap_days=OVERLAP_DAYS)


@post(f"{ADDRESS}/{{mark:str}}/end", guards=NEEDED, status_code=303, include_in_schema=False)
async def end(
    request: AnyRequest,
    office: NamedDependency[Office],
    door: NamedDependency[Door],
    mark: FromPath[str],
) -> Response[str]:
    """End a key, and go back to those that are left."""
    await own_keys.ended(office, door, caller_of(request), mark)
    return to_page(ADDRESS)


def _wanted(form: Form, scopes: list[str]) -> KeyWanted:
    """The key that a form asks for.

    Raises:
        UsageError: it asks for none that there can be.
    """
    days = whole_number(form.filled("days") or "", len(str(KEY_DAYS_MAX)))
    if days is None:
        raise UsageError
    return KeyWanted(form.filled("label") or "", scopes_of(scopes) if scopes else None, days)


async def _page(
    request: AnyRequest, office: Office, form: Form, refused: Sequence[str] | None = None
) -> Response[str]:
    """The page.

    Args:
        request: whose page it is.
        office: where to look.
        form: what was filled in.
        refused: the boxes that were chosen in a form that asks for what cannot be; else None.
    """
    caller, at = caller_of(request), office.node.clock.now()
    found = await own_keys.listed(office, caller)
    living = [each for each in found if each.is_in_force(at)]
    return page(
        request,
        "keys",
        status=200 if refused is None else 400,
        form=form,
        keys=[*reversed(living), *(each for each in reversed(found) if each not in living)],
        now=at,
        permissions=[(each, MEANINGS[each]) for each in _grantable(caller)],
        may_keep=caller.person is not None,
        is_full=len(living) >= KEYS_IN_FORCE_MAX,
        limits={"keys": KEYS_IN_FORCE_MAX, "days": KEY_DAYS_MAX, "label": NAME_LENGTH_MAX},
        overlap_days=OVERLAP_DAYS,
        chosen=refused or (),
        is_refused=refused is not None,
    )


def _grantable(caller: Caller) -> list[Permission]:
    """What a key of the caller can be for, beyond what everybody may."""
    return [
        each
        for each in Permission
        if each not in NOT_FOR_KEYS
        and caller.reach(each) is not Reach.NONE
        and PUBLIC.reach(each) is Reach.NONE
    ]


def routes() -> list[HTTPRouteHandler]:
    """The routes of the keys."""
    return [keys, make, rotate, end]
