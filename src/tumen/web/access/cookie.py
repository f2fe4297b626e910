"""The cookie of a session: not for scripts, not for other sites, and over TLS alone.

On the machine itself, where a browser speaks to a loopback address without TLS, it has a plainer
name; nobody else can reach that.
"""

from typing import Any, Final

from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie

from tumen.access.sessions import Begun
from tumen.kernel.access_limits import SESSION_HOURS_MAX
from tumen.kernel.person_limits import PASS_COOKIE_SECONDS

PLAIN: Final = "tumen_session"
SECURE: Final = f"__Host-{PLAIN}"
PERSON_PLAIN: Final = "tumen_person"
PERSON_SECURE: Final = f"__Host-{PERSON_PLAIN}"
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})

Connection = ASGIConnection[Any, Any, Any, Any]


def is_loopback(connection: Connection) -> bool:
    """Whether the browser names a loopback address, which needs no TLS."""
    host = connection.headers.get("host", "")
    name = host if host.endswith("]") else host.rpartition(":")[0] or host
    return name in _LOOPBACK


def token_of(connection: Connection) -> str | None:
    """The token in the cookie; None where there is none."""
    return connection.cookies.get(PLAIN if is_loopback(connection) else SECURE) or None


def kept(begun: Begun, connection: Connection) -> Cookie:
    """The cookie of a session that was begun."""
    return _cookie(connection, (PLAIN, SECURE), begun.token, SESSION_HOURS_MAX * 3600)


def dropped(connection: Connection) -> Cookie:
    """The cookie that takes the one before away."""
    return _cookie(connection, (PLAIN, SECURE), "", 0)


def pass_of(connection: Connection) -> str | None:
    """The pass of a person in the cookie; None where there is none."""
    return (
        connection.cookies.get(PERSON_PLAIN if is_loopback(connection) else PERSON_SECURE) or None
    )


def pass_kept(text: str, connection: Connection) -> Cookie:
    """The cookie that keeps the pass of a person for a while."""
    return _cookie(connection, (PERSON_PLAIN, PERSON_SECURE), text, PASS_COOKIE_SECONDS)


def pass_dropped(connection: Connection) -> Cookie:
    """The cookie that takes the pass away."""
    return _cookie(connection, (PERSON_PLAIN, PERSON_SECURE), "", 0)


def _cookie(connection: Connection, names: tuple[str, str], value: str, seconds: int) -> Cookie:
    is_plain = is_loopback(connection)
    return Cookie(
        names[not is_plain], value=value, path="/", max_age=seconds,
        secure=not is_plain, httponly=True, samesite="lax",
    )  # fmt: skip
