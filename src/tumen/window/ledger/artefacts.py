"""Artefacts in the store: each by its kind and hash, with a leaf of its own (ADR 6)."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import Final

import polars as pl

from tumen.store.session import Session
from tumen.trust.published import head_of, is_signed_by
from tumen.window.books import Table
from tumen.window.leaves import single
from tumen.window.ledger.log import NodeLog, newest

TABLE: Final = "log_artefact"
LOG_KEY: Final = "log_key"
"""The kind of the artefact that tells of a log's new key."""

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


@dataclass(frozen=True, slots=True)
class Found:
    """What is entered.

    Attributes:
        kind: such as ``trust_bundle``.
        content: its hash.
        name: what it is called; nothing personal.
    """

    kind: str
    content: bytes
    name: str


def number_of(session: Session, log: NodeLog, kind: str, content: bytes) -> int | None:
    """The number under which an artefact is in this log; None where it is not."""
    first = log.origin.first_artefact
    known: dict[str, str | bytes | int] = {"kind": kind, "content": content, "first": first}
    found = session.read(_KNOWN, known, pl.Schema({"artefact_id": pl.Int64()}))
    return None if found.is_empty() else int(found.item())


def record(
    session: Session, log: NodeLog, found: Found, at: datetime, *, beside: Table | None = None
) -> int:
    """Write an artefact and its leaf in the sequencer's line; one that is there is kept.

    Args:
        session: one transaction.
        log: the node's.
        found: what is entered.
        at: when it is recorded.
        beside: a table and rows of it that stand under the same leaf, in the order of its key.
    """
    session.sequence()
    known = number_of(session, log, found.kind, found.content)
    if known is not None:
        return known
    number = session.next_values("artefact_number", 1)
    values = (number, found.kind, found.content, found.name, at)
    tables = [(TABLE, pl.DataFrame([values], schema=_SCHEMA, orient="row"))]
    if beside is not None:
        named = pl.lit(number, pl.Int64).alias("artefact_id")
        tables.append((beside[0], beside[1].with_columns(named)))
    taken: dict[str, bytes] = {}
    for table, rows in tables:
        session.copy(table, rows, partial(taken.__setitem__, table))
    session.settle()
    log.append(session, single("artefact", number, [*taken.items()], found.kind, found.content))
    return number


def renew_head(session: Session, log: NodeLog, at: datetime) -> None:
    """Append a leaf that tells of the log's key, where another one signed its head.

    A head whose key has ended counts for nothing once it is cosigned later than that.
    """
    signed, key = newest(session, log.origin.number), log.signer.verifier_key
    if signed is not None and not is_signed_by(signed, key):
        content = sha256(f"{head_of(signed).size} {key}".encode()).digest()
        record(session, log, Found(LOG_KEY, content, key), at)
