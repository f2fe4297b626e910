"""The routes of access: who am I, signing in and out, and an organisation's own keys."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from litestar import Request, Response, delete, get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody
from litestar.response import Stream

from tumen.access import keys
from tumen.access.caller import Caller
from tumen.access.keys import Key, KeyWanted
from tumen.access.matrix import Permission
from tumen.access.roles import Reach
from tumen.access.sessions import Shown
from tumen.kernel.access_limits import (
    KEY_DAYS_DEFAULT,
    SIGN_IN_BYTES_MAX,
)
from tumen.web.access import identity, own_keys
from tumen.web.access.cookie import dropped, kept, token_of
from tumen.web.access.door import Door
from tumen.web.access.exporting import begun
from tumen.web.access.guard import needs
from tumen.web.access.identification import address_of
from tumen.web.api.described import nothing, problems
from tumen.web.api.parameters import KeyMark
from tumen.web.office import Office

TAGS: Final = ["Access"]
ZIP: Final = "application/zip"


@dataclass(frozen=True, slots=True)
class Me:
    """Who is calling, as we see it.

    Attributes:
        organisation: the mark; empty for the public.
        name: what it is called.
        roles: what it is in the trade.
        economy: whose authority or resident it is.
        person: the login of who is signed in.
        permissions: what it may, and how far: ``own``, ``economy`` or ``all``.
    """

    organisation: str
    name: str
    roles: list[str]
    economy: str | None
    person: str | None
    permissions: dict[str, str]


@dataclass(frozen=True, slots=True)
class KeyAsked:
    """What a new key is to be.

    Attributes:
        label: what it is for.
        scopes: permissions; none for all that the organisation may.
        days: how long it is in force.
    """

    label: str
    scopes: list[str] | None = None
    days: int = KEY_DAYS_DEFAULT


@dataclass(frozen=True, slots=True)
class KeyShown:
    """A key as it is listed.

    Attributes:
        mark: by which it is named.
        label: what it is for.
        scopes: permissions; none for all that the organisation may.
        made_at: when it was made.
        ends_at: from when on it is not believed.
        is_in_force: whether it is believed now.
        used_on: the last day, in UTC, on which it was used; null where it never was.
    """

    mark: str
    label: str
    scopes: list[str] | None
    made_at: datetime
    ends_at: datetime
    is_in_force: bool
    used_on: date | None


@dataclass(frozen=True, slots=True)
class KeyMade:
    """A new key; it is shown this once.

    Attributes:
        key: the key, to be sent as ``Authorization: Bearer KEY``.
    """

    key: str


@dataclass(frozen=True, slots=True)
class SessionAsked:
    """What somebody shows who signs in.

    Attributes:
        login: the login.
        password: the password.
        code: six digits of a device, where one is asked for.
    """

    login: str
    password: str
    code: str = ""


@get(
    "/v1/me",
    tags=TAGS,
    summary="Who is calling",
    guards=[needs(Permission.SIGN_IN)],
    responses=problems(),
)
async def me(caller: NamedDependency[Caller]) -> Me:
    """Says how the service sees who asks, and what it may."""
    reaches = {permission: caller.reach(permission) for permission in Permission}
    return Me(
        caller.organisation,
        caller.name,
        sorted(caller.roles),
        caller.economy,
        caller.person,
        {str(p): reach.name.lower() for p, reach in reaches.items() if reach is not Reach.NONE},
    )


@post(
    "/v1/session", tags=TAGS, summary="Sign in", status_code=204,
    guards=[needs(Permission.SIGN_IN)], request_max_body_size=SIGN_IN_BYTES_MAX,
    responses=problems() | nothing("Signed in, by a cookie"),
)  # fmt: skip
async def sign_in(
    data: JSONBody[SessionAsked], request: Request[Any, Any, Any], door: NamedDependency[Door]
) -> Response[None]:
    """Begins a session, kept in a cookie; a page does the same with a form."""
    shown = Shown(data.login, data.password, data.code, address_of(request))
    begun = await door.sign_in(shown)
    return Response(None, status_code=204, cookies=[kept(begun, request)])


@delete(
    "/v1/session",
    tags=TAGS,
    summary="Sign out",
    guards=[needs(Permission.SIGN_IN)],
    status_code=204,
    responses=problems() | nothing("Signed out"),
)
async def sign_out(request: Request[Any, Any, Any], door: NamedDependency[Door]) -> Response[None]:
    """Ends the session of the cookie, if there is one."""
    token = token_of(request)
    if token is not None:
        await door.sign_out(token)
    return Response(None, status_code=204, cookies=[dropped(request)])


@get(
    "/v1/keys",
    tags=TAGS,
    summary="Own keys",
    guards=[needs(Permission.KEEP_KEYS)],
    responses=problems(),
)
async def list_keys(
    caller: NamedDependency[Caller], office: NamedDependency[Office]
) -> list[KeyShown]:
    """Lists the keys of the caller's organisation, ended ones too; no secret is kept or shown."""
    at = office.node.clock.now()
    return [_shown(key, at) for key in await own_keys.listed(office, caller)]


