"""Documents whose counterpart is missing: which one, and since when, a page at a time.

Pages go through the numbers of documents, which are in the order of recording: a page looks at a
bounded stretch of them, so that a long history costs a page no more than a short one. A document of
which a later version or a deletion is in force waits for nothing.
"""

from dataclasses import dataclass
from typing import Final

import polars as pl

from tumen.documents.fields import Kind
from tumen.kernel.limits import ORPHANS_LOOKED_AT_MAX
from tumen.store.session import Session
from tumen.window.facts import TABLES

HIGHEST: Final = (1 << 63) - 1

SCHEMA: Final = pl.Schema(
    {
        "document_id": pl.Int64(),
        "kind": pl.String(),
        "key": pl.String(),
        "missing": pl.String(),
        "since": pl.Datetime("us", "UTC"),
    }
)

_LINKS: Final = {
    Kind.ORDER: "o.key = d.key",
    Kind.PAYMENT: "document_key(o.platform_code, o.order_number) = d.key",
    Kind.WAYBILL: "o.key = document_key(d.carrier_code, d.waybill_number)",
}
"""How a declaration d finds a counterpart o; each by an index."""

_BACK: Final = {
    Kind.ORDER: "o.key = d.key",
    Kind.PAYMENT: "o.key = document_key(d.platform_code, d.order_number)",
    Kind.WAYBILL: "document_key(o.carrier_code, o.waybill_number) = d.key",
}
"""How a counterpart d finds a declaration o."""


def _in_force(kind: Kind, name: str) -> str:
    """Whether a document is the last accepted and declared one of its key, and no deletion."""
    return f"""{name}.answer = 'accepted' AND {name}.status NOT IN (1, 2)
        AND {name}.function_code <> '3' AND NOT EXISTS (
            SELECT FROM {TABLES[kind]} later WHERE later.key = {name}.key
            AND later.document_id > {name}.document_id AND later.answer = 'accepted'
            AND later.status NOT IN (1, 2))"""


def _absent(kind: Kind) -> str:
    return f"""CASE WHEN NOT EXISTS (SELECT FROM {TABLES[kind]} o
        WHERE {_LINKS[kind]} AND {_in_force(kind, "o")}) THEN '{kind}' END"""


_PENDING: Final = f"""
    SELECT d.document_id, 'declaration' AS kind, d.key,
           concat_ws(', ', {", ".join(map(_absent, _LINKS))}) AS missing, d.batch_id
    FROM declaration d JOIN declaration_event e USING (document_id)
    WHERE e.status = 'pending' AND {{bounds}} AND NOT EXISTS (
        SELECT FROM declaration_event later
        WHERE later.document_id = e.document_id AND later.event_id > e.event_id)
"""  # noqa: S608 - our own constants


def _left_alone(kind: Kind) -> str:
    return f"""
        SELECT d.document_id, '{kind}', d.key, 'declaration', d.batch_id
        FROM {TABLES[kind]} d WHERE {{bounds}} AND {_in_force(kind, "d")}
          AND NOT EXISTS (SELECT FROM declaration o
                          WHERE {_BACK[kind]} AND {_in_force(Kind.DECLARATION, "o")})
    """  # noqa: S608 - our own constants


_PARTS: Final = (_PENDING, *map(_left_alone, _LINKS))
_LAST: Final = f"""SELECT greatest({
    ", ".join(
        f"(SELECT coalesce(max(document_id), 0) FROM {TABLES[kind]})"
        for kind in (Kind.DECLARATION, *_LINKS)
    )
})"""  # noqa: S608 - our own constants


KINDS: Final = 1 + len(_LINKS)
"""Of so many kinds documents are looked at."""

_NUMBER: Final = pl.Schema({"document_id": pl.Int64()})
_OWN_UNTIL: Final = " UNION ALL ".join(
    f"""(SELECT document_id FROM {TABLES[kind]} WHERE sender = %(sender)s
          AND document_id > %(after)s ORDER BY document_id
          OFFSET {ORPHANS_LOOKED_AT_MAX // KINDS} LIMIT 1)"""  # noqa: S608 - our own constants
    for kind in (Kind.DECLARATION, *_LINKS)
)


@dataclass(frozen=True, slots=True)
class Orphans:
    """A page of them.

    Attributes:
        lines: as :data:`SCHEMA`, in the order of recording.
        next: the cursor of the page after it; None at the end.
    """

    lines: pl.DataFrame
    next: int | None


def orphans(session: Session, *, limit: int, after: int = 0, sender: str | None = None) -> Orphans:
    """Documents whose counterpart is missing, the oldest first.

    Args:
        session: one that sees the documents of all senders: a counterpart is often another's.
        limit: the most lines; a page may have fewer, or none, and yet not be the last.
        after: documents with higher numbers.
        sender: only what this one lodged; None for all.
    """
    last = int(session.read(_LAST, None, _NUMBER).item())
    until = min(last, _until(session, after, sender))
    own = "" if sender is None else "d.sender = %(sender)s AND "
    bounds = f"{own}d.document_id > %(after)s AND d.document_id <= %(until)s"
    parts = " UNION ALL ".join(
        f"({part.format(bounds=bounds)} ORDER BY 1 LIMIT {limit:d})" for part in _PARTS
    )
    query = f"""SELECT f.document_id, f.kind, f.key, f.missing, b.recorded_at
                FROM ({parts}) f JOIN batch b USING (batch_id)
                ORDER BY 1 LIMIT {limit:d}"""  # noqa: S608 - our own constants
    known: dict[str, str | int] = {"after": after, "until": until}
    found = session.read(query, known if sender is None else {**known, "sender": sender}, SCHEMA)
    if found.height == limit:
        return Orphans(found, int(found["document_id"].item(-1)))
    return Orphans(found, until if until < last else None)


def _until(session: Session, after: int, sender: str | None) -> int:
    """Up to which document a page looks: it passes so many at most, a sender's of each kind."""
    if sender is None:
        return after + ORPHANS_LOOKED_AT_MAX
    found = session.read(_OWN_UNTIL, {"sender": sender, "after": after}, _NUMBER)
    return HIGHEST if found.is_empty() else min(found["document_id"].to_list())
