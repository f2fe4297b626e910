"""The board in the hall: whose decisions are suspended, known to every page of this process."""

import asyncio
import time
from contextlib import suppress
from typing import Any, Final

from litestar import Litestar, Request

from tumen.kernel.errors import TumenError
from tumen.law.coverage import ECONOMIES
from tumen.store.session import Session
from tumen.web import metrics
from tumen.web.office import Office
from tumen.window.ledger import SUSPENDED

SEEN_SECONDS: Final = 5
"""How long what stands on the board is shown without another look."""

ON_BOARD: Final = "suspended"
"""Under this name the application knows the economies whose decisions are suspended."""

AnyRequest = Request[Any, Any, Any]


class Board:
    """Looks at the store now and then, beside the requests: none waits for it.

    Args:
        office: whose store is asked; while it is away the board stays as it is.
    """

    def __init__(self, office: Office) -> None:
        self._office = office
        self._looked_at = -float(SEEN_SECONDS)
        self._looking: asyncio.Task[None] | None = None

    async def look(self, request: AnyRequest) -> None:
        """Before a request: see to it that the board is looked at, if that was a while ago."""
        if time.monotonic() - self._looked_at >= SEEN_SECONDS:
            self._looked_at = time.monotonic()
            self._looking = asyncio.create_task(self._put_up(request.app))

    async def _put_up(self, application: Litestar) -> None:
        with suppress(TumenError):
            economies = await self._office.health.run(_suspended)
            application.state[ON_BOARD] = sorted(economies)
            for economy in ECONOMIES:
                metrics.SUSPENDED.labels(economy).set(economy in economies)


def _suspended(session: Session) -> frozenset[str]:
    return frozenset(session.ask(SUSPENDED)[0]["economy"].to_list())
