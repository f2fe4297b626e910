"""What persons have used, what declarations were charged, what came back, what was refused."""

from typing import Final

import polars as pl

from tumen.kernel.errors import UsageError
from tumen.store.session import Query, Session
from tumen.window.ledger.freezes import FROZEN
from tumen.window.lists import PARTIES_IN_FORCE, PARTIES_IN_FORCE_SCHEMA, PRICES_IN_FORCE
from tumen.window.positive_list import EDITIONS, EDITIONS_SCHEMA, PositiveList
from tumen.window.screening import REFERENCE_PRICE_SCHEMA, ScreeningLists

BALANCE_SCHEMA: Final = pl.Schema(
    {"person": pl.String, "year": pl.Int32, "balance_fen": pl.Int64, "is_frozen": pl.Boolean}
)


def balances(persons: pl.Series) -> Query:
    """Asks for what each person has used or reserved of each year's allowance.

    Who has frozen it has a line without a year, beside those.
    """
    query = f"""
        WITH asked AS MATERIALIZED (SELECT %(persons)s::uuid[] AS persons)
        SELECT encode(uuid_send(person), 'hex') AS person, year,
               sum(amount_fen)::bigint AS balance_fen, false AS is_frozen
        FROM allowance_entry WHERE person = ANY((SELECT persons FROM asked)::uuid[])
        GROUP BY person, year
        UNION ALL
        SELECT encode(uuid_send(person), 'hex'), NULL, 0, true FROM ({FROZEN}) f
    """  # noqa: S608 - our own constant
    return Query(query, BALANCE_SCHEMA, {"persons": persons})


CHARGE_BALANCE_SCHEMA: Final = pl.Schema(
    {
        "document_id": pl.Int64,
        "position": pl.Int32,
        "code": pl.String,
        "charged_fen": pl.Int64,
        "outstanding_fen": pl.Int64,
        "is_unknown": pl.Boolean,
    }
)

CHARGED: Final = """
    CASE WHEN x.event_id IS NOT NULL THEN x.act = 'correction'
         ELSE c.{amount} > 0 OR e.status = 'rejected' END
"""
"""Whether a line is what the law charges: what a return took off, and what was due again when it
lapsed, is no second charge; what a rejection took off, and what undoing it put back, neither."""

IS_UNKNOWN: Final = """
    bool_or(c.{amount} IS NULL AND NOT EXISTS (
        SELECT FROM aftercare_entry k WHERE k.document_id = e.document_id
        AND k.act = 'correction' AND k.event_id > e.event_id))
"""
"""Whether a line is unknown that no correction has settled since."""

_BALANCES: Final = f"""
    SELECT e.document_id, {{keys}},
           (sum(c.{{amount}}) FILTER (WHERE {CHARGED}))::bigint, sum(c.{{amount}})::bigint,
           {IS_UNKNOWN}
    FROM {{table}} c JOIN declaration_event e USING (event_id)
    LEFT JOIN aftercare_entry x USING (event_id)
    WHERE e.document_id = ANY(%(documents)s) GROUP BY e.document_id, {{keys}}
    ORDER BY e.document_id, {{keys}}
"""  # noqa: S608 - our own constants


def charge_balances(documents: pl.Series) -> Query:
    """Asks for what each item of declarations was charged, and what is left after refunds."""
    keys, amount = "c.position, c.code", "amount_fen"
    query = _BALANCES.format(keys=keys, amount=amount, table="charge")
    return Query(query, CHARGE_BALANCE_SCHEMA, {"documents": documents})


SHIPMENT_BALANCE_SCHEMA: Final = pl.Schema(
    {
        "document_id": pl.Int64,
        "code": pl.String,
        "currency": pl.String,
        "charged_minor": pl.Int64,
        "outstanding_minor": pl.Int64,
        "is_unknown": pl.Boolean,
    }
)


def shipment_balances(session: Session, documents: pl.Series) -> pl.DataFrame:
    """What shipments were charged, and what is left after refunds."""
    keys, amount = "c.code, c.currency", "amount_minor"
    query = _BALANCES.format(keys=keys, amount=amount, table="shipment_charge")
    return session.read(query, {"documents": documents}, SHIPMENT_BALANCE_SCHEMA)


def returned_quantities(keys: pl.Series) -> Query:
    """Asks for how much of each item the accepted returns of these declarations have taken back."""
    query = """
        SELECT document_key(r.platform_code, r.order_number) AS declaration_key, i.item_number,
               sum(i.quantity)::bigint AS returned
        FROM goods_return r JOIN goods_return_item i USING (document_id)
        WHERE document_key(r.platform_code, r.order_number) = ANY(%(keys)s)
          AND r.answer = 'accepted' AND r.status NOT IN (1, 2)
        GROUP BY 1, 2
    """
    schema = pl.Schema(
        {"declaration_key": pl.String, "item_number": pl.Int32, "returned": pl.Int64}
    )
    return Query(query, schema, {"keys": keys})


def corrections(documents: pl.Series) -> Query:
    """Asks for what was corrected, in recorded order: document_id and what is stated."""
    query = """
        SELECT document_id, stated FROM aftercare_entry
        WHERE document_id = ANY(%(documents)s) AND act = 'correction' ORDER BY event_id
    """
    schema = pl.Schema({"document_id": pl.Int64, "stated": pl.String})
    return Query(query, schema, {"documents": documents})


