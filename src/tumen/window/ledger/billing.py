"""Bills in the store: made under the sequencer's lock, some thousand events in one transaction.

A run walks the events in their order and bills the declarations that they belong to. It is run
again safely: what was billed is read with what is owed, and nothing is billed twice. A run begins
where the one before it cannot have seen everything yet.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

import msgspec
import polars as pl

from tumen.kernel.limits import BILLED_EVENTS_MAX, PAYMENT_DAYS_MAX
from tumen.store.literal import Value
from tumen.store.session import Session
from tumen.window.billing import OWED_SCHEMA, bill
from tumen.window.ledger.balances import CHARGED, IS_UNKNOWN, NEXT_EVENT
from tumen.window.ledger.guarantees import AUTHORITY as GUARANTEED
from tumen.window.ledger.guarantees import add_up
from tumen.window.ledger.letting_go import let_go
from tumen.window.ledger.standings import AUTHORITY_OF_SHIPMENT
from tumen.window.ledger.stating import AuthorityDesk
from tumen.window.reports import Report, ReportKind

_STANDS: Final = """
    NOT EXISTS (SELECT FROM bill_statement v WHERE v.payer = b.payer AND v.entry = 'voided'
                AND v.first_bill = b.document_id AND v.last_bill = b.document_id)
"""

_RELEASED_ON: Final = """
    coalesce(
        (SELECT e.legal_day FROM declaration_event e WHERE e.document_id = h.document_id
         AND e.status = 'released' AND e.event_id > coalesce((
             SELECT max(o.event_id) FROM declaration_event o
             WHERE o.document_id = h.document_id AND o.status NOT IN ('released', 'returned')), 0)
         ORDER BY e.event_id LIMIT 1),
        (SELECT min(e.legal_day) FROM declaration_event e
         WHERE e.document_id = h.document_id AND e.status = 'released'))
"""
"""Of goods that were released, held again and rejected: the first release."""

_DECLARED: Final = f"""
    SELECT d.document_id, 'CN' AS economy, 'cbec' AS regime, d.sender AS filer,
           coalesce(nullif(d.guarantor_code, ''), d.sender) AS payer,
           coalesce(d.guarantor_code, '') <> '' AS is_guaranteed, 'CNY' AS currency,
           n.declaration_number AS number, NULL::date AS declared_on
    FROM seen JOIN declaration d USING (document_id) JOIN declaration_number n USING (document_id)
    UNION ALL
    SELECT s.document_id, {AUTHORITY_OF_SHIPMENT}, coalesce(a.regime, ''), s.sender, s.sender,
           false, a.currency, 'S' || s.document_id, s.legal_day
    FROM seen JOIN goods_shipment s USING (document_id)
    JOIN shipment_assessment a USING (document_id)
"""  # noqa: S608 - our own constants

_CHARGE_LINES: Final = f"""
    SELECT e.document_id, {{position}} AS goods_item, c.code,
           coalesce(sum(c.{{amount}}) FILTER (WHERE {CHARGED}), 0) AS charged,
           coalesce(sum(c.{{amount}}), 0) AS owed, 0 AS billed, {IS_UNKNOWN} AS is_unknown
    FROM seen JOIN declaration_event e USING (document_id) JOIN {{table}} c USING (event_id)
    LEFT JOIN aftercare_entry x USING (event_id)
    GROUP BY 1, 2, 3
"""  # noqa: S608 - our own constants

_CHARGES: Final = " UNION ALL ".join(
    [
        _CHARGE_LINES.format(position="c.position::int", amount="amount_fen", table="charge"),
        _CHARGE_LINES.format(position="NULL::int", amount="amount_minor", table="shipment_charge"),
        f"""
        SELECT b.declaration, i.goods_item::int, i.code, 0, 0, sum(i.amount_minor), false
        FROM seen JOIN bill b ON b.declaration = seen.document_id
        JOIN bill_item i ON i.document_id = b.document_id
        WHERE {_STANDS} GROUP BY 1, 2, 3
        """,  # noqa: S608 - our own constants
    ]
)

_OWED: Final = f"""
    WITH seen AS MATERIALIZED (
        SELECT DISTINCT document_id FROM declaration_event
        WHERE event_id > %(after)s AND event_id <= %(until)s
          AND status NOT IN ('pending', 'held', 'examination')
    ), heads AS ({_DECLARED}), lines AS (
        SELECT document_id, goods_item, code, sum(charged)::bigint AS charged,
               sum(owed)::bigint AS owed, sum(billed)::bigint AS billed,
               bool_or(is_unknown) AS is_unknown
        FROM ({_CHARGES}) c GROUP BY 1, 2, 3
    )
    SELECT h.document_id, h.economy, h.regime, h.filer, h.payer, h.currency, h.number, last.status,
           h.is_guaranteed, h.declared_on, {_RELEASED_ON},
           (SELECT count(*) FROM bill b WHERE b.declaration = h.document_id),
           (SELECT count(*) FROM bill b WHERE b.declaration = h.document_id AND {_STANDS}),
           l.goods_item, l.code, l.charged, l.owed, l.billed, l.is_unknown
    FROM heads h JOIN lines l USING (document_id)
    CROSS JOIN LATERAL (SELECT e.status FROM declaration_event e
        WHERE e.document_id = h.document_id ORDER BY e.event_id DESC LIMIT 1) last
    WHERE h.economy = %(authority)s
    ORDER BY h.document_id, l.goods_item, l.code
