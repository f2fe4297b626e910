"""``POST /add-checkpoint``: the witness protocol of C2SP over HTTP.

All rules are in :mod:`tumen.trust.witness`; here bytes come in and go out. The answers are plain
text, as the specification has them, and not problem+json: their readers are other logs.
"""

import asyncio
from typing import Any, Final

from litestar import Request, Response, post
from litestar.handlers import HTTPRouteHandler

from tumen.kernel.errors import OutsideError
from tumen.kernel.limits import WITNESS_REQUEST_BYTES_MAX
from tumen.trust.witness import OK, UNAVAILABLE, Answer, Witness

UNREADY: Final = Answer(UNAVAILABLE, b"the witness cannot write down what it cosigns; try later\n")


def witness_route(witness: Witness) -> HTTPRouteHandler:
    """The route of a witness."""

    def answered(body: bytes) -> Answer:
        try:
            return witness.add_checkpoint(body)
        except OutsideError:  # nothing is cosigned that is not written down
            return UNREADY

    @post("/add-checkpoint", status_code=OK, request_max_body_size=WITNESS_REQUEST_BYTES_MAX)
    async def add_checkpoint(request: Request[Any, Any, Any]) -> Response[bytes]:
        answer = await asyncio.to_thread(answered, await request.body())
        # As a header, for as a media type the framework would add a charset to it.
        headers = {"content-type": answer.content_type}
        if answer.wait_seconds:
            headers["retry-after"] = f"{answer.wait_seconds:d}"
        return Response(answer.body, status_code=answer.status, headers=headers)

    return add_checkpoint
