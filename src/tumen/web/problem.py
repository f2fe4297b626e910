"""What goes wrong with a request, told as RFC 9457 problem details.

Every refusal has a stable ``code``, says what the reader can do next, and names the request by
its id. ``type`` leads to the page of the code. What a stranger sent is not repeated, and an error
of ours shows nothing of the inside: its request id leads the operator to it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from http import HTTPStatus
from typing import Any, Final

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException, SerializationException

from tumen.kernel.errors import (
    AccessError,
    CallerUnknown,
    LawError,
    LogDamaged,
    LogNotExtended,
    LogUnpublished,
    NotPermitted,
    OutsideError,
    Overloaded,
    ParameterNotInForce,
    ParameterUnknown,
    PathAbsent,
    StoreConflict,
    StoreTooSlow,
    StoreUnavailable,
    TooManyRequests,
    TumenError,
    UsageError,
    VerificationError,
)
from tumen.web.locale.languages import ENGLISH
from tumen.web.speaking import Say, headers_in, language_of, sentences_in

PROBLEM_JSON: Final = "application/problem+json"
PAGES: Final = "/v1/reference/problems/"
"""Below this every code has its page."""

RETRY_SECONDS: Final = 2
"""When to try again where nothing tells better."""

INTERNAL: Final = "INTERNAL"


@dataclass(frozen=True, slots=True)
class Kind:
    """What is said of every problem of one code.

    Attributes:
        status: the HTTP status.
        title: what is wrong, the same for every case.
        next_step: what the reader can do about it.
    """

    status: int
    title: str
    next_step: str


class Refusal(UsageError):
    """A request that is not taken: its code is one of :data:`REFUSALS`.

    Args:
        code: the code.
        detail: what is wrong in this case; nothing personal.
        members: further members of the problem.
        headers: further headers of the answer.
    """

    def __init__(
        self,
        code: str,
        detail: str = "",
        *,
        members: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        kind = REFUSALS[code]
        super().__init__(detail or kind.title, next_step=kind.next_step)
        self.code = code
        self.members = dict(members or {})
        self.headers = dict(headers or {})


REFUSALS: Final[Mapping[str, Kind]] = {
    "REQUEST_INVALID": Kind(
        400, "The request does not have the form that this route takes.",
        "See the route in /openapi.json, mend what the faults name, and send it again.",
    ),
    "SUBMISSION_EMPTY": Kind(
        400, "The submission holds no document.",
        "Send at least one document in the body.",
    ),
    "SUBMISSION_UNREADABLE": Kind(
        400, "The body of the submission cannot be read.",
        "Check that it is whole and of the content type that the header names.",
    ),
    "BODY_CUT": Kind(
        400, "The body of the request ended before it was whole.", "Send it again, whole.",
    ),
    "NOT_FOUND": Kind(
        404, "There is nothing here for you.",
        "Check the address or the number; what other organisations lodged is not shown.",
    ),
    "METHOD_NOT_ALLOWED": Kind(
        405, "This route does not take this method.", "See the route in /openapi.json.",
    ),
    "NOT_ACCEPTABLE": Kind(
        406, "The route has no answer in a form that is asked for.",
        "Send Accept: application/json, or leave the header out.",
    ),
    "TOO_SLOW": Kind(
        408, "The body of the request did not come in time.", "Send it again, in smaller parts.",
    ),
    "CONFLICT": Kind(
        409, "What is asked for does not fit what is there now.",
        "Read the present state again and decide anew.",
    ),
    "TOO_LARGE": Kind(
        413, "The request is larger than this route takes.", "Send it in smaller parts.",
    ),
    "MEDIA_TYPE_UNSUPPORTED": Kind(
        415, "The route does not take this form of content.",
        "Send one of the content types that /openapi.json names for the route.",
    ),
    "NOT_ANSWERABLE": Kind(
        422, "The request was read, and no answer can be given to it.", "See what the detail names."
    ),
    "TOO_MANY_REQUESTS": Kind(
        429, "Too many requests at once.", "Wait as Retry-After says, then send it again.",
    ),
    INTERNAL: Kind(
        500, "Something went wrong on our side.",
        "Send it again; if it fails again, tell the operator the request id.",
    ),
    "UNAVAILABLE": Kind(
        503, "The service cannot do this now.",
        "Wait as Retry-After says, then send the same again: nothing is done twice.",
    ),
}  # fmt: skip
"""The problems of the service itself; those of the law and the documents have codes of theirs."""

_BY_STATUS: Final = {kind.status: code for code, kind in reversed([*REFUSALS.items()])}
"""The first code of each status is the general one."""


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """RFC 9457, with our members beside.

    Attributes:
        type: the page of the code.
        title: what is wrong, the same for every case of the code.
        status: the HTTP status, again.
        code: the stable code.
        detail: what is wrong in this case.
        next_step: what the reader can do about it.
        request_id: by which the operator finds the request.
        retriable: whether the same request may succeed later.
        faults: what is wrong where, if the request's form is.
    """

    type: str
    title: str
    status: int
    code: str
    detail: str = ""
    next_step: str = ""
    request_id: str = ""
    retriable: bool = False
    faults: list[dict[str, str]] = msgspec.field(default_factory=list)


_SPOKEN: Final = ("title", "detail", "next_step")


@dataclass(frozen=True, slots=True)
class Told:
    """A problem with what else is answered.

    Attributes:
        problem: the problem.
        members: further members.
        headers: the headers of the answer.
    """

    problem: Problem
    members: Mapping[str, object] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def all_headers(self) -> dict[str, str]:
        """The headers, among them when to try again where that may help."""
        waits = {"Retry-After": str(RETRY_SECONDS)} if self.problem.status in {429, 503} else {}
        return {**waits, **self.headers}

    def response(self, language: str = ENGLISH) -> Response[bytes]:
        """The answer; what is the same for every case of a code is told in a language."""
        plain = {**msgspec.to_builtins(self.problem), **self.members}
        headers = {**self.all_headers(), **headers_in(language)}
        say = sentences_in(language)
        plain.update({name: say(plain[name]) for name in _SPOKEN if plain.get(name)})
        if plain.get("faults"):
            plain["faults"] = [_told_in(say, each) for each in plain["faults"]]
        return Response(
            msgspec.json.encode(plain), status_code=self.problem.status,
            headers={**headers, "content-type": PROBLEM_JSON},
        )  # fmt: skip


def _told_in(say: Say, fault: Mapping[str, str]) -> dict[str, str]:
    """A fault with its message in a language; where it is stays as it is."""
    return {name: say(text) if name == "message" else text for name, text in fault.items()}


def request_id(request: Request[Any, Any, Any]) -> str:
    """The id of a request; empty where none was given."""
    return str(request.scope.get("state", {}).get("request_id", ""))


_OVER_HTTP: Final[Mapping[type[TumenError], Kind]] = {
    UsageError: REFUSALS["REQUEST_INVALID"],
    PathAbsent: REFUSALS["NOT_FOUND"],
}
"""What is said of errors whose own words are of commands and files."""


def of_error(error: TumenError, request: str = "") -> Told:
    """The problem of one of our errors."""
    kind: Kind | None
    if isinstance(error, Refusal):
        kind = REFUSALS[error.code]
        title, members, headers = kind.title, error.members, error.headers
        status = kind.status
    else:
        kind = _OVER_HTTP.get(type(error))
        title, members, status = kind.title if kind else error.title, {}, _status(error)
        headers = _headers_of(error)
    # What failed outside may name a place or an address of the inside.
    detail = title if isinstance(error, OutsideError) else str(error)
    is_of_commands = kind is not None and error.next_step == type(error).next_step
    next_step = kind.next_step if kind is not None and is_of_commands else error.next_step
    if isinstance(error, OutsideError) and not isinstance(error, Overloaded | StoreTooSlow):
        next_step = REFUSALS["UNAVAILABLE"].next_step
    problem = Problem(
        type=f"{PAGES}{error.code}", title=title, status=status, code=error.code, detail=detail,
        next_step=next_step, request_id=request, retriable=error.retriable or status >= 500,
    )  # fmt: skip
    return Told(problem, members, headers)


_ACCESS: Final[Mapping[type[AccessError], int]] = {
    CallerUnknown: HTTPStatus.UNAUTHORIZED,
    NotPermitted: HTTPStatus.FORBIDDEN,
    TooManyRequests: HTTPStatus.TOO_MANY_REQUESTS,
}


def _status(error: TumenError) -> int:
    """The HTTP status of an error, by its place in the tree."""
    if isinstance(error, Overloaded):
        return HTTPStatus.TOO_MANY_REQUESTS if error.is_sender else HTTPStatus.SERVICE_UNAVAILABLE
    if isinstance(error, AccessError):
        return _ACCESS.get(type(error), HTTPStatus.FORBIDDEN)
    if isinstance(error, PathAbsent):
        return HTTPStatus.NOT_FOUND
    if isinstance(error, OutsideError):
        return HTTPStatus.SERVICE_UNAVAILABLE
    if isinstance(error, LawError | VerificationError):
        return HTTPStatus.UNPROCESSABLE_ENTITY
    return HTTPStatus.BAD_REQUEST


def _headers_of(error: TumenError) -> dict[str, str]:
    """What an answer says beside: how to be known, and how long to wait."""
    if isinstance(error, CallerUnknown):
        return {"WWW-Authenticate": 'Bearer realm="tumen"'}
    waits = error.details.get("retry_after")
    return {} if waits is None else {"Retry-After": str(waits)}


def of_status(status: int, request: str = "", *, detail: str = "") -> Problem:
    """The problem of a bare HTTP status, as the framework gives it."""
    code = _BY_STATUS.get(status, "REQUEST_INVALID" if status < 500 else INTERNAL)
    kind = REFUSALS[code]
    return Problem(
        type=f"{PAGES}{code}", title=kind.title, status=status, code=code,
        detail=detail or kind.title, next_step=kind.next_step, request_id=request,
        retriable=status in {429, 503} or status >= 500,
    )  # fmt: skip


_RAISED: Final = (
    CallerUnknown, NotPermitted, TooManyRequests, Overloaded, StoreTooSlow, StoreUnavailable,
    StoreConflict, LogUnpublished, LogNotExtended, LogDamaged, LawError, ParameterUnknown,
    ParameterNotInForce,
)  # fmt: skip
"""The errors that a request can meet under a code of their own."""


@cache
def every_problem() -> Mapping[str, Kind]:
    """What is said over HTTP of each code, where nothing more is known of the case."""
    raised = [of_error(each()).problem for each in _RAISED]
    told = {each.code: Kind(each.status, each.title, each.next_step) for each in raised}
    return {**told, **REFUSALS}


def _tumen_error(request: Request[Any, Any, Any], error: TumenError) -> Response[bytes]:
    return of_error(error, request_id(request)).response(language_of(request))


def _http_exception(request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    is_no_json = isinstance(error.__cause__, SerializationException) and not error.extra
    detail = _NO_JSON if is_no_json else ""
    problem = of_status(error.status_code, request_id(request), detail=detail)
    headers = {k: v for k, v in (error.headers or {}).items() if k.lower() != "content-type"}
    faults = _faults(error.extra)
    told = Told(problem, {"faults": faults} if faults else {}, headers)
    return told.response(language_of(request))


_NO_JSON: Final = "The body is no JSON."
_QUOTED: Final = re.compile(r"""\s*(["']).*\1""", re.DOTALL)
"""In a message of the framework, what was sent."""


FRAMEWORK: Final = (
    "Expected `{0}`, got `{1}`",
    "Expected `{0}` >= {1}",
    "Expected `{0}` <= {1}",
    "Expected `{0}` of length >= {1}",
    "Expected `{0}` of length <= {1}",
    "Expected `{0}` matching regex",
    "Object missing required field `{0}`",
    "Object contains unknown field `{0}`",
    "Invalid enum value",
    "Invalid RFC3339 encoded date",
    "Invalid RFC3339 encoded datetime",
)
"""What the framework says of a body or a parameter, as the catalogues have it."""


_PLACES: Final = {"data": "body"}
"""What the framework calls the whole body, and what we call it."""


def _faults(extra: object) -> list[dict[str, str]]:
    """What the framework found wrong with the parameters: names and reasons, no values."""
    told = extra if isinstance(extra, list) else []
    return [
        {
            "path": _PLACES.get(key := str(each.get("key", "")), key),
            "message": _QUOTED.sub("", str(each.get("message", ""))),
        }
        for each in told
        if isinstance(each, dict)
    ]


def _unexpected(request: Request[Any, Any, Any], _: Exception) -> Response[bytes]:
    told = Told(of_status(HTTPStatus.INTERNAL_SERVER_ERROR, request_id(request)))
    return told.response(language_of(request))


EXCEPTION_HANDLERS: Final[Mapping[int | type[Exception], Any]] = {
    TumenError: _tumen_error,
    HTTPException: _http_exception,
    Exception: _unexpected,
}