def allowance_of(documents: pl.Series) -> Query:
    """Asks for what each declaration holds of its person's allowance."""
    query = """
        SELECT document_id, encode(uuid_send(person), 'hex') AS person, year,
               sum(amount_fen)::bigint AS held_fen
        FROM allowance_entry WHERE person IN (
            SELECT buyer_index FROM declaration WHERE document_id = ANY(%(documents)s))
          AND document_id = ANY(%(documents)s)
        GROUP BY 1, 2, 3
    """
    schema = pl.Schema(
        {"document_id": pl.Int64, "person": pl.String, "year": pl.Int32, "held_fen": pl.Int64}
    )
    return Query(query, schema, {"documents": documents})


NEXT_EVENT: Final = Query(
    "SELECT coalesce(max(event_id), 0) + 1 FROM declaration_event",
    pl.Schema({"event_id": pl.Int64()}),
)
"""Asks for the number of the next event; counted from the table, so that events have no gaps."""


def refusals(digests: pl.Series) -> Query:
    """Asks for unreadable rows that were answered before, by their digest."""
    query = """
        SELECT encode(uuid_send(digest), 'hex') AS digest, document_id AS original_id,
               batch_id AS original_batch, receipt
        FROM refusal WHERE digest = ANY(%(digests)s::uuid[])
    """
    schema = pl.Schema(
        {
            "digest": pl.String,
            "original_id": pl.Int64,
            "original_batch": pl.Int64,
            "receipt": pl.String,
        }
    )
    return Query(query, schema, {"digests": digests})


def violations_of(session: Session, documents: pl.Series) -> pl.DataFrame:
    """Why documents were refused: original_id, code, path, value, expected."""
    query = """
        SELECT document_id AS original_id, code, path, value, expected FROM document_violation
        WHERE document_id = ANY(%(documents)s) ORDER BY document_id, position
    """
    text = dict.fromkeys(("code", "path", "value", "expected"), pl.String)
    schema = pl.Schema({"original_id": pl.Int64, **text})
    return session.read(query, {"documents": documents}, schema)


NOTICE_SCHEMA: Final = pl.Schema(
    {"event_id": pl.Int64(), "format": pl.String(), "receipt": pl.String()}
)

_NOTICES: Final = """
    SELECT e.event_id, d.format, e.receipt
    FROM declaration d JOIN declaration_event e USING (document_id)
    WHERE {link} = ANY(%(keys)s) AND e.receipt IS NOT NULL
      AND (e.batch_id = ANY(%(batches)s) OR e.document_id = ANY(%(documents)s))
"""


def notices_of(
    session: Session, order_keys: pl.Series, waybill_keys: pl.Series, duplicates: pl.DataFrame
) -> pl.DataFrame:
    """The notices that duplicates brought about when they first came, or were told of them.

    Args:
        session: where they are recorded.
        order_keys: platform|order of orders, payments, lists, revocations and returns.
        waybill_keys: carrier|waybill of waybills.
        duplicates: document_id and original_batch.
    """
    known = {
        "batches": duplicates["original_batch"].unique(),
        "documents": duplicates["document_id"].unique(),
    }
    links = {"d.key": order_keys, "document_key(d.carrier_code, d.waybill_number)": waybill_keys}
    found = [
        session.read(_NOTICES.format(link=link), {"keys": keys, **known}, NOTICE_SCHEMA)
        for link, keys in links.items()
        if not keys.is_empty()
    ]
    return (
        pl.concat([pl.DataFrame(schema=NOTICE_SCHEMA), *found]).unique("event_id").sort("event_id")
    )


def lists(session: Session) -> tuple[ScreeningLists, pl.DataFrame]:
    """The reference prices in force, and the names of the watch lists in force."""
    prices = session.read(PRICES_IN_FORCE, None, REFERENCE_PRICE_SCHEMA)
    names = session.read(PARTIES_IN_FORCE, None, PARTIES_IN_FORCE_SCHEMA)
    return ScreeningLists(prices), names


def newest_list(session: Session) -> int:
    """The number of the list that was imported last; 0 where there is none."""
    schema = pl.Schema({"list_id": pl.Int64})
    return int(session.read("SELECT coalesce(max(list_id), 0) FROM list", None, schema).item())


def positive_list(session: Session) -> PositiveList:
    """Every edition of the positive list that was imported."""
    return PositiveList.of(session.read(EDITIONS, None, EDITIONS_SCHEMA))


def recognise(session: Session, fingerprint: str) -> None:
    """See that the node's keys are those that its store was made with; the first are kept.

    Raises:
        UsageError: the store was made with other keys, so no person would be recognised.
    """
    known = _fingerprints(session)
    if known.is_empty():  # only then is there something to wait in line for
        session.sequence()
        known = _fingerprints(session)
    if known.is_empty():
        session.copy("node_keys", pl.DataFrame({"fingerprint": [fingerprint]}))
    elif known.item() != fingerprint:
        raise UsageError("The keys are not those that this database was made with.")


def known_mark(session: Session) -> str | None:
    """The mark of the keys that the store was made with; None where nobody opened it yet."""
    known = _fingerprints(session)
    return None if known.is_empty() else str(known.item())


def _fingerprints(session: Session) -> pl.DataFrame:
    schema = pl.Schema({"fingerprint": pl.String})
    return session.read("SELECT fingerprint FROM node_keys", None, schema)
