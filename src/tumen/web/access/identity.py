"""Signing in by an issuer of identities: there, and back again.

What was asked is kept in the browser, sealed under a key of the node and for ten minutes: the
answer counts only in the browser that asked. Whom the issuer names signs in as the login that an
administrator linked it to, and nobody is entered by himself.
"""

import hmac
import os
import secrets
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from litestar import Request, Response, get
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromQuery

from tumen.access import sessions
from tumen.access.matrix import Permission
from tumen.kernel.access_limits import IDENTITY_WAIT_SECONDS_MAX
from tumen.kernel.errors import CallerUnknown, PathAbsent, UsageError
from tumen.web.access.cookie import is_loopback, kept
from tumen.web.access.guard import needs
from tumen.web.access.issuer import Asked, Issuer
from tumen.web.office import Office

BACK: Final = "/login/identity/back"
NEEDED: Final = [needs(Permission.SIGN_IN)]
FOUND: Final = 303
_SETTINGS: Final = (
    "TUMEN_IDENTITY_ISSUER", "TUMEN_IDENTITY_CLIENT", "TUMEN_IDENTITY_SECRET_FILE", "TUMEN_URL",
)  # fmt: skip
_COOKIE: Final = "tumen_identity"
_NONCE_BYTES: Final = 12
_RANDOM_BYTES: Final = 32
_PURPOSE: Final = b"sign-in by identity"

AnyRequest = Request[Any, Any, Any]


class _Kept(msgspec.Struct, frozen=True):
    """What the browser keeps until the answer comes."""

    state: str
    nonce: str
    verifier: str
    until: int


def configured() -> Issuer | None:
    """The issuer of the settings; None where none is named.

    ``TUMEN_IDENTITY_ISSUER`` is its address, ``TUMEN_IDENTITY_CLIENT`` as what it knows this node,
    ``TUMEN_IDENTITY_SECRET_FILE`` holds the shared secret, ``TUMEN_URL`` is this node's address.
    """
    url, client, file, address = (os.environ.get(name) for name in _SETTINGS)
    if not url:
        return None
    if not (client and file and address):
        raise UsageError(
            f"Sign-in by an issuer of identities needs all of {', '.join(_SETTINGS)}.",
            next_step="See docs/access.md.",
        )
    secret = Path(file).read_text(encoding="utf-8").strip()
    return Issuer(url, client, secret, address.rstrip("/") + BACK)


@get("/login/identity", guards=NEEDED, status_code=FOUND, include_in_schema=False)
async def there(request: AnyRequest, office: NamedDependency[Office]) -> Response[None]:
    """Send the browser to the issuer."""
    issuer = _issuer()
    asked = Asked(*(secrets.token_urlsafe(_RANDOM_BYTES) for _ in range(3)))
    description = await office.identifying.run(issuer.described)
    node = office.node
    until = int(node.clock.now().timestamp()) + IDENTITY_WAIT_SECONDS_MAX
    sealed = _sealed(_Kept(asked.state, asked.nonce, asked.verifier, until), node.keys.seeds)
    return _to(issuer.address(description, asked), _cookie(request, sealed))


@get(BACK, guards=NEEDED, status_code=FOUND, include_in_schema=False)
async def back(
    request: AnyRequest,
    office: NamedDependency[Office],
    code: FromQuery[str] = "",
) -> Response[None]:
    """Begin a session for whom the issuer names."""
    issuer, node = _issuer(), office.node
    at = node.clock.now()
    asked = _asked_by(request, node.keys.seeds, at)
    subject = await office.identifying.run(issuer.subject, code, asked, at)
    work = partial(sessions.sign_in_by_identity, issuer=issuer.url, subject=subject, at=at)
    begun = await office.sign_ins.run(work)
    return _to("/", kept(begun, request), _cookie(request, ""))


def routes() -> list[HTTPRouteHandler]:
    """The routes of signing in by an issuer."""
    return [there, back]


def _issuer() -> Issuer:
    found = configured()
    if found is None:
        raise PathAbsent("This node signs nobody in by an issuer of identities.")
    return found


def _asked_by(request: AnyRequest, key: bytes, at: datetime) -> Asked:
    """What this browser asked.

    Raises:
        CallerUnknown: it asked nothing, something else, or too long ago.
    """
    held = _opened(request.cookies.get(_name(request), ""), key)
    state = request.query_params.get("state", "")
    if (
        held is None
        or held.until <= at.timestamp()
        or not hmac.compare_digest(held.state.encode(), state.encode())
    ):
        raise CallerUnknown(
            "This browser did not ask to sign in so, or too long ago.",
            next_step="Begin again on the page for signing in.",
        )
    return Asked(held.state, held.nonce, held.verifier)


def _sealed(held: _Kept, key: bytes) -> str:
    nonce = os.urandom(_NONCE_BYTES)
    return (nonce + AESGCM(key).encrypt(nonce, msgspec.json.encode(held), _PURPOSE)).hex()


def _opened(text: str, key: bytes) -> _Kept | None:
    try:
        raw = bytes.fromhex(text)
        plain = AESGCM(key).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], _PURPOSE)
        return msgspec.json.decode(plain, type=_Kept)
    except (ValueError, InvalidTag, msgspec.MsgspecError):
        return None


def _name(request: AnyRequest) -> str:
    return _COOKIE if is_loopback(request) else f"__Host-{_COOKIE}"


def _cookie(request: AnyRequest, value: str) -> Cookie:
    return Cookie(
        _name(request), value=value, path="/", max_age=IDENTITY_WAIT_SECONDS_MAX if value else 0,
        secure=not is_loopback(request), httponly=True, samesite="lax",
    )  # fmt: skip


def _to(address: str, *cookies: Cookie) -> Response[None]:
    headers = {"Location": address, "Cache-Control": "no-store"}
    return Response(None, status_code=FOUND, headers=headers, cookies=[*cookies])
