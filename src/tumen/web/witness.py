"""``POST /add-checkpoint``: the witness protocol of C2SP over HTTP.

All rules are in :mod:`tumen.trust.witness`; here bytes come in and go out. The answers are plain
text, as the specification has them, and not problem+json: their readers are other logs.
"""

from typing import Final

from litestar import Response, post
from litestar.handlers import HTTPRouteHandler

from tumen.kernel.errors import OutsideError
from tumen.kernel.limits import WITNESS_REQUEST_BYTES_MAX
from tumen.trust.witness import OK, UNAVAILABLE, Answer, Witness

UNREADY: Final = Answer(UNAVAILABLE, b"the witness cannot write down what it cosigns; try later\n")


def witness_route(witness: Witness) -> HTTPRouteHandler:
    """The route of a witness."""

    @post(
        "/add-checkpoint",
        status_code=OK,
        request_max_body_size=WITNESS_REQUEST_BYTES_MAX,
        sync_to_thread=True,
    )
    def add_checkpoint(body: bytes) -> Response[bytes]:
        try:
            answer = witness.add_checkpoint(body)
        except OutsideError:  # nothing is cosigned that is not written down
            answer = UNREADY
        # As a header, for as a media type the framework would add a charset to it.
        headers = {"content-type": answer.content_type}
        return Response(answer.body, status_code=answer.status, headers=headers)

    return add_checkpoint
