"""Where declarations and shipments stand before an authority, for whoever decides about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from tumen.store.session import Session
from tumen.window.acts import LastAct, Standing
from tumen.window.ledger.freezes import is_frozen

NO_NUMBER: Final = "#"
"""Before the number of a document stands this: a shipment has no number of its own."""

RECEIPT_COLUMNS: Final = (
    "kind", "format", "platform_code", "merchant_code", "order_number", "agent_code",
    "customs_office", "own_reference", "destination", "preliminary_number", "declaration_number",
)  # fmt: skip
"""What a notice repeats of the declaration or shipment."""

AUTHORITY_OF_SHIPMENT: Final = """
    CASE WHEN starts_with(coalesce(a.regime, s.regime_asked), 'export') THEN s.dispatch
         ELSE s.destination END"""
"""An export is before the economy that sends, all else before the one that receives."""

_FOUND: Final = """
    SELECT a.place, n.document_id FROM asked a
    JOIN declaration_number n ON n.declaration_number = a.reference
    UNION ALL
    SELECT place, substr(reference, 2)::bigint FROM asked WHERE reference ~ '^#[0-9]{1,18}$'
"""

_HEADS: Final = f"""
    SELECT f.place, d.document_id, 'CN' AS authority, 'declaration' AS kind, d.format,
           d.platform_code, d.merchant_code, d.order_number, d.agent_code, d.customs_office,
           d.own_reference, NULL AS destination, n.preliminary_number, n.declaration_number,
           d.key, d.buyer_index, d.buyer_index AS person,
           document_key(d.carrier_code, d.waybill_number) AS waybill_key
    FROM found f JOIN declaration d USING (document_id)
    JOIN declaration_number n USING (document_id)
    UNION ALL
    SELECT f.place, s.document_id, {AUTHORITY_OF_SHIPMENT}, 'shipment', s.format, NULL, NULL, NULL,
           NULL, NULL, s.own_reference, s.destination, NULL, NULL, NULL, NULL, s.buyer_index, NULL
    FROM found f JOIN goods_shipment s USING (document_id)
    JOIN shipment_assessment a USING (document_id)
"""  # noqa: S608 - our own constants

_LAST: Final = """
    SELECT event_id, batch_id, status, legal_day, recorded_at FROM declaration_event
    WHERE document_id = h.document_id ORDER BY event_id DESC LIMIT 1
"""

_BEFORE: Final = """
    SELECT b.status FROM declaration_event b
    WHERE b.document_id = h.document_id AND b.event_id < e.event_id ORDER BY b.event_id DESC LIMIT 1
"""

_IS_UNSETTLED: Final = """
    NOT EXISTS (SELECT FROM aftercare_entry x WHERE x.document_id = h.document_id
                AND x.act = 'correction' AND x.event_id > v.event_id)
"""
"""That no correction, after which everything is known, came later."""

_IS_UNKNOWN: Final = f"""
    EXISTS (SELECT FROM charge k JOIN declaration_event v USING (event_id)
            WHERE v.document_id = h.document_id AND k.amount_fen IS NULL AND {_IS_UNSETTLED}
            UNION ALL
            SELECT FROM shipment_charge k JOIN declaration_event v USING (event_id)
            WHERE v.document_id = h.document_id AND k.amount_minor IS NULL AND {_IS_UNSETTLED})
"""  # noqa: S608 - our own constants

_HAS_MOVED_ON: Final = """
    e.status = 'rejected' AND EXISTS (
        SELECT FROM allowance_entry x
        WHERE x.person = h.buyer_index AND x.event_id > e.event_id AND x.amount_fen > 0
        UNION ALL
        SELECT FROM trade_order o WHERE o.key = h.key AND o.batch_id > e.batch_id
        UNION ALL
        SELECT FROM payment p
        WHERE document_key(p.platform_code, p.order_number) = h.key AND p.batch_id > e.batch_id
        UNION ALL
        SELECT FROM waybill w WHERE w.key = h.waybill_key AND w.batch_id > e.batch_id)
"""

_OPEN: Final = """
    SELECT string_agg(m.matter || ' ' || m.entry, ',' ORDER BY m.matter) FROM (
        SELECT DISTINCT ON (x.matter) x.matter, x.entry FROM examination_entry x
        WHERE x.declaration = h.document_id AND x.matter IS NOT NULL
        ORDER BY x.matter, x.document_id DESC
    ) m WHERE m.entry IN ('required', 'failed')
"""

_TOLD: Final = ", ".join(f"h.{name}" for name in RECEIPT_COLUMNS)

_STANDINGS: Final = f"""
    WITH asked AS (
        SELECT * FROM unnest(%(references)s::text[]) WITH ORDINALITY AS a (reference, place)
    ), found AS ({_FOUND}), heads AS ({_HEADS})
    SELECT h.place - 1, h.document_id, h.authority, {_TOLD},
           e.event_id, e.status, e.legal_day, e.recorded_at, ({_BEFORE}),
           c.act, c.authority, c.organisation, c.officer, c.reason,
           {_IS_UNKNOWN}, {_HAS_MOVED_ON}, {is_frozen("h.person")}, ({_OPEN})
    FROM heads h CROSS JOIN LATERAL ({_LAST}) e LEFT JOIN decision c ON c.event_id = e.event_id
"""  # noqa: S608 - our own constants

_LAST_ACT: Final = ("act", "by_authority", "by_organisation", "by_officer", "reason")

_SCHEMA: Final = pl.Schema(
    {
        "place": pl.Int64(),
        "document_id": pl.Int64(),
        "authority": pl.String(),
        **dict.fromkeys(RECEIPT_COLUMNS, pl.String()),
        "event_id": pl.Int64(),
        "status": pl.String(),
        "legal_day": pl.Date(),
        "recorded_at": pl.Datetime("us", "UTC"),
        "before": pl.String(),
        **dict.fromkeys(_LAST_ACT, pl.String()),
        "is_charge_unknown": pl.Boolean(),
        "has_moved_on": pl.Boolean(),
        "is_frozen": pl.Boolean(),
        "open_examinations": pl.String(),
    }
)


@dataclass(frozen=True, slots=True)
class Stood:
    """Where declarations stand, and what notices repeat of them.

    Attributes:
        standings: in the order of the references; None where nothing is found.
        told: document_id and :data:`RECEIPT_COLUMNS`.
    """

    standings: Sequence[Standing | None]
    told: pl.DataFrame


def stood(session: Session, references: Sequence[str]) -> Stood:
    """Where declarations stand.

    Args:
        session: reads them; under the sequencer's lock what it gives stays true.
        references: numbers of declarations, or ``#`` and the number of a document.
    """
    found = session.read(_STANDINGS, {"references": [*references]}, _SCHEMA)
    by_place = {line["place"]: _standing(line) for line in found.iter_rows(named=True)}
    standings = [by_place.get(place) for place in range(len(references))]
    return Stood(standings, found.select("document_id", *RECEIPT_COLUMNS).unique("document_id"))


def _standing(line: dict[str, Any]) -> Standing:
    last = None if line["act"] is None else LastAct(*(line[name] for name in _LAST_ACT))
    opened = (line["open_examinations"] or "").split(",")
    return Standing(
        document_id=line["document_id"],
        authority=line["authority"],
        status=line["status"],
        event_id=line["event_id"],
        recorded_at=line["recorded_at"],
        legal_day=line["legal_day"],
        before=line["before"],
        last=last,
        is_charge_unknown=line["is_charge_unknown"],
        has_moved_on=line["has_moved_on"],
        is_frozen=line["is_frozen"],
        open_examinations=tuple(filter(None, opened)),
    )
