"""Guarantees in the store: what is deposited, what goods that are not paid for use of it.

A list names the firm that guarantees its taxes. What its charges use is not written down again:
it is the sum of the charges, from when goods are assessed until their bills are paid. The sum up
to an event is kept, so that only what came since is added up.
"""

from collections.abc import Iterable
from typing import Final

import polars as pl

from tumen.codelist.currencies import CURRENCY_OF
from tumen.store.session import Session

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


def free_of(session: Session, guarantors: Iterable[str]) -> dict[str, int]:
    """What is free of each of these guarantees; of one that nobody knows, nothing is."""
    asked = {"guarantors": pl.Series("guarantor", sorted(set(guarantors)), pl.String)}
    schema = pl.Schema({"guarantor": pl.String(), "free_minor": pl.Int64()})
    return dict(session.read(_FREE, asked, schema).iter_rows())


def added_up(session: Session) -> int:
    """The event up to which all charges are added up; 0 where none are."""
    return int(session.read(_ADDED_UP, None, pl.Schema({"event_id": pl.Int64()})).item())


def add_up(session: Session, until: int) -> None:
    """Keep how much is used up to an event, which is the last one; under the sequencer's lock."""
    if added_up(session) >= until:
        return
    schema = pl.Schema({"guarantor": pl.String(), "charged_minor": pl.Int64()})
    sums = session.read(_SUMS, None, schema)
    everybody = pl.DataFrame({"guarantor": [EVERYBODY], "charged_minor": [0]})
    rows = pl.concat([sums, everybody]).with_columns(until_event=pl.lit(until, pl.Int64))
    session.copy("guarantee_use", rows)


_LAST_SUM: Final = """
    coalesce((SELECT u.charged_minor FROM guarantee_use u WHERE u.guarantor = {guarantor}
              ORDER BY u.until_event DESC LIMIT 1), 0)
"""
_SUMS: Final = f"""
    SELECT s.guarantor, s.charged_minor + {_LAST_SUM.format(guarantor="s.guarantor")}
    FROM ({_SINCE}) s
"""  # noqa: S608 - our own constants
_FREE: Final = f"""
    SELECT g.guarantor, (coalesce((
               SELECT sum(CASE entry WHEN 'deposited' THEN amount_minor ELSE -amount_minor END)
               FROM guarantee_entry e
               WHERE e.guarantor = g.guarantor AND e.authority = '{AUTHORITY}'), 0)
           + coalesce((
               SELECT sum(b.amount_minor) FROM bill_statement b WHERE b.payer = g.guarantor
               AND b.entry = 'paid' AND b.is_guaranteed AND b.authority = '{AUTHORITY}'), 0)
           - {_LAST_SUM.format(guarantor="g.guarantor")} - coalesce(s.charged_minor, 0))::bigint
    FROM (SELECT unnest(%(guarantors)s) COLLATE "C" AS guarantor) g
    LEFT JOIN ({_SINCE}) s USING (guarantor)
"""  # noqa: S608 - our own constants
