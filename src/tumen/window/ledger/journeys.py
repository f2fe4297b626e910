"""Journeys in the store: whose a number is, who may report of it, and what everybody is told.

A number is the sender's who was the first to have a waybill, or a shipment, taken under it. What
another lodges under the same number later neither hides its journey nor is told with it. The owner
alone says which other firm carries; whoever was not named is answered as if nothing were recorded.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from tumen.store.session import Session
from tumen.window.acts import Objection
from tumen.window.carriers import Entry
from tumen.window.journey import STEPS_OF_CARRIERS, both_ends
from tumen.window.ledger.reports import Judge
from tumen.window.ledger.standings import AUTHORITY_OF_SHIPMENT
from tumen.window.reports import Report

_MOMENT: Final = pl.Datetime("us", "UTC")


@dataclass(frozen=True, slots=True)
class _Owner:
    """Whose a number is.

    Attributes:
        kind: ``waybill`` or ``shipment``.
        sender: who was the first to have one taken under the number.
        key: of that document.
    """

    kind: str
    sender: str
    key: str


_OWNERS: Final = """
    SELECT DISTINCT ON (c.number) c.number, c.kind, c.sender, c.key FROM (
        SELECT waybill_number AS number, 'waybill' AS kind, sender, key, document_id
        FROM waybill WHERE waybill_number = ANY(%(numbers)s) AND answer = 'accepted'
        UNION ALL
        SELECT a.number, 'shipment', s.sender, s.key, s.document_id
        FROM unnest(%(tracked)s::text[], %(references)s::text[]) AS a (number, reference)
        JOIN goods_shipment s ON s.own_reference = a.reference AND s.answer = 'accepted'
    ) c ORDER BY c.number, c.document_id
"""
_OWNER_SCHEMA: Final = pl.Schema(
    {"number": pl.String(), "kind": pl.String(), "sender": pl.String(), "key": pl.String()}
)


def _owners(session: Session, numbers: Sequence[str]) -> dict[str, _Owner]:
    """Whose numbers are; what nothing was taken under is left out."""
    ends = [(number, end) for number in numbers for end in (number, *both_ends(number))]
    known = {
        "numbers": [*numbers],
        "tracked": [number for number, _ in ends],
        "references": [end for _, end in ends],
    }
    found = session.read(_OWNERS, known, _OWNER_SCHEMA)
    return {number: _Owner(*told) for number, *told in found.iter_rows()}


def owns(sender: str) -> Judge:
    """Who may say who carries: the sender whose a number is."""

    def judge(session: Session, reports: Sequence[Report]) -> list[tuple[Objection, ...]]:
        known = _owners(session, _numbers(reports))
        return [_unless_owned(each.columns["waybill_number"], known, sender) for each in reports]

    return judge


def _numbers(reports: Sequence[Report]) -> list[str]:
    return sorted({each.columns["waybill_number"] for each in reports})


def _unless_owned(number: str, known: dict[str, _Owner], sender: str) -> tuple[Objection, ...]:
    owner = known.get(number)
    if owner is not None and owner.sender == sender:
        return ()
    return (Objection("JOURNEY_NOT_OWNED", "waybill_number", number),)


_NAMED: Final = """
    SELECT DISTINCT ON (waybill_number, sender) waybill_number, sender, entry
    FROM journey_carrier WHERE waybill_number = ANY(%(numbers)s) AND carrier = %(carrier)s
    ORDER BY waybill_number, sender, document_id DESC
