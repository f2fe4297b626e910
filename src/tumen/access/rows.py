"""Single rows of the tables of access: appended, and read as plain values."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from tumen.store.literal import Value
from tumen.store.session import Session

TEXT = pl.String()
MOMENT = pl.Datetime("us", "UTC")


def append(session: Session, table: str, **row: Any) -> None:
    """Append one row to a table; it is durable when the transaction ends."""
    session.copy(table, pl.DataFrame([row]))


def rows(
    session: Session, query: str, given: Mapping[str, Value], schema: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """What a query gives, a mapping for each row."""
    return session.read(query, given, pl.Schema(schema)).to_dicts()
