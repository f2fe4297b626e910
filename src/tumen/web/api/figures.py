"""``/metrics``: what the running service counts, and what waits for officers."""

from asyncio import to_thread
from contextlib import suppress
from functools import partial

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler

from tumen.access.matrix import Permission
from tumen.kernel.errors import OutsideError
from tumen.settings import queue_targets
from tumen.web import metrics
from tumen.web.access.guard import needs
from tumen.web.api.described import problems
from tumen.web.office import Office
from tumen.window.ledger.waiting import waiting


@get(
    "/metrics", guards=[needs(Permission.READ_METRICS)], tags=["Operation"],
    summary="Figures for Prometheus", responses=problems(), media_type="text/plain",
)  # fmt: skip
async def figures(office: NamedDependency[Office]) -> Response[bytes]:
    """Requests, documents, stages of the road, and what waits, of all workers together.

    What waits for officers is asked of the store; where it cannot tell, the rest is told.
    """
    told = await to_thread(metrics.exposed)
    level, now = queue_targets(), office.node.clock.now()
    with suppress(OutsideError):
        counted = await office.surveys.run(partial(waiting, level=level, now=now))
        told += metrics.of_queue(counted)
    return Response(told, headers={"content-type": metrics.CONTENT_TYPE})


def routes() -> list[HTTPRouteHandler]:
    """The route of figures."""
    return [figures]
