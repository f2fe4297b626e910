"""Statements of bills in the store: judged by where the bills stand, under the sequencer's lock."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import polars as pl

from tumen.codelist.currencies import CURRENCY_OF
from tumen.law.figures import plain_amount
from tumen.store.literal import Value
from tumen.store.session import Session
from tumen.window.acts import Objection
from tumen.window.bill_statements import BillStated, Month, against_statement, minor_of
from tumen.window.billing import BILL_TRANSITIONS, BillEntry, BillState
from tumen.window.ledger.bills import COVERING, STATE, one_bill
from tumen.window.ledger.stating import StatingDesk
from tumen.window.reports import Report, ReportDone, ReportKind, refused

_MEANT: Final = f"""
    SELECT min(document_id), max(document_id), count(*), coalesce(sum(total_minor), 0)::bigint
    FROM (SELECT b.document_id, b.total_minor, {STATE} AS state
          FROM bill b CROSS JOIN LATERAL ({COVERING}) s
          WHERE b.economy = %(authority)s AND b.currency = %(currency)s AND b.payer = %(payer)s
            AND b.is_guaranteed = %(is_guaranteed)s
            AND b.made_on >= %(first)s AND b.made_on < %(until)s) m
    WHERE state = '{BillState.MADE}'
"""  # noqa: S608 - our own constants
_MEANT_SCHEMA: Final = pl.Schema(
    {
        "first_bill": pl.Int64(), "last_bill": pl.Int64(), "bills": pl.Int32(),
        "amount_minor": pl.Int64(),
    }
)  # fmt: skip

_NOTICE: Final = """
    SELECT n.payer, n.is_guaranteed, n.currency, n.first_bill, n.last_bill, n.bills,
           n.amount_minor, EXISTS (
               SELECT FROM bill_statement p WHERE p.entry = 'paid' AND p.authority = n.authority
               AND p.reference = n.own_reference) AS is_paid
    FROM bill_statement n
    WHERE n.entry = 'summarised' AND n.authority = %(authority)s AND n.own_reference = %(notice)s
    ORDER BY n.document_id LIMIT 1
"""
_NOTICE_SCHEMA: Final = pl.Schema(
    {
        "payer": pl.String(), "is_guaranteed": pl.Boolean(), "currency": pl.String(),
        "first_bill": pl.Int64(), "last_bill": pl.Int64(), "bills": pl.Int32(),
        "amount_minor": pl.Int64(), "is_paid": pl.Boolean(),
    }
)  # fmt: skip


class StatementDesk(StatingDesk):
    """Where an authority states what becomes of its bills."""

    __slots__ = ()

    def state(self, told: BillStated) -> ReportDone:
        """Record a statement; sent again, it is answered as it was at first."""
        against = against_statement(told, self.authority, self.day)
        if against:
            return refused(*against)
        report = Report.of(told, told.reference, {})

        def placed(session: Session) -> Report | Objection:
            meant = self._meant(session, told)
            if isinstance(meant, Objection):
                return meant
            return replace(report, columns={**meant, **self._said(told)})

        frees = told.entry is BillEntry.PAID
        return self.recorded(ReportKind.BILL_STATEMENT, report, placed, frees=frees)

    def _said(self, told: BillStated) -> dict[str, Any]:
        return {
            "authority": self.authority, "entry": str(told.entry),
            "happened_on": told.day or self.day, "reference": told.notice,
            "reason": told.reason and " ".join(told.reason.split()),
        }  # fmt: skip

    def _meant(self, session: Session, told: BillStated) -> dict[str, Any] | Objection:
        """The bills that are meant, all of one payer; or why none is."""
        if told.entry is BillEntry.SUMMARISED:
            return self._month(session, told)
        found = self._bill(session, told) if told.bill else self._notice(session, told)
        if isinstance(found, Objection) or told.entry is BillEntry.VOIDED:
            return found
        return self._paid(told, found)

    def _month(self, session: Session, told: BillStated) -> dict[str, Any] | Objection:
        month = Month.of(told.month or "")
        assert month is not None  # noqa: S101 - the form was judged
        whose: dict[str, Value] = {
            "payer": told.payer, "is_guaranteed": told.is_guaranteed,
            "currency": CURRENCY_OF[self.authority],
        }  # fmt: skip
        known = {**whose, "authority": self.authority, "first": month.first, "until": month.until}
        found = session.read(_MEANT, known, _MEANT_SCHEMA).row(0, named=True)
        if not found["bills"]:
            return Objection("BILL_NONE_OPEN", "month", f"{told.payer} {told.month}")
        return {**whose, **found}

    def _bill(self, session: Session, told: BillStated) -> dict[str, Any] | Objection:
        line = one_bill(session, told.bill or "")
        if line is None or line["economy"] != self.authority:
            return Objection("BILL_UNKNOWN", "bill", told.bill)
        state = BillState(line["state"])  # what a notice sums up is paid with it, as a whole
        if state is BillState.SUMMARISED or (state, told.entry) not in BILL_TRANSITIONS:
            return Objection("BILL_NOT_OPEN", "bill", state, BillState.MADE)
        own = {name: line[name] for name in ("payer", "is_guaranteed", "currency")}
        number = line["document_id"]
        return {
            **own, "first_bill": number, "last_bill": number, "bills": 1,
            "amount_minor": line["total_minor"],
        }  # fmt: skip

    def _notice(self, session: Session, told: BillStated) -> dict[str, Any] | Objection:
        known = {"authority": self.authority, "notice": told.notice}
        found = session.read(_NOTICE, known, _NOTICE_SCHEMA)
        if found.is_empty():
            return Objection("BILL_UNKNOWN", "notice", told.notice)
        line = found.row(0, named=True)
        if line.pop("is_paid"):
            return Objection("BILL_NOT_OPEN", "notice", BillState.PAID, BillState.SUMMARISED)
        return line

    def _paid(self, told: BillStated, meant: Mapping[str, Any]) -> dict[str, Any] | Objection:
        """Only the whole amount is taken: what is paid in part is told by several bills."""
        paid = minor_of(told.amount or "", self.authority)
        if paid == meant["amount_minor"]:
            return dict(meant)
        due = plain_amount(meant["amount_minor"], meant["currency"])
        return Objection("BILL_AMOUNT_DIFFERS", "amount", told.amount, due)
