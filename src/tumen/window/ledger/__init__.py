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

__all__ = [
    "DECLARATION_SCHEMA",
    "allowance_of",
    "balances",
    "charge_balances",
    "declaration_items",
    "declarations",
    "inquiry",
    "lists",
    "next_event",
    "notices_of",
    "order_items",
    "orders",
    "payments",
    "pending",
    "recognise",
    "refusals",
    "returned_quantities",
    "versions",
    "violations_of",
    "waybills",
]
