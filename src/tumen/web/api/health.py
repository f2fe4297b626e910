"""Whether the process lives, and whether it can do its work."""

from dataclasses import dataclass
from typing import Final

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler

from tumen.access.matrix import Permission
from tumen.kernel.errors import TumenError
from tumen.web.access.guard import needs
from tumen.web.office import Office

UNREADY: Final = 503
TAGS: Final = ["Operation"]
SEEN: Final = needs(Permission.SEE_SERVICE)


@dataclass(frozen=True, slots=True)
class Health:
    """How it stands.

    Attributes:
        status: ``ok``, or ``unavailable``.
        code: what is the matter, where something is.
    """

    status: str
    code: str | None = None


@get("/healthz", guards=[SEEN], tags=TAGS, summary="The process lives")
async def healthz() -> Health:
    """Asks nobody: a database that is away is no reason to kill the process."""
    return Health("ok")


@get("/readyz", guards=[SEEN], tags=TAGS, summary="The service can do its work")
async def readyz(office: NamedDependency[Office]) -> Response[Health]:
    """Asks the store whether the log goes on; 503 while not, so that no request is sent here."""
    try:
        await office.health.run(office.node.log.need_going_on)
    except TumenError as error:
        return Response(Health("unavailable", error.code), status_code=UNREADY)
    return Response(Health("ok"))


def routes() -> list[HTTPRouteHandler]:
    """The routes of health."""
    return [healthz, readyz]
