"""Enquiries: everything recorded about a reference, and its receipts again."""

from typing import Final

import polars as pl

from tumen.documents.fields import TABLED, Kind
from tumen.store.session import Session
from tumen.window.facts import TABLES
from tumen.window.journey import both_ends
from tumen.window.ledger.counterparts import VERSION_FACTS

REFERENCES: Final = {
    Kind.ORDER: ("order_number", "payment_number"),
    Kind.PAYMENT: ("order_number", "payment_number"),
    Kind.WAYBILL: ("order_number", "waybill_number"),
    Kind.DECLARATION: ("order_number", "waybill_number", "own_reference"),
    Kind.REVOCATION: ("order_number", "waybill_number", "own_reference"),
    Kind.RETURN: ("order_number", "waybill_number", "own_reference"),
    Kind.SHIPMENT: ("own_reference",),
}
"""By which of its fields a document is found."""

LINKS: Final = dict.fromkeys(TABLED, "order_number") | {Kind.SHIPMENT: "own_reference"}
"""What keeps documents of one consignment together; a native shipment stands alone."""

FOUND_SCHEMA: Final = pl.Schema(
    {
        "document_id": pl.Int64(),
        "kind": pl.String(),
        "key": pl.String(),
        "order_number": pl.String(),
        "sender": pl.String(),
        "function_code": pl.String(),
        "issued_at": pl.String(),
        "answer": pl.String(),
        "status": pl.Int32(),
        "recorded_at": pl.Datetime("us", "UTC"),
        "receipt": pl.String(),
    }
)
DOCUMENTS_MAX: Final = 1_000


def _documents(kind: Kind, condition: str) -> str:
    return f"""
        SELECT t.document_id, '{kind}' AS kind, t.key, t.{LINKS[kind]} AS order_number, t.sender,
               {VERSION_FACTS.get(kind, "t.function_code, t.issued_at")}, t.answer, t.status,
               b.recorded_at, t.receipt
        FROM {TABLES[kind]} t LEFT JOIN batch b USING (batch_id) WHERE {condition}
    """  # noqa: S608 - table and condition are our own constants


def order_numbers(session: Session, reference: str) -> pl.Series:
    """The order numbers that a reference stands for: of an order, waybill, payment or list.

    The number of a consignment that was declared at both ends stands for both of its shipments.
    """
    schema = pl.Schema({"order_number": pl.String})
    parts = [
        f"SELECT {LINKS[kind]} FROM {TABLES[kind]} WHERE {field} = %(reference)s"  # noqa: S608
        for kind, names in REFERENCES.items()
        for field in names
    ]
    assigned = """
        SELECT d.order_number FROM declaration_number n JOIN declaration d USING (document_id)
        WHERE n.declaration_number = %(reference)s OR n.preliminary_number = %(reference)s
    """
    ends = "SELECT own_reference FROM goods_shipment WHERE own_reference = ANY(%(ends)s)"
    query = " UNION ".join([*parts, assigned, ends])
    known = {"reference": reference, "ends": [*both_ends(reference)]}
    return session.read(query, known, schema)["order_number"].drop_nulls()


def documents(session: Session, numbers: pl.Series) -> pl.DataFrame:
    """Every document recorded for the orders, in the order of recording."""
    query = " UNION ALL ".join(
        _documents(kind, f"t.{LINKS[kind]} = ANY(%(numbers)s)") for kind in Kind
    )
    query += f" ORDER BY document_id LIMIT {DOCUMENTS_MAX}"
    return session.read(query, {"numbers": numbers}, FOUND_SCHEMA)


EVENT_SCHEMA: Final = pl.Schema(
    {
        "event_id": pl.Int64(),
        "document_id": pl.Int64(),
        "status": pl.String(),
        "lane": pl.String(),
        "codes": pl.String(),
        "party_hits": pl.String(),
        "legal_day": pl.Date(),
        "recorded_at": pl.Datetime("us", "UTC"),
        "law_version": pl.String(),
        "verdict": pl.String(),
        "customs_value_fen": pl.Int64(),
        "used_before_fen": pl.Int64(),
        "missing": pl.String(),
        "unverified": pl.String(),
        "act": pl.String(),
        "reason": pl.String(),
        "by": pl.String(),
    }
)


def events(session: Session, numbers: pl.Series) -> pl.DataFrame:
    """The history of declarations: what each was assessed at, what officers did and why.

    The batch of an officer's act, or of another sender's document, is not the filer's to see.
    """
    query = """
        SELECT e.event_id, e.document_id, e.status, e.lane, told_codes(e.codes),
               told_hits(e.party_hits), e.legal_day, e.recorded_at,
               b.law_version, a.verdict, a.customs_value_fen, told_used(a.used_before_fen),
               a.missing, a.unverified, coalesce(c.act, x.act), coalesce(c.reason, x.reason),
               CASE WHEN c.act IS NOT NULL OR x.authority IS NOT NULL THEN 'officer'
                    WHEN x.act IS NOT NULL THEN 'filer' END
        FROM declaration_event e LEFT JOIN batch b USING (batch_id)
        LEFT JOIN assessment a USING (event_id) LEFT JOIN decision c USING (event_id)
        LEFT JOIN aftercare_entry x USING (event_id)
        WHERE e.document_id = ANY(%(documents)s) ORDER BY e.event_id
    """
    return session.read(query, {"documents": numbers}, EVENT_SCHEMA)


