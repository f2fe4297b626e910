"""Requests that another site makes a browser send: refused where they would change something.

A browser says by ``Sec-Fetch-Site`` from where a request comes, and by ``Origin`` where it is too
old for that; scripts cannot set either. What is no browser sends neither, and no cookie that it was
not given by its owner. So a form needs no token of its own.
"""

from typing import Any, Final
from urllib.parse import urlsplit

from litestar.connection import ASGIConnection

from tumen.kernel.errors import NotPermitted

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN: Final = frozenset({"same-origin", "none"})


def need_same_origin(connection: ASGIConnection[Any, Any, Any, Any], method: str) -> None:
    """Refuse a request that another site began and that could change something.

    Raises:
        NotPermitted: it is one.
    """
    if method in SAFE:
        return
    site = connection.headers.get("sec-fetch-site")
    origin = connection.headers.get("origin")
    is_own = site in _OWN if site is not None else _is_host(origin, connection)
    if not is_own:
        raise NotPermitted(
            "The request comes from another site.",
            next_step="Open the page here, and send the form from there.",
        )


def _is_host(origin: str | None, connection: ASGIConnection[Any, Any, Any, Any]) -> bool:
    """Whether an origin is where the request goes; so too where none is told."""
    return origin is None or urlsplit(origin).netloc == connection.headers.get("host")
