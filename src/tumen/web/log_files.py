"""The files of a log over HTTP, as C2SP tlog-tiles has them: only those, with their headers.

Any web server can serve the folder; this one is for a node that has no other. What is no path of
a checkpoint, tile or entry bundle is not there, whatever else lies in the folder.
"""

from collections.abc import Mapping
from typing import Final

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from tumen.kernel.errors import VerificationError
from tumen.trust.folder import Folder
from tumen.trust.tiles import CHECKPOINT, TileName
from tumen.trust.witness import NOT_FOUND, PLAIN

OCTETS: Final = "application/octet-stream"
MUTABLE: Final = {"Cache-Control": "no-cache"}
IMMUTABLE: Final = {"Cache-Control": "public, max-age=31536000, immutable"}
ABSENT: Final = b"this log has no such file\n"


def log_routes(folder: Folder) -> list[HTTPRouteHandler]:
    """The routes of a log."""

    @get(f"/{CHECKPOINT}", sync_to_thread=True)
    def checkpoint() -> Response[bytes]:
        return _response(folder.read(CHECKPOINT), PLAIN, MUTABLE)

    @get("/tile/{name:path}", sync_to_thread=True)
    def tile(name: str) -> Response[bytes]:
        try:
            path = TileName.parse(f"tile/{name.lstrip('/')}").path
        except VerificationError:
            return _response(None, OCTETS, IMMUTABLE)
        return _response(folder.read(path), OCTETS, IMMUTABLE)

    return [checkpoint, tile]


def _response(data: bytes | None, kind: str, headers: Mapping[str, str]) -> Response[bytes]:
    if data is None:  # a tile may come later: its absence is not to be remembered
        return Response(ABSENT, status_code=NOT_FOUND, headers={"content-type": PLAIN, **MUTABLE})
    return Response(data, headers={"content-type": kind, **headers})
