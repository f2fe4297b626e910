"""Requests for what is not there: they meet no route, so that nobody identified who asks.

They are counted by address like those of the public, or whoever looks for holes by trying
addresses could do so as fast as the machine answers.
"""

from collections.abc import Mapping
from typing import Any, Final

from litestar import Request, Response
from litestar.exceptions import HTTPException

from tumen.kernel.errors import TooManyRequests, TumenError
from tumen.web.access.identification import Identification
from tumen.web.problem import EXCEPTION_HANDLERS

AnyRequest = Request[Any, Any, Any]

IDENTIFIED: Final = "user"
"""Stands in the scope of every request that met a route."""


def handlers_with(identification: Identification) -> Mapping[int | type[Exception], Any]:
    """What tells errors, where a request that met no route is counted before it is told so."""
    tell, refuse = EXCEPTION_HANDLERS[HTTPException], EXCEPTION_HANDLERS[TumenError]

    def told(request: AnyRequest, error: HTTPException) -> Response[bytes]:
        answer: Response[bytes]
        if IDENTIFIED not in request.scope:
            try:
                identification.count_stray(request)
            except TooManyRequests as refused:
                answer = refuse(request, refused)
                return answer
        answer = tell(request, error)
        return answer

    return {**EXCEPTION_HANDLERS, HTTPException: told}
