"""The lists by which documents are screened, while they change: a service lives for weeks."""

import time
from contextlib import suppress
from typing import Final

from tumen.bootstrap import Node
from tumen.kernel.errors import StoreUnavailable
from tumen.window import ledger

ASKED_SECONDS: Final = 5
"""How long an imported list may wait to be in force here."""


class ListsInForce:
    """Gives the node with the lists in force; asks the store now and then whether there are others.

    Args:
        node: the open node.
        asked_seconds: how long its lists are taken to be those in force.
    """

    def __init__(self, node: Node, asked_seconds: float = ASKED_SECONDS) -> None:
        self.node = node
        self._asked_seconds = asked_seconds
        self._asked_at = -asked_seconds

    def look(self) -> Node:
        """The node, with other lists where some were imported since the last look.

        Where the store is away the node stays as it is; so does what would be recorded.
        """
        if time.monotonic() - self._asked_at >= self._asked_seconds:
            with suppress(StoreUnavailable):
                self._ask()
        return self.node

    def _ask(self) -> None:
        with self.node.database.session() as session:
            newest = ledger.newest_list(session)
        if newest != self.node.newest_list:
            self.node = self.node.with_lists_in_force()
        self._asked_at = time.monotonic()
