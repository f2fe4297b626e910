"""Where an authority states what guarantors lodge with it; goods that waited for it are let go."""

from typing import Any

from tumen.kernel.errors import UsageError
from tumen.law.figures import plain_amount
from tumen.store.session import Session
from tumen.window.acts import Objection
from tumen.window.bill_statements import (
    GuaranteeChange,
    GuaranteeStated,
    against_guarantee,
    minor_of,
)
from tumen.window.ledger.guarantees import AUTHORITY, CURRENCY, free_of
from tumen.window.ledger.stating import StatingDesk
from tumen.window.reports import Report, ReportDone, ReportKind, refused


class GuaranteeDesk(StatingDesk):
    """Where an authority states what guarantors lodge with it, and take back."""

    __slots__ = ()

    def state(self, told: GuaranteeStated) -> ReportDone:
        """Record a statement; sent again, it is answered as it was at first.

        Goods that were held for want of the guarantee are let go where it suffices now.

        Raises:
            UsageError: no declaration before this authority names a guarantor.
        """
        if self.authority != AUTHORITY:
            raise UsageError(f"Declarations before {self.authority} name no guarantor.")
        against = against_guarantee(told, self.authority, self.day)
        if against:
            return refused(*against)
        report = Report.of(told, told.reference, self._said(told))

        def placed(session: Session) -> Report | Objection:
            if told.entry is GuaranteeChange.WITHDRAWN:
                free = free_of(session, [told.guarantor])[told.guarantor]
                if report.columns["amount_minor"] > free:
                    told_free = plain_amount(free, CURRENCY)
                    return Objection("GUARANTEE_NOT_FREE", "amount", told.amount, told_free)
            return report

        frees = told.entry is GuaranteeChange.DEPOSITED
        return self.recorded(ReportKind.GUARANTEE, report, placed, frees=frees)

    def _said(self, told: GuaranteeStated) -> dict[str, Any]:
        return {
            "authority": self.authority, "guarantor": told.guarantor, "entry": str(told.entry),
            "currency": CURRENCY,
            "amount_minor": minor_of(told.amount, self.authority),
            "happened_on": told.day or self.day, "reference": told.deed,
        }  # fmt: skip
