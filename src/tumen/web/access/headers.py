"""What every answer carries: what a browser may load with it, and who may keep it."""

from typing import Final

from litestar.datastructures import MutableScopeHeaders
from litestar.types import Message, Scope

from tumen.access.caller import Caller

CONTENT_SECURITY_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
"""Only what this server itself gives is loaded or run; nothing inline, and in no frame."""

HEADERS: Final = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # Not no-referrer: a form would then come with no origin, and look like another site's.
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "strict-transport-security": "max-age=31536000",
}
"""A browser looks at strict-transport-security over TLS alone."""

NOT_KEPT: Final = "no-store"


async def add_headers(message: Message, scope: Scope) -> None:
    """Put the headers on an answer; a route may have said otherwise."""
    if message["type"] != "http.response.start":
        return
    headers = MutableScopeHeaders.from_message(message)
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    caller = scope.get("user")
    if isinstance(caller, Caller) and caller.is_known:
        headers.setdefault("cache-control", NOT_KEPT)
