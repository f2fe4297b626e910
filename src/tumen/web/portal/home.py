"""The first page: what the node is for, and how busy it is."""

import asyncio
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, Final

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler

from tumen.access.matrix import Permission
from tumen.web.access.guard import needs
from tumen.web.office import Office
from tumen.web.portal.chart import Bar, bars
from tumen.web.portal.page import AnyRequest, page
from tumen.window.ledger.activity import activity

DAYS_SHOWN: Final = 14
KEPT: Final = timedelta(seconds=20)
"""How long figures are shown again before the store is asked anew."""

_KEY: Final = "portal_activity"


@get("/", guards=[needs(Permission.SEE_SERVICE)], include_in_schema=False)
async def home(request: AnyRequest, office: NamedDependency[Office]) -> Response[str]:
    """The first page."""
    now = office.node.clock.now()
    figures = await _figures(request, office, now)
    return page(
        request,
        "home",
        figures=figures,
        chart=bars(_days(figures["days"], now.date())),
        order=("released", "pending", "awaiting", "held", "examination", "rejected"),
    )


async def _figures(request: AnyRequest, office: Office, now: datetime) -> dict[str, Any]:
    """The figures of the last seconds, or new ones; who comes while they are counted waits too."""
    held = request.app.state.get(_KEY)
    if held is None or abs(now - held[0]) >= KEPT or _is_unfinished(held[1]):
        held = (now, asyncio.ensure_future(_counted(office, now)))
        request.app.state[_KEY] = held
    # A reader who leaves takes nothing from the others who wait.
    found: dict[str, Any] = await asyncio.shield(held[1])
    return found


def _is_unfinished(counting: "asyncio.Future[dict[str, Any]]") -> bool:
    """Whether a count failed, or came to its end before that of the history: it goes on then."""
    if not counting.done():
        return False
    if counting.cancelled() or counting.exception() is not None:
        return True
    return counting.result()["counted_at"] is not None


async def _counted(office: Office, now: datetime) -> dict[str, Any]:
    since = datetime.combine(
        now.date() - timedelta(DAYS_SHOWN - 1), datetime.min.time(), now.tzinfo
    )
    return await office.surveys.run(partial(activity, since=since))


def _days(counts: Mapping[date, int], today: date) -> list[Bar]:
    days = [today - timedelta(back) for back in reversed(range(DAYS_SHOWN))]
    return [Bar(f"{day:%m-%d}", counts.get(day, 0)) for day in days]


def routes() -> list[HTTPRouteHandler]:
    """The route of the first page."""
    return [home]
