"""The files of a log over HTTP, as C2SP tlog-tiles has them: only those, with their headers.

Any web server can serve the folder; this one is for a node that has no other. What is no path of
a checkpoint, tile or entry bundle, or of what the log tells of its beginning, is not there,
whatever else lies in the folder.
"""

from typing import Final

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from tumen.kernel.errors import VerificationError
from tumen.trust.folder import Folder
from tumen.trust.tiles import CHECKPOINT, TileName
from tumen.trust.witness import NOT_FOUND, PLAIN
from tumen.window.ledger.beginning import FILE, PROOF_FILE

OCTETS: Final = "application/octet-stream"
MUTABLE: Final = {"Cache-Control": "no-cache"}
IMMUTABLE: Final = {"Cache-Control": "public, max-age=31536000, immutable"}
ABSENT: Final = b"this log has no such file\n"
KINDS: Final = {CHECKPOINT: PLAIN, FILE: "application/json", PROOF_FILE: PLAIN}
"""The files that are no tiles: the head, and what a log tells of its own beginning."""


def log_routes(folder: Folder) -> list[HTTPRouteHandler]:
    """The routes of a node's first log, and below their numbers those of its later ones."""

    def named(name: str) -> HTTPRouteHandler:
        @get(f"/{name}", sync_to_thread=True)
        def answer() -> Response[bytes]:
            return _response(folder, "", name)

        return answer

    @get("/tile/{name:path}", sync_to_thread=True)
    def tile(name: FromPath[str]) -> Response[bytes]:
        return _response(folder, "", f"tile{name}")

    @get("/{number:int}/{name:path}", sync_to_thread=True)
    def later(number: FromPath[int], name: FromPath[str]) -> Response[bytes]:
        return _response(folder, f"{number:d}/", name.lstrip("/"))

    return [*map(named, KINDS), tile, later]


def _response(folder: Folder, below: str, name: str) -> Response[bytes]:
    kind, headers = KINDS.get(name, OCTETS), MUTABLE if name in KINDS else IMMUTABLE
    data = folder.read(f"{below}{name}") if name in KINDS or _is_tile(name) else None
    if data is None:  # a tile may come later: its absence is not to be remembered
        return Response(ABSENT, status_code=NOT_FOUND, headers={"content-type": PLAIN, **MUTABLE})
    return Response(data, headers={"content-type": kind, **headers})


def _is_tile(name: str) -> bool:
    try:
        return TileName.parse(name).path == name
    except VerificationError:
        return False
