"""One line for each request, with its id, and none of what was said in it.

A line names the route as it is written in the application, never the address that was asked for:
that may hold a number of somebody's parcel. Of an error of ours it tells the kind and the place
in the code, and not the text, which may repeat a value.
"""

import logging
import sys
import time
import traceback
from collections.abc import MutableMapping
from typing import Any, Final

import msgspec
import structlog
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from tumen.kernel.errors import TumenError
from tumen.web import metrics
from tumen.web.access.headers import add_headers
from tumen.web.lines import Lines
from tumen.web.naming import unique

REQUEST_ID: Final = "X-Request-Id"
REQUEST_ID_RAW: Final = REQUEST_ID.lower().encode()
UNMATCHED: Final = "(none)"
FRAMES_TOLD: Final = 4
METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
OTHER: Final = "other"

log: Final[structlog.stdlib.BoundLogger] = structlog.get_logger("tumen.web")


_SORTED: Final = msgspec.json.Encoder(order="sorted", enc_hook=repr)


def configure() -> Lines:
    """Lines of JSON on standard error; other libraries' warnings among them.

    They are written soon, and those that are left when what is given is closed.
    """
    lines = Lines(sys.stderr)
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _as_json,
        ],
        logger_factory=structlog.WriteLoggerFactory(file=lines),  # type: ignore[arg-type]
        cache_logger_on_first_use=True,
    )
    return lines


def _as_json(_logger: object, _method: str, line: MutableMapping[str, Any]) -> str:
    return _SORTED.encode(line).decode()


def recorded(app: ASGIApp) -> ASGIApp:
    """The application with an id, a line and figures for every request.

    Where an answer gets its id it gets the other headers too: to hand on what is sent costs more
    than either.
    """

    async def asked(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await app(scope, receive, send)
            return
        started, status = time.perf_counter(), [0]
        number = unique()
        scope.setdefault("state", {})["request_id"] = number

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                status[0] = message["status"]
                add_headers(message, scope, (REQUEST_ID_RAW, number.encode()))
            await send(message)

        try:
            await app(scope, receive, sent)
        finally:
            _tell(scope, number, status[0], time.perf_counter() - started)

    return asked


def _tell(scope: Scope, number: str, status: int, seconds: float) -> None:
    method, route = method_of(scope), str(scope.get("path_template") or UNMATCHED)
    metrics.count_request(method, route, status, seconds)
    user: Any = scope.get("user")
    log.info(
        "request", request_id=number, method=method, route=route, status=status,
        milliseconds=round(seconds * 1_000, 1), organisation=getattr(user, "organisation", ""),
    )  # fmt: skip


def method_of(scope: Scope) -> str:
    """The method as figures and lines name it: one that is none of HTTP's is no name of ours.

    A stranger who invented methods would else make a figure of each, and figures are kept.
    """
    told = str(scope.get("method", ""))
    return told if told in METHODS else OTHER


async def tell_error(error: Exception, scope: Scope) -> None:
    """A line for an error that is ours: its kind, its place, and the request."""
    if isinstance(error, TumenError) or getattr(error, "status_code", 500) < 500:
        return
    log.error(
        "unexpected", request_id=scope.get("state", {}).get("request_id", ""), **described(error)
    )


def described(error: BaseException) -> dict[str, object]:
    """The kind of an error and where it was raised, without its text."""
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES_TOLD:]
    return {
        "error": type(error).__qualname__,
        "code": getattr(error, "code", ""),
        "at": [
            f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames
        ],
    }