"""
_NAMED_SCHEMA: Final = pl.Schema(dict.fromkeys(("number", "owner", "entry"), pl.String()))


def _named(session: Session, numbers: Sequence[str], carrier: str) -> set[tuple[str, str]]:
    """The numbers of which a firm may report because their owners named it, with those owners."""
    found = session.read(_NAMED, {"numbers": [*numbers], "carrier": carrier}, _NAMED_SCHEMA)
    return {(number, owner) for number, owner, entry in found.iter_rows() if entry == Entry.NAMED}


def may_report(sender: str, operates_in: str | None) -> Judge:
    """Who may report what: of a number its own sender, or a firm that this one named as carrier.

    At a border point of its economy who operates it does, whosever the number is.

    Args:
        sender: who reports.
        operates_in: the economy in which it operates a zone or border point; None where it does
            not.
    """

    def judge(session: Session, reports: Sequence[Report]) -> list[tuple[Objection, ...]]:
        numbers = _numbers(reports)
        known = _owners(session, numbers)
        carried = _named(session, numbers, sender)
        carried |= {(number, sender) for number in numbers}
        return [_against(each, known, carried, operates_in) for each in reports]

    return judge


def _against(
    report: Report,
    known: dict[str, _Owner],
    carried: set[tuple[str, str]],
    operates_in: str | None,
) -> tuple[Objection, ...]:
    number, economy, step = (report.columns[name] for name in ("waybill_number", "economy", "step"))
    owner = known.get(number)
    is_at_border = economy == operates_in and step not in STEPS_OF_CARRIERS
    if owner is not None and ((number, owner.sender) in carried or is_at_border):
        return ()
    return (Objection("JOURNEY_NOT_YOURS", "waybill_number", number),)


_SEEN: Final = """
    SELECT document_id, step, happened_at, zone_offset, economy, place,
           CASE WHEN carries THEN 'carrier' ELSE 'zone_operator' END AS reporter
    FROM (
        SELECT e.*, e.sender = %(sender)s OR coalesce((
            SELECT c.entry = 'named' FROM journey_carrier c
            WHERE c.waybill_number = e.waybill_number AND c.carrier = e.sender
              AND c.sender = %(sender)s AND c.document_id < e.document_id
            ORDER BY c.document_id DESC LIMIT 1
        ), false) AS carries
        FROM journey_event e WHERE e.waybill_number = %(number)s
    ) told
    WHERE carries OR NOT step = ANY(%(own_steps)s)
    ORDER BY happened_at, document_id
"""
"""What was seen; who was a carrier when it reported stays one, whoever carries today."""
_SEEN_SCHEMA: Final = pl.Schema(
    {
        "document_id": pl.Int64(), "step": pl.String(), "happened_at": _MOMENT,
        "zone_offset": pl.String(), "economy": pl.String(), "place": pl.String(),
        "reporter": pl.String(),
    }
)  # fmt: skip

_DECLARED: Final = """
    SELECT e.event_id, e.document_id, e.status, e.recorded_at, 'CN' AS economy
    FROM declaration d JOIN declaration_event e USING (document_id)
    WHERE d.waybill_number = %(number)s AND d.answer = 'accepted'
      AND document_key(d.carrier_code, d.waybill_number) = %(key)s
      AND (d.sender = %(sender)s
           OR EXISTS (SELECT FROM assessment a WHERE a.document_id = d.document_id))
    ORDER BY 1
"""
"""What became of the declaration that matched the waybill, or came from the waybill's sender."""

_SHIPPED: Final = f"""
    SELECT e.event_id, e.document_id, e.status, e.recorded_at, {AUTHORITY_OF_SHIPMENT} AS economy
    FROM goods_shipment s JOIN shipment_assessment a USING (document_id)
    JOIN declaration_event e ON e.document_id = s.document_id
    WHERE s.own_reference = ANY(%(references)s) AND s.answer = 'accepted'
      AND s.sender = %(sender)s
    ORDER BY 1
"""  # noqa: S608 - our own constants
_STEP_SCHEMA: Final = pl.Schema(
    {
        "event_id": pl.Int64(), "document_id": pl.Int64(), "status": pl.String(),
        "recorded_at": _MOMENT, "economy": pl.String(),
    }
)  # fmt: skip


def journey(session: Session, number: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What is recorded of a number's journey: where it was seen, and what customs did."""
    owner = _owners(session, [number]).get(number)
    if owner is None:
        return [], []
    whose = {"number": number, "sender": owner.sender}
    seen = session.read(_SEEN, {**whose, "own_steps": [*STEPS_OF_CARRIERS]}, _SEEN_SCHEMA)
    if owner.kind == "waybill":
        steps = session.read(_DECLARED, {**whose, "key": owner.key}, _STEP_SCHEMA)
    else:
        known = {"sender": owner.sender, "references": [number, *both_ends(number)]}
        steps = session.read(_SHIPPED, known, _STEP_SCHEMA)
    return seen.to_dicts(), steps.to_dicts()
