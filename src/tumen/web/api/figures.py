"""``/metrics``: what the running service counts."""

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from tumen.access.matrix import Permission
from tumen.web import metrics
from tumen.web.access.guard import needs
from tumen.web.api.described import problems


@get(
    "/metrics", guards=[needs(Permission.READ_METRICS)], tags=["Operation"],
    summary="Figures for Prometheus", responses=problems(), media_type="text/plain",
    sync_to_thread=True,
)  # fmt: skip
def figures() -> Response[bytes]:
    """Requests, documents, stages of the road, and what waits, of all workers together."""
    return Response(metrics.exposed(), headers={"content-type": metrics.CONTENT_TYPE})


def routes() -> list[HTTPRouteHandler]:
    """The route of figures."""
    return [figures]
