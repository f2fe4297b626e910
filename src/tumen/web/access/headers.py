"""What every answer carries: what a browser may load with it, and who may keep it."""

from typing import Final

from litestar.types import Scope
from litestar.types.asgi_types import HTTPResponseStartEvent

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

RawHeader = tuple[bytes, bytes]

_RAW: Final = tuple((name.encode(), value.encode()) for name, value in HEADERS.items())
_RAW_NOT_KEPT: Final = (b"cache-control", NOT_KEPT.encode())


def add_headers(message: HTTPResponseStartEvent, scope: Scope, *own: RawHeader) -> None:
    """Put the headers on an answer, and some of its own; a route may have said otherwise."""
    headers = [*message["headers"], *own]
    said = {name.lower() for name, _ in headers}
    headers += (each for each in _RAW if each[0] not in said)
    caller = scope.get("user")
    if isinstance(caller, Caller) and caller.is_known and _RAW_NOT_KEPT[0] not in said:
        headers.append(_RAW_NOT_KEPT)
    message["headers"] = headers
