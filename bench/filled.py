"""A node with a long history: the facts of cleared bundles, repeated under other numbers.

The first bundles go down the road; their documents, numbers and events are then copied by the
server with every number and key made anew, so that each row is as wide and as linked as those of
the road. Sealed fields and leaves are not repeated: no list reads them. Who asks where goods are
needs the journeys alone.
"""

from collections.abc import Sequence
from typing import Final

import psycopg

from tumen.bootstrap import Node

HEADS: Final = ("trade_order", "payment", "waybill", "declaration", "goods_shipment")
JOURNEYS: Final = (*HEADS, "declaration_number", "declaration_event", "batch")
LISTED: Final = (
    *JOURNEYS, "refusal", "revocation", "goods_return", "bill", "examination_entry",
    "declaration_item", "goods_shipment_item", "document_violation", "assessment", "charge",
    "shipment_assessment", "shipment_charge", "decision", "allowance_entry", "bill_item",
)  # fmt: skip
"""All that a list, an export or a statistic reads."""

WITHOUT_DOCUMENT: Final = ("batch", "charge", "shipment_charge")
FEW: Final = "few"
"""Who lodged the first copy: a filer with little among much."""

NUMBERED: Final = {
    "key": "{} || '-' || k",
    "order_number": "{} || '-' || k",
    "payment_number": "{} || '-' || k",
    "waybill_number": "{} || '-' || k",
    "own_reference": "{} || '-' || k",
    "preliminary_number": "{} || '-' || k",
    "declaration_number": "{} || '-' || k",
    "digest": "md5({}::text || k)::uuid",
    "document_id": "{} + k * %(documents)s",
    "event_id": "{} + k * %(events)s",
    "batch_id": "{} + k * %(batches)s",
    "declaration": "{} + k * %(documents)s",
    "person": "md5({}::text || k)::uuid",
    **dict.fromkeys(("sender", "filer", "payer"), f"CASE k WHEN 1 THEN '{FEW}' ELSE {{}} END"),
}
"""What is made anew for the copy number k."""


def fill(node: Node, declarations: int, tables: Sequence[str] = JOURNEYS) -> int:
    """Repeat what is recorded until there are so many declarations; how many there are then."""
    with psycopg.connect(node.database.url, autocommit=True) as connection:
        connection.execute("SET synchronous_commit = off")
        (there,) = _row(connection, "SELECT count(*) FROM declaration_number")
        copies = declarations // there
        highest = {
            "documents": _row(connection, f"SELECT greatest({_highest(tables)})")[0],
            "events": _row(connection, "SELECT max(event_id) FROM declaration_event")[0],
            "batches": _row(connection, "SELECT max(batch_id) FROM batch")[0],
            "copies": copies - 1,
        }
        for table in tables:
            connection.execute(_copying(connection, table).encode(), highest)
            connection.execute(f"VACUUM (ANALYZE) {table}".encode())
    return int(there * copies)


def _highest(tables: Sequence[str]) -> str:
    numbered = [table for table in tables if table not in WITHOUT_DOCUMENT]
    return ", ".join(f"(SELECT coalesce(max(document_id), 0) FROM {table})" for table in numbered)


def _copying(connection: "psycopg.Connection[tuple[object, ...]]", table: str) -> str:
    columns = [
        str(name)
        for (name,) in connection.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
            " AND NOT attisdropped ORDER BY attnum", (table,)
        )
    ]  # fmt: skip
    made = ", ".join(NUMBERED.get(name, "{}").format(f"t.{name}") for name in columns)
    return f"""INSERT INTO {table} ({", ".join(columns)})
               SELECT {made} FROM generate_series(1, %(copies)s) k CROSS JOIN {table} t"""


def _row(connection: "psycopg.Connection[tuple[object, ...]]", query: str) -> tuple[int, ...]:
    found = connection.execute(query.encode()).fetchone()
    assert found is not None
    return tuple(int(str(each)) for each in found)