@post(
    "/v1/keys", tags=TAGS, summary="Make a key", guards=[needs(Permission.KEEP_KEYS)],
    responses=problems(),
    request_max_body_size=SIGN_IN_BYTES_MAX,
)  # fmt: skip
async def make_key(
    data: JSONBody[KeyAsked], caller: NamedDependency[Caller], office: NamedDependency[Office]
) -> KeyMade:
    """Makes a key of the caller's organisation. Only a person makes keys: none outlives its end."""
    own_keys.need_person(caller)
    scopes = None if data.scopes is None else keys.scopes_of(data.scopes)
    wanted = KeyWanted(data.label, scopes, data.days)
    return KeyMade(await own_keys.made(office, caller, wanted))


@delete(
    "/v1/keys/{mark:str}",
    tags=TAGS,
    summary="End a key",
    guards=[needs(Permission.KEEP_KEYS)],
    responses=problems(404),
)
async def end_key(
    mark: KeyMark,
    caller: NamedDependency[Caller],
    office: NamedDependency[Office],
    door: NamedDependency[Door],
) -> None:
    """Ends a key of the caller's organisation: here at once, in other processes 5 seconds later."""
    await own_keys.ended(office, door, caller, mark)


@post(
    "/v1/keys/{mark:str}/rotation", tags=TAGS, summary="Rotate a key", responses=problems(404),
    guards=[needs(Permission.KEEP_KEYS)],
)  # fmt: skip
async def rotate_key(
    mark: KeyMark, caller: NamedDependency[Caller], office: NamedDependency[Office]
) -> KeyMade:
    """Makes a key in the place of another, which lives on for seven days."""
    return KeyMade(await own_keys.rotated(office, caller, mark))


@get(
    "/v1/export", tags=TAGS, summary="Take out what was lodged", responses=problems(429, 503),
    guards=[needs(Permission.EXPORT_OWN)], media_type=ZIP,
)  # fmt: skip
async def export_own(caller: NamedDependency[Caller], office: NamedDependency[Office]) -> Stream:
    """Gives a zip file of all that the caller's organisation lodged, and what came of it.

    It is written while it is read, however much there is; a file that was cut off does not open.
    """
    headers = {"content-disposition": f'attachment; filename="{caller.sender}.zip"'}
    return Stream(await begun(office, caller.sender), media_type=ZIP, headers=headers)


def routes() -> list[HTTPRouteHandler]:
    """The routes of access."""
    return [
        me, sign_in, sign_out, list_keys, make_key, end_key, rotate_key, export_own,
        *identity.routes(),
    ]  # fmt: skip


def _shown(key: Key, at: datetime) -> KeyShown:
    scopes = None if key.scopes is None else sorted(map(str, key.scopes))
    return KeyShown(
        key.mark, key.label, scopes, key.made_at, key.ends_at, key.is_in_force(at), key.used_on
    )