SHIPMENT_SCHEMA: Final = pl.Schema(
    {
        "document_id": pl.Int64(),
        "key": pl.String(),
        "own_reference": pl.String(),
        "law_version": pl.String(),
        "ruling": pl.String(),
        **dict.fromkeys(
            ("dispatch", "destination", "transport", "platform", "seller", "currency"), pl.String()
        ),
    }
)


def shipments(session: Session, documents: pl.Series) -> pl.DataFrame:
    """Accepted native shipments with what the law said of each when it was decided, as JSON.

    An agency is shown the goods and no charges: to it the law's answer is null.
    """
    query = """
        SELECT s.document_id, s.key, s.own_reference, b.law_version, a.ruling,
               s.dispatch, s.destination, s.transport, s.platform, s.seller, s.currency
        FROM goods_shipment s LEFT JOIN batch b USING (batch_id)
        LEFT JOIN shipment_assessment a USING (document_id)
        WHERE s.document_id = ANY(%(documents)s) AND s.answer = 'accepted' ORDER BY s.document_id
    """
    return session.read(query, {"documents": documents}, SHIPMENT_SCHEMA)


GOODS_SCHEMA: Final = pl.Schema(
    {
        "document_id": pl.Int64(),
        "position": pl.Int32(),
        "hs_code": pl.String(),
        "description": pl.String(),
        "quantity": pl.String(),
        "unit": pl.String(),
        "unit_price": pl.Int64(),
        "net_weight_kg": pl.Int64(),
        "origin": pl.String(),
    }
)


def goods_of_shipments(session: Session, documents: pl.Series) -> pl.DataFrame:
    """The goods items of native shipments as they were lodged."""
    query = """
        SELECT i.document_id, i.position::integer, i.hs_code, i.description,
               trim_scale(i.quantity)::text, i.unit, i.unit_price, i.net_weight_kg, i.origin
        FROM goods_shipment_item i
        WHERE i.document_id = ANY(%(documents)s) ORDER BY i.document_id, i.position
    """
    return session.read(query, {"documents": documents}, GOODS_SCHEMA)


CHARGE_SCHEMA: Final = pl.Schema(
    {
        "event_id": pl.Int64(),
        "position": pl.Int32(),
        "code": pl.String(),
        "base_fen": pl.Int64(),
        "rate_ppm": pl.Int64(),
        "amount_fen": pl.Int64(),
    }
)


def charges(session: Session, numbers: pl.Series) -> pl.DataFrame:
    """The charges of events, in the order of items."""
    query = """
        SELECT event_id, position, code, base_fen, rate_ppm, amount_fen FROM charge
        WHERE event_id = ANY(%(events)s) ORDER BY event_id, position, code
    """
    return session.read(query, {"events": numbers}, CHARGE_SCHEMA)


ALLOWANCE_SCHEMA: Final = pl.Schema(
    {
        "event_id": pl.Int64(),
        "year": pl.Int32(),
        "entry": pl.String(),
        "amount_fen": pl.Int64(),
        "used_after_fen": pl.Int64(),
    }
)


def allowance(session: Session, documents: pl.Series) -> pl.DataFrame:
    """What declarations took of their buyer's allowance.

    What was used of it after each is null for a filer, who sees no purchases at other platforms.
    """
    query = """
        SELECT e.event_id, e.year, e.entry, e.amount_fen,
               told_used((SELECT sum(earlier.amount_fen)::bigint FROM allowance_entry earlier
                          WHERE earlier.person = e.person AND earlier.year = e.year
                          AND earlier.event_id <= e.event_id)) AS used_after_fen
        FROM allowance_entry e
        WHERE e.person IN (SELECT buyer_index FROM declaration
                           WHERE document_id = ANY(%(documents)s))
          AND e.document_id = ANY(%(documents)s) ORDER BY e.event_id
    """
    return session.read(query, {"documents": documents.to_list()}, ALLOWANCE_SCHEMA)


NOTICE: Final = "notice"
"""The kind of a receipt that tells a declaration's new status; its number is the event's."""

RECEIPT_SCHEMA: Final = pl.Schema(
    {
        "document_id": pl.Int64(),
        "kind": pl.String(),
        "format": pl.String(),
        "digest": pl.String(),
        "receipt": pl.String(),
    }
)


def receipts(session: Session, numbers: pl.Series) -> pl.DataFrame:
    """The receipts of the orders' documents, as they were first given; then the notices."""
    query = " UNION ALL ".join(
        f"""SELECT document_id, '{kind}' AS kind, format,
                   encode(uuid_send(digest), 'hex') AS digest, receipt
            FROM {TABLES[kind]} WHERE {LINKS[kind]} = ANY(%(numbers)s)"""  # noqa: S608
        for kind in Kind
    )
    found = session.read(f"{query} ORDER BY document_id", {"numbers": numbers}, RECEIPT_SCHEMA)
    query = f"""SELECT e.event_id, '{NOTICE}', d.format, lpad(e.event_id::text, 32, '0'), e.receipt
                FROM declaration_event e JOIN declaration d USING (document_id)
                WHERE d.order_number = ANY(%(numbers)s) AND e.receipt IS NOT NULL
                UNION ALL
                SELECT e.event_id, '{NOTICE}', s.format, lpad(e.event_id::text, 32, '0'), e.receipt
                FROM declaration_event e JOIN goods_shipment s USING (document_id)
                WHERE s.own_reference = ANY(%(numbers)s) AND e.receipt IS NOT NULL
                ORDER BY event_id"""  # noqa: S608 - our own constant
    return pl.concat([found, session.read(query, {"numbers": numbers}, RECEIPT_SCHEMA)])
