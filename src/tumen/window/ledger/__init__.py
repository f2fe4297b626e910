"""What the window reads of the store. Only this package and the desk meet the store.

Every query takes keys and gives frames; hexadecimal text stands for uuid.
"""

from tumen.window.ledger import inquiry
from tumen.window.ledger.balances import (
    allowance_of,
    balances,
    charge_balances,
    lists,
    next_event,
    notices_of,
    positive_list,
    recognise,
    refusals,
    returned_quantities,
    violations_of,
)
from tumen.window.ledger.counterparts import (
    DECLARATION_SCHEMA,
    declaration_items,
    declarations,
    order_items,
    orders,
    payments,
    pending,
    versions,
    waybills,
)
from tumen.window.ledger.log import StoredLog, opened_log
from tumen.window.ledger.log import newest as newest_checkpoint

__all__ = [
    "DECLARATION_SCHEMA",
    "StoredLog",
    "allowance_of",
    "balances",
    "charge_balances",
    "declaration_items",
    "declarations",
    "inquiry",
    "lists",
    "newest_checkpoint",
    "next_event",
    "notices_of",
    "opened_log",
    "order_items",
    "orders",
    "payments",
    "pending",
    "positive_list",
    "recognise",
    "refusals",
    "returned_quantities",
    "versions",
    "violations_of",
    "waybills",
]
