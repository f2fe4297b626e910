"""What the window reads of the store. Only this package and the desk meet the store.

Every query takes keys and gives frames; hexadecimal text stands for uuid.
"""

from tumen.window.ledger import inquiry
from tumen.window.ledger.balances import (
    NEXT_EVENT,
    balances,
    lists,
    newest_list,
    notices_of,
    positive_list,
    recognise,
    refusals,
    violations_of,
)
from tumen.window.ledger.beginning import Signing, opened_log
from tumen.window.ledger.contingencies import SUSPENDED
from tumen.window.ledger.counterparts import (
    DECLARATION_SCHEMA,
    counterparts_of,
    items_of_declarations,
    order_items,
    orders,
    payments,
    pending,
    versions,
    waybills,
)
from tumen.window.ledger.log import StoredLog
from tumen.window.ledger.log import newest as newest_checkpoint
from tumen.window.ledger.targets import targets

__all__ = [
    "DECLARATION_SCHEMA",
    "NEXT_EVENT",
    "SUSPENDED",
    "Signing",
    "StoredLog",
    "balances",
    "counterparts_of",
    "inquiry",
    "items_of_declarations",
    "lists",
    "newest_checkpoint",
    "newest_list",
    "notices_of",
    "opened_log",
    "order_items",
    "orders",
    "payments",
    "pending",
    "positive_list",
    "recognise",
    "refusals",
    "targets",
    "versions",
    "violations_of",
    "waybills",
]