"""  # noqa: S608 - our own constants

_STEPS: Final = """
    SELECT step, begun_on, until_event, is_last FROM bill_run
    WHERE economy = %(authority)s ORDER BY step DESC LIMIT 1
"""
_STEP_SCHEMA: Final = pl.Schema(
    {"step": pl.Int64(), "begun_on": pl.Date(), "until_event": pl.Int64(), "is_last": pl.Boolean()}
)
_NUMBER: Final = pl.Schema({"event_id": pl.Int64()})
_LOOKED_BACK: Final = """
    SELECT coalesce(min(event_id), %(last)s + 1) - 1 FROM declaration_event
    WHERE recorded_at >= %(since)s
"""


@dataclass(frozen=True, slots=True)
class BillsMade:
    """What one step of a run made.

    Attributes:
        made: how many bills.
        unknown: declarations that are not billed because a charge of theirs is unknown.
        later: declarations that are billed once their days have come.
        is_last: whether the run has seen every event; else another step goes on.
    """

    made: int
    unknown: int
    later: int
    is_last: bool


@dataclass(frozen=True, slots=True)
class _Step:
    """A step of a run: which, of a run that began when, over which events."""

    number: int
    begun_on: date
    after: int


class BillDesk(AuthorityDesk):
    """Where an authority makes its bills."""

    __slots__ = ()

    def make(self) -> BillsMade:
        """Bill the declarations of the next events, in one transaction."""
        with self.reports.open_session() as session:
            session.sequence()
            last = int(session.ask(NEXT_EVENT)[0].item()) - 1
            step = self._step(session, last)
            until = min(step.after + BILLED_EVENTS_MAX, last)
            known: dict[str, Value] = {
                "after": step.after,
                "until": until,
                "authority": self.authority,
            }
            made = bill(session.read(_OWED, known, OWED_SCHEMA), self.day)
            bills = [*_reports(made.bills, made.items, self.day)]
            if bills:
                self.reports.record(session, ReportKind.BILL, bills)
            row = (self.authority, step.number, step.begun_on, until, until == last)
            if until == last:
                add_up(session, last)
            session.copy("bill_run", pl.DataFrame([row], schema=_RUN, orient="row"))
        if until == last and self.authority == GUARANTEED:
            let_go(self.reports, self.authority)
        return BillsMade(len(bills), made.unknown, made.later, until == last)

    def _step(self, session: Session, last: int) -> _Step:
        """Where the run goes on, or a new one begins.

        What was recorded so long before the last whole run that its days had come is billed.
        """
        found = session.read(_STEPS, {"authority": self.authority}, _STEP_SCHEMA)
        if found.is_empty():
            return _Step(1, self.day, 0)
        number, begun_on, until, is_last = found.row(0)
        if not is_last:
            return _Step(number + 1, begun_on, until)
        since = begun_on - timedelta(days=PAYMENT_DAYS_MAX)
        known: dict[str, Value] = {"since": since, "last": last}
        looked_back = session.read(_LOOKED_BACK, known, _NUMBER)
        return _Step(number + 1, self.day, int(looked_back.item()))


_RUN: Final = pl.Schema(
    {
        "economy": pl.String(), "step": pl.Int64(), "begun_on": pl.Date(),
        "until_event": pl.Int64(), "is_last": pl.Boolean(),
    }
)  # fmt: skip


def _reports(bills: pl.DataFrame, items: pl.DataFrame, day: date) -> Iterator[Report]:
    """A report a bill: its number is that of the declaration, and which of its bills it is."""
    lines: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for item in items.iter_rows(named=True):
        lines[item.pop("document_id")].append(item)
    for head in bills.iter_rows(named=True):
        yield _report(head, lines[head["document_id"]], day)


_COLUMNS: Final = (
    "economy", "regime", "filer", "payer", "is_guaranteed", "kind", "released_on", "due_from",
    "due_by", "citation", "is_verified", "currency", "charged_minor", "total_minor",
)  # fmt: skip


def _report(head: Mapping[str, Any], items: Sequence[Mapping[str, Any]], day: date) -> Report:
    number = f"{head['number']}-{head['bills'] + 1}"
    columns = {name: head[name] for name in _COLUMNS}
    columns |= {"declaration": head["document_id"], "made_on": day}
    return replace(Report.of(_Said(columns, items), number, columns), items=items)


class _Said(msgspec.Struct, frozen=True):
    """All that a bill says: its content hash is made of it."""

    head: dict[str, Any]
    items: Sequence[Mapping[str, Any]]
