"""Guarantees in the store: what is deposited, what goods that are not paid for use of it.

A list names the firm that guarantees its taxes. What its charges use is not written down again:
it is the sum of the charges, from when goods are assessed until their bills are paid. The sum up
to an event is kept, so that only what came since is added up.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl

from tumen.codelist.currencies import CURRENCY_OF
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
from tumen.window.ledger.reports import ReportDesk
from tumen.window.reports import Report, ReportDone, ReportKind, refused

AUTHORITY: Final = "CN"
"""Chinese lists alone name who guarantees their taxes."""

CURRENCY: Final = CURRENCY_OF[AUTHORITY]

EVERYBODY: Final = ""
"""Under this name stands the event up to which all charges are added up."""

_ADDED_UP: Final = """
    SELECT coalesce(max(until_event), 0) AS event_id FROM guarantee_use WHERE guarantor = ''
"""
_SINCE: Final = """
    SELECT d.guarantor_code AS guarantor, coalesce(sum(c.amount_fen), 0)::bigint AS charged_minor
    FROM charge c JOIN declaration_event e USING (event_id) JOIN declaration d USING (document_id)
    WHERE c.event_id > (SELECT coalesce(max(until_event), 0) FROM guarantee_use
                        WHERE guarantor = '')
      AND coalesce(d.guarantor_code, '') <> ''
    GROUP BY 1
"""
_USES: Final = f"""
    WITH since AS ({_SINCE}), kept AS (
        SELECT DISTINCT ON (guarantor) guarantor, charged_minor FROM guarantee_use
        WHERE guarantor <> '' ORDER BY guarantor, until_event DESC
    ), charged AS (
        SELECT guarantor, sum(charged_minor)::bigint AS minor
        FROM (SELECT * FROM kept UNION ALL SELECT * FROM since) c GROUP BY 1
    ), deposited AS (
        SELECT guarantor, sum(CASE entry WHEN 'deposited' THEN amount_minor
                                         ELSE -amount_minor END)::bigint AS minor
        FROM guarantee_entry WHERE authority = '{AUTHORITY}' GROUP BY 1
    ), paid AS (
        SELECT payer AS guarantor, sum(amount_minor)::bigint AS minor FROM bill_statement
        WHERE entry = 'paid' AND is_guaranteed AND authority = '{AUTHORITY}' GROUP BY 1
    )
    SELECT guarantor, coalesce(d.minor, 0), coalesce(c.minor, 0) - coalesce(p.minor, 0),
           coalesce(d.minor, 0) - coalesce(c.minor, 0) + coalesce(p.minor, 0)
    FROM charged c FULL JOIN deposited d USING (guarantor) LEFT JOIN paid p USING (guarantor)
    WHERE %(only)s::text IS NULL OR guarantor = %(only)s
    ORDER BY guarantor
"""  # noqa: S608 - our own constants
USE_SCHEMA: Final = pl.Schema(
    {
        "guarantor": pl.String(), "deposited_minor": pl.Int64(), "reserved_minor": pl.Int64(),
        "free_minor": pl.Int64(),
    }
)  # fmt: skip


_IS_KNOWN: Final = """
    SELECT EXISTS (SELECT FROM guarantee_entry WHERE guarantor = %(only)s
                   UNION ALL SELECT FROM guarantee_use WHERE guarantor = %(only)s)
"""
_KNOWN: Final = pl.Schema({"is_known": pl.Boolean()})


def guarantees(session: Session, only: str | None = None) -> pl.DataFrame:
    """What each guarantor has deposited, what is reserved of it, and what is free.

    Args:
        session: of the recorder: the charges are of many filers.
        only: one guarantor; None for all. One that deposited nothing is known once a run of bills
            has added up its charges: whoever asks for no guarantor costs no sum.
    """
    if only is not None and not session.read(_IS_KNOWN, {"only": only}, _KNOWN).item():
        return pl.DataFrame(schema=USE_SCHEMA)
    return session.read(_USES, {"only": only}, USE_SCHEMA)


def add_up(session: Session, until: int) -> None:
    """Keep how much is used up to an event, which is the last one; under the sequencer's lock."""
    schema = pl.Schema({"guarantor": pl.String(), "charged_minor": pl.Int64()})
    if int(session.read(_ADDED_UP, None, pl.Schema({"event_id": pl.Int64()})).item()) >= until:
        return
    kept = session.read(_KEPT, None, schema)
    since = session.read(_SINCE, None, schema)
    sums = since.join(kept, on="guarantor", how="left", suffix="_kept").select(
        "guarantor",
        charged_minor=pl.col("charged_minor") + pl.col("charged_minor_kept").fill_null(0),
    )
    everybody = pl.DataFrame({"guarantor": [EVERYBODY], "charged_minor": [0]})
    rows = pl.concat([sums, everybody]).with_columns(until_event=pl.lit(until, pl.Int64))
    session.copy("guarantee_use", rows)


_KEPT: Final = """
    SELECT DISTINCT ON (guarantor) guarantor, charged_minor FROM guarantee_use
    WHERE guarantor <> '' ORDER BY guarantor, until_event DESC
"""


@dataclass(frozen=True, slots=True)
class GuaranteeDesk:
    """Where an authority states what guarantors lodge with it, and take back.

    Attributes:
        reports: records it.
        authority: the economy.
        day: by the clock of the authority.
    """

    reports: ReportDesk
    authority: str
    day: date

    def state(self, told: GuaranteeStated) -> ReportDone:
        """Record a statement; sent again, it is answered as it was at first.

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
                free = _free(session, told.guarantor)
                if report.columns["amount_minor"] > free:
                    told_free = plain_amount(free, CURRENCY)
                    return Objection("GUARANTEE_NOT_FREE", "amount", told.amount, told_free)
            return report

        return self.reports.lodge_one(ReportKind.GUARANTEE, report, placed)

    def _said(self, told: GuaranteeStated) -> dict[str, Any]:
        return {
            "authority": self.authority, "guarantor": told.guarantor, "entry": str(told.entry),
            "currency": CURRENCY,
            "amount_minor": minor_of(told.amount, self.authority),
            "happened_on": told.day or self.day, "reference": told.deed,
        }  # fmt: skip


def _free(session: Session, guarantor: str) -> int:
    found = guarantees(session, guarantor)
    return 0 if found.is_empty() else int(found["free_minor"].item())
