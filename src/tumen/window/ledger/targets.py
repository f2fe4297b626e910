"""What revocations and returns refer to, as the store has it."""

import polars as pl

from tumen.store.session import Session
from tumen.window.aftercare import Targets
from tumen.window.cases import ORDER_KEY
from tumen.window.correction import lists_as_corrected
from tumen.window.ledger.balances import (
    allowance_of,
    charge_balances,
    corrections,
    returned_quantities,
)
from tumen.window.ledger.counterparts import declarations, items_of_declarations


def targets(session: Session, requests: pl.DataFrame) -> Targets:
    """The declarations that requests refer to by their orders, with what hangs on them."""
    keys = requests.select(key=ORDER_KEY)["key"].unique()
    lists = declarations(session, keys)
    documents = lists["document_id"]
    items, corrected, returned, charged, held = session.ask(
        items_of_declarations(documents),
        corrections(documents),
        returned_quantities(keys),
        charge_balances(documents),
        allowance_of(documents),
    )
    lists, items = lists_as_corrected(lists, items, corrected)
    return Targets(lists, items, returned, charged, held)
