"""Public tracking: status and place of a journey by one number, and no person."""

from functools import partial
from typing import Final

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromQuery

from tumen.access.matrix import Permission
from tumen.web.access.guard import needs
from tumen.web.office import Office
from tumen.web.portal.page import AnyRequest, page
from tumen.window import journey
from tumen.window.ledger import journeys

NUMBER_LENGTH_MAX: Final = 100


@get("/tracking", guards=[needs(Permission.TRACK)], include_in_schema=False)
async def tracking(
    request: AnyRequest, office: NamedDependency[Office], number: FromQuery[str] = ""
) -> Response[str]:
    """Where goods are, as everybody who has the number may know it."""
    asked = number.strip()[:NUMBER_LENGTH_MAX]
    if not asked:
        return page(request, "tracking", asked="", journey=None)
    seen, steps = await office.public.run(partial(journeys.journey, number=asked))
    told = journey.told(asked, seen, steps) if seen or steps else None
    return page(
        request, "tracking", status=200 if told else 404, asked=asked, journey=told
    )  # fmt: skip


def routes() -> list[HTTPRouteHandler]:
    """The route of tracking."""
    return [tracking]
