"""Artefacts in the store: each by its kind and hash, with a leaf of its own (ADR 6)."""

from datetime import datetime
from functools import partial
from typing import Final

import polars as pl

from tumen.store.session import Session
from tumen.window.leaves import single
from tumen.window.ledger.log import NodeLog

TABLE: Final = "log_artefact"

_SCHEMA: Final = pl.Schema(
    {
        "artefact_id": pl.Int64(),
        "kind": pl.String(),
        "content": pl.Binary(),
        "name": pl.String(),
        "recorded_at": pl.Datetime("us", "UTC"),
    }
)
_KNOWN: Final = """
    SELECT artefact_id FROM log_artefact WHERE kind = %(kind)s AND content = %(content)s
      AND artefact_id >= %(first)s ORDER BY artefact_id LIMIT 1
"""


def number_of(session: Session, log: NodeLog, kind: str, content: bytes) -> int | None:
    """The number under which an artefact is in this log; None where it is not."""
    first = log.origin.first_artefact
    known: dict[str, str | bytes | int] = {"kind": kind, "content": content, "first": first}
    found = session.read(_KNOWN, known, pl.Schema({"artefact_id": pl.Int64()}))
    return None if found.is_empty() else int(found.item())


def record(
    session: Session, log: NodeLog, kind: str, content: bytes, name: str, at: datetime
) -> int:
    """Write an artefact and its leaf in the sequencer's line; one that is there is kept.

    Args:
        session: one transaction.
        log: the node's.
        kind: such as ``trust_bundle``.
        content: its hash.
        name: what it is called; nothing personal.
        at: when it is recorded.
    """
    session.sequence()
    found = number_of(session, log, kind, content)
    if found is not None:
        return found
    number = session.next_values("artefact_number", 1)
    row = pl.DataFrame([(number, kind, content, name, at)], schema=_SCHEMA, orient="row")
    taken: dict[str, bytes] = {}
    session.copy(TABLE, row, partial(taken.__setitem__, TABLE))
    session.settle()
    log.append(session, single("artefact", number, [*taken.items()], kind, content))
    return number
